import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.compare import Changed, Differing, compare
from eval.errors import OutputError, ResultsError
from eval.ranking import Found, Ranking
from eval.records import AnswerRecord, Asked, ReaderRecord, RetrievalRecord, Scored
from eval.results import Evaluation, Record, Settings, Setup
from eval.stats import Estimate
from eval.written import Outcome

SETTINGS = Settings(
    task="reader",
    data="dev.json",
    data_sha256="ab" * 32,
    questions=4,
    complete=True,
    unit="context",
    units=3,
    setup=Setup(reader="trial", reader_fingerprint="12ab"),
    abstain="shipped",
    threshold=1.5,
)
ASKED = (
    Asked("q1", "Who runs the port?", None, None, "0", ("Ilse Corbant", "Corbant")),
    Asked("q2", "When does the ferry sail?", None, None, "0", ("noon",)),
    Asked("q3", "Who bought the port?", None, None, "1", ()),
    Asked("q4", "What burned?", None, None, "2", ("the engine room",)),
)


def reading(asked: Asked, prediction: str) -> ReaderRecord:
    scored = Scored.against(asked.golds, prediction=prediction, best_guess=prediction)
    return ReaderRecord(asked, scored, None, None, None, None, "seven words", None)


def readings(*predictions: str, of: Sequence[Asked] = ASKED) -> tuple[ReaderRecord, ...]:
    return tuple(reading(asked, said) for asked, said in zip(of, predictions, strict=True))


def ranking(*ranks: int, relevant: int) -> Ranking:
    return Ranking(tuple(Found(rank, 1) for rank in ranks), (1,) * (relevant - len(ranks)))


def searches(*ranks: tuple[int, ...]) -> tuple[RetrievalRecord, ...]:
    return tuple(
        RetrievalRecord(asked, ranking(*found, relevant=len(asked.golds)), (), None)
        for asked, found in zip(ASKED, ranks, strict=True)
    )


def written(folder: Path, records: Sequence[Record], **changes: object) -> Path:
    Evaluation(replace(SETTINGS, **changes), (), tuple(records)).write(folder)
    return folder


BEFORE = ("Corbant", "at noon", "a bank", "the engine room")
AFTER = ("Ilse Corbant", "", "", "the engine")


@pytest.fixture
def a(tmp_path) -> Path:
    return written(tmp_path / "a", readings(*BEFORE))


@pytest.fixture
def b(tmp_path) -> Path:
    return written(tmp_path / "b", readings(*AFTER))


def test_each_measure_is_the_difference_of_its_means(a, b):
    # F1: 1, 2/3, 0, 1 before; 1, 0, 1, 2/3 after ("the" does not count).
    found = compare(a, b)
    assert [m.name for m in found.measures] == [
        "exact_match",
        "f1",
        "lenient_match",
        "has_answer_exact_match",
        "has_answer_f1",
        "no_answer_accuracy",
    ]
    f1 = found["f1"]
    assert (f1.a, f1.b) == pytest.approx((2 / 3, 2 / 3))
    assert f1.difference.value == pytest.approx(0.0)
    assert (found["exact_match"].a, found["exact_match"].b) == (0.5, 0.5)
    # "at noon" and "the engine" pass for the whole, too.
    assert (found["lenient_match"].a, found["lenient_match"].b) == (0.75, 0.75)
    with_answer = found["has_answer_f1"]
    assert (with_answer.a, with_answer.b) == pytest.approx((8 / 9, 5 / 9))
    assert with_answer.difference.value == pytest.approx(-1 / 3)
    assert with_answer.difference.n == 3
    assert found["no_answer_accuracy"].difference == Estimate(1.0, 1.0, 1.0, 1)
    with pytest.raises(KeyError, match="mrr"):
        found["mrr"]


def test_intervals_and_p_are_of_whole_clusters(a, b):
    found = compare(a, b)
    assert (found.unit, found.units, found.questions) == ("context", 3, 4)
    # F1 by cluster: -2/3 over two questions, +1 over one, -1/3 over one; redrawn 27 times
    # the lowest are three times the first or the last, -1/3, the highest three times the second.
    assert found["f1"].difference.low == pytest.approx(-1 / 3)
    assert found["f1"].difference.high == pytest.approx(1.0)
    assert found["f1"].p == 1.0  # the sum is 0: no exchange is nearer
    assert found["has_answer_f1"].p == 2 / 4  # -2/3 and -1/3: kept both, or exchanged both
    assert found["no_answer_accuracy"].p == 1.0


