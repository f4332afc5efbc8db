import json
import shutil

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from qa.assistant import Assistant
from qa.confidence import FEATURES, Calibration, EvidenceWeights
from qa.errors import QuestionError
from qa.reader import ScriptedReader
from qa.types import Answer
from ui.cli_ask import answer_lines
from ui.questions import Line, read_lines

STRING_OR_NONE = (str, type(None))
ANSWER = {
    "question": str,
    "standalone_question": str,
    "answered": bool,
    "answer": str,
    "confidence": float,
    "kind": str,
    "citations": list,
    "items": list,
    "alternatives": list,
    "agreement": dict,
    "timeline": list,
    "reason": STRING_OR_NONE,
    "nearest": list,
    "best_rejected": (dict, type(None)),
    "undated_left_out": int,
    "question_dates": list,
    "as_of": STRING_OR_NONE,
    "timing_ms": dict,
}
CITATION = {
    "n": int,
    "article_id": str,
    "title": str,
    "source": STRING_OR_NONE,
    "authors": list,
    "url": STRING_OR_NONE,
    "path": str,
    "page": (int, type(None)),
    "published": STRING_OR_NONE,
    "published_origin": STRING_OR_NONE,
    "published_trust": STRING_OR_NONE,
    "start": int,
    "end": int,
    "quote": str,
    "prefix": str,
    "suffix": str,
    "sentence": dict,
    "passage": dict,
    "article_sha256": str,
    "also_in": list,
    "dates": list,
    "file_sha256": STRING_OR_NONE,
    "accessed": STRING_OR_NONE,
    "sentence_text": str,
}
RANGE = {"start": int, "end": int}
ALTERNATIVE = {"answer": str, "confidence": float, "citations": list}
CLAIM = {"value": str, "articles": int, "citations": list}
TIMING = {"retrieve": float, "read": float, "total": float}

QUESTION = "How many people were hurt on the ferry?"


def assert_form(value: dict, form: dict) -> None:
    """Exactly these keys, each of its type; true and false are no numbers."""
    assert list(value) == list(form)
    for key, type_ in form.items():
        assert isinstance(value[key], type_), key
        assert isinstance(value[key], bool) == (type_ is bool), key


def assert_citations(citations: list[dict], *texts: str) -> None:
    for number, citation in enumerate(citations, start=1):
        assert_form(citation, CITATION)
        assert_form(citation["sentence"], RANGE)
        assert_form(citation["passage"], RANGE)
        assert citation["n"] == number
        assert any(text[citation["start"] : citation["end"]] == citation["quote"] for text in texts)


def assert_contract(answer: dict, *texts: str) -> None:
    """The object of the outside contract, whose quotes stand in these texts."""
    assert_form(answer, ANSWER)
    assert_form(answer["timing_ms"], TIMING)
    assert list(answer["agreement"]) == ["status", "claims"]
    for claim in answer["agreement"]["claims"]:
        assert_form(claim, CLAIM)
        assert_citations(claim["citations"], *texts)
    for item in answer["items"]:
        assert list(item) == ["answer", "citations"]
        assert item["answer"] == item["citations"][0]["quote"]
        assert_citations(item["citations"], *texts)
    others = [*answer["alternatives"], *filter(None, [answer["best_rejected"]])]
    for other in others:
        assert_form(other, ALTERNATIVE)
        assert_citations(other["citations"], *texts)
    assert_citations(answer["citations"], *texts)
    assert_citations(answer["nearest"], *texts)
    assert all(citation["quote"] == "" for citation in answer["nearest"])


@pytest.fixture
def texts(first_report, second_report) -> tuple[str, str]:
    return first_report.text, second_report.text


