from dataclasses import replace

import pytest

from index.embed import HashEncoder
from index.errors import FilterError
from index.library import Library
from index.search import Searcher
from index.types import Article, Filters, PublishedDate, Sourced
from qa.assistant import READ_TO_CHOOSE, Assistant
from qa.confidence import Calibration, EvidenceWeights, Margins
from qa.conversation import Turn
from qa.errors import QuestionError
from qa.followup import MAX_READINGS
from qa.period_asked import as_filters
from qa.reader import ScriptedReader
from qa.types import Range

# Confidence is the logistic of the margin alone: 0 is even odds.
PLAIN = Calibration(
    intercept=0.0,
    weights=(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    answer_threshold=0.5,
    reader_threshold=0.0,
    near_cosine=0.1,
    evidence=EvidenceWeights(margin=1.0, nearness=0.0, wording=0.0),
)

FIRST = (
    "Ferry fire\n\nA fire broke out on the ferry. Nine people were hurt, the mayor said. It rained."
)
AGENCY = (
    "A fire broke out on Sunday night on the ferry Lady Merriden, an hour after it had left "
    "Port Averly for the islands. Nine people were hurt, the mayor said. The crew brought "
    "everybody off in forty minutes, helped by two trawlers that saw the smoke from the "
    "Dunmarrow bank. Engineers think that a pump in the engine room ran dry and overheated. "
    "The company cancelled its sailings until Thursday and promised to pay for the cars that "
    "were lost."
)
SECOND = "Toll\n\nIt was later found that nine people had been hurt on the ferry."


def article(text, *, path="/a.txt", source="Northline", published="2024-05-02"):
    title = text.split("\n")[0]
    return Article(
        text=text,
        title=Sourced(title, "header"),
        path=path,
        file_sha256="0" * 64,
        source=Sourced(source, "header") if source else None,
        authors=(Sourced("Ada Low", "byline"),),
        url=Sourced("https://northline.example/1", "header"),
        published=PublishedDate(published, "header", "high") if published else None,
        body_start=text.index("\n\n") + 2,
    )


@pytest.fixture
def ask(tmp_path):
    """Ask a library of these articles, read by a script."""
    opened = []

    def asking(
        articles, margins, question="How many people were hurt?", *, calibration=PLAIN, **options
    ):
        library = Library.open(tmp_path / "library", create=True)
        opened.append(library)
        encoder = HashEncoder()
        with library.adding():
            library.add(articles, encoder)
        reader = ScriptedReader(margins)
        assistant = Assistant(library, Searcher.open(library, encoder), reader, calibration)
        return assistant.ask(question, **options)

    yield asking
    for library in opened:
        library.close()


def test_an_answer_is_cited_to_the_character(ask):
    only = article(FIRST)
    answer = ask([only], {"Nine people": 3.0})
    assert answer.answered
    assert answer.answer == "Nine people" == answer.citations[0].quote
    assert answer.confidence == pytest.approx(0.9526, abs=1e-4)
    (citation,) = answer.citations
    assert only.text[citation.start : citation.end] == "Nine people"
    assert citation.sentence_text == "Nine people were hurt, the mayor said."
    sentence = citation.sentence
    assert only.text[sentence.start : sentence.end] == citation.sentence_text
    assert only.text[citation.passage.start : citation.passage.end] == citation.passage_text
    assert only.text.endswith(citation.suffix + only.text[citation.end + 32 :])
    assert citation.prefix == only.text[citation.start - 32 : citation.start]
    assert (citation.n, citation.title, citation.source) == (1, "Ferry fire", "Northline")
    assert (citation.authors, citation.url) == (("Ada Low",), "https://northline.example/1")
    assert (citation.published, citation.published_origin) == ("2024-05-02", "header")
    assert (citation.published_trust, citation.page) == ("high", None)
    assert (citation.article_id, citation.article_sha256) == (only.id, only.sha256)
    assert (answer.agreement.status, answer.reason, answer.nearest) == ("single", None, ())


def test_articles_that_say_the_same_are_cited_together_in_their_own_words(ask):
    answer = ask(
        [article(FIRST), article(SECOND, path="/b.txt")],
        {"Nine people": 3.0, "nine people": 2.0},
    )
    assert [(c.n, c.quote) for c in answer.citations] == [(1, "Nine people"), (2, "nine people")]
    assert answer.agreement.status == "agree"
    (claim,) = answer.agreement.claims
    assert (claim.value, claim.articles) == ("Nine people", 2)


def test_articles_that_differ_are_each_cited_and_the_best_supported_comes_first(ask):
    texts = [
        "Count\n\nTwelve people were hurt on the ferry, police said.",
        "Night\n\nThe fire on the ferry hurt 12 people.",
    ]
    answer = ask(
        [article(FIRST), *(article(text, path=f"/{text[0]}.txt") for text in texts)],
        {"Nine people": 4.0, "Twelve people": 3.0, "12 people": 2.0},
    )
    assert (answer.answer, answer.agreement.status) == ("Nine people", "conflict")
    said = [
        (claim.value, claim.articles, [(c.n, c.quote) for c in claim.citations])
        for claim in answer.agreement.claims
    ]
    assert said == [
        ("Twelve people", 2, [(2, "Twelve people"), (3, "12 people")]),
        ("Nine people", 1, [(1, "Nine people")]),
    ]
    assert answer.citations == answer.agreement.claims[1].citations
    assert answer.alternatives == ()  # what is a claim is not offered again


def test_the_same_number_in_digits_is_no_other_answer(ask):
    digits = article("Toll\n\nOn the ferry 9 people had been hurt.", path="/b.txt")
    answer = ask([article(FIRST), digits], {"Nine people": 3.0, "9 people": 2.0})
    assert [c.quote for c in answer.citations] == ["Nine people", "9 people"]
    assert (answer.agreement.status, answer.alternatives) == ("agree", ())


def test_the_same_text_from_two_outlets_is_one_voice(ask):
    copy = article(FIRST, path="/b.txt", source="The Eastern Ledger")
    answer = ask([article(FIRST), copy], {"Nine people": 3.0})
    (citation,) = answer.citations
    assert citation.also_in == (copy.id,)
    assert answer.agreement.status == "single"


def test_an_unsure_answer_is_not_given_but_shown_as_rejected(ask):
    answer = ask([article(FIRST)], {"the mayor": -1.0})
    assert not answer.answered
    assert (answer.answer, answer.citations, answer.agreement.status) == ("", (), "none")
    assert answer.reason == "subject_only"
    assert answer.best_rejected.answer == "the mayor"
    assert answer.best_rejected.confidence == answer.confidence == pytest.approx(0.2689, abs=1e-4)
    assert [near.quote for near in answer.nearest] == [""] * len(answer.nearest)
    assert answer.nearest[0].passage_text in FIRST


def test_precision_moves_the_threshold(ask):
    articles, margins = [article(FIRST)], {"Nine people": 1.0}  # confidence 0.73
    assert ask(articles, margins, precision=0.7).answered
    assert not ask(articles, margins, precision=0.75).answered
    assert ask(articles, {"Nine people": -9.0}, precision=0.0).answered


def test_rivals_are_offered_with_what_confidence_is_left(ask):
    answer = ask([article(FIRST)], {"Nine people": 2.0, "the mayor": 1.0, "It rained": 0.0})
    assert [other.answer for other in answer.alternatives] == ["the mayor", "It rained"]
    confidences = [answer.confidence, *(other.confidence for other in answer.alternatives)]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) < 1
    assert answer.alternatives[0].citations[0].quote == "the mayor"


