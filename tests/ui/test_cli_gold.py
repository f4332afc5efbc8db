import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.datasets import read_dataset
from index.gold import item_id
from index.library import Library

ROOT = Path(__file__).parents[2]
QUESTION = "Who is the harbour master?"
ID = item_id(QUESTION)


@pytest.fixture
def add(footnote):
    def adding(*arguments):
        return footnote("gold", "add", QUESTION, *arguments)

    return adding


@pytest.fixture
def master(first_report) -> str:
    """The two lines of the item, as they are listed."""
    start = first_report.text.index("Ilse Corbant")
    title, id_ = first_report.title.value, first_report.id
    return f"{ID}  {QUESTION}\n    Ilse Corbant  [{title}; {id_}, {start} to {start + 12}]\n"


def kept(folder: Path) -> list[tuple[str, list[str]]]:
    with Library.open(folder) as library:
        return [(item.question, [a.text for a in item.answers]) for item in library.gold()]


# add


def test_words_that_stand_once_are_kept_without_any_model(add, hash_library, master):
    added = add("--answer", "ilse corbant")
    assert (added.status, added.out, added.err) == (0, f"{master}added\n", "")
    again = add("--answer", "Ilse Corbant")
    assert (again.status, again.out) == (0, f"{master}already there\n")
    assert kept(hash_library) == [(QUESTION, ["Ilse Corbant"])]


def test_keeping_an_answer_that_stands_once_loads_no_model(hash_library):
    script = (
        "import sys; from ui.cli import run; "
        f"status = run(['gold', 'add', {QUESTION!r}, '--answer', 'Ilse Corbant']); "
        "print(status, [m for m in ('torch', 'openvino', 'transformers') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=hash_library.parent,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "0 []"


def test_a_start_decides_among_several_places(add, hash_library, second_report):
    start = second_report.text.index("fire")  # it stands thrice in the other report
    added = add("--answer", "fire", "--start", start)
    assert added.status == 0
    assert f"    fire  [Averly ferry: toll revised; {second_report.id}, {start} to" in added.out
    assert kept(hash_library) == [(QUESTION, ["fire"])]


def test_the_best_passage_decides_where_the_answer_does_not(
    footnote, tiny_library, tiny_models, second_report
):
    # "fire" stands in the headline and twice in the body of the first, once in the second.
    start = second_report.text.index("fire")
    body = second_report.text[second_report.body_start :]
    ran = footnote("gold", "add", body[:300], "--answer", "fire", *tiny_models)
    assert (ran.status, ran.err) == (0, "")
    assert f"[Averly ferry: toll revised; {second_report.id}, {start} to {start + 4}]" in ran.out


def test_places_that_nothing_decides_are_named(footnote, tiny_library, tiny_models, first_report):
    words, id_ = "e", first_report.id  # in every sentence, and nowhere a word
    refusal = footnote(
        "gold", "add", QUESTION, "--answer", words, "--article", id_, *tiny_models
    ).refusal
    places = [at for at, letter in enumerate(first_report.text) if letter.lower() == "e"]
    assert refusal.startswith(f"footnote: 'e' stands at {places[0]}, ")
    assert "say which is meant with --start N" in refusal
    assert kept(tiny_library) == []


def test_confirm_keeps_what_is_answered(footnote, tiny_library, tiny_models):
    answer = json.loads(footnote("ask", QUESTION, "--json", *tiny_models).out)
    ran = footnote("gold", "add", QUESTION, "--confirm", *tiny_models)
    assert (ran.status, ran.err, ran.out.splitlines()[-1]) == (0, "", "added")
    with Library.open(tiny_library) as library:
        (item,) = library.gold()
    assert item.question == QUESTION
    assert [(a.article_id, a.start, a.end, a.text) for a in item.answers] == [
        (c["article_id"], c["start"], c["end"], c["quote"]) for c in answer["citations"]
    ]
    assert item.answers[0].text == answer["answer"]


def test_confirming_a_refusal_says_what_to_do(footnote, tiny_library, tiny_models):
    with Library.open(tiny_library) as library:
        library.remove([record.id for record in library.articles()])
    refusal = footnote("gold", "add", QUESTION, "--confirm", *tiny_models).refusal
    assert refusal == (
        f"footnote: the question '{QUESTION}' is not answered now: give the answer with "
        "--answer WORDS, or say with --no-answer that the library does not hold it\n"
    )


def test_a_question_without_an_answer_is_kept_and_cannot_have_one(add, hash_library):
    added = add("--no-answer")
    shown = f"{ID}  {QUESTION}\n    no answer in the library\n"
    assert (added.status, added.out) == (0, f"{shown}added\n")
    assert add("--no-answer").out == f"{shown}already there\n"
    assert add("--answer", "Ilse Corbant").refusal == (
        f"footnote: the question '{QUESTION}' is held to have none: "
        f"'footnote gold remove {ID}' first\n"
    )
    assert kept(hash_library) == [(QUESTION, [])]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["", "--no-answer"], "the question is empty: ask it in a few words"),
        (["?" * 9, "--confirm"], "the question is empty"),
        (["x" * 2001, "--answer", "Ilse Corbant"], "has 2,001 characters: ask in at most 2,000"),
        (["Who?", "--answer", "Nobody Atall"], "stands in no article of library library: give"),
        (["Who?", "--answer", ""], "cannot be an answer"),
        (["Who?", "--answer", "caf\udcff"], "stands in no article"),
        (["Who?", "--answer", "Ilse", "--article", "xyz"], "no article 'xyz' in library library"),
        (["Who?", "--answer", "Ilse", "--article", ""], "no article '' in library library"),
        (["Who?", "--answer", "Ilse", "--start", "0"], "'Ilse' does not stand at 0: it stands at"),
        (["Who?", "--answer", "Ilse", "--start", "99999"], "does not stand at 99999: it stands"),
    ],
)
def test_what_cannot_be_kept_is_one_line(arguments, said, footnote, hash_library):
    assert said in footnote("gold", "add", *arguments).refusal
    assert kept(hash_library) == []


