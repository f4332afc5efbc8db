import dataclasses

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.types import Article, Sourced
from qa.alike import Piece
from qa.cite import CitationRecord, Stretch
from qa.types import Range
from qa.verify import AS_CITED, EDITED_ELSEWHERE, OTHER_METADATA, judge, verify_in_library

FIRST = "A fire destroyed 4,000 tonnes of tea, the wire said."
TEXT = f"Tea burns\n\n{FIRST} Nobody was hurt.\n\nThe shed was built in 1911."
OTHER = "Council votes\n\nThe council voted to keep the lido open until the autumn."


def article(text=TEXT, *, path="/news/tea.txt", author="Ann Roe", source="The Wire"):
    return Article(
        text,
        Sourced(text.partition("\n")[0], "header"),
        path,
        "ab" * 32,
        source=Sourced(source, "header"),
        authors=(Sourced(author, "byline"),),
    )


def record(quote="4,000 tonnes", sentence=FIRST, *, of=None, **changes):
    cited = of or article()
    begins = cited.text.index(sentence)
    start = cited.text.index(quote, begins)
    end = start + len(quote)
    made = CitationRecord(
        article_id=cited.id,
        article_sha256=cited.sha256,
        file_sha256=cited.file_sha256,
        path=cited.path,
        start=start,
        end=end,
        quote=quote,
        prefix=cited.text[max(start - 32, 0) : start],
        suffix=cited.text[end : end + 32],
        sentence=Stretch(start=begins, end=begins + len(sentence)),
        sentence_text=sentence,
        title=cited.title.value,
    )
    return made.model_copy(update=changes)


# One article


def test_the_cited_text_is_intact_whatever_else_is_known_of_it():
    verdict = judge(record(), article())
    assert (verdict.status, verdict.explanation) == ("intact", AS_CITED)
    assert (verdict.place, verdict.diff) == (Range(28, 40), ())
    corrected = judge(record(), article(author="Ann Rowe"))
    assert (corrected.status, corrected.explanation) == ("intact", OTHER_METADATA)


def test_a_quote_that_was_pushed_down_is_found_where_it_is():
    verdict = judge(record(), article(f"Correction\n\n{TEXT}"))
    assert (verdict.status, verdict.place, verdict.diff) == ("moved", Range(40, 52), ())
    assert verdict.explanation == "the article has been edited; the quote stands elsewhere in it"


def test_a_quote_at_its_place_in_a_text_that_grew_is_intact_and_said_to_be_in_another_text():
    verdict = judge(record(), article(f"{TEXT}\n\nMore follows."))
    assert (verdict.status, verdict.place) == ("intact", Range(28, 40))
    assert verdict.explanation == EDITED_ELSEWHERE


def test_a_sentence_that_turned_round_the_quote_is_shown():
    verdict = judge(record(), article(TEXT.replace("A fire destroyed", "No fire destroyed")))
    assert (verdict.status, verdict.place) == ("moved", Range(29, 41))
    assert "the sentence around it reads differently" in verdict.explanation
    assert verdict.diff[:2] == (Piece("removed", "A"), Piece("added", "No"))


def test_of_several_places_the_one_with_the_old_surroundings_is_meant():
    again = "It was a year in which 4,000 tonnes were also sold. "
    verdict = judge(record(), article(f"{again}\n\n{TEXT}\n\n{again}"))
    assert verdict.place == Range(28 + len(again) + 2, 40 + len(again) + 2)


def test_an_edited_quote_is_shown_word_by_word():
    verdict = judge(record(), article(TEXT.replace("4,000", "5,000")))
    assert (verdict.status, verdict.place) == ("changed", Range(11, 11 + len(FIRST)))
    assert verdict.diff == (
        Piece("same", "A fire destroyed "),
        Piece("removed", "4,000"),
        Piece("added", "5,000"),
        Piece("same", " tonnes of tea, the wire said."),
    )


def test_a_short_quote_in_another_sentence_is_not_the_quotation():
    """And neither is one inside a longer word or figure."""
    edited = (
        TEXT.replace("4,000", "5,000") + " Mr Vale sold 4,000 tonnes in May, and 14,000 tonnes."
    )
    assert judge(record(), article(edited)).status == "changed"
    two = record("fire", FIRST)
    assert judge(two, article(TEXT.replace("A fire", "A firework"))).status == "changed"


