"""`footnote serve | demo`: the chat page."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ui.adding import Tally, add_files
from ui.console import progress_bar, wants_color
from ui.options import DEFAULT_LIBRARY, EncoderOption, LibraryOption, ReaderOption
from ui.preparing import prepare_models

DEMO_QUESTIONS = (
    "When was Saltgate Shed 9 built?",
    "How many people were hurt in the Marlhaven tea fire?",
    "Who raised the alarm at the Marlhaven tea warehouse?",
)
EXAMPLES = (*DEMO_QUESTIONS, "Who won the Amirani Cup?", "How tall were the flames at Marlhaven?")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="The port; without it 7860, or the next free one."),
]
Auth = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Names and password hashes; needed for another host."),
]
Mcp = Annotated[bool, typer.Option("--mcp", help="Offer tools to other assistants (MCP) too.")]

Deadline = Annotated[
    float,
    typer.Option(
        min=0.1,
        metavar="SECONDS",
        help="For one answer; after that only the nearest passages are shown.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    app.command("serve")(serve)
    app.command("demo")(demo)


def serve(
    library: LibraryOption = DEFAULT_LIBRARY,
    host: Host = "127.0.0.1",
    port: Port = None,
    auth: Auth = None,
    mcp: Mcp = False,
    deadline: Deadline = 60.0,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Open the chat on this machine; Ctrl-C ends it. A library that is not there is begun."""
    _refuse_early(host, auth, mcp=mcp)
    _begin(library)
    _serve(
        library,
        host=host,
        port=port,
        auth=auth,
        mcp=mcp,
        deadline=deadline,
        reader=reader,
        encoder=encoder,
    )


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Answer three questions in the terminal and exit.")
    ] = False,
    host: Host = "127.0.0.1",
    port: Port = None,
    auth: Auth = None,
    mcp: Mcp = False,
    deadline: Deadline = 60.0,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Put the sample articles into a temporary library, then open the chat on it."""
    _refuse_early(host, auth, mcp=mcp)
    with TemporaryDirectory(prefix="footnote-demo-") as folder:
        library = Path(folder) / "library"
        _add_samples(library, reader=reader, encoder=encoder)
        if once:
            _answer_once(library, reader=reader, encoder=encoder)
        else:
            _serve(
                library,
                host=host,
                port=port,
                auth=auth,
                mcp=mcp,
                deadline=deadline,
                reader=reader,
                encoder=encoder,
                examples=EXAMPLES,
            )


def _refuse_early(host: str, auth: Path | None, *, mcp: bool) -> None:
    """Before models are loaded and articles added for nothing."""
    from ui.auth import users_for
    from ui.mcp_tools import require_mcp

    users_for(host, auth)
    if mcp:
        require_mcp()


def _add_samples(library: Path, *, reader: str | None, encoder: str | None) -> None:
    from index.embed import open_encoder
    from index.ingest import find_files
    from index.library import Library
    from index.sample import SAMPLE_FOLDERS
    from qa.reader import SpanReader

    files, _ = find_files(SAMPLE_FOLDERS)
    opened = open_encoder(encoder)
    prepare_models(opened, SpanReader(reader))
    tally = Tally()
    with (
        Library.open(library, create=True) as shelf,
        shelf.adding(),
        progress_bar("adding the sample articles") as progress,
    ):
        add_files(shelf, opened, files, tally, progress=progress)
    typer.echo(f"{tally.stored} sample articles added (all of them invented)")


def _answer_once(library: Path, *, reader: str | None, encoder: str | None) -> None:
    from qa.assistant import Assistant
    from ui.terminal import answer_text

    with Assistant.open(library, reader=reader, encoder=encoder) as assistant:
        for question in DEMO_QUESTIONS:
            typer.echo(f"\n? {question}")
            typer.echo(answer_text(assistant.ask(question), color=wants_color()))


def _serve(
    library: Path,
    *,
    host: str,
    port: int | None,
    auth: Path | None,
    mcp: bool,
    deadline: float,
    reader: str | None,
    encoder: str | None,
    examples: tuple[str, ...] = (),
) -> None:
    from index.embed import open_encoder
    from qa.assistant import Assistant

    with Assistant.open(library, reader=reader, encoder=encoder) as assistant:
        from ui.measured import MeasuredLibrary
        from ui.server import listen, serve
        from ui.shelf import Shelf

        listen(host, port).close()  # before the reader is loaded for nothing
        assistant.warm_up()
        # An encoder of its own: a question must not wait for a whole file to be encoded.
        with Shelf.open(library, open_encoder(encoder)) as shelf:
            serve(
                assistant,
                host=host,
                port=port,
                auth_file=auth,
                mcp=mcp,
                examples=examples,
                shelf=shelf,
                deadline=deadline,
                measured=MeasuredLibrary(assistant, reader=reader, encoder=encoder),
                on_listening=lambda address: _say_where(address, mcp=mcp),
            )


def _begin(library: Path) -> None:
    """Make the library where nothing is yet, to be filled in the browser."""
    from index.library import Library

    if library.exists():  # what is there and no library is refused on opening
        return
    Library.open(library, create=True).close()
    typer.echo(f"{library} is a new library: add articles in the page's Library view")


def _say_where(address: str, *, mcp: bool) -> None:
    typer.echo(f"Footnote is at {address} (Ctrl-C ends it)")
    if mcp:
        typer.echo(f"its tools are at {address}mcp (MCP over HTTP)")
