"""The form of what is measured; its figures are a bench's, not a test's."""

import json
import sys
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from eval.bench.asking import Side, right
from eval.bench.peer import Haystack, Settings
from eval.datasets import GoldAnswer, Question
from eval.errors import PeerError
from index.embed import open_encoder
from qa.reader import SpanReader
from ui.cli import run as footnote
from ui.cli_bench import _answerable

# Answers as the pipeline does, without any of its libraries.
PEER = """
import json, sys
settings = json.loads(sys.argv[1])
print("a line of a library that talks", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if order["do"] == "fall":
        sys.exit(3)
    result = [order["do"], order["question"], settings["top_k"]]
    print("peer: " + json.dumps({"seconds": 0.25, "result": result}), flush=True)
"""

SQUAD = {
    "data": [
        {
            "title": "Marlhaven",
            "paragraphs": [
                {
                    "context": "The tea works of Marlhaven burned down in 1931, said Ines Tarr.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "When did the tea works burn down?",
                            "answers": [{"text": "1931", "answer_start": 42}],
                        }
                    ],
                }
            ],
        }
    ]
}


def question(*golds):
    return Question("1", "Who?", tuple(GoldAnswer(gold, None, None) for gold in golds))


@pytest.fixture
def peer(tmp_path):
    script = tmp_path / "peer.py"
    script.write_text(PEER)
    settings = Settings(tmp_path, tmp_path, top_k=10, threads=2)
    with Haystack(Path(sys.executable), settings, script=str(script)) as running:
        yield running


@pytest.fixture
def asked(tmp_path):
    """A file of questions, and the library that they are asked of."""
    questions, library = tmp_path / "questions.json", tmp_path / "library"
    questions.write_text(json.dumps(SQUAD))
    article = tmp_path / "tea.txt"
    article.write_text(SQUAD["data"][0]["paragraphs"][0]["context"])
    assert footnote(["add", str(article), "--library", str(library)]) == 0
    return [str(questions), "--library", str(library)]


@pytest.mark.parametrize(
    ("answer", "is_right"),
    [("Ines Tarr", True), ("Tarr", True), ("said by Ines Tarr on a cold Monday night", True),
     ("the old mayor Ines", False), ("Inesa Tarrow", False), ("", False)],
)  # fmt: skip
def test_an_answer_is_right_by_half_its_words_or_all_of_a_right_one(answer, is_right):
    assert right(answer, ["Ines Tarr"]) == is_right


def test_a_side_is_measured_by_its_times_and_its_answers():
    side = Side([0.1, 0.2, 0.4], ["Ada", "Bo", ""])
    found = {each.name: each.median for each in side.measures("X", [question("Ada")] * 3)}
    assert found["X, a question, p50"] == pytest.approx(200)
    assert found["X, a question, p95"] == pytest.approx(380)
    assert found["X, F1"] == pytest.approx(100 / 3)
    assert found["X, answers right of 3"] == 1


def test_orders_are_carried_out_one_by_one(peer):
    for name in ("Ada", "Bo"):
        done = peer.order("ask", question=name)
        assert (done.seconds, done.result) == (0.25, ["ask", name, 10])


def test_a_peer_that_ends_is_said_to_have(peer):
    with pytest.raises(PeerError, match="ended when it was told to fall"):
        peer.order("fall", question="")
    with pytest.raises(PeerError):
        peer.order("ask", question="Ada")


def test_without_a_peer_ours_is_measured_alone(asked, capsys):
    assert footnote(["bench", "ask", *asked, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    ours = open_encoder().precision, SpanReader().precision
    assert report["precision"] == "encoder in {}, reader in {}".format(*ours)
    measures = {m["name"]: m["values"] for m in report["measures"]}
    assert measures["Footnote, answers right of 1"] == [1]
    assert measures["passages that Footnote read for a question"] == [1.0]
    assert not any("Haystack" in name for name in measures)


def test_the_questions_of_several_files_are_shared_out(tmp_path):
    files = []
    for count in (1, 9, 9):
        (paragraph,) = SQUAD["data"][0]["paragraphs"]
        qas = [{**paragraph["qas"][0], "id": f"{count}-{len(files)}-{n}"} for n in range(count)]
        files.append(tmp_path / f"{len(files)}.json")
        files[-1].write_text(json.dumps({"data": [{"paragraphs": [{**paragraph, "qas": qas}]}]}))
    asked = [question.id.partition("-")[2][0] for question in _answerable(files, 8)]
    assert asked == ["0"] + ["1"] * 4 + ["2"] * 3
    assert len(_answerable(files, 100)) == 19


def test_the_figures_are_written_with_a_picture(asked, tmp_path, capsys):
    for _twice in range(2):
        assert footnote(["bench", "ask", *asked, "--out", str(tmp_path / "out")]) == 0
        assert "Footnote, answers right of 1" in capsys.readouterr().out
    report = json.loads((tmp_path / "out" / "ask.json").read_text())
    drawn = (tmp_path / "out" / "ask.svg").read_text()
    assert fromstring(drawn).tag.endswith("svg")
    for measure in report["measures"]:
        assert measure["name"] in drawn
    assert footnote(["bench", "reading", *asked, "--out", str(tmp_path / "out")]) == 0
    assert json.loads((tmp_path / "out" / "reading.json").read_text())["questions"] == 1


def test_reading_what_can_matter_is_compared_with_reading_all(asked, capsys):
    assert footnote(["bench", "reading", *asked]) == 0
    said = capsys.readouterr().out
    assert "1 questions: same answer 100.00 %" in said
    assert "1.0 passages read of 1.0" in said


def test_a_peer_that_is_not_known_is_refused(asked, capsys):
    assert footnote(["bench", "ask", *asked, "--peer", "nobody"]) == 2
    assert "'nobody' is not known: haystack" in capsys.readouterr().err