def test_a_short_quote_twice_in_its_sentence_is_told_apart():
    text = "Ferry\n\nThe ferry left from Elstow for the harbour of Elstow at noon."
    sentence = text.partition("\n\n")[2]
    cited = record("Elstow", sentence, of=article(text))
    edited = article(text.replace("from Elstow", "from Belwick"))
    assert judge(cited, edited).status == "changed"


def test_only_spacing_is_said_to_be_only_spacing():
    verdict = judge(record(), article(TEXT.replace("4,000 tonnes", "4,000\ntonnes")))
    assert (verdict.status, verdict.explanation) == (
        "changed",
        "only the spacing of the cited sentence has changed",
    )


def test_a_sentence_split_in_two_is_still_the_cited_one():
    split = "A fire destroyed 4,100 tonnes of tea. The wire said so."
    verdict = judge(record(), article(TEXT.replace(FIRST, split)))
    assert (verdict.status, verdict.place.start) == ("changed", 11)


def test_a_rewritten_article_replaces_the_quote():
    assert judge(record(), article(OTHER)).status == "replaced"
    assert judge(record(), article(TEXT.replace(FIRST, ""))).status == "replaced"


def test_a_sentence_much_like_the_cited_one_that_always_stood_there_is_another():
    """Known only where the cited text is."""
    notices = [f"The {day} ferry left Port Averly at noon." for day in ("Monday", "Sunday")]
    text = "\n\n".join(notices)
    cited = record("Monday", notices[0], of=article(text))
    now = article(notices[1])
    assert judge(cited, now).status == "changed"
    assert judge(cited, now, cited=text).status == "replaced"


# The text is the cited one, and the record says something else


def test_a_record_with_other_words_than_the_article_has_been_altered():
    altered = record(
        quote="9,000 tonnes",
        sentence=FIRST.replace("4", "9"),
        of=article(TEXT.replace("4,000", "9,000")),
    )
    altered = altered.model_copy(update={"article_sha256": article().sha256})
    verdict = judge(altered, article())
    assert (verdict.status, verdict.place) == ("changed", Range(11, 11 + len(FIRST)))
    assert "the record has been altered" in verdict.explanation
    assert Piece("removed", "9,000") in verdict.diff and Piece("added", "4,000") in verdict.diff


@pytest.mark.parametrize(
    "change",
    [
        {"sentence_text": FIRST.replace("A fire", "No fire")},
        {"prefix": "x"},
        {"suffix": "x"},
        {"prefix": TEXT},
    ],
)
def test_altered_surroundings_are_not_called_intact(change):
    verdict = judge(record(**change), article())
    assert verdict.status == "changed"
    assert "the record has been altered" in verdict.explanation


def test_a_record_with_another_place_is_put_right():
    wrong = record().model_copy(update={"start": 12, "end": 24})
    verdict = judge(wrong, article())
    assert (verdict.status, verdict.place) == ("moved", Range(28, 40))
    assert "the record gives a place where other words stand" in verdict.explanation


@pytest.mark.parametrize("start", [900, 10**30])
def test_a_place_beyond_the_text_is_no_crash(start):
    quote = "something else altogether"
    end = start + len(quote)
    known = {"quote": quote, "sentence_text": quote, "start": start, "end": end}
    far = record().model_copy(update=known | {"sentence": Stretch(start=start, end=end)})
    assert judge(far, article()).status == "changed"
    assert judge(far, article(OTHER)).status == "replaced"


# A library


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", create=True) as opened:
        opened.add([article(), article(OTHER, path="/news/lido.txt")], HashEncoder())
        yield opened


def status(library, cited=None):
    (verdict,) = verify_in_library([cited or record()], library)
    return verdict.status, verdict.kept


def test_a_live_version_is_intact_and_needs_no_keeping(library):
    assert status(library) == ("intact", None)


