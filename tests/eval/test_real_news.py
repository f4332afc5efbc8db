"""Questions about news that is not in the project; the news of these tests is invented."""

import json

import pytest

from eval import real_news
from eval.datasets import GoldAnswer
from eval.real_news import QUESTIONS, main, read_articles, read_halves
from qa.errors import DatasetError
from qa.squad_form import parsed

FIRST = "The ferry at Saltgate ran aground with 212 people aboard, the harbour master said."
SECOND = "About 200 were on the Saltgate ferry when it hit the bank. Its owner is Ada Low."
LINES = [
    {
        "id": "one",
        "half": "open",
        "article": 0,
        "question": "How many people were on the Saltgate ferry?",
        "answers": [[39, 42], [39, 49]],
        "also": [{"article": 1, "start": 0, "end": 9}],
        "conflict": True,
    },
    {
        "id": "two",
        "half": "unseen",
        "article": 1,
        "question": "Who owns the Saltgate ferry?",
        "answers": [[72, 79]],
    },
    {
        "id": "three",
        "half": "unseen",
        "article": 1,
        "question": "What does the Saltgate ferry weigh?",
        "answers": [],
    },
]


@pytest.fixture
def corpora(tmp_path, monkeypatch):
    """Two articles in place of 350, and three questions about them."""
    monkeypatch.setattr(real_news, "CORPORA", (("news.cor", "utf-8", 2),))
    monkeypatch.setattr(real_news, "QUESTIONS", tmp_path / "questions.jsonl")
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, LINES)) + "\n")
    folder = tmp_path / "lee"
    folder.mkdir()
    (folder / "news.cor").write_text(f"{FIRST} \n{SECOND}\n")
    return folder


def test_answers_are_taken_from_where_they_stand(corpora):
    halves = read_halves(corpora)
    (ferry,) = halves["open"].questions
    assert ferry.context.text == FIRST
    assert ferry.golds == (
        GoldAnswer("212", "radio-0", 39),
        GoldAnswer("212 people", "radio-0", 39),
        GoldAnswer("About 200", "radio-1", None),
    )
    assert ferry.conflict
    owner, weight = halves["unseen"].questions
    assert owner.gold_texts == ("Ada Low",) and weight.golds == ()
    assert [context.text for context in halves["unseen"].contexts] == [FIRST, SECOND]


def test_a_line_for_each_half_is_printed_and_written(corpora, tmp_path):
    out = tmp_path / "out"
    main(["--data", str(corpora), "--out", str(out)])
    head, _, first, second = (out / "real_news.md").read_text().splitlines()
    names = head.strip("| ").split(" | ")
    found = [
        dict(zip(names, line.strip("| ").split(" | "), strict=False)) for line in (first, second)
    ]
    assert [(row["half"], row["n"]) for row in found] == [("open", "1"), ("unseen", "2")]
    assert found[0]["conflicts_reported"].endswith(" of 1")
    assert all(found[0][measure] for measure in ("f1", "has_answer_f1", "citation_precision"))
    assert (out / "library-2").is_dir()
    asked = (out / "unseen" / "per_question.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in asked] == ["two", "three"]
    assert (out / "open-agreement" / "metrics.json").is_file()
    # The library is there now, and is used again.
    main(["--data", str(corpora), "--out", str(out), "--limit", "1"])
    assert len((out / "unseen" / "per_question.jsonl").read_text().splitlines()) == 1


def test_a_corpus_of_another_length_or_none_is_named(corpora, tmp_path):
    (corpora / "news.cor").write_text(FIRST)
    with pytest.raises(DatasetError, match=r"news\.cor: has 1 articles for 2"):
        read_articles(corpora)
    with pytest.raises(SystemExit, match=r"news\.cor: cannot be read"):
        main(["--data", str(tmp_path / "none"), "--out", str(tmp_path / "out")])


def test_the_halves_share_no_article_and_hold_no_words_of_one():
    lines = [
        parsed(real_news._Line, line, "here", "a question")
        for line in QUESTIONS.read_bytes().splitlines()
    ]
    assert len({line.id for line in lines}) == len(lines) > 1300
    about = {
        half: {line.article for line in lines if line.half == half} for half in ("open", "unseen")
    }
    assert not about["open"] & about["unseen"]
    for line in lines:
        assert all(0 <= start < end for start, end in line.answers)
        other = "open" if line.half == "unseen" else "unseen"
        assert not {place.article for place in line.also} & about[other]
        assert not line.conflict or line.also
    without = sum(not line.answers for line in lines)
    assert 200 < without < len(lines) / 3


def test_an_answer_that_is_wanted_twice_is_asked_for_once():
    class Asked:
        def __init__(self):
            self.questions = []
            self.article = self.same_text = self.retrieve = None

        def ask(self, question):
            self.questions.append(question)
            return question.upper()

    asked = Asked()
    remembering = real_news._Remembering(asked)
    assert [remembering.ask(question) for question in ("a", "b", "a")] == ["A", "B", "A"]
    assert asked.questions == ["a", "b"]
