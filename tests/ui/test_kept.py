import json

import pytest

from ui import kept
from ui.kept import MAX_ANSWERS_KEPT, kept_before, to_keep


def test_answers_come_back_as_they_were(injured, harbour_master, owner, disputed, hurt_of):
    conversation = (injured, harbour_master, owner, disputed, hurt_of)
    through_the_browser = json.loads(json.dumps(to_keep(conversation)))
    assert kept_before(through_the_browser) == conversation


@pytest.mark.parametrize(
    "value",
    [None, "", "[]", {"a": 1}, [1], ["{}"], ["no json"], [None], [["a"]], ["{}"] * 101],
)
def test_what_was_altered_is_not_shown(value):
    assert kept_before(value) == ()


def test_one_altered_answer_spoils_the_conversation(injured):
    kept = to_keep((injured,))
    assert kept_before([*kept, kept[0].replace('"answered":true', '"answered":"who knows"')]) == ()


def test_only_the_last_answers_are_kept(injured, harbour_master):
    long = (injured,) * MAX_ANSWERS_KEPT + (harbour_master,)
    assert kept_before(to_keep(long)) == long[1:]


def test_answers_that_are_too_long_together_are_kept_from_the_end(
    injured, harbour_master, monkeypatch
):
    room = len(to_keep((harbour_master,))[0]) + len(to_keep((injured,))[0])
    monkeypatch.setattr(kept, "MAX_CHARACTERS_KEPT", room)
    assert kept_before(to_keep((injured, injured, harbour_master))) == (injured, harbour_master)
    monkeypatch.setattr(kept, "MAX_CHARACTERS_KEPT", room - 1)
    assert kept_before(to_keep((injured, injured, harbour_master))) == (harbour_master,)
