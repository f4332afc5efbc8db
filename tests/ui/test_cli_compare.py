import json
from pathlib import Path

import pytest

from eval.ranking import Found, Ranking
from eval.records import Asked, ReaderRecord, RetrievalRecord, Scored
from eval.results import Evaluation, Settings, Setup


def reading(number: int, prediction: str, *golds: str) -> ReaderRecord:
    asked = Asked(f"q{number}", f"What is {number}?", None, None, str(number), golds)
    scored = Scored.against(golds, prediction=prediction, best_guess=prediction)
    return ReaderRecord(asked, scored, None, None, None, None, "Rab", None)


def written(folder: Path, records, task="reader", sha256="ab" * 32, threshold=1.5) -> Path:
    settings = Settings(
        task,
        "dev.json",
        sha256,
        len(records),
        complete=True,
        unit="context",
        units=len(records),
        setup=Setup(),
        threshold=threshold,
    )
    Evaluation(settings, (), tuple(records)).write(folder)
    return folder


@pytest.fixture
def a(tmp_path) -> Path:
    records = [reading(1, "", "Rab"), reading(2, "Pag", "Pag"), reading(3, "Vis", "Vis", "Lissa")]
    return written(tmp_path / "a", [*records, reading(4, "Krk")])


@pytest.fixture
def b(tmp_path) -> Path:
    records = [reading(1, "Rab", "Rab"), reading(2, "", "Pag"), reading(3, "Lissa", "Vis", "Lissa")]
    return written(tmp_path / "b", [*records, reading(4, "")])


def test_measures_counts_and_changed_questions_are_printed(a, b, footnote):
    shown = footnote("eval", "compare", a, b)
    assert (shown.status, shown.err) == (0, "")
    head, *below = shown.out.split("\nA: ")
    assert [line.split() for line in head.splitlines()] == [
        ["measure", "A", "B", "B", "-", "A", "95", "%", "interval", "p", "n"],
        ["exact_match", "0.500", "0.750", "+0.250", "-0.500", "to", "+1.000", "1.0000", "4"],
        ["f1", "0.500", "0.750", "+0.250", "-0.500", "to", "+1.000", "1.0000", "4"],
        ["lenient_match", "0.500", "0.750", "+0.250", "-0.500", "to", "+1.000", "1.0000", "4"],
        *[
            [name, "0.667", "0.667", "0.000", "-1.000", "to", "+1.000", "1.0000", "3"]
            for name in ("has_answer_exact_match", "has_answer_f1")
        ],
        ["no_answer_accuracy", "0.000", "1.000", "+1.000", "+1.000", "to", "+1.000", "1.0000", "1"],
    ]
    assert below == [
        f"""{a}
B: {b}
intervals and p over 4 contexts as wholes; p is of each measure by itself
by f1: 2 better in B, 1 worse, 1 the same (1 of them in other words)

worse in B (1):
  q2  What is 2?
      gold   Pag
      A 1.00 Pag
      B 0.00 (no answer)

better in B (2):
  q1  What is 1?
      gold   Rab
      A 0.00 (no answer)
      B 1.00 Rab
  q4  What is 4?
      gold   (no answer)
      A 0.00 Krk
      B 1.00 (no answer)
"""
    ]


def test_a_run_against_itself_lists_nothing(a, footnote):
    shown = footnote("eval", "compare", a, a)
    assert shown.status == 0
    assert shown.out.endswith("by f1: 0 better in B, 0 worse, 4 the same\n")
    assert shown.out.count(" 0.000  0.000 to 0.000  1.0000 ") == 6


def test_ten_losses_and_ten_wins_are_printed_of_more(tmp_path, footnote):
    right = [reading(number, "Rab", "Rab") for number in range(24)]
    wrong = [reading(number, "Pag", "Rab") for number in range(24)]
    a = written(tmp_path / "a", right[:13] + wrong[13:])
    b = written(tmp_path / "b", wrong[:13] + right[13:])
    shown = footnote("eval", "compare", a, b).out
    assert "\nworse in B (10 of 13):\n  q0 " in shown
    assert "\nbetter in B (10 of 11):\n  q13 " in shown
    assert "  q10  " not in shown and "  q23  " not in shown
    assert shown.count("      gold   Rab\n") == 20


def test_ranks_are_printed_for_searches(tmp_path, footnote):
    asked = Asked("q1", "What burned?", None, None, "0", ("Rab",))
    a = written(
        tmp_path / "a",
        [RetrievalRecord(asked, Ranking((Found(2, 1), Found(7, 1)), ()), (), None)],
        task="retrieval",
    )
    b = written(
        tmp_path / "b", [RetrievalRecord(asked, Ranking((), (1, 1)), (), None)], task="retrieval"
    )
    shown = footnote("eval", "compare", a, b).out
    assert "by reciprocal rank: 0 better in B, 1 worse, 0 the same\n" in shown
    assert "      A 0.50 at rank 2, 7\n      B 0.00 (not found)\n" in shown


def test_searches_with_nothing_to_find_are_said_to_have_no_measure(tmp_path, footnote):
    asked = Asked("q1", "What burned?", None, None, "0", ())
    a = written(
        tmp_path / "a", [RetrievalRecord(asked, Ranking((), ()), (), None)], task="retrieval"
    )
    shown = footnote("eval", "compare", a, a)
    assert shown.status == 0
    assert shown.out.startswith("none of the questions has an answer to find")


