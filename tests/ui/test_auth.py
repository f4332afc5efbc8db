import pytest
from argon2 import PasswordHasher
from fastapi import Depends, FastAPI, Request
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

from ui.auth import (
    AuthError,
    BasicAuth,
    NoAuth,
    User,
    main,
    password_line,
    read_users,
    require_edit,
)


@pytest.fixture
def password_file(tmp_path):
    def write(text):
        path = tmp_path / "users"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def quick_hash(password):
    """Hashed as cheaply as argon2 allows."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def test_a_made_line_is_read_back(password_file):
    users = read_users(password_file("# readers\n\n" + password_line("ada", "söre: 1") + "\n"))
    assert list(users) == ["ada"]
    assert PasswordHasher().verify(users["ada"].hashed, "söre: 1")
    assert not users["ada"].may_edit


def test_a_line_may_allow_editing(password_file):
    users = read_users(password_file(password_line("ada", "x", may_edit=True) + "\n"))
    assert PasswordHasher().verify(users["ada"].hashed, "x")
    assert users["ada"].may_edit


@pytest.mark.parametrize(("option", "right"), [([], ""), (["--edit"], "edit:")])
def test_the_command_makes_the_line_of_either_kind(monkeypatch, capsys, option, right):
    monkeypatch.setattr("getpass.getpass", lambda: "secret")
    main(["ada", *option])
    assert capsys.readouterr().out.startswith(f"ada:{right}$argon2id$")


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["a:b"], ["--edit"], ["ada", "--admin"]])
def test_the_command_says_how_it_is_used(arguments):
    with pytest.raises(SystemExit, match=r"usage: python -m ui\.auth NAME \[--edit\]"):
        main(arguments)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no names"),
        ("# nobody\n", "holds no names"),
        ("ada:secret\n", "line 1: not of the form name:argon2 hash"),
        ("# one\n:$argon2id$v=19$x\n", "line 2: not of the form"),
        ("ada\n", "line 1: not of the form"),
        ("ada:all:$argon2id$v=19$x\n", "name:argon2 hash or name:edit:argon2 hash"),
        ("ada:edit:secret\n", "line 1: not of the form"),
    ],
)
def test_a_bad_file_is_one_line_that_says_how_to_make_a_good_one(password_file, text, complaint):
    with pytest.raises(AuthError, match=complaint) as caught:
        read_users(password_file(text))
    assert "python -m ui.auth NAME" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_missing_or_binary_file_is_named(tmp_path):
    with pytest.raises(AuthError, match="nowhere: cannot read the password file: No such file"):
        read_users(tmp_path / "nowhere")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AuthError, match="not UTF-8 text"):
        read_users(tmp_path / "binary")


async def page(request: Request):
    return PlainTextResponse("in")


async def change(request: Request):
    return PlainTextResponse(f"changed by {request.state.name}")


def app():
    """An open page at `/`, and `/change` for those who may edit."""
    made = FastAPI()
    made.get("/")(page)
    made.get("/change", dependencies=[Depends(require_edit)])(change)
    return made


@pytest.fixture
def client():
    users = {
        "ada": User(quick_hash("right: 1")),
        "bob": User(quick_hash("ö")),
        "cy": User(quick_hash("c"), may_edit=True),
    }
    return TestClient(BasicAuth(app(), users=users))


def test_a_right_name_and_password_let_in_again_and_again(client):
    for auth in [("ada", "right: 1"), ("bob", "ö".encode()), ("ada", "right: 1")]:
        assert client.get("/", auth=auth).text == "in"


@pytest.mark.parametrize(
    "auth", [None, ("ada", "wrong"), ("ada", ""), ("eve", "right: 1"), ("bob", "right: 1")]
)
def test_anything_else_is_asked_for_a_password(client, auth):
    refused = client.get("/", auth=auth)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /w==", "Bearer abc", "basic  "])
def test_a_malformed_header_is_refused(client, header):
    assert client.get("/", headers={"authorization": header}).status_code == 401


def test_only_who_was_given_the_right_may_edit(client):
    refused = client.get("/change", auth=("ada", "right: 1"))
    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("you may ask but not change the library: ")
    for _ in range(2):  # the second time without argon2
        assert client.get("/change", auth=("cy", "c")).text == "changed by cy"
    assert client.get("/change", auth=("cy", "wrong")).status_code == 401


def test_on_ones_own_machine_everyone_may_edit():
    assert TestClient(NoAuth(app())).get("/change").text == "changed by None"


def test_where_nothing_says_who_asks_nobody_may_edit():
    assert TestClient(app()).get("/change").status_code == 403


@pytest.mark.parametrize("arguments", [[], ["--help"], ["a:b"], ["ada", "eve"]])
def test_what_is_no_name_is_answered_with_the_usage(arguments, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda: pytest.fail("a password was asked for"))
    with pytest.raises(SystemExit, match=r"usage: python -m ui\.auth NAME"):
        main(arguments)


def test_without_a_password_no_line_is_made(monkeypatch, capsys):
    def nothing():
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nothing)
    with pytest.raises(SystemExit, match="no password was given"):
        main(["ada"])
    assert capsys.readouterr().out == ""
