import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from qa.types import Range
from ui import marking
from ui.marking import Part


def test_the_quote_is_marked_inside_its_sentence_inside_the_passage(injured):
    assert marking.passage_parts(injured.citations[1]) == (
        Part("The harbour authority said on Thursday that ", "sentence"),
        Part("12 people", "mark"),
        Part(
            " had been hurt in the fire aboard the Lady Merriden, one more than first reported.",
            "sentence",
        ),
        Part(" Two remain in hospital."),
    )


def test_a_quote_longer_than_its_sentence_is_still_one_mark(injured):
    cited = dataclasses.replace(injured.citations[1], sentence=Range(0, 0))
    marks = [part.text for part in marking.passage_parts(cited) if part.kind == "mark"]
    assert marks == ["12 people"]


def test_a_passage_that_did_not_answer_has_no_mark(owner):
    (part,) = marking.passage_parts(owner.nearest[1])
    assert part == Part(owner.nearest[1].passage_text)


def test_a_quote_that_is_the_whole_sentence_is_not_repeated(injured):
    cited = injured.citations[1]
    first, last = cited.sentence.start, cited.sentence.end - 1  # all but its full stop
    whole = dataclasses.replace(
        cited, start=first, end=last, quote=cited.passage_text[: last - first]
    )
    assert marking.sentence_parts(whole) == ()
    assert marking.sentence_parts(cited)[1] == Part("12 people", "mark")


@given(st.text(min_size=1, max_size=80), st.data())
def test_parts_put_together_are_the_passage(text, data):
    cuts = sorted(data.draw(st.integers(0, len(text))) for _ in range(4))
    sentence, quote = Range(cuts[0], cuts[3]), Range(cuts[1], cuts[2])
    parts = marking._marked(text, quote, sentence)
    assert "".join(part.text for part in parts) == text
    assert "".join(part.text for part in parts if part.kind == "mark") == text[cuts[1] : cuts[2]]


def test_a_huge_passage_is_cut_around_the_quote_which_stays_whole(injured):
    cited = injured.citations[0]
    before, after = "b" * 600_000, "a" * 400_000
    start = len(before)
    huge = dataclasses.replace(
        cited,
        start=start,
        end=start + len(cited.quote),
        sentence=Range(start, start + len(cited.quote)),
        passage=Range(0, start + len(cited.quote) + len(after)),
        passage_text=before + cited.quote + after,
    )
    parts = marking.passage_parts(huge)
    assert [part.kind for part in parts] == ["plain", "mark", "plain"]
    assert parts[0].text.startswith("… b") and parts[0].text.endswith("bbb")
    assert parts[1].text == "eleven people"
    assert parts[2].text.startswith("aaa") and parts[2].text.endswith("a …")
    assert sum(len(part.text) for part in parts) < 700


def test_around_a_cited_sentence_words_stay_whole(injured):
    cited = injured.citations[1]
    before, after = "Nothing of note was said. " * 40, " Nobody asked why." * 40
    shifted = dataclasses.replace(
        cited,
        passage=Range(cited.passage.start - len(before), cited.passage.end + len(after)),
        passage_text=before + cited.passage_text + after,
    )
    first, *_, last = marking.passage_parts(shifted)
    assert first.text.startswith("… ") and before.endswith(first.text.removeprefix("… "))
    assert first.text.split()[1] in ("Nothing", "of", "note", "was", "said.")
    assert last.text.endswith(" …") and last.text.split()[-2] in ("Nobody", "asked", "why.")
    assert all(270 < len(each.text) <= 302 for each in (first, last))


def test_ranges_that_overlap_are_one_mark_and_apart_they_are_many():
    text = "aa bb cc dd ee"
    ranges = [Range(9, 11), Range(0, 2), Range(1, 5), Range(5, 5), Range(20, 30)]
    assert marking.with_marks(text, 0, ranges) == (
        Part("aa bb", "mark"),
        Part(" cc "),
        Part("dd", "mark"),
        Part(" ee"),
    )
    assert marking.with_marks(text[3:], 3, [Range(0, 5)])[0] == Part("bb", "mark")
    assert marking.with_marks("", 0, [Range(0, 5)]) == ()


@given(
    st.text(max_size=60),
    st.integers(0, 20),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=6),
)
def test_marks_put_together_are_the_text_and_what_was_to_be_marked(text, base, ranges):
    marked = [Range(*each) for each in ranges]
    parts = marking.with_marks(text, base, marked)
    assert "".join(part.text for part in parts) == text
    flags = "".join(("1" if part.kind == "mark" else "0") * len(part.text) for part in parts)
    covered = {n - base for each in marked for n in range(each.start, each.end)}
    assert flags == "".join("1" if n in covered else "0" for n in range(len(text)))
