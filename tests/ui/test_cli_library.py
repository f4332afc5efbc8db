import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from index.embed import HashEncoder, open_encoder
from index.library import Library
from index.types import Article, Passage, Sourced
from ui import cli_library
from ui.console import say

ROOT = Path(__file__).parents[2]
STORM = "The storm reached the coast at night."


@pytest.fixture
def add(footnote, tiny_encoder):
    def adding(*arguments):
        return footnote("add", "--encoder", tiny_encoder, *arguments)

    return adding


@pytest.fixture
def clippings(tmp_path) -> Path:
    """Two articles and a hidden file."""
    folder = tmp_path / "clippings"
    (folder / "old").mkdir(parents=True)
    (folder / "storm.txt").write_text(STORM)
    (folder / "old" / "flood.md").write_text("# Flood\n\nNine people fled, a warden said.\n")
    (folder / ".hidden.txt").write_text("Not this.")
    return folder


# add


def test_add_takes_folders_and_says_what_became_of_them(add, footnote, clippings):
    first = add(clippings)
    assert first == type(first)(0, "2 added, 0 replaced, 0 unchanged, 0 refused\n", "")
    titles = {record["title"] for record in json.loads(footnote("list", "--json").out)}
    assert titles == {"storm", "Flood"}
    again = add(clippings)
    assert again == type(again)(0, "0 added, 0 replaced, 2 unchanged, 0 refused\n", "")


def test_add_replaces_a_file_that_has_changed(add, footnote, clippings):
    add(clippings)
    old = footnote("list").out.partition(" ")[0]
    (clippings / "storm.txt").write_text("The storm never came.")
    assert add(clippings / "storm.txt").out == "0 added, 1 replaced, 0 unchanged, 0 refused\n"
    assert old not in footnote("list").out
    assert "state: replaced, no longer searched" in footnote("show", old).out


def test_add_uses_the_library_of_the_environment(add, clippings, tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_LIBRARY", str(tmp_path / "elsewhere"))
    add(clippings)
    assert (tmp_path / "elsewhere" / "footnote.db").exists()
    assert not (tmp_path / "library").exists()


def encrypted_pdf(file: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    writer.write(file)


BAD_FILES = {
    "binary.txt": lambda file: file.write_bytes(bytes(range(256)) * 20),
    "locked.pdf": encrypted_pdf,
    "broken.docx": lambda file: file.write_bytes(b"PK\x03\x04 and then nothing"),
    "empty.txt": lambda file: file.write_bytes(b""),
    "photo.jpeg": lambda file: file.write_bytes(b"\xff\xd8\xff"),
    "old.doc": lambda file: file.write_bytes(b"\xd0\xcf\x11\xe0"),
    "pipe.txt": os.mkfifo,
    "lost.txt": lambda file: file.symlink_to("nowhere.txt"),
}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("binary.txt", "not text; "),
        ("locked.pdf", "encrypted; "),
        ("broken.docx", "; "),
        ("empty.txt", "empty; "),
        ("photo.jpeg", ".jpeg files cannot be read; give txt, md,"),
        ("old.doc", "save it as .docx"),
        ("pipe.txt", "not a regular file; "),
        ("lost.txt", "a link that leads nowhere (No such file or directory); check it"),
    ],
)
def test_a_file_that_cannot_be_added_is_one_line(name, said, footnote, tmp_path):
    BAD_FILES[name](tmp_path / name)
    refused = footnote("add", name)
    assert refused.status == 1
    assert refused.out in ("", "0 added, 0 replaced, 0 unchanged, 1 refused\n")
    assert refused.err.count("\n") == 1
    assert refused.err.startswith(f"refused: {tmp_path / name}: ")
    assert said in refused.err