def test_settings_that_differ_are_lines(tmp_path, a, footnote):
    records = [reading(1, "", "Rab"), reading(2, "Pag", "Pag"), reading(3, "Vis", "Vis", "Lissa")]
    records.append(reading(4, "Krk"))
    b = written(tmp_path / "b", records, sha256="cd" * 32, threshold=None)
    lines = footnote("eval", "compare", a, b).out.splitlines()
    said = "data files differ, their questions do not: sha256 abababababababab in A, "
    assert said + "cdcdcdcdcdcdcdcd in B" in lines
    assert "threshold: 1.5 in A, none in B" in lines


def test_json_is_one_object_with_everything(a, b, footnote):
    shown = footnote("eval", "compare", a, b, "--json")
    told = json.loads(shown.out)
    assert shown.status == 0
    assert told["measures"]["f1"]["difference"] == {
        "value": 0.25,
        "low": -0.5,
        "high": 1.0,
        "n": 4,
    }
    assert (told["wins"], told["losses"], told["ties"]) == (2, 1, 1)
    assert [each["id"] for each in told["changed"]] == ["q2", "q3", "q1", "q4"]


def test_files_are_written_where_asked(tmp_path, a, b, footnote):
    out = tmp_path / "new" / "out"
    shown = footnote("eval", "compare", a, b, "--out", out)
    assert shown.out.endswith(f"written to {out}\n")
    as_json = footnote("eval", "compare", a, b, "--json", "--out", out)
    told = json.loads(as_json.out)
    assert json.loads((out / "compare.json").read_text()) == told
    lines = (out / "changed.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == told["changed"]


def test_text_of_questions_cannot_steer_the_terminal(tmp_path, footnote):
    a = written(tmp_path / "a", [reading(1, "\x1b[2J", "Rab\x07")])
    b = written(tmp_path / "b", [reading(1, "P\u202eag\n", "Rab\x07")])
    shown = footnote("eval", "compare", a, b, "--json")
    assert "\x1b" not in shown.out
    assert json.loads(shown.out)["changed"] == [
        {
            "id": "q1",
            "question": "What is 1?",
            "golds": ["Rab\x07"],
            "a": {"score": 0.0, "prediction": "\x1b[2J", "ranks": None},
            "b": {"score": 0.0, "prediction": "P\u202eag\n", "ranks": None},
            "difference": 0.0,
        }
    ]
    right = written(tmp_path / "right", [reading(1, "Rab\x07", "Rab\x07")])
    printed = footnote("eval", "compare", right, a).out
    assert "      gold   Rab\n      A 1.00 Rab\n      B 0.00 [2J\n" in printed


@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_what_cannot_be_compared_is_one_line_and_status_one(extra, a, tmp_path, footnote):
    b = written(tmp_path / "b", [reading(1, "Rab", "Rab")])
    refused = footnote("eval", "compare", a, b, *extra, "--out", tmp_path / "out")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == (
        f"footnote: {b}: lacks 3 of the 4 questions of {a} ('q2', 'q3', 'q4'): "
        "measure both with the same DATA and --limit\n"
    )
    assert not (tmp_path / "out").exists()


def test_a_broken_line_is_named_with_its_file_and_number(a, b, footnote):
    with (b / "per_question.jsonl").open("a") as file:
        file.write('{"id": \n')
    refused = footnote("eval", "compare", a, b)
    assert (refused.status, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert refused.err.startswith(f"footnote: {b}/per_question.jsonl, line 5: not a line of ")


def test_a_place_that_cannot_hold_files_is_refused(a, b, footnote):
    refused = footnote("eval", "compare", a, b, "--out", a / "settings.json")
    assert (refused.status, refused.out) == (1, "")
    assert "settings.json: cannot be made a folder" in refused.err


@pytest.mark.parametrize("folders", [[], ["a"], ["a", "b", "c"]])
def test_it_takes_two_folders(folders, footnote):
    assert footnote("eval", "compare", *folders).status == 2


def test_what_the_evaluation_writes_can_be_compared(tmp_path, tiny_reader, footnote):
    context = "Ilse Corbant runs the port of Averly."
    answer = {"text": "Ilse Corbant", "answer_start": 0}
    qas = [
        {"id": "1", "question": "Who runs the port of Averly?", "answers": [answer]},
        {"id": "2", "question": "Who bought the port?", "is_impossible": True, "answers": []},
    ]
    document = {"data": [{"title": "Averly", "paragraphs": [{"context": context, "qas": qas}]}]}
    data = tmp_path / "dev.json"
    data.write_text(json.dumps(document))
    for abstain in ("shipped", "never"):
        arguments = ["eval", "reader", data, "--out", tmp_path / abstain, "--abstain", abstain]
        assert footnote(*arguments, "--reader", tiny_reader).status == 0
    shown = footnote("eval", "compare", tmp_path / "shipped", tmp_path / "never")
    assert shown.status == 0
    assert "abstain: shipped in A, never in B\n" in shown.out
    metrics = json.loads((tmp_path / "never" / "metrics.json").read_text())
    assert f"{metrics['f1']['value']:.3f}  0.000  0.000 to 0.000" in shown.out