def test_a_reading_worse_than_no_answer_is_no_alternative(ask):
    answer = ask([article(FIRST)], {"Nine people": 2.0, "the mayor": -0.1})
    assert answer.alternatives == ()


def test_no_rival_is_surer_than_the_answer(ask):
    # Confidence 0.27: the rival's half of what is left over would be 0.3 or more.
    wary = replace(PLAIN, intercept=-2.0)
    answer = ask([article(FIRST)], {"Nine people": 1.0, "the mayor": 1.0}, calibration=wary)
    assert answer.confidence == pytest.approx(0.2689, abs=1e-4)
    (rival,) = answer.alternatives
    assert rival.confidence == answer.confidence


def test_a_yes_no_question_is_answered_by_the_sentence_that_settles_it(ask):
    answer = ask([article(FIRST)], {"Nine people": 2.0}, "Was anybody hurt?")
    assert answer.kind == "yes_no"
    assert answer.answer == "Nine people were hurt, the mayor said."


RIDERS = (
    "Dam road\n\nFour riders — two from the United States, one from the Netherlands and one from "
    "Switzerland — were run down. It rained."
)


def test_a_list_question_is_answered_by_its_items_each_cited_to_the_character(ask):
    only = article(RIDERS)
    answer = ask([only], {"the Netherlands": 3.0}, "Which countries were the riders from?")
    assert answer.kind == "list"
    assert answer.answer == answer.citations[0].quote
    assert answer.answer == "United States, one from the Netherlands and one from Switzerland"
    assert [item.answer for item in answer.items] == ["United States", "Netherlands", "Switzerland"]
    for item in answer.items:
        (cited,) = item.citations
        assert only.text[cited.start : cited.end] == cited.quote == item.answer
        assert cited.n == 1  # inside the answer's own citation
    assert answer.footnotes == answer.citations
    (first, *_) = answer.to_json()["items"]
    assert (first["answer"], first["citations"][0]["quote"]) == ("United States", "United States")


