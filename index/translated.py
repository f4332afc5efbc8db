"""Models in the form that the engine runs, made once and kept in a cache.

A child process that has torch translates a model (`index.translate`); this
process never imports torch. What is in the cache is whole or not there: it is
made under another name and then renamed. Its key covers every file of the model
and the versions of the libraries that took part.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, Self

from index.errors import EngineError

Kind = Literal["embedding", "spans"]

FORM = 1  # raised when a translation of this code differs from an earlier one's
KEPT = 12  # models in the cache; the ones that were not used for longest go first
_TOOK_PART = ("openvino", "torch", "transformers", "sentence-transformers", "tokenizers")
_MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class About:
    """What the engine has to know of a model beside its graph."""

    kind: Kind
    max_tokens: int  # the longest input, special tokens included
    pad_id: int
    type_ids: bool  # whether it is told which tokens are the question's
    dimension: int = 0  # of an embedding
    query_prompt: str = ""
    passage_prompt: str = ""
    untranslatable: str = ""  # why the engine cannot run it, where it cannot

    @property
    def per_token(self) -> bool:
        """Whether each token has an output of its own."""
        return self.kind == "spans"


@dataclass(frozen=True, slots=True)
class Translated:
    """A folder with a translated model, its tokenizer and what is known of it."""

    folder: Path
    about: About

    @property
    def model(self) -> Path:
        """OpenVINO's form; the weights lie beside it."""
        return self.folder / "model.xml"

    @property
    def tokenizer(self) -> Path:
        """In the form of the library `tokenizers`."""
        return self.folder / "tokenizer.json"

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """What is in this folder; None where it is missing or not whole."""
        try:
            recorded = json.loads((folder / "about.json").read_text())
            sizes = recorded.pop("sizes")
            if any((folder / name).stat().st_size != size for name, size in sizes.items()):
                return None
            return cls(folder, About(**recorded))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def record(self) -> None:
        """Write what is known of it, with the sizes of its files, into the folder."""
        files = [path for path in self.folder.iterdir() if path.name != "about.json"]
        sizes = {path.name: path.stat().st_size for path in files}
        (self.folder / "about.json").write_text(json.dumps(asdict(self.about) | {"sizes": sizes}))


def translated(folder: Path, kind: Kind, *, name: str) -> Translated:
    """The model in the form of the engine, from the cache or made now; name: what to call it.

    Where torch can run it and the engine cannot, `about.untranslatable` says why.
    Raises EngineError where the model cannot be loaded at all.
    """
    from filelock import FileLock

    place = cache_folder() / _key(folder, kind)
    if found := Translated.read(place):
        _mark_used(place)
        return found
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(place.with_suffix(".lock")).acquire()
    except OSError as error:
        own = Path(_own_folder()) / place.name
        if found := Translated.read(own):
            return found
        log.warning(
            "no models can be kept in %s (%s): they are prepared anew each time; name another "
            "folder in FOOTNOTE_CACHE",
            place.parent,
            error.strerror or error,
        )
        return _made(folder, kind, name, own)
    with held:
        # Another process may have made it while this one waited.
        found = Translated.read(place) or _made(folder, kind, name, place)
        _forget_old(place.parent, keep=place)
    return found


def cache_folder() -> Path:
    """Where translated models are kept: FOOTNOTE_CACHE, or the user's folder for such things."""
    if named := os.environ.get("FOOTNOTE_CACHE"):
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("footnote", appauthor=False) / "models"


def _key(folder: Path, kind: Kind) -> str:
    digest = hashlib.sha256(f"{FORM} {kind}".encode())
    for package in _TOOK_PART:
        digest.update(f" {package} {_version(package)}".encode())
    for file in sorted({path for glob in _MODEL_FILES for path in folder.rglob(glob)}):
        digest.update(f" {file.relative_to(folder)} ".encode())
        digest.update(bytes.fromhex(sha256(file)))
    return digest.hexdigest()[:32]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def sha256(file: Path) -> str:
    """Of the file's bytes, hex; computed once for each size and time of a file."""
    status = file.stat()
    return _sha256(file.resolve(), status.st_size, status.st_mtime_ns)


@cache
def _sha256(file: Path, size: int, mtime: int) -> str:
    del size, mtime  # a changed file is another key
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _made(folder: Path, kind: Kind, name: str, place: Path) -> Translated:
    """Translate into a folder beside, then rename it: whole or not there."""
    log.warning("preparing %s for this machine, once: it takes about 10 seconds", name)
    shutil.rmtree(place, ignore_errors=True)
    for left_over in place.parent.glob(f"{place.name}.making-*"):  # of one that was killed
        shutil.rmtree(left_over, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{place.name}.making-", dir=place.parent) as making:
        whole = Path(making) / "whole"
        whole.mkdir()
        _translate(folder, kind, whole)
        if Translated.read(whole) is None:
            raise EngineError(f"{folder} could not be prepared: nothing came of it")
        whole.rename(place)
    made = Translated.read(place)
    if made is None:
        raise EngineError(f"{place} was written and cannot be read: is the disk full?")
    return made


def _translate(folder: Path, kind: Kind, into: Path) -> None:
    """Run `python -m index.translate` and pass on what it says. Raises EngineError."""
    command = [sys.executable, "-m", "index.translate", kind, str(folder), str(into)]
    # The model lies here: no library may look for a newer one.
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=600,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"{folder} could not be prepared within 10 minutes") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise EngineError(lines[-1] if lines else f"preparing {folder} ended with no word")


def forget(form: Translated) -> None:
    """Drop a translated model from the cache: it turned out to be damaged."""
    shutil.rmtree(form.folder, ignore_errors=True)


@cache
def _own_folder() -> str:
    """A folder of this process, gone at its end."""
    import atexit

    folder = tempfile.mkdtemp(prefix="footnote-models-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _mark_used(place: Path) -> None:
    try:
        os.utime(place)
    except OSError:
        pass  # a cache that can only be read serves as well


def _forget_old(root: Path, *, keep: Path) -> None:
    """Remove the models that were not used for longest; one in use stays readable on Linux."""
    found = [path for path in root.iterdir() if path.is_dir() and ".making-" not in path.name]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in found[KEPT:]:
        if old != keep:
            shutil.rmtree(old, ignore_errors=True)
