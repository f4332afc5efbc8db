import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.auth import AuthError, BasicAuth, password_line, read_users


@pytest.fixture
def password_file(tmp_path):
    def write(text):
        path = tmp_path / "users"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def quick_line(name, password):
    """A line like `password_line`'s, hashed as cheaply as argon2 allows."""
    return f"{name}:{PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)}"


def test_a_made_line_is_read_back(password_file):
    users = read_users(password_file("# readers\n\n" + password_line("ada", "söre: 1") + "\n"))
    assert list(users) == ["ada"]
    assert PasswordHasher().verify(users["ada"], "söre: 1")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no names"),
        ("# nobody\n", "holds no names"),
        ("ada:secret\n", "line 1: not of the form name:argon2 hash"),
        ("# one\n:$argon2id$v=19$x\n", "line 2: not of the form"),
        ("ada\n", "line 1: not of the form"),
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


@pytest.fixture
def client():
    lines = [quick_line("ada", "right: 1"), quick_line("bob", "ö")]
    users = dict(line.split(":", 1) for line in lines)

    async def page(request):
        return PlainTextResponse("in")

    return TestClient(BasicAuth(Starlette(routes=[Route("/", page)]), users=users))


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