def test_items_of_several_articles_have_footnotes_of_their_own(ask):
    harbour = article("Harbour\n\nAverly was dark.")
    island = article("Island\n\nMerriden was dark.", path="/b.txt")
    answer = ask([harbour, island], {"Averly": 8.0, "Merriden": 7.0}, "Which towns were dark?")
    assert answer.answer == "Averly"
    assert [(i.answer, i.citations[0].n) for i in answer.items] == [("Averly", 1), ("Merriden", 2)]
    assert [(c.n, c.article_id) for c in answer.footnotes] == [(1, harbour.id), (2, island.id)]
    assert answer.alternatives == ()  # what is listed is no rival


def test_one_thing_has_no_items(ask):
    answer = ask([article(FIRST)], {"Nine people": 3.0}, "Which people were hurt?")
    assert (answer.kind, answer.items) == ("list", ())


def test_a_request_to_summarise_is_declined_with_the_nearest_passages(ask):
    answer = ask([article(FIRST)], {"Nine people": 9.0}, "Summarise the ferry fire.", precision=0.0)
    assert (answer.answered, answer.reason) == (False, "not_extractive")
    assert "Nine people were hurt" in answer.nearest[0].passage_text
    assert (answer.best_rejected, answer.alternatives, answer.confidence) == (None, (), 0.0)


def test_nothing_near_is_told_from_a_subject_that_comes_up(ask):
    # The hash encoder gives texts without a shared word a cosine near 0.
    answer = ask([article(FIRST)], {}, "Quantum chess rankings?")
    assert (answer.answered, answer.reason, answer.confidence) == (False, "nothing_near", 0.0)


def test_an_empty_library_holds_nothing_near(ask):
    answer = ask([], {})
    assert (answer.reason, answer.nearest, answer.best_rejected) == ("nothing_near", (), None)


def test_filters_that_leave_nothing_are_said_to(ask):
    filters = Filters(sources=("Northline",), after="2024-05-03")
    answer = ask([article(FIRST)], {"Nine people": 3.0}, filters=filters)
    assert (answer.answered, answer.reason) == (False, "filtered_out")


def test_a_filter_that_names_nobody_is_an_error(ask):
    with pytest.raises(
        FilterError, match="no article is by 'Nobody': the only author is 'Ada Low'"
    ):
        ask([article(FIRST)], {}, filters=as_filters(authors=["Nobody"]))


