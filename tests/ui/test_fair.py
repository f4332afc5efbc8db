import asyncio
import threading
import time

import httpx
import pytest

from ui.auth import password_line
from ui.desk import MAX_EACH, Busy, Desk
from ui.fair import Shares, asker_now, asker_of
from ui.scripted import ScriptedAssistant
from ui.server import build_app

SAID = f"{MAX_EACH} of your questions are waiting: try again when one is answered"


@pytest.fixture
def gate():
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def assistant(harbour_master, gate):
    return ScriptedAssistant({harbour_master.question: harbour_master}, gate=gate)


def test_a_share_is_given_back_one_by_one():
    shares = Shares(2)
    assert [shares.take("ada") for _ in range(3)] == [True, True, False]
    assert shares.take("bob")
    shares.give_back("ada")
    assert [shares.take("ada") for _ in range(2)] == [True, False]


def test_nobody_in_particular_has_no_share():
    shares = Shares(1)
    assert all(shares.take("") for _ in range(3))


@pytest.mark.parametrize(
    ("scope", "asker"),
    [
        ({"state": {"name": "ada"}, "client": ["10.0.0.7", 50_000]}, "name ada"),
        ({"state": {"name": None}, "client": ["10.0.0.7", 50_000]}, "address 10.0.0.7"),
        ({"client": None}, ""),
        ({}, ""),
    ],
)
def test_an_asker_is_a_name_or_else_an_address(scope, asker):
    assert asker_of(scope) == asker


def test_outside_of_a_request_nobody_asks():
    assert asker_now() == ""


def test_one_asker_cannot_fill_the_desk(assistant, harbour_master, gate):
    now = "ada"
    desk = Desk(assistant, asker_now=lambda: now)
    first = [desk.ask(harbour_master.question) for _ in range(MAX_EACH)]
    with pytest.raises(Busy) as caught:
        desk.ask(harbour_master.question)
    assert str(caught.value) == SAID
    looked = desk.choices()  # looking something up is no question
    now = "bob"
    other = desk.ask(harbour_master.question)
    gate.set()
    assert {each.result(5).answer for each in (*first, other)} == {"Ilse Corbant"}
    now = "ada"
    assert looked.result(5) and desk.ask(harbour_master.question).result(5)
    desk.close()


def test_a_question_given_up_no_longer_counts(assistant, harbour_master, gate):
    desk = Desk(assistant, asker_now=lambda: "ada")
    asked = [desk.ask(harbour_master.question) for _ in range(MAX_EACH)]
    assert asked[-1].cancel()
    again = desk.ask(harbour_master.question)
    gate.set()
    assert again.result(5) == harbour_master
    desk.close()


def test_one_turned_away_from_a_full_desk_does_not_count(assistant, harbour_master, gate):
    desk = Desk(assistant, max_waiting=1, asker_now=lambda: "ada")
    held = desk.ask(harbour_master.question)
    while not held.running():
        time.sleep(0.001)
    waiting = desk.ask(harbour_master.question)
    for _ in range(MAX_EACH):
        with pytest.raises(Busy, match="many questions are waiting"):
            desk.ask(harbour_master.question)
    gate.set()
    assert waiting.result(5) == harbour_master
    assert desk.ask(harbour_master.question).result(5) == harbour_master
    desk.close()


def test_each_name_has_a_share_of_its_own(assistant, harbour_master, gate, tmp_path, elsewhere):
    lines = [password_line(name, "x") for name in ("ada", "bob")]
    (tmp_path / "users").write_text("\n".join(lines))
    app = build_app(assistant, auth_file=tmp_path / "users")

    async def ask(client, name):
        body = {"question": harbour_master.question}
        answered = await client.post("/api/ask", json=body, auth=(name, "x"))
        return answered.status_code, answered.json().get("error")

    async def both():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            asked = [asyncio.create_task(ask(client, "ada")) for _ in range(MAX_EACH + 1)]
            (refused,), waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            other = asyncio.create_task(ask(client, "bob"))
            done, _ = await asyncio.wait([other], timeout=0.5)  # argon2 included
            assert not done  # it waits, and is not turned away
            gate.set()
            return await refused, await asyncio.gather(*waiting, other)

    refused, answered = elsewhere(asyncio.run, both())
    assert refused == (503, SAID)
    assert answered == [(200, None)] * (MAX_EACH + 1)
