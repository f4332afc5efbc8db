import codecs
import json
import sys
from io import BytesIO, TextIOWrapper

import pytest

from qa.errors import QuestionError
from ui.questions import Line, opened, read_lines


def lines_of(data: bytes, tmp_path) -> list[Line]:
    file = tmp_path / "questions.txt"
    file.write_bytes(data)
    with opened(str(file)) as text:
        return list(read_lines(text))


def test_blank_lines_are_passed_over_and_counted():
    found = list(read_lines(["Who won?\n", "\n", "  \t\n", " Where? "]))
    assert found == [Line(1, 1, "Who won?"), Line(4, 4, "Where?")]


def test_an_empty_file_holds_no_question(tmp_path):
    assert lines_of(b"", tmp_path) == []


@pytest.mark.parametrize(
    "data",
    [
        "Où?\r\nWho?\r\n".encode(),
        codecs.BOM_UTF8 + "Où?\nWho?".encode(),
        "Où?\rWho?\r".encode(),
        "Où?\nWho?\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "Où?\r\nWho?".encode("utf-16-be"),
    ],
)
def test_line_ends_and_marks_of_other_systems_are_understood(data, tmp_path):
    assert lines_of(data, tmp_path) == [Line(1, 1, "Où?"), Line(2, 2, "Who?")]


def test_a_byte_that_is_no_utf8_spoils_no_other_line(tmp_path):
    assert lines_of(b"O\xf9?\nWho?", tmp_path) == [Line(1, 1, "O\ufffd?"), Line(2, 2, "Who?")]


def test_a_line_separator_inside_json_is_text(tmp_path):
    (line,) = lines_of('{"question": "a\u2028b\x85c?"}'.encode(), tmp_path)
    assert line == Line(1, 1, "a\u2028b\x85c?")


@pytest.mark.parametrize("given", ['"a7"', "7", "null", '["x", 1]', '"7"'])
def test_an_id_comes_back_as_it_was_given(given):
    (line,) = read_lines([f'{{"id": {given}, "question": "Who?", "conversation": "c1"}}'])
    assert line == Line(1, json.loads(given), "Who?", conversation="c1")


def test_json_without_an_id_has_its_line_number():
    (line,) = read_lines(['{"question": "Who?"}'])
    assert line.id == 1


@pytest.mark.parametrize("text", ['["Who?"]', '"Who?" he asked', "7"])
def test_only_an_object_is_taken_for_json(text):
    assert list(read_lines([text])) == [Line(1, 1, text)]


@pytest.mark.parametrize(
    ("text", "id_", "problem"),
    [
        ('{"id": 3, "question": "Who', 1, "not JSON (Unterminated string"),
        ("{Who?}", 1, "not JSON (Expecting property name"),
        ('{"id": NaN, "question": "Who?"}', 1, "not JSON (NaN is no JSON)"),
        ('{"a": ' + "[" * 100_000, 1, "not JSON (too deep)"),
        ('{"id": 3}', 3, 'no "question" in it'),
        ('{"id": 3, "question": null}', 3, 'no "question" in it'),
        ('{"id": 3, "question": ["Who?"]}', 3, 'no "question" in it'),
    ],
)
def test_a_line_that_cannot_be_asked_says_why(text, id_, problem):
    (line,) = read_lines([text])
    assert line.id == id_
    assert line.problem.startswith(problem)


def test_standard_input_is_a_dash(monkeypatch):
    data = codecs.BOM_UTF8 + "Où?\r\n".encode() + b"Wh\xff"
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(data), encoding="ascii"))
    with opened("-") as text:
        assert [line.question for line in read_lines(text)] == ["Où?", "Wh\ufffd"]


def test_a_file_that_is_not_text_is_refused(tmp_path):
    with pytest.raises(QuestionError, match=r"questions\.txt: not text: give a file of questions"):
        lines_of(bytes(range(256)), tmp_path)


@pytest.mark.parametrize("name", ["gone.txt", "."])
def test_a_file_that_cannot_be_read_is_named(name, tmp_path):
    with pytest.raises(QuestionError, match=r": cannot be read \(.*\): give a file of questions"):
        with opened(str(tmp_path / name)):
            pass


@pytest.mark.parametrize("conversation", ["c7", 7, None])
def test_a_line_may_be_a_turn_of_a_conversation(conversation):
    text = json.dumps({"question": "Who?", "conversation": conversation})
    (line,) = read_lines([text])
    assert (line.conversation, line.problem) == (conversation, "")


@pytest.mark.parametrize("conversation", [True, ["c"], {"of": 1}, 1.5])
def test_a_conversation_is_named_by_text_or_a_whole_number(conversation):
    (line,) = read_lines([json.dumps({"question": "Who?", "conversation": conversation})])
    assert line.problem == '"conversation" must be text or a whole number'