def test_an_author_is_a_filter(ask):
    other = replace(article(SECOND, path="/b.txt"), authors=(Sourced("Bo Roe", "byline"),))
    margins = {"Nine people": 3.0, "nine people": 2.0}
    answer = ask([article(FIRST), other], margins, filters=as_filters(authors=["bo roe"]))
    assert [citation.article_id for citation in answer.citations] == [other.id]


def test_agency_copy_that_an_outlet_touched_up_is_one_voice(ask):
    wire = article(f"Ferry fire\n\n{AGENCY}")
    touched_up = f"Blaze on a ferry\n\n{AGENCY.replace('crew', 'sailors')}"
    reprint = article(touched_up, path="/b.txt", source="The Eastern Ledger")
    alone = article(SECOND, path="/c.txt", source="Harbour Post")
    answer = ask([wire, reprint, alone], {"Nine people": 3.0, "nine people": 2.0})
    assert {citation.article_id for citation in answer.citations} < {wire.id, reprint.id, alone.id}
    assert answer.agreement.claims[0].articles == len(answer.citations) == 2
    assert {citation.also_in for citation in answer.citations} & {(wire.id,), (reprint.id,)}


def test_undated_articles_left_out_by_a_date_filter_are_counted(ask):
    articles = [article(FIRST), article(SECOND, path="/b.txt", published=None)]
    answer = ask(articles, {"Nine people": 3.0}, filters=Filters(after="2024-05-02"))
    assert answer.answered
    assert answer.undated_left_out == 1


@pytest.mark.parametrize("question", ["   ", "x" * 20_000])
def test_what_cannot_be_asked_is_refused(ask, question):
    with pytest.raises(QuestionError):
        ask([article(FIRST)], {}, question)


def test_the_question_comes_back_as_typed(ask):
    answer = ask([article(FIRST)], {"Nine people": 3.0}, "  How many were hurt? ")
    assert answer.question == "  How many were hurt? "
    assert answer.standalone_question == "How many were hurt?"


def test_the_json_has_every_key_answered_or_not(ask):
    answered = ask([article(FIRST)], {"Nine people": 3.0}).to_json()
    unanswered = ask([article(FIRST)], {}).to_json()
    assert answered.keys() == unanswered.keys()
    assert set(answered) == {
        "question", "standalone_question", "answered", "answer", "confidence", "kind",
        "citations", "items", "alternatives", "agreement", "timeline", "reason", "nearest",
        "best_rejected", "undated_left_out", "question_dates", "as_of", "timing_ms",
    }  # fmt: skip
    assert set(answered["citations"][0]) == {
        "n", "article_id", "title", "source", "authors", "url", "path", "page", "published",
        "published_origin", "published_trust", "start", "end", "quote", "prefix", "suffix",
        "sentence", "passage", "article_sha256", "also_in", "dates",
        "file_sha256", "accessed", "sentence_text",
    }  # fmt: skip


def test_what_a_relative_date_means_is_counted_from_the_articles_own_day(ask):
    text = "Ferry fire\n\nNine people were hurt on Tuesday night, the mayor said on Wednesday."
    answer = ask([article(text, published="2019-11-06")], {"Nine people": 3.0})
    (citation,) = answer.citations
    assert [(d.text, d.date, d.counted_from, d.trust) for d in citation.dates] == [
        ("Tuesday night", "2019-11-05", "2019-11-06", "high"),
        ("Wednesday", "2019-11-06", "2019-11-06", "high"),
    ]
    assert all(text[d.start : d.end] == d.text for d in citation.dates)
    (entry,) = answer.timeline
    assert (entry.date, entry.counted_from) == ("2019-11-05", "2019-11-06")
    assert entry.claim == citation.sentence_text
    assert answer.to_json()["timeline"][0]["citations"][0]["quote"] == "Nine people"


