"""Results of an evaluation that is under way, so that a stopped one goes on where it was."""

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from eval.errors import OutputError
from qa.types import Json

R = TypeVar("R")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unfinished(Generic[R]):
    """The records of one evaluation in a folder, a line each below a line that says which it is.

    Only records of the very same evaluation come back: same data, questions,
    models, library and settings.
    """

    folder: Path
    made_by: Json  # what the evaluation is made from
    record: type[R]

    def load(self) -> list[R]:
        """The records so far, and the file made ready for more.

        Raises OutputError where the folder cannot be written to.
        """
        found, torn = self._read()
        if found:
            log.warning("going on after %d questions that %s holds", len(found), self.file)
        if torn:
            whole = self.file.with_suffix(".tmp")
            self._write(whole, [self._head(), *(self._line(record) for record in found)], "w")
            whole.replace(self.file)
        return found

    def keep(self, record: R) -> None:
        """Add one record. Raises OutputError if it cannot be written."""
        self._write(self.file, [self._line(record)], "a")

    @property
    def file(self) -> Path:
        """Where they are kept: another file for another evaluation."""
        digest = hashlib.sha256(self._head().encode()).hexdigest()[:8]
        return self.folder / f"unfinished-{digest}.jsonl"

    def _read(self) -> tuple[list[R], bool]:
        """The records, and whether the file must be written anew before more are added."""
        try:
            head, *lines, rest = self.file.read_bytes().split(b"\n")
        except (OSError, ValueError):  # none yet, or nothing but a torn head
            return [], True
        if head != self._head().encode():
            return [], True
        found: list[R] = []
        for line in lines:
            try:
                found.append(TypeAdapter(self.record).validate_json(line))
            except ValidationError:
                return found, True
        return found, bool(rest)

    def _head(self) -> str:
        return json.dumps(self.made_by, sort_keys=True)

    def _line(self, record: R) -> str:
        return TypeAdapter(self.record).dump_json(record).decode()

    def _write(self, file: Path, lines: list[str], mode: str) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with file.open(mode, encoding="utf-8") as opened:
                opened.write("".join(f"{line}\n" for line in lines))
        except OSError as error:
            raise OutputError(
                f"{file}: cannot be written ({error.strerror}): name another place"
            ) from error
