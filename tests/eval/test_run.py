"""Small data sets whose every measure is worked out by hand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

import eval
from eval.contexts import as_articles, build_library
from eval.datasets import Context, DataSet, GoldAnswer, Question, read_dataset
from eval.errors import Stopped
from eval.ranking import Found, Ranking
from eval.results import Setup
from eval.run import evaluate_answers, evaluate_reader, evaluate_retrieval
from index.embed import HashEncoder
from index.library import Library
from index.search import Hits, Searcher
from index.types import Article, Hit, Passage, Sourced
from qa.errors import DatasetError, QuestionError
from qa.reader import SpanReader
from qa.types import Agreement, Alternative, Answer, Citation, Claim, Range, Span

TEXT = "Ilse Corbant runs Port Averly."


def asked(id_: str, *golds: str, text: str = TEXT) -> Question:
    """A question; its golds stand in its own context."""
    context = Context(text, "Ferries", None)
    found = tuple(GoldAnswer(gold, None, text.find(gold)) for gold in golds)
    return Question(id_, f"Question {id_}?", found, context, "Ferries")


def data_of(*questions: Question) -> DataSet:
    contexts = tuple(dict.fromkeys(q.context for q in questions if q.context))
    return DataSet(Path("/data/dev.json"), "f" * 64, questions, contexts)


@dataclass
class ScriptedReader:
    """Finds the words it was told to, with the margin it was told."""

    script: dict[str, tuple[str, float]]  # question to answer and margin
    sizes: list[int] = field(default_factory=list)  # of the requests it got
    stops_after: int = 99  # requests; then Ctrl-C

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[list[Span]]:
        if len(self.sizes) == self.stops_after:
            raise KeyboardInterrupt
        self.sizes.append(len(pairs))
        return [self._spans(*pair) for pair in pairs]

    def _spans(self, question: str, text: str) -> list[Span]:
        if question not in self.script:
            return []
        answer, margin = self.script[question]
        start = text.index(answer)
        worse = Span(0, 1, -9.0, 0.0)
        return [Span(start, start + len(answer), margin + 2.0, 2.0), worse]


SETUP = Setup(reader="it")

READ = data_of(
    asked("1", "Ilse Corbant"),  # read rightly, margin 5
    asked("2"),  # no answer, margin 4
    asked("3", "Port Averly"),  # "Averly": F1 2/3, margin 1
    asked("4"),  # no answer, nothing read at all
)
READER = {
    "Question 1?": ("Ilse Corbant", 5.0),
    "Question 2?": ("Corbant", 4.0),
    "Question 3?": ("Averly", 1.0),
}


def test_a_reader_made_to_answer_is_scored_on_its_best_guesses():
    found = evaluate_reader(READ, ScriptedReader(READER), abstain="never")
    values = {m.name: (m.estimate.value, m.estimate.n) for m in found.measures}
    assert values == {
        "exact_match": (0.5, 4),  # 1 and 4
        "f1": (pytest.approx((1 + 0 + 2 / 3 + 1) / 4), 4),
        "lenient_match": (0.75, 4),  # 3 too, which gave a part of it
        "has_answer_exact_match": (0.5, 2),
        "has_answer_f1": (pytest.approx((1 + 2 / 3) / 2), 2),
        "no_answer_accuracy": (0.5, 2),
        "best_exact_match": (0.75, 4),  # answering 1 only, from margin 5 on
        "best_f1": (0.75, 4),
        "best_guess_exact_match": (0.5, 2),
        "best_guess_f1": (pytest.approx((1 + 2 / 3) / 2), 2),
        "n_best_recall_at_5": (0.5, 2),
        "n_best_recall_at_20": (0.5, 2),
    }
    assert found.settings.best_threshold == 5.0
    assert (found.settings.abstain, found.settings.threshold) == ("never", None)


def test_a_reader_refuses_below_the_threshold_and_answers_at_it():
    found = evaluate_reader(READ, ScriptedReader(READER), threshold=4.0)
    assert [r.prediction for r in found.records] == ["Ilse Corbant", "Corbant", "", ""]
    assert found["exact_match"].value == 0.5  # 1 and 4
    assert found["no_answer_accuracy"].value == 0.5
    assert found.settings.threshold == 4.0


def test_the_best_threshold_does_not_depend_on_the_one_in_use():
    never = evaluate_reader(READ, ScriptedReader(READER), abstain="never")
    always = evaluate_reader(READ, ScriptedReader(READER), threshold=99.0)
    assert always["f1"].value == 0.5  # it refuses all
    assert always["best_f1"] == never["best_f1"]


def test_each_record_says_what_was_read_and_where():
    found = evaluate_reader(READ, ScriptedReader(READER), abstain="never")
    assert found.records[2].to_json() == {
        "id": "3",
        "question": "Question 3?",
        "kind": None,
        "article": "Ferries",
        "cluster": "0",
        "golds": ("Port Averly",),
        "why": None,
        "prediction": "Averly",
        "best_guess": "Averly",
        "exact_match": 0.0,
        "f1": pytest.approx(2 / 3),
        "margin": 1.0,
        "start": TEXT.index("Averly"),
        "end": TEXT.index("Averly") + 6,
        "lenient_match": 1.0,  # "Averly" of "Port Averly"
        "gold_rank": None,
        "passage": TEXT,
        "error": "boundary",
        "passage_words": 5,
    }
    assert (found.records[3].margin, found.records[3].start) == (None, None)


def test_best_guesses_are_judged_also_where_they_are_not_given():
    found = evaluate_reader(READ, ScriptedReader(READER), threshold=99.0)
    assert found["has_answer_f1"].value == 0.0
    assert found["best_guess_f1"].value == pytest.approx((1 + 2 / 3) / 2)


class Wordy:
    """Finds every word of the text, the first best."""

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[list[Span]]:
        found = []
        for _, text in pairs:
            words, starts = text.split(), [0]
            for word in words:
                starts.append(starts[-1] + len(word) + 1)
            found.append(
                [Span(a, a + len(w), -a, 0.0) for a, w in zip(starts, words, strict=False)]
            )
        return found


def test_the_rank_of_a_gold_among_the_n_best_is_recorded():
    text = "one two three four five six"
    data = data_of(
        asked("1", "three", "five", text=text),
        asked("2", "six", text=text),
        asked("3", "two three", text=text),
        asked("4", text=text),
    )
    found = evaluate_reader(data, Wordy(), abstain="never")
    assert [r.gold_rank for r in found.records] == [3, 6, None, None]
    assert (found["n_best_recall_at_5"].value, found["n_best_recall_at_5"].n) == (
        pytest.approx(1 / 3), 3,
    )  # fmt: skip
    assert found["n_best_recall_at_20"].value == pytest.approx(2 / 3)


def test_scores_are_broken_down_and_written(tmp_path):
    found = evaluate_reader(READ, ScriptedReader(READER), abstain="never")
    groups = {(group.by, group.name): group.f1.n for group in found.groups}
    assert groups == {
        ("question_word", "other"): 4,
        ("answer_words", "2"): 2,
        ("answer_words", "no answer"): 2,
        ("passage_words", "1-100"): 4,
    }
    found.write(tmp_path)
    written = json.loads((tmp_path / "breakdown.json").read_text())
    assert written[0]["by"] == "question_word"
    assert written[0]["f1"]["value"] == found["f1"].value


def test_golds_of_other_articles_are_not_what_a_reader_can_find():
    question = asked("1", "Ilse Corbant")
    elsewhere = GoldAnswer("I. Corbant", "other.txt", None)
    both = Question("1", "Question 1?", (*question.golds, elsewhere), question.context)
    found = evaluate_reader(data_of(both), ScriptedReader(READER), abstain="never")
    assert found.records[0].asked.golds == ("Ilse Corbant",)


def test_measures_that_speak_of_no_question_are_left_out():
    found = evaluate_reader(data_of(asked("1", "Ilse")), ScriptedReader(READER), abstain="never")
    assert "no_answer_accuracy" not in found.to_json()


def test_intervals_are_over_contexts_of_few_articles():
    one, two = asked("1", "Ilse Corbant"), asked("2", "Nobody", text="Corbant is away.")
    found = evaluate_reader(data_of(one, two), ScriptedReader(READER), abstain="never")
    assert (found.settings.unit, found.settings.units) == ("context", 2)
    assert (found["f1"].value, found["f1"].low, found["f1"].high) == (0.5, 0.0, 1.0)


def test_a_reader_never_gets_all_of_a_large_data_set_at_once():
    reader = ScriptedReader({})
    told: list[tuple[int, int]] = []
    data = data_of(*(asked(str(i)) for i in range(600)))
    evaluate_reader(data, reader, abstain="never", on_progress=lambda *step: told.append(step))
    assert sum(reader.sizes) == 600
    assert max(reader.sizes) <= 256
    assert told == [(i, 600) for i in range(1, 601)]


def test_stopping_keeps_what_was_measured_and_says_so():
    reader = ScriptedReader({}, stops_after=1)
    found = evaluate_reader(data_of(*(asked(str(i)) for i in range(600))), reader, abstain="never")
    assert len(found.records) == found.settings.questions == reader.sizes[0] < 600
    assert not found.settings.complete
    assert found["exact_match"].n == reader.sizes[0]


def test_stopping_before_the_first_result_gives_none():
    with pytest.raises(KeyboardInterrupt):
        evaluate_reader(READ, ScriptedReader({}, stops_after=0), abstain="never")


def test_a_stopped_evaluation_goes_on_where_it_was(tmp_path):
    data = data_of(*(asked(str(i), *(["Averly"] if i % 3 else [])) for i in range(300)))
    script = {f"Question {i}?": READER[f"Question {i % 3 + 1}?"] for i in range(300)}
    stopping, rest = ScriptedReader(script, stops_after=1), ScriptedReader(script)
    part = evaluate_reader(data, stopping, abstain="never", setup=SETUP, resume_in=tmp_path)
    part.write(tmp_path)
    assert 0 < len(part.records) < 300
    told: list[tuple[int, int]] = []
    whole = evaluate_reader(
        data,
        rest,
        abstain="never",
        setup=SETUP,
        resume_in=tmp_path,
        on_progress=lambda *step: told.append(step),
    )
    whole.write(tmp_path)
    assert sum(rest.sizes) == 300 - len(part.records)
    assert told[0] == (len(part.records) + 1, 300) and told[-1] == (300, 300)
    assert whole == evaluate_reader(data, ScriptedReader(script), abstain="never", setup=SETUP)
    # What was finished is not taken for unfinished.
    again = ScriptedReader(script)
    evaluate_reader(data, again, abstain="never", setup=SETUP, resume_in=tmp_path)
    assert sum(again.sizes) == 300


def test_going_on_takes_the_names_of_what_is_measured(tmp_path):
    with pytest.raises(ValueError, match="`setup`"):
        evaluate_reader(READ, ScriptedReader(READER), abstain="never", resume_in=tmp_path)


@pytest.mark.parametrize("other", [Setup(reader="other"), Setup(reader="it", calibration="new")])
def test_another_reader_does_not_go_on(tmp_path, other):
    data = data_of(*(asked(str(i)) for i in range(300)))
    first, second = ScriptedReader({}, stops_after=1), ScriptedReader({})
    evaluate_reader(data, first, abstain="never", setup=SETUP, resume_in=tmp_path)
    evaluate_reader(data, second, abstain="never", setup=other, resume_in=tmp_path)
    assert sum(second.sizes) == 300


def test_other_settings_do_not_go_on(tmp_path):
    stopping, rest = ScriptedReader(READER, stops_after=1), ScriptedReader(READER)
    data = data_of(*(asked(str(i)) for i in range(300)))
    evaluate_reader(data, stopping, abstain="never", setup=SETUP, resume_in=tmp_path)
    evaluate_reader(data, rest, threshold=1.0, setup=SETUP, resume_in=tmp_path)
    assert sum(rest.sizes) == 300


def test_stopped_again_before_the_next_result_keeps_what_there_was(tmp_path):
    data = data_of(*(asked(str(i)) for i in range(300)))
    first = evaluate_reader(
        data, ScriptedReader({}, stops_after=1), abstain="never", setup=SETUP, resume_in=tmp_path
    )
    second = evaluate_reader(
        data, ScriptedReader({}, stops_after=0), abstain="never", setup=SETUP, resume_in=tmp_path
    )
    assert second.records == first.records and not second.settings.complete


def test_the_same_numbers_in_any_batch_size(monkeypatch):
    data = read_dataset(Path(eval.__file__).parent / "data" / "sample_questions.json").thinned(40)
    reader = SpanReader()
    whole = evaluate_reader(data, reader, threshold=4.0)
    monkeypatch.setattr("eval.steps._PAIRS_AT_ONCE", 3)
    assert evaluate_reader(data, reader, threshold=4.0) == whole


def test_a_row_a_question_for_pandas():
    found = evaluate_reader(READ, ScriptedReader(READER), abstain="never")
    table = found.to_pandas()
    assert list(table["id"]) == [record.id for record in found.records]
    assert table["f1"].mean() == found["f1"].value
    assert list(table.columns) == list(found.records[0].to_json())


def test_wrong_answers_are_binned_and_written(tmp_path):
    found = evaluate_reader(READ, ScriptedReader(READER), abstain="never")
    assert [(e.bin, e.count, e.share, e.examples) for e in found.errors] == [
        ("boundary", 1, 0.25, ("3",)),
        ("answered_unanswerable", 1, 0.25, ("2",)),
    ]
    found.write(tmp_path)
    assert json.loads((tmp_path / "errors.json").read_text()) == [
        {"bin": "boundary", "count": 1, "share": 0.25, "examples": ["3"]},
        {"bin": "answered_unanswerable", "count": 1, "share": 0.25, "examples": ["2"]},
    ]


def test_a_limit_measures_so_many_questions():
    found = evaluate_reader(READ, ScriptedReader(READER), abstain="never", limit=2)
    assert [record.id for record in found.records] == ["1", "3"]
    assert found.settings.complete


def test_a_reader_needs_contexts_before_it_reads():
    reader = ScriptedReader(READER)
    data = data_of(asked("1"), Question("9", "Who?", ()))
    with pytest.raises(DatasetError, match="question '9' has no context"):
        evaluate_reader(data, reader, abstain="never")
    assert reader.sizes == []


def test_abstaining_as_shipped_takes_the_threshold():
    with pytest.raises(ValueError, match="threshold"):
        evaluate_reader(READ, ScriptedReader(READER))


def searched(tmp_path: Path, data: DataSet, *, copies: Sequence[Article] = ()):
    named, articles = as_articles(data)
    encoder = HashEncoder()
    build_library(tmp_path / "library", [*articles, *copies], encoder)
    with Library.open(tmp_path / "library") as library:
        return evaluate_retrieval(named, Searcher.open(library, encoder), library)


def test_retrieval_finds_the_gold_article_at_its_rank(tmp_path):
    port = Context("The port of Averly is run by Ilse Corbant.", "Port", None)
    away = Context("Corbant Corbant the port the port Averly.", "Away", None)
    data = DataSet(
        Path("/data/dev.json"),
        "f" * 64,
        (
            # Both contexts have the words of the question; only one has the answer.
            Question("1", "Who runs the port of Averly?", (GoldAnswer("Ilse", None, 30),), port),
            Question("2", "Who sank?", (), away),
        ),
        (away, port),
    )
    found = searched(tmp_path, data)
    record = found.records[0]
    (rank,) = record.to_json()["ranks"]
    assert [hit.right for hit in record.hits] == [i == rank for i in range(1, 3)]
    assert found["mrr"].value == 1 / rank
    assert found["success_at_5"].value == found["recall_at_20"].value == 1.0
    assert found["mrr"].n == 1  # the question without an answer is not measured
    assert found.records[1].ranking.relevant == 0


def test_retrieval_counts_each_gold_article_and_misses_those_not_found(tmp_path):
    wire = Context("Eleven were hurt on the ferry.", "Ferry", "wire.txt")
    later = Context("12 were hurt on the ferry.", "Ferry", "later.txt")
    golds = (
        GoldAnswer("Eleven", "wire.txt", 0),
        GoldAnswer("12", "later.txt", None),
        GoldAnswer("a dozen", "gone.txt", None),
    )
    question = Question("1", "How many were hurt on the ferry?", golds, wire, "wire.txt")
    data = DataSet(Path("/data/dev.json"), "f" * 64, (question,), (wire, later))
    found = searched(tmp_path, data)
    assert found.records[0].ranking == Ranking((Found(1, 1), Found(2, 1)), (1,))
    assert found["recall_at_1"].value == pytest.approx(1 / 3)
    assert found["recall_at_20"].value == pytest.approx(2 / 3)
    assert found["success_at_1"].value == found["mrr"].value == 1.0


def test_an_article_with_the_text_of_the_gold_article_stands_for_it(tmp_path):
    first = Context("Eleven were hurt on the ferry.", "Ferry", "first.txt")
    copy = Article(first.text, Sourced("Copy", "header"), "/a/copy.txt", "0" * 64)
    # The data names the copy, and a search returns the first of the two.
    question = Question("1", "Hurt?", (GoldAnswer("Eleven", "copy.txt", None),), first)
    data = DataSet(Path("/data/dev.json"), "f" * 64, (question,), (first,))
    assert searched(tmp_path, data, copies=[copy])["mrr"].value == 1.0


WIRE = Article("Eleven were hurt.", Sourced("Ferry fire", "header"), "/a/wire.txt", "0" * 64)
OTHER = Article("Eleven degrees.", Sourced("Weather", "header"), "/a/other.txt", "0" * 64)


@dataclass
class ScriptedAssistant:
    """Gives the answers it was told to."""

    script: dict[str, Answer]
    asked: list[str] = field(default_factory=list)
    read: tuple[Article, ...] = ()

    def retrieve(self, question: str, /) -> Hits:
        if question not in self.script:
            raise QuestionError("the question is empty: ask it in a few words")
        passages = [Passage(a.id, 0, len(a.text), a.text) for a in self.read]
        hits = tuple(Hit(passage, 1.0, 1.0, None) for passage in passages)
        return Hits(hits, len(hits), len(hits), 0)

    def same_text(self, article_id: str, /) -> tuple[str, ...]:
        return ()

    def ask(self, question: str, /) -> Answer:
        self.asked.append(question)
        if question not in self.script:
            raise QuestionError("the question is empty: ask it in a few words")
        return self.script[question]

    def article(self, article_id: str, /) -> Article:
        return {WIRE.id: WIRE, OTHER.id: OTHER}[article_id]


def cited(article: Article, quote: str, *, n: int = 1, also_in: tuple[str, ...] = ()) -> Citation:
    start = article.text.index(quote)
    whole = Range(0, len(article.text))
    return Citation(
        n=n,
        article_id=article.id,
        title=article.title.value,
        source=None,
        authors=(),
        url=None,
        path=article.path,
        page=None,
        published=None,
        published_origin=None,
        published_trust=None,
        start=start,
        end=start + len(quote),
        quote=quote,
        prefix="",
        suffix="",
        sentence=whole,
        passage=whole,
        article_sha256=article.sha256,
        passage_text=article.text,
        also_in=also_in,
    )


def answered(question: str, confidence: float, *citations: Citation) -> Answer:
    return Answer(
        question,
        question,
        answered=True,
        answer=citations[0].quote,
        confidence=confidence,
        citations=citations,
    )


def refused(question: str, rejected: Alternative | None = None) -> Answer:
    return Answer(
        question,
        question,
        answered=False,
        answer="",
        confidence=rejected.confidence if rejected else 0.0,
        reason="subject_only",
        best_rejected=rejected,
    )


def about(id_: str, *golds: str) -> Question:
    found = tuple(GoldAnswer(gold, "wire.txt", None) for gold in golds)
    return Question(id_, f"Question {id_}?", found, None, None)


ASKED = data_of(
    about("1", "eleven"),  # right, one of two citations right, confidence 0.9
    about("2"),  # no answer, answered all the same, confidence 0.6
    about("3", "eleven"),  # refused, though the rejected answer was right, 0.4
    about("4"),  # rightly refused
)
ASSISTANT = {
    "Question 1?": answered("Question 1?", 0.9, cited(WIRE, "Eleven"), cited(OTHER, "Eleven")),
    "Question 2?": answered("Question 2?", 0.6, cited(WIRE, "hurt")),
    "Question 3?": refused("Question 3?", Alternative("Eleven", 0.4, (cited(WIRE, "Eleven"),))),
    "Question 4?": refused("Question 4?"),
}


def test_answers_are_judged_with_their_citations_and_confidence():
    found = evaluate_answers(ASKED, ScriptedAssistant(ASSISTANT))
    values = {m.name: (m.estimate.value, m.estimate.n) for m in found.measures}
    times = [name for name in values if "_ms_" in name]
    assert times == [
        f"{stage}_ms_{p}" for stage in ("latency", "retrieve", "read") for p in ("p50", "p95")
    ]
    for name in times:
        del values[name]
    assert values == {
        "exact_match": (0.5, 4),
        "f1": (0.5, 4),
        "lenient_match": (0.5, 4),
        "has_answer_exact_match": (0.5, 2),
        "has_answer_f1": (0.5, 2),
        "no_answer_accuracy": (0.5, 2),
        "best_exact_match": (0.75, 4),  # answering 1 only, from confidence 0.9 on
        "best_f1": (0.75, 4),
        "citation_precision": (pytest.approx(1 / 3), 3),  # one of three citations
        "citation_recall": (0.5, 2),  # the article of the first question's answer
        "abstention_precision": (0.5, 2),
        "abstention_recall": (0.5, 2),
        "ece": (pytest.approx((0.1 + 0.6) / 2), 2),
        "brier": (pytest.approx((0.01 + 0.36) / 2), 2),
        # Wrong among the surest 1, 2, 3, 4: 0, 1, 1, 2 (there is no guess at the fourth).
        "aurc": (pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4), 4),
    }
    assert found["latency_ms_p50"].n == 4


def test_an_assistant_made_to_answer_gives_what_it_had_rejected():
    found = evaluate_answers(ASKED, ScriptedAssistant(ASSISTANT), abstain="never")
    assert [r.prediction for r in found.records] == ["Eleven", "hurt", "Eleven", ""]
    assert found["has_answer_exact_match"].value == 1.0
    assert found["citation_precision"].value == pytest.approx(2 / 4)
    assert found["ece"].n == 3


def test_an_answer_record_says_what_was_cited_and_whether_rightly():
    found = evaluate_answers(ASKED, ScriptedAssistant(ASSISTANT))
    first, third = found.records[0], found.records[2]
    assert [citation.right for citation in first.citations] == [True, False]
    assert (first.reason, third.reason) == (None, "subject_only")
    assert (third.prediction, third.scored.best_guess, third.confidence) == ("", "Eleven", 0.4)
    assert third.citations == ()
    assert first.latency_ms >= 0.0


def test_wrong_answers_say_whether_the_right_passage_was_read():
    wrong = {
        "Question 1?": answered("Question 1?", 0.9, cited(OTHER, "degrees")),
        "Question 2?": answered("Question 2?", 0.6, cited(WIRE, "hurt")),
        "Question 3?": refused("Question 3?"),
        "Question 4?": refused("Question 4?"),
    }
    read = evaluate_answers(ASKED, ScriptedAssistant(wrong, read=(OTHER, WIRE)))
    assert [record.right_rank for record in read.records] == [2, None, 2, None]
    bins = ["not_read_highest", "answered_unanswerable", "abstained", None]
    assert [record.error for record in read.records] == bins
    not_read = evaluate_answers(ASKED, ScriptedAssistant(wrong, read=(OTHER,)))
    bins = ["not_retrieved", "answered_unanswerable", "not_retrieved", None]
    assert [record.error for record in not_read.records] == bins


def test_more_words_of_the_right_place_are_a_matter_of_boundary():
    longer = {"Question 1?": answered("Question 1?", 0.9, cited(WIRE, "Eleven were"))}
    other = {"Question 1?": answered("Question 1?", 0.9, cited(WIRE, "hurt"))}
    for script, bin_ in ((longer, "boundary"), (other, "wrong_span")):
        assistant = ScriptedAssistant(script, read=(WIRE,))
        found = evaluate_answers(data_of(about("1", "eleven")), assistant)
        assert found.records[0].error == bin_


def test_what_several_articles_say_is_disputable():
    claims = (Claim("degrees", 2, ()),)
    answer = answered("Question 1?", 0.9, cited(OTHER, "degrees"))
    answer = replace(answer, agreement=Agreement("agree", claims))
    assistant = ScriptedAssistant({"Question 1?": answer}, read=(OTHER,))
    found = evaluate_answers(data_of(about("1", "eleven")), assistant)
    assert found.records[0].error == "disputable"


def test_a_citation_of_the_gold_articles_copy_is_right():
    copied = cited(OTHER, "Eleven", also_in=(WIRE.id,))
    assistant = ScriptedAssistant({"Question 1?": answered("Question 1?", 0.9, copied)})
    found = evaluate_answers(data_of(about("1", "eleven")), assistant)
    assert found["citation_precision"].value == 1.0


def test_the_first_question_is_asked_once_before_times_are_taken():
    assistant = ScriptedAssistant(ASSISTANT)
    evaluate_answers(ASKED, assistant)
    assert assistant.asked == ["Question 1?", *(f"Question {i}?" for i in range(1, 5))]


def test_a_question_that_cannot_be_asked_counts_as_not_answered(caplog):
    assistant = ScriptedAssistant({"Question 1?": ASSISTANT["Question 1?"]})
    found = evaluate_answers(data_of(about("1", "eleven"), about("?", "x")), assistant)
    assert [record.prediction for record in found.records] == ["Eleven", ""]
    assert found["exact_match"].value == 0.5
    assert "'Question ??' counts as not answered" in caplog.text


def test_each_answer_is_told_as_it_comes_and_stopping_then_sums_up_what_is_done():
    told: list[str] = []

    def progress(done: int, total: int) -> None:
        if done == 2:
            raise Stopped("enough")

    found = evaluate_answers(
        data_of(*(asked(str(i)) for i in range(4))),
        ScriptedAssistant({}),
        on_record=lambda record: told.append(record.id),
        on_progress=progress,
    )
    assert told == [record.id for record in found.records] == ["0", "1"]
    assert not found.settings.complete


def test_stopping_before_the_first_answer_gives_none():
    class Stopping(ScriptedAssistant):
        def ask(self, question: str, /) -> Answer:
            raise Stopped("enough")

    with pytest.raises(Stopped):
        evaluate_answers(data_of(asked("1")), Stopping({}))


def test_latency_is_by_the_clock_that_is_given():
    ticks = iter([1.0, 1.25, 5.0, 5.5])
    found = evaluate_answers(
        data_of(asked("1"), asked("2")), ScriptedAssistant({}), clock=lambda: next(ticks)
    )
    assert [record.latency_ms for record in found.records] == [250.0, 500.0]
