"""Another pipeline to be measured beside ours, in an environment of its own.

Its libraries need other versions than ours, so it runs as a child process with the
interpreter of an environment that is made once and kept with the translated models.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.bench import haystack_peer
from eval.errors import PeerError
from index.translated import cache_folder

HAYSTACK = (
    "haystack-ai==3.4.0",
    "transformers-haystack==2.0.0",
    "sentence-transformers-haystack==2.0.0",
    "faiss-haystack==3.0.0",
)
_OFFLINE = {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_OFFLINE": "1"}


@dataclass(frozen=True, slots=True)
class Done:
    """An order that was carried out."""

    seconds: float
    result: Any


@dataclass(frozen=True, slots=True)
class Settings:
    """The models, which are ours, and how many passages are read for a question."""

    encoder: Path
    reader: Path
    top_k: int
    threads: int

    def as_json(self, **more: str) -> str:
        """For the child's command line."""
        return json.dumps(
            {
                "encoder": str(self.encoder),
                "reader": str(self.reader),
                "top_k": self.top_k,
                "threads": self.threads,
                **more,
            }
        )


def haystack_python() -> Path:
    """The interpreter of an environment with Haystack, installed now if there is none.

    Raises PeerError where that fails.
    """
    wanted = (f"torch=={version('torch').split('+')[0]}", *HAYSTACK)
    key = hashlib.sha256("\n".join((sys.version, *wanted)).encode()).hexdigest()[:12]
    folder = cache_folder().with_name("peers") / f"haystack-{key}"
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if ready.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True)
        # torch first and alone, as for ourselves: what comes later finds it there.
        for packages in (wanted[:1], wanted[1:]):
            _run([str(python), "-m", "pip", "install", "--quiet", *packages])
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise PeerError(f"Haystack cannot be installed: {said[-1] if said else error}") from error
    ready.touch()
    return python


class Haystack:
    """A running pipeline; ends with the block."""

    def __init__(
        self, python: Path, settings: Settings, *, script: str = haystack_peer.__file__
    ) -> None:
        """Start it; it is ready when the first order is done."""
        self._process = subprocess.Popen(
            [str(python), script, settings.as_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | _OFFLINE,
        )

    def __enter__(self) -> "Haystack":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def order(self, do: str, **given: object) -> Done:
        """Have it do something. Raises PeerError where it ended instead."""
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps({"do": do, **given}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise PeerError(f"Haystack ended when it was told to {do}") from error
        for line in self._process.stdout:
            if line.startswith(haystack_peer.MARK):
                return Done(**json.loads(line.removeprefix(haystack_peer.MARK)))
        raise PeerError(f"Haystack ended when it was told to {do}")


def cold_command(python: Path, settings: Settings, *, store: Path, question: str) -> list[str]:
    """What starts anew with stored passages, and answers one question."""
    environment = [f"{name}={value}" for name, value in _OFFLINE.items()]
    given = settings.as_json(store=str(store), ask=question)
    return ["/usr/bin/env", *environment, str(python), haystack_peer.__file__, given]


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