def test_a_replaced_version_is_judged_by_the_newer_text_and_kept(library):
    library.add([article(f"Correction\n\n{TEXT}")], HashEncoder())
    (verdict,) = verify_in_library([record()], library)
    assert (verdict.status, verdict.kept) == ("moved", record().article_id)
    assert verdict.explanation.endswith(
        f"; the cited version is kept as it was ('footnote show {record().article_id}')"
    )
    library.add([article(OTHER)], HashEncoder())
    assert status(library) == ("replaced", record().article_id)


def test_corrected_metadata_leave_the_citation_intact(library):
    library.add([article(author="Ann Rowe")], HashEncoder())
    (verdict,) = verify_in_library([record()], library)
    assert (verdict.status, verdict.article_id) == ("intact", article(author="Ann Rowe").id)
    assert verdict.kept == record().article_id
    assert verdict.explanation.startswith(OTHER_METADATA)


def test_a_removed_article_is_gone_and_its_version_kept_until_it_is_purged(library):
    library.remove([record().article_id])
    (verdict,) = verify_in_library([record()], library)
    assert (verdict.status, verdict.kept) == ("gone", record().article_id)
    assert verdict.explanation.startswith("the article was removed from the library")
    library.remove([record().article_id], purge=True)
    (verdict,) = verify_in_library([record()], library)
    assert (verdict.status, verdict.kept, verdict.place) == ("gone", None, None)
    assert "erased, or never there" in verdict.explanation


def test_purging_the_cited_version_leaves_the_newer_one_to_judge_by(library):
    library.add([article(TEXT.replace("4,000", "5,000"))], HashEncoder())
    assert status(library) == ("changed", record().article_id)
    library.remove([record().article_id], purge=True)
    assert status(library) == ("changed", None)


def test_when_the_newer_version_goes_too_the_citation_is_gone_and_kept(library):
    library.add([article(OTHER)], HashEncoder())
    library.remove([article(OTHER).id])
    assert status(library) == ("gone", record().article_id)


def test_a_removed_article_is_gone_even_where_another_outlet_has_its_text(library):
    library.add([article(path="/news/copy.txt", source="The Ledger")], HashEncoder())
    library.remove([record().article_id])
    assert status(library) == ("gone", record().article_id)


def test_a_library_made_anew_from_files_elsewhere_is_known_by_the_text(tmp_path):
    with Library.open(tmp_path / "anew", create=True) as anew:
        anew.add([article(path="/mnt/tea.txt", author="Ann Rowe")], HashEncoder())
        assert status(anew) == ("intact", None)
        assert status(anew, record(article_id="ab")) == ("intact", None)


def test_an_id_is_not_taken_for_the_beginning_of_another(library):
    unknown = record(article_id=record().article_id[:4], path="/no", article_sha256="0" * 64)
    assert status(library, unknown) == ("gone", None)


def test_a_record_whose_id_and_hash_disagree_is_judged_by_the_words(library):
    (verdict,) = verify_in_library([record(article_sha256="0" * 64)], library)
    assert (verdict.status, verdict.explanation) == ("intact", EDITED_ELSEWHERE)
    other = article(OTHER, path="/news/lido.txt")
    assert status(library, record(article_id=other.id)) == ("replaced", None)


def test_a_version_that_came_back_is_intact(library):
    library.add([article(OTHER)], HashEncoder())
    library.add([article()], HashEncoder())
    assert status(library) == ("intact", None)


def test_verdicts_come_in_the_order_of_records(library):
    lido = article(OTHER, path="/news/lido.txt")
    sentence = OTHER.partition("\n\n")[2]
    cited = [
        record("lido", sentence, of=lido),
        record(),
        record("1911", "The shed was built in 1911."),
    ]
    found = verify_in_library(cited, library)
    assert [verdict.record.quote for verdict in found] == ["lido", "4,000 tonnes", "1911"]
    assert verify_in_library([], library) == []


def test_the_json_of_a_verdict_has_every_field():
    verdict = judge(record(), article(TEXT.replace("4,000", "5,000")))
    written = verdict.to_json()
    assert set(written) == {field.name for field in dataclasses.fields(verdict)} | {"cited"}
    assert (written["cited"], written["place"]) == (
        {"start": 28, "end": 40},
        {"start": 11, "end": 63},
    )
    assert written["diff"][1] == {"kind": "removed", "text": "4,000"}
