import errno
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from index.errors import FootnoteError
from ui.cli import Commands, app

ROOT = Path(__file__).parents[2]

HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "gradio",
    "fastapi",
    "faiss",
    "trafilatura",
    "numpy",
    "rich",
)
COMMANDS = {  # name -> which of --library, --reader, --encoder it takes
    "add": {"--library", "--encoder"},
    "list": {"--library"},
    "show": {"--library"},
    "remove": {"--library", "--encoder"},
    "status": {"--library"},
    "check": {"--library", "--encoder"},
    "rebuild": {"--library", "--encoder"},
    "backup": {"--library"},
    "restore": {"--library"},
    "ask": {"--library", "--reader", "--encoder"},
    "batch": {"--library", "--reader", "--encoder"},
    "chat": {"--library", "--reader", "--encoder"},
    "cite": set(),
    "serve": {"--library", "--reader", "--encoder"},
    "demo": {"--reader", "--encoder"},
    "verify": {"--library"},
    "report new": set(),
    "report add": {"--library", "--reader", "--encoder"},
    "report note": set(),
    "report move": set(),
    "report remove": set(),
    "report show": set(),
    "report export": set(),
    "gold add": {"--library", "--reader", "--encoder"},
    "gold list": {"--library"},
    "gold remove": {"--library"},
    "gold export": {"--library"},
    "eval reader": {"--reader"},
    "eval robustness": {"--reader"},
    "eval retrieval": {"--library", "--reader", "--encoder"},
    "eval answers": {"--library", "--reader", "--encoder"},
    "eval agreement": {"--library", "--reader", "--encoder"},
    "eval compare": set(),
    "eval followups": {"--library", "--reader", "--encoder"},
    "bench engine": set(),
    "bench adding": set(),
    "bench ask": {"--library"},
    "bench reading": {"--library"},
    "bench search": set(),
    "bench all": {"--library"},
}
ASKING = {"--top-k", "--source", "--after", "--before", "--as-of", "--precision"}


def all_commands() -> dict[str, object]:
    """Every command that there is, by what is typed for it."""
    found = {}
    for name, command in typer.main.get_command(app).commands.items():
        below = getattr(command, "commands", {})
        found |= {f"{name} {each}": inner for each, inner in below.items()} or {name: command}
    return found


def options_of(name: str) -> set[str]:
    return {option for param in all_commands()[name].params for option in param.opts}


def test_the_commands_are_those_of_the_contract():
    assert set(all_commands()) == set(COMMANDS)


@pytest.mark.parametrize(("name", "needed"), COMMANDS.items())
def test_each_command_takes_what_names_its_library_and_models(name, needed):
    named = {"--library", "--reader", "--encoder"}
    assert options_of(name) & named == needed


@pytest.mark.parametrize("name", ["ask", "batch", "chat"])
def test_whoever_asks_can_filter(name):
    assert options_of(name) >= ASKING


@pytest.mark.parametrize("name", COMMANDS)
def test_help_explains_the_command_and_each_option(name, footnote):
    shown = footnote(*name.split(), "--help")
    assert shown.status == 0
    assert shown.out.startswith(f"Usage: footnote {name} ")
    assert shown.err == ""
    command = all_commands()[name]
    assert command.help
    unexplained = [
        param.name
        for param in command.params
        if param.param_type_name == "option" and not param.help
    ]
    assert unexplained == []


@pytest.mark.parametrize("name", all_commands())
def test_the_readme_shows_every_command(name):
    shown = r"\bfootnote (?:.*\b)?" + r"\b.*\b".join(name.split()) + r"\b"
    assert re.search(shown, (ROOT / "README.md").read_text()), f"README.md lacks: footnote {name}"


def test_the_version_is_that_of_the_project(footnote):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert footnote("--version").out == f"footnote {project['version']}\n"


