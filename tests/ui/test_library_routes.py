import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from ui.auth import password_line
from ui.guard import MAX_BODY, MAX_UPLOAD
from ui.library_view import PAGE
from ui.scripted import ScriptedAssistant
from ui.server import build_app
from ui.shelf import Shelf

BASE = "http://127.0.0.1:7860"
STORY = "Ferry fire at Averly\n\nBy Tam Oswin\n\nEleven people were hurt on the ferry on Tuesday.\n"


@pytest.fixture
def shelf(tmp_path) -> Iterator[Shelf]:
    Library.open(tmp_path / "library", create=True).close()
    library = Library.open(tmp_path / "library")
    with Shelf(library, HashEncoder(), idle_seconds=0.3, busy_seconds=0) as opened:
        yield opened


@pytest.fixture
def client(shelf) -> Iterator[TestClient]:
    with TestClient(build_app(ScriptedAssistant({}), shelf=shelf), base_url=BASE) as opened:
        yield opened


@pytest.fixture
def filled(client, shelf, first_report, second_report) -> TestClient:
    with shelf.library.adding():
        shelf.library.add([first_report, second_report], HashEncoder())
    return client


def add(client, name: str, content: str | bytes = STORY):
    return client.post("/api/library/add", params={"name": name}, content=content)


def titles(client, **look) -> list[str]:
    listing = client.get("/library/list", params=look)
    assert listing.status_code == 200
    return re.findall(r'dir="auto">([^<]*)</a>', listing.text)


def test_an_empty_library_lists_nothing(client):
    assert titles(client) == []
    assert client.get("/api/library/ids").json()["outlets"] == []
    assert "0 articles" in client.get("/").text


def test_a_file_is_added_then_unchanged_then_replaced(client, shelf):
    first = add(client, "clips/ferry.txt").json()
    assert (first["outcome"], first["line"]) == ("added", "Ferry fire at Averly")
    assert add(client, "clips/ferry.txt").json()["outcome"] == "unchanged"
    second = add(client, "clips/ferry.txt", STORY.replace("Eleven", "Twelve")).json()
    assert second["outcome"] == "replaced"
    assert second["articles"][0]["was"] == first["articles"][0]["id"]
    (record,) = shelf.library.articles()
    assert (record.id, record.path) == (second["articles"][0]["id"], "uploaded/clips/ferry.txt")
    assert record.authors == ("Tam Oswin",)


