import json

import pytest

from eval.errors import OutputError
from eval.ranking import Found, Ranking
from eval.records import (
    AnswerRecord,
    Asked,
    CitationRecord,
    HitRecord,
    ReaderRecord,
    RetrievalRecord,
    Scored,
)
from eval.resume import Unfinished

ASKED = Asked("1", "Who\u2028runs?", "short", "a.txt", "0", ("Ilse \x1c Corbant",))
SCORED = Scored.against(("x",), prediction="", best_guess="y")
READER = ReaderRecord(ASKED, SCORED, 1.25, 0, 3, None, "line\nline", "abstained")
RETRIEVAL = RetrievalRecord(
    ASKED,
    Ranking((Found(2, 1),), (3,)),
    (HitRecord("a", 0, 4, 0.1, right=True, title="T", passage="p"),),
    None,
)
CITED = CitationRecord("a", "T", None, 0, 1, "q", right=False, passage_start=0, passage="p")
ANSWER = AnswerRecord(ASKED, SCORED, 0.3, (CITED,), 0, 1, 4, "boundary", None, 12.5, 1.0, 11.5)


@pytest.mark.parametrize("record", [READER, RETRIEVAL, ANSWER])
def test_records_come_back_as_they_were(tmp_path, record):
    unfinished = Unfinished(tmp_path / "new", {"task": "any"}, type(record))
    assert unfinished.load() == []
    unfinished.keep(record)
    unfinished.keep(record)
    assert unfinished.load() == [record, record]
    unfinished.keep(record)
    assert Unfinished(tmp_path / "new", {"task": "any"}, type(record)).load() == [record] * 3


def test_those_of_another_evaluation_do_not_come_back(tmp_path):
    Unfinished(tmp_path, {"data": "a"}, ReaderRecord).load()
    Unfinished(tmp_path, {"data": "a"}, ReaderRecord).keep(READER)
    assert Unfinished(tmp_path, {"data": "b"}, ReaderRecord).load() == []
    assert Unfinished(tmp_path, {"data": "a"}, ReaderRecord).load() == [READER]  # nor are they lost


def test_a_line_that_was_torn_is_asked_again(tmp_path):
    unfinished = Unfinished(tmp_path, {}, ReaderRecord)
    unfinished.load()
    unfinished.keep(READER)
    unfinished.keep(READER)
    whole = unfinished.file.read_bytes()
    of_one = len(whole.splitlines(keepends=True)[-1])
    assert "\u2028".encode() in whole  # some cuts part a character
    for cut in range(1, of_one):
        unfinished.file.write_bytes(whole[:-cut])
        assert unfinished.load() == [READER]
        assert unfinished.file.read_bytes() == whole[:-of_one]
    unfinished.keep(READER)
    assert unfinished.load() == [READER, READER]


def test_a_file_of_something_else_is_none_of_ours(tmp_path):
    unfinished = Unfinished(tmp_path, {}, ReaderRecord)
    for content in (b"", b"\xff\xfe", b"[1]\n", b'{"task": "any"}', b"{", b"{}"):
        unfinished.file.write_bytes(content)
        assert unfinished.load() == []
        unfinished.keep(READER)
        assert unfinished.load() == [READER]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        Unfinished(tmp_path / "file", {}, ReaderRecord).load()


def test_the_first_line_says_which_evaluation_it_is(tmp_path):
    unfinished = Unfinished(tmp_path, {"task": "reader", "questions": ["1"]}, ReaderRecord)
    unfinished.load()
    assert json.loads(unfinished.file.read_text()) == {"task": "reader", "questions": ["1"]}
