import pytest

from qa.cite import CitationRecord, Stretch
from qa.errors import CitationError
from qa.report import Cited, Report, ReportItem, Stated
from qa.report_layout import NOTHING, grouped, lay_out
from qa.styles import plain


def record(name="wire", quote="nine", *, before="It was ", after=", said the chief.", **changes):
    known = {
        "article_id": name,
        "article_sha256": "0" * 64,
        "path": f"/news/{name}.txt",
        "start": 100 + len(before),
        "end": 100 + len(before + quote),
        "quote": quote,
        "sentence": Stretch(start=100, end=100 + len(before + quote + after)),
        "sentence_text": before + quote + after,
        "title": f"The {name} story",
        "source": name.title(),
        "published": "2019-11-06",
    }
    return CitationRecord(**(known | changes))


def item(*records, question="How many?", **changes):
    known = {"question": question, "answer": records[0].quote, "cited": (1,), "citations": records}
    return ReportItem(**(known | changes))


def shown(line):
    return (line.kind, "".join(words.text for words in line.words), line.notes)


def lines(*items, **changes):
    laid = lay_out(Report(title="Fire", items=items, **changes))
    return [[shown(line) for line in section.lines] for section in laid.sections]


def test_an_answer_stands_with_its_sentence_and_its_footnote():
    assert lines(item(record())) == [
        [("answer", "nine", (1,)), ("quote", "It was nine, said the chief.", ())]
    ]
    laid = lay_out(Report(title="Fire", items=(item(record()),)))
    quote = laid.sections[0].lines[1]
    assert [(w.text, w.quoted) for w in quote.words] == [
        ("It was ", False),
        ("nine", True),
        (", said the chief.", False),
    ]


def test_a_sentence_that_is_all_answer_is_not_said_twice():
    whole = record(quote="It burned.", before="", after="")
    assert lines(item(whole)) == [[("answer", "It burned.", (1,))]]


def test_a_question_without_an_answer_says_so():
    assert lines(ReportItem(question="Why?")) == [[("nothing", NOTHING, ())]]


def test_a_disagreement_lists_each_value_with_its_outlets():
    told = item(
        record(),
        record("ledger", "eleven"),
        record("post", "eleven"),
        claims=(
            Stated(words="nine", articles=1, cited=(1,)),
            Stated(words="eleven", articles=3, cited=(2, 3)),
        ),
    )
    assert lines(told)[0][2:] == [
        ("disagree", "Sources disagree:", ()),
        ("claim", "nine (one article: Wire)", (1,)),
        ("claim", "eleven (3 articles: Ledger, Post)", (2, 3)),
    ]


def test_several_things_from_several_sentences_are_listed_and_those_of_one_are_not():
    parts = (Cited(words="tea", cited=(1,)), Cited(words="jute", cited=(2,)))
    apart = item(record(quote="tea"), record("ledger", "jute"), parts=parts)
    assert lines(apart) == [[("item", "tea", (1,)), ("item", "jute", (2,))]]
    whole = record(quote="tea and jute")
    tea = record(quote="tea", after=" and jute, said the chief.")
    jute = record(quote="jute", before="It was tea and ")
    parts = (Cited(words="tea", cited=(2,)), Cited(words="jute", cited=(3,)))
    together = item(whole, tea, jute, parts=parts)
    assert lines(together)[0][0] == ("answer", "tea and jute", (1,))
    assert len(lay_out(Report(title="Fire", items=(together,))).footnotes) == 1


def test_footnotes_are_numbered_as_they_come_and_keep_their_number():
    wire, ledger = record(), record("ledger", "eleven")
    laid = lay_out(Report(title="Fire", items=(item(ledger), item(wire), item(ledger))))
    assert [section.lines[0].notes for section in laid.sections] == [(1,), (2,), (1,)]
    assert laid.records == (ledger, wire)
    assert plain(laid.footnotes[0]).endswith("“eleven”")
    assert plain(laid.footnotes[1]).endswith("“nine”")
    assert [p.number for p in laid.passages] == [1, 2]
    assert len(laid.bibliography) == 2


def test_an_article_is_listed_once_among_the_sources():
    laid = lay_out(Report(title="Fire", items=(item(record()), item(record(quote="ten")))))
    assert (len(laid.footnotes), len(laid.bibliography)) == (2, 1)


def test_notes_stand_where_the_writer_put_them_one_paragraph_each():
    noted = item(record(), note="Ask\nagain.\n\n\n\nThen write.")
    assert lines(noted)[0][2:] == [("note", "Ask again.", ()), ("note", "Then write.", ())]
    laid = lay_out(Report(title="Fire", note="Before.", items=()))
    assert [shown(line) for line in laid.note] == [("note", "Before.", ())]


def test_a_passage_says_where_it_stands_from_1():
    url = "https://wire.example/fire"
    (passage,) = lay_out(Report(title="F", items=(item(record(page=3, url=url)),))).passages
    assert passage.place == "page 3, characters 108 to 111"
    assert passage.source == "The wire story, Wire"
    assert passage.link.startswith(f"{url}#:~:text=")
    (bare,) = lay_out(Report(title="F", items=(item(record(source=None)),))).passages
    assert (bare.source, bare.place) == ("The wire story", "characters 108 to 111")
    assert bare.link is None


def test_line_breaks_of_a_page_are_spaces_in_a_line():
    broken = record(before="It\nwas  ", quote="nine\nmen", after="\nin all.")
    assert lines(item(broken))[0] == [
        ("answer", "nine men", (1,)),
        ("quote", "It was nine men in all.", ()),
    ]


def test_neighbouring_lines_of_one_list_are_together():
    told = item(
        record(),
        record("ledger", "eleven"),
        claims=(Stated(words="nine", cited=(1,)), Stated(words="eleven", cited=(2,))),
        note="Ask.",
    )
    (section,) = lay_out(Report(title="Fire", items=(told,))).sections
    kinds = [[line.kind for line in group] for group in grouped(section.lines)]
    assert kinds == [["answer"], ["quote"], ["disagree"], ["claim", "claim"], ["note"]]
    assert grouped(()) == []


def test_the_style_is_the_reports_own_or_the_one_that_is_given():
    report = Report(title="Fire", style="ieee", items=(item(record()),))
    assert lay_out(report) == lay_out(report, "ieee") != lay_out(report, "mla")
    with pytest.raises(CitationError, match="apa, chicago, mla, harvard, ieee"):
        lay_out(report, "vancouver")


def test_a_style_typed_by_hand_is_known_however_it_is_written():
    report = Report(title="Fire", style="IEEE", items=(item(record()),))
    assert lay_out(report) == lay_out(report, "ieee")


def test_a_title_that_turns_the_direction_does_not_turn_the_place():
    turning = record(title="Fire \u202etxt", source="The\u2066 Wire")
    claims = (Stated(words="nine", cited=(1,)), Stated(words="ten", cited=(2,)))
    told = item(turning, record("post", "ten"), claims=claims)
    passage, _ = lay_out(Report(title="Fire", items=(told,))).passages
    assert passage.source == "Fire txt, The Wire"
    assert ("claim", "nine (one article: The Wire)", (1,)) in lines(told)[0]
