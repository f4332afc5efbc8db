"""Results of an evaluation that is under way, so that a stopped one goes on where it was."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from eval.errors import OutputError
from qa.types import Json

FILE = "unfinished.jsonl"

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
        """The records so far, and the file made ready for more; none of another evaluation.

        Raises OutputError where the folder cannot be written to.
        """
        found = list(self._read())
        if found:
            log.warning("going on after %d questions that %s holds", len(found), self._path)
        self._write([self._head(), *(self._line(record) for record in found)], "w")
        return found

    def keep(self, record: R) -> None:
        """Add one record. Raises OutputError if it cannot be written."""
        self._write([self._line(record)], "a")

    @property
    def _path(self) -> Path:
        return self.folder / FILE

    def _read(self) -> Iterator[R]:
        try:
            lines = self._path.read_text(encoding="utf-8").split("\n")[:-1]
        except (OSError, UnicodeDecodeError):
            return
        if lines[:1] != [self._head()]:
            return
        for line in lines[1:]:
            try:
                yield TypeAdapter(self.record).validate_json(line)
            except ValidationError:  # the last line of a run that was killed is torn
                return

    def _head(self) -> str:
        return json.dumps(self.made_by, sort_keys=True)

    def _line(self, record: R) -> str:
        return TypeAdapter(self.record).dump_json(record).decode()

    def _write(self, lines: list[str], mode: str) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._path.open(mode, encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in lines))
        except OSError as error:
            raise OutputError(
                f"{self._path}: cannot be written ({error.strerror}): name another place"
            ) from error