def test_ask_json_is_the_contracts_object(footnote, tiny_library, tiny_models, texts):
    asked = footnote("ask", QUESTION, "--json", *tiny_models)
    assert (asked.status, asked.err) == (0, "")
    answer = json.loads(asked.out)
    assert_contract(answer, *texts)
    assert answer["question"] == QUESTION
    assert answer["answered"] is True
    assert answer["answer"] == answer["citations"][0]["quote"] != ""
    assert answer["reason"] is answer["best_rejected"] is None
    assert answer["nearest"] == []


def test_ask_json_without_an_answer_is_the_same_object(footnote, tiny_library, tiny_models, texts):
    asked = footnote("ask", QUESTION, "--json", "--precision", "1", *tiny_models)
    assert (asked.status, asked.err) == (0, "")  # to know that one does not know is a success
    answer = json.loads(asked.out)
    assert_contract(answer, *texts)
    assert answer["answered"] is False
    assert (answer["answer"], answer["citations"]) == ("", [])
    assert answer["agreement"] == {"status": "none", "claims": []}
    assert answer["reason"] in ("nothing_near", "subject_only")
    assert answer["nearest"] and answer["best_rejected"]


def test_ask_prints_answer_confidence_and_numbered_footnotes(footnote, tiny_library, tiny_models):
    asked = footnote("ask", QUESTION, *tiny_models)
    assert (asked.status, asked.err) == (0, "")
    answer, confidence, blank, note, sentence, link = asked.out.split("\n")[:6]
    words = answer.partition(" [1]")[0]
    assert confidence == "(almost certain, 1.00)"
    assert blank == ""
    assert note.startswith("[1] ")
    assert f"**{words}**" in sentence
    assert link.strip() in (
        "https://www.averlycourier.example/news/ferry-fire",
        "/articles/wire.csv#2",
    )


@pytest.mark.parametrize(
    ("options", "outlets"),
    [
        (["--source", "northmark WIRE"], {"Northmark Wire"}),
        (
            ["--source", "Northmark Wire", "--source", "The Averly Courier"],
            {"Northmark Wire", "The Averly Courier"},
        ),
        (["--author", "beatrix lorne"], {"The Averly Courier"}),
        (["--after", "2019-11-08"], {"Northmark Wire"}),
        (["--before", "2019-11-07"], {"The Averly Courier"}),
        (["--as-of", "2019-11-06"], {"The Averly Courier"}),
        (["--before", "2019-11-30", "--as-of", "2019-11-06"], {"The Averly Courier"}),
    ],
)
def test_filters_choose_what_is_searched(options, outlets, footnote, tiny_library, tiny_models):
    asked = footnote("ask", QUESTION, "--json", "--precision", "1", *options, *tiny_models)
    found = {citation["source"] for citation in json.loads(asked.out)["nearest"]}
    assert found == outlets


def test_filters_that_leave_nothing_are_the_reason(footnote, tiny_library, tiny_models):
    options = ["--after", "2031-01-01", *tiny_models]
    assert json.loads(footnote("ask", "Who?", "--json", *options).out)["reason"] == "filtered_out"
    shown = footnote("ask", "Who?", *options)
    assert shown.status == 0
    assert shown.out == "No answer. The filters leave no article to search.\n"


def test_filters_that_contradict_what_there_is_are_one_line(footnote, tiny_library, tiny_models):
    for options, said in (
        (
            ["--source", "Wire"],
            "no article is from 'Wire': the sources are 'Northmark Wire' and 'The Averly Courier'",
        ),
        (
            ["--author", "Lorne\udcff"],
            "no article is by 'Lorne?': the authors are 'Beatrix Lorne' and 'Tam Oswin'",
        ),
        (
            ["--source", "Northmark Wire", "--author", "Tam Oswin"],
            "no article from 'Northmark Wire' is by 'Tam Oswin': none from there names its author",
        ),
        (
            ["--after", "2019-11-09", "--before", "2019-11-08"],
            "after 2019-11-09 and before 2019-11-08 leave no day between them: "
            "give an earlier day to start from, or a later one to end with",
        ),
    ):
        assert footnote("ask", "Who?", *options, *tiny_models).refusal == f"footnote: {said}\n"