def test_the_same_words_under_another_name_stay_one_article(client):
    add(client, "one.txt")
    assert add(client, "two.txt").json()["outcome"] == "unchanged"
    assert titles(client) == ["Ferry fire at Averly"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("photo.jpg", b"\xff\xd8\xff", ".jpg files cannot be read; give txt, md"),
        ("none", b"x", "files without an ending cannot be read"),
        ("empty.txt", b"", "empty; there is nothing to add"),
        ("broken.pdf", b"%PDF-1.4 no more", ""),
        ("clips.zip", b"PK", "unpack it and add the folder"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(client, name, content, reason):
    refused = add(client, name, content)
    assert refused.status_code == 422
    assert reason in refused.json()["error"]
    assert refused.json()["error"].count("\n") == 0
    assert "/tmp" not in refused.json()["error"]
    assert titles(client) == []


def test_the_next_file_is_read_after_a_refused_one(client):
    add(client, "broken.pdf", b"%PDF-1.4 no more")
    assert add(client, "ferry.txt").json()["outcome"] == "added"


def test_a_hostile_name_is_harmless(client, shelf, tmp_path):
    for name in ("../../../evil.txt", "\u202etxt.txt", "NUL.txt", "x" * 300 + ".txt", "a\0.txt"):
        add(client, name, f"Title of {len(name)}\n\nBody {name!r}.")
    paths = [record.path for record in shelf.library.articles()]
    assert len(paths) == 5
    assert all(path.startswith("uploaded/") and ".." not in path for path in paths)
    assert [each.name for each in tmp_path.iterdir()] == ["library"]


def test_a_file_too_large_is_refused_with_the_limit(client):
    headers = {"content-length": str(MAX_UPLOAD + 1)}
    refused = client.post("/api/library/add?name=a.txt", headers=headers, content=b"")
    assert (refused.status_code, refused.json()) == (
        413,
        {"error": "A request may hold 67,108,864 bytes at most."},
    )


def test_only_files_may_be_large(client):
    large = b" " * (MAX_BODY + 1)
    assert client.post("/api/library/paste", content=large).status_code == 413
    assert add(client, "ferry.txt", large + STORY.encode()).json()["outcome"] == "added"


def test_a_table_gives_an_article_a_row_and_names_the_bad_ones(client):
    rows = [{"title": f"Brief {n}", "text": f"Body of brief {n}."} for n in range(40)]
    lines = [json.dumps(row) for row in rows] + ["not json"]
    added = add(client, "briefs.jsonl", "\n".join(lines)).json()
    assert added["line"] == "40 added, 1 refused: record 41: not JSON; write one object a line"
    assert added["outcome"] == "added"
    fewer = add(client, "briefs.jsonl", "\n".join(lines[:3])).json()
    assert fewer["line"] == "3 unchanged, 37 no longer there"
    assert len(titles(client)) == 3


def test_pasted_text_is_an_article_with_what_was_typed(client, shelf):
    pasted = {
        "text": "Eleven people were hurt.\n\nAn inquiry was opened.",
        "title": 'Ferry "fire"\n: {x}',
        "outlet": "Averly Courier",
        "author": "Tam Oswin and Bea Lorne, Ed Roe",
        "date": "2031-05-06",
        "url": "https://courier.example/1",
    }
    first = client.post("/api/library/paste", json=pasted).json()
    assert (first["outcome"], first["line"]) == ("added", 'Ferry "fire" : {x}')
    article = shelf.library.article(first["articles"][0]["id"])
    assert article.text == (
        'Ferry "fire" : {x}\n\nEleven people were hurt.\n\nAn inquiry was opened.'
    )
    assert [author.value for author in article.authors] == ["Tam Oswin", "Bea Lorne", "Ed Roe"]
    assert article.published.day == "2031-05-06" and article.published.origin == "typed"
    assert article.source.value == "Averly Courier"
    assert article.url.value == "https://courier.example/1"
    assert client.post("/api/library/paste", json=pasted).json()["outcome"] == "unchanged"
    better = client.post("/api/library/paste", json=pasted | {"outlet": "Northmark Wire"}).json()
    assert better["outcome"] == "replaced"


def test_pasted_text_alone_is_named_by_its_beginning(client):
    body = "We saw the ferry burn from the pier that night, all of us together."
    pasted = client.post("/api/library/paste", json={"text": body}).json()
    assert pasted["line"] == "We saw the ferry burn from the pier …"


@pytest.mark.parametrize(
    ("pasted", "status", "said"),
    [
        ({"text": "x y", "date": "soon"}, 400, "date: 'soon' is not a day: write it as YYYY-MM-DD"),
        ({"text": "x y", "url": "javascript:1"}, 400, "it begins with https:// or http://"),
        ({"text": "x y", "url": "http://[x"}, 400, "it begins with https:// or http://"),
        ({"text": "  "}, 422, "no words in"),
        ({"title": "x"}, 422, "malformed request (text: Field required)"),
        ({"text": "x", "title": "y" * 1001}, 422, "malformed request (title: "),
    ],
)
def test_pasted_nonsense_is_refused_in_one_line(client, pasted, status, said):
    refused = client.post("/api/library/paste", json=pasted)
    assert (refused.status_code, said in refused.json()["error"]) == (status, True), refused.text
    assert titles(client) == []


def test_the_list_is_searched_sorted_and_filtered(filled, first_report, second_report):
    ferry, revised = first_report.title.value, second_report.title.value
    assert titles(filled) == [revised, ferry]
    assert titles(filled, order="title") == [revised, ferry]
    assert titles(filled, order="source") == [revised, ferry]
    assert titles(filled, q="engine room") == [ferry]
    assert titles(filled, q="beatrix") == [ferry]
    assert titles(filled, outlet="northmark wire") == [revised]
    assert titles(filled, before="2019-11-07") == [ferry]
    assert titles(filled, order="nonsense", offset="-1") == [revised, ferry]
    assert "Nothing here" in filled.get("/library/list?q=zeppelin").text


def test_a_day_that_is_none_is_refused(client):
    refused = client.get("/library/list?after=2031-02-30")
    assert (refused.status_code, refused.json()) == (
        400,
        {"error": "from: '2031-02-30' is not a day: write it as YYYY-MM-DD"},
    )


def test_a_row_says_what_is_known_of_an_article(filled, first_report, second_report):
    page = filled.get("/library/list").text
    for words in ("Tam Oswin, Beatrix Lorne", "6 Nov 2019", "from the lines on top", "as shown on"):
        assert words in page
    assert f'href="/article/{first_report.id}"' in page


def test_a_long_list_comes_in_stretches(client, shelf):
    rows = [json.dumps({"title": f"Brief {n}", "text": f"Nr {n}."}) for n in range(PAGE + 3)]
    add(client, "briefs.jsonl", "\n".join(rows))
    first = client.get("/library/list?order=added").text
    assert first.count('class="fn-lib-row"') == PAGE
    assert f'data-offset="{PAGE}"' in first and "(3 left)" in first
    rest = client.get(f"/library/list?order=added&offset={PAGE}").text
    assert rest.count('class="fn-lib-row"') == 3
    assert "data-offset" not in rest


def test_articles_are_removed_and_brought_back(filled, shelf, first_report, second_report):
    ids = [first_report.id, second_report.id]
    removed = filled.post("/api/library/remove", json={"ids": ids})
    assert removed.json() == {"removed": ids}
    assert titles(filled) == []
    assert "0 articles" in filled.get("/").text
    back = filled.post("/api/library/undo", json={"ids": ids})
    assert back.json() == {"back": ids, "superseded": []}
    assert len(titles(filled)) == 2


def test_what_was_replaced_meanwhile_is_named(client):
    old = add(client, "ferry.txt").json()["articles"][0]["id"]
    client.post("/api/library/remove", json={"ids": [old]})
    add(client, "ferry.txt", STORY.replace("Eleven", "Twelve"))
    answer = client.post("/api/library/undo", json={"ids": [old]}).json()
    assert answer == {"back": [], "superseded": [{"id": old, "title": "Ferry fire at Averly"}]}


@pytest.mark.parametrize("route", ["remove", "undo"])
@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ('{"ids": ["nothing"]}', 400, "no article 'nothing' in library"),
        ('{"ids": []}', 422, "malformed request (ids: "),
        ('{"ids": [7]}', 422, "malformed request (ids.0: "),
        ("[", 422, "malformed request (not JSON); POST /api/library/"),
        ('{"ids": ["\\ud800"]}', 422, "malformed request"),
    ],
)
def test_ids_that_are_none_change_nothing(filled, route, body, status, said):
    refused = filled.post(f"/api/library/{route}", content=body)
    assert (refused.status_code, said in refused.json()["error"]) == (status, True), refused.text
    assert len(titles(filled)) == 2