def test_without_a_day_of_publication_no_date_is_invented(ask):
    text = "Ferry fire\n\nNine people were hurt on Tuesday night."
    answer = ask([article(text, published=None)], {"Nine people": 3.0})
    assert (answer.citations[0].dates, answer.timeline) == ((), ())


def test_as_of_hides_later_articles_and_is_what_the_question_counts_from(ask):
    articles = [article(FIRST, published="2019-11-05"), article(SECOND, path="/b.txt")]
    question = "How many people were hurt last week?"
    answer = ask(articles, {"Nine people": 3.0, "nine people": 2.0}, question, as_of="2019-11-12")
    assert [citation.title for citation in answer.citations] == ["Ferry fire"]
    (said,) = answer.question_dates
    assert (said.text, said.date) == ("last week", "2019-11-04/2019-11-10")
    assert (said.counted_from, said.counted_from_origin) == ("2019-11-12", "as of")
    assert answer.as_of == "2019-11-12"


def test_a_time_in_the_question_shuts_no_article_out(ask):
    answer = ask([article(FIRST)], {"Nine people": 3.0}, "Who was hurt in May 1990?")
    assert answer.answered
    assert [said.date for said in answer.question_dates] == ["1990-05"]


@pytest.mark.parametrize("said", ["in May", "on 3 May", "in September"])
def test_a_month_that_may_be_of_any_year_is_counted_from_no_day(ask, said):
    question = f"How many people were hurt {said}?"
    assert ask([article(FIRST)], {"Nine people": 3.0}, question).question_dates == ()
    as_of = ask([article(FIRST)], {"Nine people": 3.0}, question, as_of="2024-12-31")
    assert [each.date[:4] for each in as_of.question_dates] == ["2024"]


def test_a_month_of_a_year_that_is_told_is_counted(ask):
    answer = ask([article(FIRST)], {"Nine people": 3.0}, "Who was hurt last May?")
    assert [said.text for said in answer.question_dates] == ["last May"]


@pytest.mark.parametrize("as_of", ["2019-02-30", "soon"])
def test_as_of_must_be_a_day(ask, as_of):
    with pytest.raises(FilterError, match=f"'{as_of}' is not a day"):
        ask([article(FIRST)], {}, as_of=as_of)


def test_a_question_for_a_time_is_answered_with_one_where_it_is_a_near_thing(ask):
    text = "Ferry fire\n\nNine people were hurt on Tuesday."
    margins = {"Nine people": 3.0, "Tuesday": 2.5}
    assert ask([article(text)], margins, "When were people hurt?").answer == "Tuesday"
    assert ask([article(text)], margins, "Who was hurt?").answer == "Nine people"


def test_a_quote_across_two_sentences_is_shown_with_both(ask):
    answer = ask([article(FIRST)], {"ferry. Nine people": 3.0})
    citation = answer.citations[0]
    assert citation.sentence_text == (
        "A fire broke out on the ferry. Nine people were hurt, the mayor said."
    )
    assert citation.sentence != Range(citation.start, citation.end)


HEIGHTS = "Towers\n\nThe Tolm mill is 58 metres tall. The Brelm church is 40 metres tall."


def test_a_question_after_others_is_answered_as_it_is_understood(ask):
    turns = [Turn("Who owns the Tolm mill?", "Ada Low")]
    answer = ask([article(HEIGHTS)], {"58 metres": 3.0}, "How tall is it?", history=turns)
    assert answer.question == "How tall is it?"
    assert answer.standalone_question == answer.understood_as == "How tall is the Tolm mill?"
    assert answer.answer == "58 metres"


def test_a_question_that_stands_alone_stays_as_it_is_whatever_was_said(ask):
    turns = [Turn("Who owns the Tolm mill?", "Ada Low")]
    question = " How tall is the Brelm church? "
    answer = ask([article(HEIGHTS)], {"40 metres": 3.0}, question, history=turns)
    assert answer.question == question
    assert answer.standalone_question == "How tall is the Brelm church?"
    assert answer.understood_as == ""