@pytest.mark.parametrize("command", [["chat"], ["batch", "-"]])
def test_filters_are_refused_before_the_first_question(
    command, footnote, tiny_library, tiny_models
):
    refused = footnote(*command, "--author", "Nobody", *tiny_models).refusal
    assert refused.startswith("footnote: no article is by 'Nobody': the authors are ")


def test_top_k_bounds_what_is_read(footnote, tiny_library, tiny_models):
    options = ["--json", "--precision", "1", "--top-k", "1", *tiny_models]
    assert len(json.loads(footnote("ask", QUESTION, *options).out)["nearest"]) == 1


def test_an_argument_in_another_encoding_still_gives_json(footnote, tiny_library, tiny_models):
    asked = footnote("ask", "Wh\udce9 was hurt?", "--json", *tiny_models)
    assert (asked.status, asked.err) == (0, "")
    assert json.loads(asked.out)["question"] == "Wh\udce9 was hurt?"
    asked.out.encode()  # and it could be printed


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("   \t ", "footnote: the question is empty: ask it in a few words"),
        ("?", "footnote: the question is empty: ask it in a few words"),
        ("why " * 5000, "footnote: the question has 19,999 characters: ask in at most 2,000"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_line(question, said, footnote, hash_library):
    assert footnote("ask", question).refusal == f"{said}\n"


@pytest.mark.parametrize("command", [["ask", "Who?"], ["batch", "-"], ["chat"]])
class TestAnyWayOfAsking:
    def test_needs_a_library(self, command, footnote, tmp_path):
        said = "footnote: no library at library: add articles with 'footnote add PATH'\n"
        assert footnote(*command).refusal == said
        assert not (tmp_path / "library").exists()

    def test_names_a_library_that_is_a_file(self, command, footnote, tmp_path):
        (tmp_path / "a.txt").write_text("Not a library.")
        refusal = footnote(*command, "--library", "a.txt").refusal
        assert refusal.startswith("footnote: a.txt is a file, not a library: choose a folder")

    def test_names_an_encoder_that_is_none(self, command, footnote, hash_library, tmp_path):
        refusal = footnote(*command, "--encoder", tmp_path).refusal
        assert f"{tmp_path} holds no Sentence Transformers model" in refusal
        assert "--encoder" in refusal

    def test_names_the_encoder_that_made_the_library(
        self, command, footnote, hash_library, tiny_encoder
    ):
        refusal = footnote(*command, "--encoder", tiny_encoder).refusal
        assert "library library was made with encoder 'hash' (64)" in refusal
        assert f"run 'footnote rebuild --encoder {tiny_encoder}'" in refusal

    @pytest.mark.parametrize("damaged", ["model.safetensors", "config.json", "tokenizer.json"])
    def test_names_a_reader_that_cannot_be_loaded(
        self, command, damaged, footnote, tiny_library, tiny_encoder, tiny_reader, tmp_path
    ):
        reader = shutil.copytree(tiny_reader, tmp_path / "reader")
        (reader / damaged).write_text("torn")
        options = ["--reader", reader, "--encoder", tiny_encoder]
        refusal = footnote(*command, *options, stdin=b"Who?\nWhere?\n").refusal
        assert refusal.startswith(f"footnote: reader '{reader}' cannot be loaded (")
        assert "give a folder or a hub name" in refusal

    def test_names_a_reader_that_is_none(self, command, footnote, tiny_library, tiny_encoder):
        options = ["--reader", tiny_library, "--encoder", tiny_encoder]
        refusal = footnote(*command, *options, stdin=b"Who?\nWhere?\n").refusal
        assert refusal.startswith(f"footnote: reader '{tiny_library}' cannot be loaded (")


@pytest.fixture
def batch(footnote, tiny_library, tiny_models):
    """Answer these lines; the answers and what was said come back."""

    def answering(data: bytes, *options, name="-", status=0):
        ran = footnote("batch", name, *tiny_models, *options, stdin=data)
        assert ran.status == status
        return [json.loads(line) for line in ran.out.splitlines()], ran.err

    return answering


def test_batch_gives_one_answer_a_line_in_order_with_its_id(batch, texts):
    lines = [
        "Who is the harbour master?",
        "",
        '{"id": "b7", "question": "Where did it begin?", "conversation": "c"}',
        '{"id": null, "question": "When was that?", "conversation": "c"}',
        '{"question": "How many?"}',
    ]
    answers, err = batch("\r\n".join(lines).encode())
    assert err == ""
    assert [each.pop("id") for each in answers] == [1, "b7", None, 5]
    assert [each["question"] for each in answers] == [
        "Who is the harbour master?",
        "Where did it begin?",
        "When was that?",
        "How many?",
    ]
    for answer in answers:
        assert_contract(answer, *texts)


def test_batch_reads_a_file(batch, tmp_path):
    (tmp_path / "questions.txt").write_bytes(b"\xef\xbb\xbfWho?\r\nWhere?")
    answers, err = batch(b"", name="questions.txt")
    assert [each["question"] for each in answers] == ["Who?", "Where?"]
    assert err == ""


def test_batch_names_bad_lines_and_goes_on(batch, texts, tmp_path):
    (tmp_path / "q.jsonl").write_text(
        '{"id": 1, "question": "Who?"}\n{"id": 2, "question": "Wh\n{"id": 3}\n'
        '{"id": 4, "question": "   "}\n' + "x" * 20_000 + '\n{"id": 6, "question": "Where?"}\n'
    )
    answers, err = batch(b"", name="q.jsonl", status=1)
    assert [each.pop("id") for each in answers] == [1, 2, 3, 4, 5, 6]
    problems = [each.pop("error", None) for each in answers]
    assert problems[0] is problems[5] is None
    assert err.splitlines() == [
        f"footnote: q.jsonl, line {number}: {problem}"
        for number, problem in enumerate(problems, start=1)
        if problem
    ]
    assert "not JSON" in problems[1] and 'no "question"' in problems[2]
    assert "the question is empty" in problems[3] and "20,000 characters" in problems[4]
    for answer in answers:
        assert_contract(answer, *texts)
    assert [each["answered"] for each in answers] == [True, False, False, False, False, True]


def test_batch_calls_standard_input_by_its_name(batch):
    _, err = batch(b"{}", status=1)
    assert err.startswith("footnote: standard input, line 1: no ")


def test_batch_of_nothing_is_nothing(batch):
    assert batch(b"\n  \r\n") == ([], "")


def test_batch_takes_the_filters_of_ask(batch):
    ((answer,), _) = batch(
        b"Who?", "--precision", "1", "--source", "Northmark Wire", "--top-k", "1"
    )
    assert [citation["source"] for citation in answer["nearest"]] == ["Northmark Wire"]


def test_a_missing_file_of_questions_is_one_line(footnote, hash_library):
    refusal = footnote("batch", "gone.txt").refusal
    assert refusal == (
        "footnote: gone.txt: cannot be read (No such file or directory): give a file of questions\n"
    )


def test_an_article_removed_between_two_questions_is_not_cited_again(
    hash_library, first_report, second_report
):
    calibration = Calibration(
        30.0, (0.0,) * len(FEATURES), 0.5, 0.0, 0.0, EvidenceWeights(1.0, 0.0, 0.0)
    )
    script = ScriptedReader({"eleven people": 2.0, "12 people": 1.0})
    with Library.open(hash_library) as library, Library.open(hash_library) as elsewhere:
        assistant = Assistant(library, Searcher.open(library, HashEncoder()), script, calibration)
        answered = answer_lines(read_lines([QUESTION, QUESTION, QUESTION]), assistant.ask)
        assert next(answered).answer.answer == "eleven people"
        elsewhere.remove([first_report.id])
        assert next(answered).answer.answer == "12 people"
        elsewhere.remove([second_report.id], purge=True)
        line, answer, problem = next(answered)
    assert line == Line(3, 3, QUESTION)
    assert (answer.answered, answer.nearest, problem) == (False, (), "")


def test_chat_answers_turn_by_turn_until_an_empty_line(footnote, tiny_library, tiny_models):
    turns = f"{QUESTION}\r\n...\n{'x' * 3000}\nWh\ufffd?\n\nNot asked?\n".encode()
    ran = footnote("chat", *tiny_models, stdin=turns.replace("\ufffd".encode(), b"\xff"))
    assert ran.status == 0
    assert ran.out.count("(almost certain, 1.00)") == 2
    assert ran.err.splitlines() == [
        "footnote: the question is empty: ask it in a few words",
        "footnote: the question has 3,000 characters: ask in at most 2,000",
    ]


def test_chat_takes_up_what_was_said_and_as_typed_takes_that_back(
    footnote, tiny_library, tiny_models
):
    turns = b"/as-typed\nWho was on the Lady Merriden?\nHow old is she?\n/as-typed\n"
    ran = footnote("chat", *tiny_models, stdin=turns)
    first, second, third = ran.out.split("(almost certain, 1.00)")[:3]
    assert "Understood as: " not in first and "Understood as: How old is " in second
    assert "Understood as: " not in third
    assert ran.err == "footnote: nothing was asked before: type /as-typed and the question\n"


def test_batch_keeps_each_conversation_to_itself():
    asked = []

    def ask(question, *, history=()):
        asked.append((question, [turn.question for turn in history]))
        if question == "?":
            raise QuestionError("the question is empty")
        return Answer(question, f"{question}!", answered=False, answer="", confidence=0.0)

    lines = [("A", "a"), ("B", "b"), ("C", None), ("?", "a"), ("D", "a"), ("E", None), ("F", "b")]
    text = [json.dumps({"question": q, "conversation": c}) for q, c in lines]
    assert [bool(line.problem) for line in answer_lines(read_lines(text), ask)] == [
        *[False] * 3, True, *[False] * 3,
    ]  # fmt: skip
    assert asked == [
        ("A", []), ("B", []), ("C", []), ("?", ["A!"]), ("D", ["A!"]), ("E", []), ("F", ["B!"]),
    ]  # fmt: skip


def test_chat_ends_with_its_input(footnote, tiny_library, tiny_models):
    assert footnote("chat", *tiny_models, stdin=b"") == footnote("chat", *tiny_models)
    shown = footnote("chat", *tiny_models, "--after", "2031-01-01", stdin=b"Who?")
    assert shown.out == "No answer. The filters leave no article to search.\n\n"


@pytest.mark.parametrize("command", [("ask", "Who?"), ("batch", "-"), ("chat",)])
@pytest.mark.parametrize("end", ["--before", "--as-of"])
def test_days_the_wrong_way_round_are_refused_before_anything_is_loaded(footnote, command, end):
    refused = footnote(*command, "--after", "2019-11-07", end, "2019-11-06")
    assert "2019-11-07" in refused.refusal and "leave no day between them" in refused.refusal


def test_as_of_is_the_day_that_a_question_counts_from(footnote, tiny_library, tiny_models):
    question = "Who was hurt yesterday?"
    asked = footnote("ask", question, "--as-of", "2020-03-01", "--json", *tiny_models)
    answer = json.loads(asked.out)
    assert answer["as_of"] == "2020-03-01"
    (said,) = answer["question_dates"]
    assert (said["text"], said["date"]) == ("yesterday", "2020-02-29")
    assert question[said["start"] : said["end"]] == "yesterday"