# list, remove, export


def test_the_items_are_listed(add, footnote, hash_library, master, first_report):
    add("--answer", "Ilse Corbant")
    footnote("gold", "add", "Who owns the ferry?", "--no-answer")
    none = f"{item_id('Who owns the ferry?')}  Who owns the ferry?\n    no answer in the library\n"
    assert footnote("gold", "list").out == master + none
    footnote("remove", first_report.id)
    assert footnote("gold", "list").out == master.replace("]\n", ", removed]\n") + none
    known, unknown = json.loads(footnote("gold", "list", "--json").out)
    start = first_report.text.index("Ilse Corbant")
    (answer,) = known.pop("answers")
    assert known.pop("added_at") == answer.pop("added_at")
    assert known == {"id": ID, "question": QUESTION, "answerable": True}
    assert answer == {
        "article_id": first_report.id,
        "title": "Ferry fire in Port Averly leaves eleven injured",
        "path": "/articles/ferry.txt",
        "state": "removed",
        "start": start,
        "end": start + 12,
        "answer": "Ilse Corbant",
    }
    assert (unknown["answerable"], unknown["answers"]) == (False, [])


def test_no_items_is_said_and_is_no_failure(footnote, hash_library):
    listed = footnote("gold", "list")
    said = "library library holds no gold items: add one with 'footnote gold add QUESTION --answer"
    assert (listed.status, listed.out) == (0, "")
    assert listed.err.startswith(said)
    assert json.loads(footnote("gold", "list", "--json").out) == []
    assert said in footnote("gold", "export", "gold.json").refusal
    assert said in footnote("gold", "export", "-").refusal
    assert not Path("gold.json").exists()


def test_items_are_removed_all_or_none(add, footnote, hash_library, master):
    add("--answer", "Ilse Corbant")
    refusal = footnote("gold", "remove", ID, "xyz").refusal
    assert "no gold item 'xyz' in library library: 'footnote gold list' shows the ids" in refusal
    assert footnote("gold", "remove", ID[:6]).out == f"{master}1 removed\n"
    assert kept(hash_library) == []


def test_items_are_exported_to_a_file_and_to_standard_output(add, footnote, hash_library):
    add("--answer", "Ilse Corbant")
    exported = footnote("gold", "export", "gold.json")
    assert (exported.status, exported.out) == (0, "1 gold items written to gold.json\n")
    (question,) = read_dataset("gold.json").questions
    assert (question.id, question.question) == (ID, QUESTION)
    assert footnote("gold", "export", "-").out == Path("gold.json").read_text()


@pytest.mark.parametrize("file", ["none/gold.json", "library", "gold.jsonl"])
def test_a_place_that_cannot_be_written_is_one_line(file, add, footnote, hash_library):
    add("--no-answer")
    assert footnote("gold", "export", file).refusal.startswith(f"footnote: {file}: ")


@pytest.mark.parametrize(
    "command",
    [
        ["add", QUESTION, "--answer", "Ilse"],
        ["add", QUESTION, "--confirm"],
        ["add", QUESTION, "--no-answer"],
        ["list"],
        ["remove", "x"],
        ["export", "x.json"],
    ],
)
def test_without_a_library_each_command_says_how_to_make_one(command, footnote, tmp_path):
    said = "footnote: no library at library: add articles with 'footnote add PATH'\n"
    assert footnote("gold", *command).refusal == said
    assert list(tmp_path.iterdir()) == []