def test_a_file_that_must_not_be_read_is_one_line(footnote, tmp_path):
    secret = tmp_path / "secret.txt"
    forbidden = Path("/proc/sys/vm/compact_memory")  # not even root may read it
    if os.geteuid() == 0 and forbidden.exists():
        secret.symlink_to(forbidden)
    else:
        secret.write_text(STORM)
        secret.chmod(0)
    refused = footnote("add", secret)
    assert (refused.status, refused.err) == (
        1,
        f"refused: {secret}: it cannot be opened (Permission denied); "
        "check it and its permissions\n",
    )


@pytest.mark.parametrize(
    ("path", "shown", "said"),
    [
        ("gone", "{here}/gone", "no such file or folder; check the path"),
        ("empty", "{here}/empty", "no articles in it; put txt, md, html,"),
        (
            "https://example.org//a.html",
            "https://example.org//a.html",
            "this is a URL; save the page as a file and add that",
        ),
        ("", "", "an empty path; give a file or a folder"),
    ],
)
def test_a_path_that_leads_to_no_article_is_one_line(path, shown, said, footnote, tmp_path):
    (tmp_path / "empty").mkdir()
    refused = footnote("add", path)
    assert refused.refusal.startswith(f"refused: {shown.format(here=tmp_path)}: {said}")
    assert not (tmp_path / "library").exists()


def test_the_name_of_a_file_cannot_forge_a_line(footnote, tmp_path):
    (tmp_path / "a\n\x1b[2Jrefused: b.txt").write_bytes(b"")
    assert footnote("add", "a\n\x1b[2Jrefused: b.txt").err.count("\n") == 1


def test_one_bad_file_in_a_folder_is_named_and_stops_nothing(add, clippings):
    encrypted_pdf(clippings / "locked.pdf")
    added = add(clippings)
    assert (added.status, added.out) == (0, "2 added, 0 replaced, 0 unchanged, 1 refused\n")
    assert added.err.startswith(f"refused: {clippings / 'locked.pdf'}: encrypted; ")


def test_a_path_that_gave_nothing_fails_though_the_rest_goes_on(add, clippings):
    encrypted_pdf(clippings / "locked.pdf")
    added = add("gone", clippings / "locked.pdf", clippings / "storm.txt")
    assert (added.status, added.out) == (1, "1 added, 0 replaced, 0 unchanged, 2 refused\n")
    assert [line.partition(": ")[2].partition(": ")[0] for line in added.err.splitlines()] == [
        str(clippings.parent / "gone"),
        str(clippings / "locked.pdf"),
    ]


def test_another_language_is_added_with_a_warning(add, tmp_path):
    file = tmp_path / "sturm.txt"
    file.write_text(
        "Der Sturm erreichte in der Nacht die Küste. Neun Menschen mussten ihre Häuser "
        "verlassen, wie die Feuerwehr am Morgen mitteilte. Verletzt wurde niemand."
    )
    added = add(file)
    assert (added.status, added.out) == (0, "1 added, 0 replaced, 0 unchanged, 0 refused\n")
    assert added.err.startswith(f"warning: {file}: ")


def test_a_folder_with_other_things_in_it_is_no_place_for_a_library(footnote, clippings):
    refusal = footnote("add", clippings, "--library", clippings).refusal
    assert "holds other files" in refusal and "choose a new folder with --library" in refusal


def test_add_with_another_encoder_than_the_librarys_is_one_line(add, hash_library, clippings):
    refused = add(clippings)
    assert refused.status == 1
    assert refused.err.count("\n") == 1
    assert "was made with encoder 'hash' (64)" in refused.err
    assert "footnote rebuild --encoder" in refused.err


@contextmanager
def someone_adding(library: Path) -> Iterator[threading.Event]:
    """Another thread holds the library's one place for adding until the event is set."""
    done, held = threading.Event(), threading.Event()

    def hold():
        with Library.open(library) as opened, opened.adding():
            held.set()
            done.wait(timeout=60)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(timeout=60)
    try:
        yield done
    finally:
        done.set()
        holder.join()


def test_a_second_add_that_will_not_wait_is_one_line(footnote, hash_library, clippings):
    with someone_adding(hash_library):
        refusal = footnote("add", clippings, "--no-wait").refusal
    assert "library library is being added to by another process: try again later" in refusal