class CountingReader(ScriptedReader):
    """Answers one question only, and remembers how much it read."""

    def __init__(self, question, margins):
        super().__init__(margins)
        self.question, self.read_for = question, []

    def read(self, question, passages):
        self.read_for.append((question, len(passages)))
        return (
            super().read(question, passages) if question == self.question else [[]] * len(passages)
        )


@pytest.fixture
def counting(tmp_path):
    """An assistant whose reader finds an answer to one reading only."""
    reader = CountingReader("How tall is the church at Brelm?", {"40 metres": 3.0})
    encoder = HashEncoder()
    with Library.open(tmp_path / "library", create=True) as library:
        with library.adding():
            library.add([article(HEIGHTS)], encoder)
        yield Assistant(library, Searcher.open(library, encoder), reader, PLAIN)


TWO_THINGS = [Turn("Is the mill older than the church at Brelm?", "no")]


def test_of_several_readings_the_one_that_the_articles_answer_is_taken(counting):
    answer = counting.ask("How tall is it?", history=TWO_THINGS)
    assert answer.standalone_question == "How tall is the church at Brelm?"
    assert answer.answer == "40 metres"


@pytest.mark.parametrize(("margin", "every"), [(3.0, False), (0.03, True), (-0.03, True)])
def test_near_the_threshold_every_passage_is_read(tmp_path, margin, every):
    """Else one of them is enough: no other can be better, agree or differ."""
    question = "How many people were hurt?"
    reader, encoder = CountingReader(question, {"Nine people": margin}), HashEncoder()
    fitted = replace(PLAIN, margins=Margins(usual=-8.0, most=(-1.0,)))
    others = [
        article(f"Rain {n}\n\nIt rained on people hurt by {word}.", path=f"/{n}.txt")
        for n, word in enumerate(("want", "war"))
    ]
    with Library.open(tmp_path / "library", create=True) as library:
        with library.adding():
            library.add([article(FIRST), *others], encoder)
        assistant = Assistant(library, Searcher.open(library, encoder), reader, fitted)
        answer = assistant.ask(question)
        count = len(assistant.retrieve(question, top_k=20).hits)
    assert answer.answered == (margin > 0)
    assert [passages for _, passages in reader.read_for] == ([1, count - 1] if every else [1])


def test_understanding_reads_a_few_passages_of_a_few_readings(counting):
    counting.ask("How tall is it?", history=TWO_THINGS)
    read_for = counting._reader.read_for
    assert 2 < len(read_for) <= MAX_READINGS + 1
    assert all(passages <= READ_TO_CHOOSE for _, passages in read_for[:-1])


def test_one_reading_costs_nothing_more(counting):
    counting.ask("How tall is the church at Brelm?", history=TWO_THINGS)
    assert [question for question, _ in counting._reader.read_for] == [
        "How tall is the church at Brelm?"
    ]


def test_a_first_question_with_a_pronoun_is_asked_as_it_is(ask):
    answer = ask([article(FIRST)], {"Nine people": 3.0}, "How old is she?")
    assert answer.standalone_question == "How old is she?"


def test_the_passages_are_told_before_they_are_read(ask):
    told = []
    answer = ask([article(FIRST)], {"Nine people": 3.0}, on_found=told.append)
    assert answer.answered
    (found,) = told
    assert found.question == "How many people were hurt?"
    assert {(c.title, c.quote) for c in found.nearest} == {("Ferry fire", "")}


def test_whoever_is_told_may_end_the_asking(ask):
    def enough(found):
        raise KeyError("enough")

    with pytest.raises(KeyError):
        ask([article(FIRST)], {"Nine people": 3.0}, on_found=enough)


def test_out_of_time_gives_the_passages_alone(ask):
    answer = ask([article(FIRST)], {"Nine people": 3.0}, deadline=0.0)
    assert (answer.answered, answer.reason, answer.answer) == (False, "out_of_time", "")
    assert {citation.title for citation in answer.nearest} == {"Ferry fire"}
    assert ask([article(FIRST)], {"Nine people": 3.0}, deadline=600.0).answered