@pytest.mark.parametrize("group", [[], ["eval"], ["gold"]])
def test_without_a_command_the_help_is_shown(group, footnote):
    shown = footnote(*group)
    assert (shown.status, shown.out) == (2, "")
    assert shown.err.startswith(" ".join(["Usage: footnote", *group]))
    assert "Commands:\n" in shown.err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["nonsense"], "footnote: No such command 'nonsense' (see 'footnote --help')"),
        (["--nonsense"], "footnote: No such option: --nonsense (see 'footnote --help')"),
        (["ask"], "footnote ask: Missing argument 'QUESTION'"),
        (["ask", "Who", "won?"], "footnote ask: Got unexpected extra argument"),
        (["add"], "footnote add: Missing argument 'PATH...'"),
        (["ask", "?", "--top-k", "0"], "'--top-k': Input should be greater than or equal to 1"),
        (["ask", "?", "--top-k", "many"], "'--top-k'"),
        (["ask", "?", "--after", "nonsense"], "'nonsense' is not a day: write it as 2024-03-31"),
        (["batch", "-", "--before", "2024-02-30"], "'2024-02-30' is not a day"),
        (["ask", "?", "--precision", "2"], "'--precision'"),
        (["ask", "?", "--precision", "nan"], "'--precision'"),
        (["serve", "--port", "65536"], "'--port'"),
        (["eval", "reader", "x.json"], "footnote eval reader: Missing option '--out'"),
        (["eval", "answers", "--out", "o"], "'DATA' / '--gold': give one of these two"),
        (["eval", "answers", "x.json", "--gold", "--out", "o"], "give one of these two"),
        (["eval", "reader", "x", "--out", "o", "--min", "f2=1"], "'f2' is no measure of reader"),
        (["eval", "retrieval", "x", "--out", "o", "--min", "mrr=70"], "write it as mrr=0.7"),
        (["gold", "add", "Who?"], "'--answer' / '--confirm' / '--no-answer': give one of these"),
        (["gold", "add", "Who?", "--confirm", "--no-answer"], "give one of these three"),
        (["gold", "add", "Who?", "--no-answer", "--start", "3"], "they say where --answer stands"),
        (["gold", "add", "Who?", "--confirm", "--article", "a"], "they say where --answer stands"),
        (["gold", "add", "Who?", "--answer", "x", "--start", "-1"], "'--start'"),
        (["gold", "remove"], "footnote gold remove: Missing argument 'ID...'"),
    ],
)
def test_wrong_usage_is_one_line_and_status_two(wrong, said, footnote):
    refused = footnote(*wrong)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.count("\n") == 1
    assert said in refused.err


def test_importing_the_command_line_loads_nothing_heavy():
    script = f"import sys, ui.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert shown.stdout == "[]\n"


@pytest.fixture
def ending_with():
    """Run a command that ends by raising this."""
    probe = typer.Typer(cls=Commands)
    raised = []

    @probe.callback()
    def group() -> None:
        pass

    @probe.command()
    def end() -> None:
        raise raised.pop()

    def ending(error: BaseException):
        raised.append(error)
        return CliRunner().invoke(probe, ["end"])

    return ending


def test_what_a_user_can_cure_is_one_line_and_status_one(ending_with):
    ended = ending_with(FootnoteError("no library at\n'\x1b[2Jx': add articles"))
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "footnote: no library at '[2Jx': add articles\n"


def test_control_c_is_status_130(ending_with):
    ended = ending_with(KeyboardInterrupt())
    assert (ended.exit_code, ended.stdout, ended.stderr) == (130, "", "footnote: stopped\n")


def test_a_failing_system_is_one_line_that_names_the_file(ending_with):
    ended = ending_with(OSError(errno.EIO, "Input/output error", "/mnt/usb/a.txt"))
    assert ended.exit_code == 1
    assert ended.stderr == "footnote: /mnt/usb/a.txt: Input/output error\n"


def test_our_own_mistakes_are_not_hidden(ending_with):
    ended = ending_with(ZeroDivisionError("ours"))
    assert isinstance(ended.exception, ZeroDivisionError)


def in_a_shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `footnote` is this one."""
    command = f'footnote() {{ "{sys.executable}" -m ui.cli "$@"; }}; {line}'
    places = {**os.environ, "PYTHONPATH": str(ROOT), "FOOTNOTE_LIBRARY": str(folder)}
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=places, check=False
    )


def test_a_reader_of_the_output_may_leave_early(hash_library):
    ended = in_a_shell('footnote list | true; echo "${PIPESTATUS[0]}"', hash_library)
    assert ended.stderr == ""
    assert ended.stdout == "141\n"  # what a shell reports of any program ended by a closed pipe


def test_a_full_disk_is_one_line(hash_library):
    ended = in_a_shell("footnote list > /dev/full", hash_library)
    assert (ended.returncode, ended.stderr) == (1, "footnote: No space left on device\n")


def test_a_closed_output_harms_nothing(hash_library):
    ended = in_a_shell("footnote list --json >&-", hash_library)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_an_output_that_lacks_a_character_goes_on_without_it(hash_library):
    line = "PYTHONIOENCODING=latin-1 footnote show $(footnote list | head -c 16)"
    ended = in_a_shell(line, hash_library)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "?We had everyone off within forty minutes,? said" in ended.stdout