def test_a_new_article_is_found_by_the_next_search_and_counted(client, shelf):
    with Library.open(shelf.library.folder) as reading:
        searcher = Searcher.open(reading, HashEncoder())
        assert searcher.search("ferry").hits == ()
        added = add(client, "ferry.txt").json()["articles"][0]["id"]
        assert {hit.passage.article_id for hit in searcher.search("ferry").hits} == {added}
    assert "1 article</p>" in client.get("/").text


def test_others_may_add_once_the_page_rests(client, shelf, first_report):
    add(client, "ferry.txt")
    with Library.open(shelf.library.folder) as other, other.adding():  # waits until it may
        other.add([first_report], HashEncoder())
    assert len(titles(client)) == 2


def test_while_another_process_adds_that_is_said(client, shelf):
    with Library.open(shelf.library.folder) as other, other.adding():
        refused = add(client, "ferry.txt")
        assert refused.status_code == 503
        assert refused.json()["error"].startswith("another process is adding to this library")
    assert add(client, "ferry.txt").json()["outcome"] == "added"


def test_markup_in_an_article_stays_text(client):
    hostile = "<img src=x onerror=alert(1)>\"'&"
    pasted = {"text": "Body.", "title": hostile, "outlet": hostile, "author": hostile}
    client.post("/api/library/paste", json=pasted)
    for page in ("/library/list", f"/library/list?q={hostile}", "/library/outlets"):
        assert "<img" not in client.get(page).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in client.get("/library/list").text


def test_another_sites_page_may_change_nothing(filled, first_report):
    body = {"ids": [first_report.id]}
    refused = filled.post(
        "/api/library/remove", json=body, headers={"origin": "https://evil.example"}
    )
    assert refused.status_code == 403
    assert len(titles(filled)) == 2


def test_without_a_library_there_are_no_such_routes():
    with TestClient(build_app(ScriptedAssistant({})), base_url=BASE) as opened:
        assert opened.get("/library/view").status_code == 404
        assert opened.post("/api/library/remove", json={"ids": ["x"]}).status_code in (404, 405)


def test_who_may_only_ask_sees_the_list_and_changes_nothing(shelf, tmp_path, first_report):
    shelf.library.add([first_report], HashEncoder())
    (tmp_path / "users").write_text(
        f"{password_line('ada', 'one')}\n{password_line('eva', 'two', may_edit=True)}\n"
    )
    app = build_app(ScriptedAssistant({}), shelf=shelf, auth_file=tmp_path / "users")
    ids = {"ids": [first_report.id]}
    with TestClient(app, base_url=BASE) as opened:
        ada, eva = {"auth": ("ada", "one")}, {"auth": ("eva", "two")}
        assert first_report.title.value in opened.get("/library/list", **ada).text
        assert "data-edit" not in opened.get("/library/view", **ada).text
        for route, body in (("add?name=a.txt", {}), ("paste", {}), ("remove", ids), ("undo", ids)):
            refused = opened.post(f"/api/library/{route}", json=body, **ada)
            assert refused.status_code == 403
            assert refused.json()["error"].startswith("you may ask but not change the library")
        assert "data-edit" in opened.get("/library/view", **eva).text
        assert opened.post("/api/library/remove", json=ids, **eva).status_code == 200