def test_questions_that_changed_stand_from_the_biggest_loss_to_the_biggest_win(a, b):
    found = compare(a, b)
    assert (found.score, found.wins, found.losses, found.ties) == ("f1", 1, 2, 1)
    assert [(each.id, each.difference) for each in found.changed] == [
        ("q2", pytest.approx(-2 / 3)),
        ("q4", pytest.approx(-1 / 3)),
        ("q1", 0.0),  # other words, equally right
        ("q3", 1.0),
    ]
    assert found.changed[2] == Changed(
        id="q1",
        question="Who runs the port?",
        golds=("Ilse Corbant", "Corbant"),
        a=Outcome(1.0, prediction="Corbant"),
        b=Outcome(1.0, prediction="Ilse Corbant"),
        difference=0.0,
    )
    assert [each.id for each in found.lost] == ["q2", "q4"]
    assert [each.id for each in found.won] == ["q3"]


def test_the_biggest_win_is_first_among_the_wins(tmp_path):
    a = written(tmp_path / "a", readings("", "at noon", "", "the engine"))
    b = written(tmp_path / "b", readings("Corbant", "noon", "", "engine room"))
    won = compare(a, b).won
    # "engine room" is the whole answer, since "the" does not count: two gain a third.
    assert [each.id for each in won] == ["q1", "q2", "q4"]


def test_two_runs_stopped_at_the_same_place_are_said_to_be(tmp_path, a):
    stopped = [written(tmp_path / n, readings(*BEFORE), complete=False) for n in ("c", "d")]
    assert not compare(*stopped).complete
    assert compare(a, a).complete


def test_a_folder_against_itself_shows_no_difference(a):
    found = compare(a, a)
    for measure in found.measures:
        apart = measure.difference
        assert (apart.value, apart.low, apart.high, measure.p) == (0.0, 0.0, 0.0, 1.0)
    assert (found.wins, found.losses, found.ties) == (0, 0, 4)
    assert (found.changed, found.settings, found.lost, found.won) == ((), (), (), ())


def test_searches_are_compared_by_ranks(tmp_path):
    before = searches((1, 4), (2,), (), ())
    after = searches((1, 2), (), (), (4,))
    a = written(tmp_path / "a", before, task="retrieval")
    b = written(tmp_path / "b", after, task="retrieval")
    found = compare(a, b)
    assert [m.name for m in found.measures] == [
        *(f"success_at_{k}" for k in (1, 5, 10, 20)),
        *(f"recall_at_{k}" for k in (1, 5, 10, 20)),
        "mrr",
        "ndcg_at_10",
        "map_at_20",
    ]
    # Of the three with an answer: reciprocal ranks 1, 1/2, 0 before and 1, 0, 1/4 after.
    assert found["mrr"].a == pytest.approx(1.5 / 3)
    assert found["mrr"].difference.value == pytest.approx(-0.25 / 3)
    assert found["mrr"].difference.n == 3
    assert found["recall_at_5"].difference.value == 0.0
    assert found["ndcg_at_10"].difference.value != 0.0
    assert (found.score, found.wins, found.losses, found.ties) == ("reciprocal_rank", 1, 1, 1)
    # q1's first rank is the same: it has not changed. q3 has nothing to find.
    assert [(each.id, each.a, each.b) for each in found.changed] == [
        ("q2", Outcome(0.5, ranks=(2,)), Outcome(0.0, ranks=())),
        ("q4", Outcome(0.0, ranks=()), Outcome(0.25, ranks=(4,))),
    ]


def test_searches_for_questions_without_answers_have_no_measure(tmp_path):
    nothing = [RetrievalRecord(ASKED[2], ranking(relevant=0), (), None)]
    a = written(tmp_path / "a", nothing, task="retrieval")
    found = compare(a, a)
    assert (found.measures, found.changed) == ((), ())
    assert (found.wins, found.losses, found.ties) == (0, 0, 0)


def test_answers_are_compared_as_readings_are(tmp_path, a, b):
    def answers(folder: Path, *predictions: str) -> Path:
        # Of two articles to cite the second run cites one.
        cited = int(predictions == AFTER)
        records = [
            AnswerRecord(r.asked, r.scored, 0.5, (), cited, 2, 1, None, None, 80.0, 5.0, 75.0)
            for r in readings(*predictions)
        ]
        return written(folder, records, task="answers")

    found = compare(answers(tmp_path / "c", *BEFORE), answers(tmp_path / "d", *AFTER))
    of_reader = compare(a, b)
    assert found.task == "answers"
    *measures, recall = found.measures
    assert (tuple(measures), found.changed) == (of_reader.measures, of_reader.changed)
    assert (recall.name, recall.a, recall.b) == ("citation_recall", 0.0, 0.5)