def test_a_second_add_says_that_it_waits_and_then_goes_on(
    add, tiny_library, clippings, monkeypatch
):
    with someone_adding(tiny_library) as done:

        def say_and_let_go(line: str) -> None:
            say(line)
            done.set()

        monkeypatch.setattr(cli_library, "say", say_and_let_go)
        added = add(clippings)
    assert (added.status, added.out) == (0, "2 added, 0 replaced, 0 unchanged, 0 refused\n")
    assert added.err == "another process is adding to this library; waiting for it\n"


SLOW = """
import sys, time
import index.embed
class Slow(index.embed.HashEncoder):
    def encode_passages(self, texts):
        time.sleep(0.2)
        return super().encode_passages(texts)
index.embed.open_encoder = lambda name: Slow()
sys.argv[1:] = ["add", "table.jsonl"]
from ui.cli import main
main()
"""


def test_control_c_keeps_what_was_stored_and_counts_it(tmp_path):
    records = ({"title": f"Storm {n}", "text": f"Storm {n} came."} for n in range(3000))
    (tmp_path / "table.jsonl").write_text("\n".join(map(json.dumps, records)))
    adding = subprocess.Popen(
        [sys.executable, "-c", SLOW],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with adding:
        until = time.monotonic() + 60
        while time.monotonic() < until and not stored(tmp_path / "library"):
            time.sleep(0.05)
        adding.send_signal(signal.SIGINT)
        out, err = adding.communicate(timeout=60)
    assert (adding.returncode, err) == (130, "footnote: stopped\n")
    count = stored(tmp_path / "library")
    assert 0 < count < 3000
    said = f"{count} added, 0 replaced, 0 unchanged, 0 refused before it was stopped\n"
    assert out == said


def stored(library: Path) -> int:
    if not (library / "footnote.db").exists():
        return 0
    with Library.open(library, create=True) as opened:
        return opened.status().articles


# list, show, remove, status


def test_list_is_one_line_an_article(footnote, hash_library, first_report, second_report):
    listed = footnote("list")
    assert (listed.status, listed.err) == (0, "")
    assert listed.out == (
        f"{first_report.id}  2019-11-06  The Averly Courier  "
        "Ferry fire in Port Averly leaves eleven injured\n"
        f"{second_report.id}  2019-11-08  Northmark Wire      Averly ferry: toll revised\n"
    )


def test_list_json_holds_what_is_known_of_each(footnote, hash_library, first_report):
    first = json.loads(footnote("list", "--json").out)[0]
    assert first.pop("added_at").endswith("+00:00")
    assert first == {
        "id": first_report.id,
        "title": "Ferry fire in Port Averly leaves eleven injured",
        "source": "The Averly Courier",
        "authors": ["Tam Oswin", "Beatrix Lorne"],
        "published": {"value": "2019-11-06", "origin": "header", "trust": "high"},
        "path": "/articles/ferry.txt",
        "passages": 2,
        "gold_answers": 0,
        "state": "live",
        "url": "https://www.averlycourier.example/news/ferry-fire",
        "language": "en",
    }


def test_an_empty_library_lists_nothing_and_says_how_to_fill_it(footnote, tmp_path):
    Library.open(tmp_path / "library", create=True).close()
    listed = footnote("list")
    assert (listed.status, listed.out) == (0, "")
    assert listed.err == "library library is empty: add articles with 'footnote add PATH'\n"
    assert footnote("list", "--json").out == "[]\n"


def test_show_json_holds_the_text_and_every_value_with_its_origin(
    footnote, hash_library, first_report
):
    shown = json.loads(footnote("show", first_report.id[:6], "--json").out)
    assert shown.pop("added_at")
    assert shown == {
        "id": first_report.id,
        "text": first_report.text,
        "sha256": first_report.sha256,
        "title": {"value": "Ferry fire in Port Averly leaves eleven injured", "origin": "header"},
        "source": {"value": "The Averly Courier", "origin": "header"},
        "authors": [
            {"value": "Tam Oswin", "origin": "byline"},
            {"value": "Beatrix Lorne", "origin": "byline"},
        ],
        "url": {"value": "https://www.averlycourier.example/news/ferry-fire", "origin": "header"},
        "published": {"value": "2019-11-06", "origin": "header", "trust": "high"},
        "path": "/articles/ferry.txt",
        "file_sha256": "0" * 64,
        "body_start": first_report.body_start,
        "page_starts": [],
        "language": "en",
        "passages": 2,
        "gold_answers": 0,
        "state": "live",
    }


def test_show_prints_the_article_whole(footnote, hash_library, second_report):
    shown = footnote("show", second_report.id)
    assert (shown.status, shown.err) == (0, "")
    assert shown.out.endswith(f"id: {second_report.id}\n\n{second_report.text}\n")


def test_what_an_article_holds_never_steers_the_terminal(footnote, tmp_path):
    evil = "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m"
    article = Article(
        f"{evil}\n\n{STORM}{evil}",
        Sourced(f"Storm{evil}", "header"),
        f"/{evil}.txt",
        "0" * 64,
        source=Sourced(evil, "header"),
        authors=(Sourced(evil, "byline"),),
    )
    with Library.open(tmp_path / "library", create=True) as library:
        library.add([article], HashEncoder())
    for command in ("list", "status", "check", ("show", article.id), ("remove", article.id)):
        ran = footnote(*([command] if isinstance(command, str) else command))
        assert ran.status == 0
        assert not set("\x1b\x07\u202e\x9b") & set(ran.out + ran.err)
        assert "owned" in ran.out or command in ("status", "check")


def test_a_removed_article_is_no_longer_listed_yet_shown(footnote, hash_library, first_report):
    removed = footnote("remove", first_report.id[:8])
    assert (removed.status, removed.err) == (0, "")
    listed, count = removed.out.splitlines()
    assert listed.startswith(first_report.id) and count == "1 removed"
    assert first_report.id not in footnote("list").out
    assert json.loads(footnote("show", first_report.id, "--json").out)["state"] == "removed"


def test_a_purged_article_is_gone(footnote, hash_library, first_report, second_report):
    footnote("remove", first_report.id)
    erased = footnote("remove", "--purge", first_report.id, second_report.id)
    assert erased.out.splitlines()[2] == "2 erased"
    for each in (first_report, second_report):
        refusal = footnote("show", each.id).refusal
        assert f"no article '{each.id}' in library library" in refusal


def test_removing_says_what_becomes_of_gold_answers(
    footnote, hash_library, first_report, second_report
):
    with Library.open(hash_library) as library:
        for report, start, words in ((first_report, 33, "eleven"), (second_report, 0, "Averly")):
            library.add_gold(f"What is {words}?", [Passage(report.id, start, start + 6, words)])
    removed = footnote("remove", first_report.id)
    assert removed.out.splitlines()[1:] == ["1 removed"]
    assert removed.err == (
        "1 answers of gold items stand in them: 'footnote gold list' shows which\n"
    )
    erased = footnote("remove", "--purge", first_report.id, second_report.id)
    assert erased.err == ""
    assert erased.out.splitlines()[2:] == [
        "2 erased",
        "2 answers of gold items stood in them and are erased too",
    ]
    assert "gold items: 0" in footnote("status").out.splitlines()


def test_backup_and_restore_say_how_much_gold_they_carry(footnote, hash_library):
    assert footnote("backup", "a.db").out == "2 articles written to a.db\n"
    with Library.open(hash_library) as library:
        library.add_gold("Who owned it?", [])
    assert footnote("backup", "b.db").out == "2 articles and 1 gold items written to b.db\n"
    restored = footnote("restore", "b.db", "--library", "other")
    assert restored.out == "2 articles and 1 gold items restored to other\n"


def test_a_removed_article_comes_back(footnote, tiny_library, tiny_encoder, first_report):
    before = footnote("list").out
    footnote("remove", first_report.id)
    back = footnote("remove", "--undo", first_report.id[:8], "--encoder", tiny_encoder)
    assert (back.status, back.err) == (0, "")
    assert back.out.splitlines()[-1] == "1 brought back"
    assert back.out.startswith(first_report.id)
    assert footnote("list").out == before


def test_what_a_newer_version_has_replaced_stays_removed(
    footnote, tiny_library, tiny_encoder, first_report
):
    footnote("remove", first_report.id)
    newer = dataclasses.replace(first_report, title=Sourced("Another title", "header"))
    with Library.open(tiny_library) as library:
        library.add([newer], open_encoder(str(tiny_encoder)))
    back = footnote("remove", "--undo", first_report.id, "--encoder", tiny_encoder)
    assert (back.status, back.out) == (1, "0 brought back\n")
    assert back.err == (
        f"{first_report.id} stays removed: /articles/ferry.txt holds a newer version of it\n"
    )


def test_undoing_what_is_erased_makes_no_sense(footnote, hash_library, first_report):
    wrong = footnote("remove", "--undo", "--purge", first_report.id)
    assert wrong.status == 2
    assert "--undo and --purge contradict each other" in wrong.err


@pytest.mark.parametrize("command", ["show", "remove"])
def test_an_unknown_id_is_one_line(command, footnote, hash_library):
    said = "footnote: no article 'xyz' in library library: 'footnote list' shows the ids\n"
    assert footnote(command, "xyz").refusal == said


@pytest.mark.parametrize("command", ["show", "remove"])
def test_an_ambiguous_beginning_is_one_line(command, footnote, tmp_path):
    articles, seen = [], set()
    for n in range(17):  # more than there are first digits: two ids begin alike
        articles.append(Article(f"Storm {n}.", Sourced(f"{n}", "header"), f"/{n}", "0" * 64))
        if articles[-1].id[0] in seen:
            break
        seen.add(articles[-1].id[0])
    with Library.open(tmp_path / "library", create=True) as library:
        library.add(articles, HashEncoder())
    refusal = footnote(command, articles[-1].id[0]).refusal
    assert f"'{articles[-1].id[0]}' begins several ids (" in refusal
    assert "write more of it" in refusal


def test_removing_nothing_known_removes_nothing(footnote, hash_library, first_report):
    assert footnote("remove", first_report.id, "xyz").refusal
    assert first_report.id in footnote("list").out


def test_status_counts(footnote, hash_library, first_report):
    footnote("remove", first_report.id)
    found = json.loads(footnote("status", "--json").out)
    counts = {key: found[key] for key in ("articles", "removed", "replaced", "sources", "undated")}
    assert counts == {"articles": 1, "removed": 1, "replaced": 0, "sources": 1, "undated": 0}
    lines = footnote("status").out.splitlines()
    assert lines[:2] == ["path: library", "articles: 1"]
    assert "encoder: hash" in lines and "writable: yes" in lines


@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["show", "x"],
        ["remove", "x"],
        ["status"],
        ["check"],
        ["rebuild"],
        ["backup", "b"],
    ],
)
def test_without_a_library_each_command_says_how_to_make_one(command, footnote, tmp_path):
    said = "footnote: no library at library: add articles with 'footnote add PATH'\n"
    assert footnote(*command).refusal == said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["list"], ["add", "a.txt"], ["check"]])
