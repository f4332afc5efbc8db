import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.guard import MAX_BODY, Guard, is_loopback


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


def client(*, host="127.0.0.1", base_url="http://127.0.0.1:7860", names=()):
    app = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])
    return TestClient(Guard(app, host=host, names=names), base_url=base_url)


@pytest.mark.parametrize(
    "name", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860", "127.0.0.1:9000"]
)
def test_a_local_server_answers_to_its_own_names_on_any_port(name):
    assert client().get("/", headers={"host": name}).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "evil.example:7860",
        "127.0.0.1.evil.example",
        "192.168.1.5:7860",
        "user@localhost",
        "localhost:port",
        "localhost/evil.example",
        "",
    ],
)
def test_a_local_server_answers_to_no_other_name(name):
    refused = client().get("/", headers={"host": name})
    assert (refused.status_code, refused.text) == (
        421,
        "This server does not answer to that name.\n",
    )


def test_a_server_open_to_others_answers_to_addresses_and_given_names_only():
    reached = client(host="0.0.0.0", names=["Library.example"])
    for name, status in [
        ("192.168.1.5:7860", 200),
        ("[fe80::1]:7860", 200),
        ("localhost:7860", 200),
        ("library.example", 200),
        ("evil.example", 421),
    ]:
        assert reached.get("/", headers={"host": name}).status_code == status, name


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:7860"}, 200),
        ({"origin": "http://localhost:7860"}, 403),
        ({"origin": "http://127.0.0.1:8000"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, 403),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_pages_of_this_server_may_send_requests(method, headers, status):
    assert client().request(method, "/api/ask", headers=headers).status_code == status


def test_a_link_from_elsewhere_may_be_followed_but_not_framed():
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client().get("/", headers={**link, "sec-fetch-dest": "document"}).status_code == 200
    assert client().get("/", headers={**link, "sec-fetch-dest": "iframe"}).status_code == 403
    posted = client().post("/", headers={**link, "sec-fetch-dest": "document"})
    assert posted.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/assets/index.js",
        "/static/fonts/a.woff2",
        "/footnote/style.css",
        "/article/0123abcd",
        "/theme.css",
        "/api/ask",
        "/api/search",
        "/api/articles",
        "/api/articles/0123abcd",
        "/api/me",
        "/api/docs",
        "/openapi.json",
        "/library/list",
        "/api/library/add",
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/heartbeat/abc123",
        "/gradio_api/heartbeat/297e9f5d-ead4-435c-9cdb-f4826b65dc03",
        "/gradio_api/info",
        "/config",
        "/gradio_api/cancel",
        "/gradio_api/app_id",
    ],
)
def test_what_the_page_needs_is_there(path):
    assert client().get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/monitoring",
        "/monitoring/summary",
        "/login",
        "/token",
        "/gradio_api/openapi.json",
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=https://evil.example",
        "/gradio_api/call/ask",
        "/gradio_api/run/ask",
        "/gradio_api/runs",
        "/gradio_api/mcp/",
        "/gradio_api/deep_link",
        "/gradio_api/vibe-edit",
        "/gradio_api/queue/join/x",
        "/gradio_api/queue/status",
        "/gradio_api/reset",
        "/gradio_api/info/x",
        "/config/x",
        "/assets/",
        "/api/articles/a/b",
        "/api/everything",
    ],
)
def test_all_else_is_not_there(path):
    assert client().get(path).status_code == 404


def test_other_methods_are_refused():
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        assert client().request(method, "/").status_code == 405


def test_a_body_may_be_large_but_not_huge():
    assert client().post("/api/ask", content=b"x" * MAX_BODY).text == str(MAX_BODY)
    assert client().post("/api/ask", content=b"x" * (MAX_BODY + 1)).status_code == 413
    assert client().post("/api/ask", headers={"content-length": "-1"}).status_code == 413


def test_a_body_that_hides_its_size_is_not_read():
    refused = client().post("/api/ask", content=iter([b"x"] * 10))
    assert refused.status_code == 411


def test_every_response_carries_the_headers_even_a_refusal():
    for headers in ({}, {"host": "evil.example"}):
        response = client().get("/", headers=headers)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "connect-src 'self'" in policy
        assert "http:" not in policy and "https:" not in policy and "*" not in policy
        scripts = policy.partition("script-src ")[2].partition(";")[0]
        assert "'unsafe-inline'" not in scripts
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-frame-options"] == "DENY"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cache-control"] == "no-store"


def test_a_nonce_is_used_once():
    first, second = (client().get("/").headers["content-security-policy"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"])
def test_loopback_hosts(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "laptop.local", ""])
def test_hosts_that_others_reach(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/footnote/page.js?v=7eaf8c316b50", "private, max-age=31536000, immutable"),
        ("/assets/index-DphvyggB.js", "private, max-age=31536000, immutable"),
        ("/assets/CanvasPool-a-xHah75.css", "private, max-age=31536000, immutable"),
        ("/footnote/icon.svg", "no-cache"),
        ("/footnote/page.js?w=7eaf8c316b50", "no-cache"),
        ("/static/fonts/a.woff2", "no-cache"),
        ("/assets/logo.svg", "no-cache"),
        ("/theme.css", "no-store"),
        ("/article/0123?v=1", "no-store"),
        ("/api/articles?v=1", "no-store"),
    ],
)
def test_only_what_is_named_by_its_version_is_kept_unasked(address, kept):
    assert client().get(address).headers["cache-control"] == kept


def test_an_error_is_never_kept():
    async def missing(request: Request) -> PlainTextResponse:
        return PlainTextResponse("gone", status_code=404)

    app = Starlette(routes=[Route("/{path:path}", missing)])
    opened = TestClient(Guard(app, host="127.0.0.1"), base_url="http://127.0.0.1:7860")
    assert opened.get("/footnote/page.js?v=0").headers["cache-control"] == "no-store"


def test_scripts_are_refused_in_json():
    refused = client().get("/api/ask", headers={"host": "evil.example"})
    assert refused.json() == {"error": "This server does not answer to that name."}
    assert client().get("/api/none").json() == {"error": "Not found."}
