"""`footnote eval agreement`: whether agreement and conflict of sources are reported as they are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from ui.cli_eval import Data, LibraryFolder, Limit, Out, Repair, library_for
from ui.console import progress_bar, safe
from ui.options import EncoderOption, ReaderOption

if TYPE_CHECKING:
    from eval.agreement import Found, Outcome


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("agreement")(measure_agreement)


def measure_agreement(
    data: Data,
    out: Out,
    limit: Limit = None,
    library: LibraryFolder = None,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
    repair: Repair = False,
) -> None:
    """Ask questions on which sources agree or differ, and see whether just that is reported."""
    from eval.agreement import evaluate_agreement
    from eval.datasets import read_dataset
    from eval.relevance import voice_by_name
    from eval.results import ready_folder
    from index.embed import open_encoder
    from qa.assistant import Assistant

    questions = read_dataset(data, repair=repair)
    ready_folder(out)
    with (
        library_for(questions, library, open_encoder(encoder)) as (folder, named),
        Assistant.open(folder, reader=reader, encoder=encoder) as assistant,
        progress_bar("asking") as on_progress,
    ):
        found = evaluate_agreement(
            named,
            assistant,
            limit=limit,
            voice_of=voice_by_name(assistant.library),
            on_progress=on_progress,
        )
    found.write(out)
    for line in _told(found):
        typer.echo(line)
    typer.echo(f"written to {safe(str(out))}")


def _told(found: "Found") -> Iterator[str]:
    for measure in found.measures:
        e = measure.estimate
        counted = f"{round(e.value * e.n)} of {e.n}"
        yield f"{measure.name:<29} {e.value:.3f}  ({e.low:.3f} - {e.high:.3f})  {counted}"
    if found.misses:
        yield "\nnot reported as it is:"
    for outcome in found.misses:
        yield from _miss(outcome)


def _miss(outcome: "Outcome") -> Iterator[str]:
    yield f"  {safe(outcome.id)}  {safe(outcome.question)}"
    claims = "; ".join(f"{safe(c.value)} ({c.articles})" for c in outcome.claims)
    yield f"      planted  {outcome.planted or 'neither'}: " + " | ".join(map(safe, outcome.said))
    yield f"      reported {outcome.status}: {claims or 'not answered'}"