def test_a_library_that_is_a_file_is_one_line(command, footnote, tmp_path):
    (tmp_path / "a.txt").write_text(STORM)
    refused = footnote(*command, "--library", "a.txt")
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert refused.err.startswith("footnote: a.txt is ")
    assert (tmp_path / "a.txt").read_text() == STORM


READ_ONLY = """
import os, sys
from ui.cli import run
run(["list"])  # for all that it imports: nobody may not read every Python
os.setgid(65534); os.setuid(65534)
statuses = [run(["list"]), run(["remove", sys.argv[1]])]
sys.stdout.write(repr(statuses))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become someone with fewer rights")
def test_a_read_only_library_can_be_listed_and_refuses_changes(hash_library, first_report):
    with TemporaryDirectory() as folder:  # one that others may look into, as pytest's own may not
        Path(folder).chmod(0o755)
        library = shutil.copytree(hash_library, Path(folder) / "library")
        ran = subprocess.run(
            [sys.executable, "-c", READ_ONLY, first_report.id],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "FOOTNOTE_LIBRARY": str(library)},
            check=False,
        )
    assert ran.stderr == (
        f"footnote: library {library} is read-only here: change the folder's rights, "
        "or copy it to a place of your own\n"
    )
    assert ran.stdout.count(first_report.id) == 2
    assert ran.stdout.endswith("[0, 1]")


# check, rebuild, backup, restore


def test_check_of_a_sound_library_counts_what_it_saw(footnote, hash_library):
    checked = footnote("check")
    assert checked == type(checked)(0, "2 articles, 4 passages checked\n", "")


def test_check_repairs_what_is_derived(footnote, hash_library):
    for snapshot in hash_library.glob("vectors-*"):
        snapshot.write_bytes(b"torn")
    repaired = footnote("check")
    assert repaired.status == 0
    assert repaired.out.splitlines()[0] == "snapshot: it is missing or damaged (repaired)"
    assert footnote("check").out == "2 articles, 4 passages checked\n"


def test_check_fails_where_an_articles_words_have_changed(footnote, hash_library, first_report):
    with Library.open(hash_library) as library, library._connections.writing() as connection:
        connection.execute("UPDATE article SET text = 'Forged' WHERE id = ?", (first_report.id,))
    checked = footnote("check")
    assert checked.status == 1
    assert checked.out.startswith(f"article {first_report.id}: its text or metadata are not what")
    assert checked.err == "footnote: library library is not sound: 'footnote restore' a backup\n"


def test_rebuild_changes_the_encoder(footnote, hash_library, tiny_encoder, tiny_reader):
    rebuilt = footnote("rebuild", "--encoder", tiny_encoder)
    assert rebuilt == type(rebuilt)(0, "2 articles rebuilt\n", "")
    assert json.loads(footnote("status", "--json").out)["encoder"] == str(tiny_encoder)
    asked = footnote("ask", "Who?", "--encoder", tiny_encoder, "--reader", tiny_reader)
    assert asked.status == 0


def test_a_backup_is_restored_elsewhere(footnote, hash_library, first_report):
    written = footnote("backup", "safe.footnote")
    assert written == type(written)(0, "2 articles written to safe.footnote\n", "")
    restored = footnote("restore", "safe.footnote", "--library", "other")
    assert restored == type(restored)(0, "2 articles restored to other\n", "")
    assert footnote("list", "--library", "other").out == footnote("list").out


def test_restore_overwrites_articles_only_when_told(footnote, hash_library, first_report):
    footnote("backup", "safe.footnote")
    footnote("remove", first_report.id)
    assert "holds 1 articles already" in footnote("restore", "safe.footnote").refusal
    assert first_report.id not in footnote("list").out
    assert footnote("restore", "safe.footnote", "--replace").status == 0
    assert first_report.id in footnote("list").out


def test_a_backup_never_overwrites_something_else(footnote, hash_library, tmp_path):
    (tmp_path / "notes.txt").write_text(STORM)
    assert "notes.txt exists and is no backup" in footnote("backup", "notes.txt").refusal
    assert (tmp_path / "notes.txt").read_text() == STORM
    assert "gone/b: " in footnote("backup", "gone/b").refusal.replace(" cannot", ": cannot")


def test_only_a_backup_can_be_restored(footnote, tmp_path):
    (tmp_path / "notes.txt").write_text(STORM)
    assert "no backup at gone" in footnote("restore", "gone").refusal
    assert "notes.txt" in footnote("restore", "notes.txt").refusal
    assert not (tmp_path / "library").exists()