def test_the_order_of_the_lines_does_not_matter(tmp_path, a, b):
    turned = written(tmp_path / "turned", readings(*AFTER)[::-1])
    assert replace(compare(a, turned), b=b) == compare(a, b)


def test_clusters_may_have_other_names_and_the_wider_ones_count(tmp_path, a):
    one = [replace(asked, cluster="all") for asked in ASKED]
    b = written(tmp_path / "b", readings(*AFTER, of=one), unit="article")
    for found in (compare(a, b), compare(b, a)):
        assert (found.unit, found.units) == ("article", 1)
        assert found["has_answer_f1"].p == 1.0


def test_settings_that_differ_are_told(tmp_path, a):
    setup = Setup(reader="other", reader_fingerprint="34cd")
    b = written(
        tmp_path / "b", readings(*BEFORE), setup=setup, threshold=None, data_sha256="cd" * 32
    )
    found = compare(a, b)
    assert found.settings == (
        Differing("reader", "trial", "other"),
        Differing("reader_fingerprint", "12ab", "34cd"),
        Differing("data_sha256", "ab" * 32, "cd" * 32),
        Differing("threshold", 1.5, None),
    )
    assert found["f1"].difference.value == 0.0


def test_what_follows_from_the_questions_is_no_setting(tmp_path, a):
    b = written(tmp_path / "b", readings(*BEFORE), best_threshold=0.5, complete=False)
    assert compare(a, b).settings == ()


def refusal(a: Path, b: Path) -> str:
    with pytest.raises(ResultsError) as refused:
        compare(a, b)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_another_task_is_refused(tmp_path, a):
    b = written(tmp_path / "b", searches((1,), (), (), ()), task="retrieval")
    assert refusal(a, b) == (
        f"{b}: holds results of 'eval retrieval', {a} of 'eval reader': "
        "compare two runs of the same"
    )


def test_other_ids_are_refused_and_the_first_are_named(tmp_path, a):
    others = [replace(asked, id=f"x{i}") for i, asked in enumerate(ASKED)]
    b = written(tmp_path / "b", readings(*AFTER, of=others))
    assert refusal(a, b) == (
        f"{b}: lacks 4 of the 4 questions of {a} ('q1', 'q2', 'q3' and 1 more): "
        "measure both with the same DATA and --limit"
    )


def test_fewer_questions_are_refused_from_either_side(tmp_path, a):
    b = written(tmp_path / "b", readings(*AFTER)[:3])
    said = f"{b}: lacks 1 of the 4 questions of {a} ('q4'): measure both with the same DATA"
    assert refusal(a, b).startswith(said)
    assert refusal(b, a).startswith(said)


def test_a_run_that_was_stopped_early_is_to_be_run_again(tmp_path, a):
    b = written(tmp_path / "b", readings(*AFTER)[:2], complete=False)
    said = (
        f"{b}: was stopped after 2 and lacks 2 of the 4 questions of {a} ('q3', 'q4'): "
        "measure it again, to its end"
    )
    assert refusal(a, b) == said
    assert refusal(b, a) == said


def test_a_run_of_other_data_is_not_sent_to_its_end(tmp_path, a):
    others = [replace(asked, id=f"x{i}") for i, asked in enumerate(ASKED[:2])]
    b = written(tmp_path / "b", readings(*AFTER[:2], of=others), complete=False)
    assert refusal(a, b).endswith("measure both with the same DATA and --limit")


def test_two_runs_that_were_stopped_at_the_same_question_are_compared(tmp_path):
    a = written(tmp_path / "a", readings(*BEFORE)[:2], complete=False)
    b = written(tmp_path / "b", readings(*AFTER)[:2], complete=False)
    assert compare(a, b).questions == 2


def test_other_questions_under_the_same_ids_are_refused(tmp_path, a):
    asked = (ASKED[0], replace(ASKED[1], question="When does it leave?"), *ASKED[2:])
    b = written(tmp_path / "b", readings(*AFTER, of=asked))
    assert refusal(a, b) == (
        f"{b}: asks other questions than {a} under the same ids ('q2'): "
        "measure both on the same data"
    )


def test_other_right_answers_are_refused(tmp_path, a):
    asked = (*ASKED[:3], replace(ASKED[3], golds=()))
    b = written(tmp_path / "b", readings(*AFTER, of=asked))
    assert refusal(a, b) == (
        f"{b}: accepts other answers than {a} to 'q4': measure both on the same data"
    )


def test_right_answers_in_another_order_or_twice_are_the_same(tmp_path, a):
    asked = (replace(ASKED[0], golds=("Corbant", "Corbant", "Ilse Corbant")), *ASKED[1:])
    b = written(tmp_path / "b", readings(*AFTER, of=asked))
    assert compare(a, b).questions == 4


def test_what_is_no_result_is_refused_on_either_side(tmp_path, a):
    gone = tmp_path / "gone"
    assert refusal(a, gone).startswith(f"{gone}: no such folder")
    assert refusal(gone, a).startswith(f"{gone}: no such folder")


def test_the_json_holds_everything(tmp_path, a, b):
    found = compare(a, b)
    told = json.loads(json.dumps(found.to_json()))
    assert told["a"] == str(a)
    assert told["b"] == str(b)
    assert (told["task"], told["questions"], told["unit"], told["units"]) == (
        "reader",
        4,
        "context",
        3,
    )
    assert told["measures"]["no_answer_accuracy"] == {
        "a": 0.0,
        "b": 1.0,
        "difference": {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1},
        "p": 1.0,
    }
    assert (told["score"], told["wins"], told["losses"], told["ties"]) == ("f1", 1, 2, 1)
    assert told["settings"] == {}
    assert told["changed"][-1] == {
        "id": "q3",
        "question": "Who bought the port?",
        "golds": [],
        "a": {"score": 0.0, "prediction": "a bank", "ranks": None},
        "b": {"score": 1.0, "prediction": "", "ranks": None},
        "difference": 1.0,
    }


def test_settings_stand_in_the_json_by_their_names(tmp_path, a):
    b = written(tmp_path / "b", readings(*AFTER), abstain="never", threshold=None)
    assert compare(a, b).to_json()["settings"] == {
        "abstain": {"a": "shipped", "b": "never"},
        "threshold": {"a": 1.5, "b": None},
    }


def test_what_is_written_is_what_was_found(tmp_path, a, b):
    found = compare(a, b)
    found.write(tmp_path / "new" / "out")
    told = json.loads((tmp_path / "new" / "out" / "compare.json").read_text())
    assert told == json.loads(json.dumps(found.to_json()))
    lines = (tmp_path / "new" / "out" / "changed.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == told["changed"]


def test_where_nothing_changed_the_list_is_empty(tmp_path, a):
    compare(a, a).write(tmp_path / "out")
    assert (tmp_path / "out" / "changed.jsonl").read_text() == ""


def test_a_place_that_cannot_hold_the_comparison_is_named(a, b):
    with pytest.raises(OutputError, match=r"settings\.json: cannot be made a folder"):
        compare(a, b).write(a / "settings.json")


WORDS = st.sampled_from(["", "Corbant", "noon", "the engine room", "engine", "at noon today"])
ROWS = st.lists(st.tuples(WORDS, WORDS, st.sampled_from("abc")), min_size=1, max_size=12)


@given(ROWS)
@settings(max_examples=30, deadline=None)
def test_b_against_a_is_a_against_b_mirrored(rows):
    asked = [replace(ASKED[i % 4], id=str(i), cluster=key) for i, (_, _, key) in enumerate(rows)]
    with TemporaryDirectory() as folder:
        a = written(Path(folder) / "a", readings(*(row[0] for row in rows), of=asked))
        b = written(Path(folder) / "b", readings(*(row[1] for row in rows), of=asked))
        there, back = compare(a, b), compare(b, a)
    for one, other in zip(there.measures, back.measures, strict=True):
        assert (one.name, one.a, one.b, one.p) == (other.name, other.b, other.a, other.p)
        apart, mirrored = one.difference, other.difference
        assert (apart.value, apart.low, apart.high) == pytest.approx(
            (-mirrored.value, -mirrored.high, -mirrored.low)
        )
        assert apart.low - 1e-9 <= apart.value <= apart.high + 1e-9
        assert apart.value == pytest.approx(one.b - one.a)
    assert (there.wins, there.losses, there.ties) == (back.losses, back.wins, back.ties)
    assert there.wins + there.losses + there.ties == len(rows)
    assert there.won == tuple(replace(c, a=c.b, b=c.a, difference=-c.difference) for c in back.lost)
