"""Models in the form that the engine runs, made once and kept in a cache.

A child process that has torch translates a model (`index.translate`); this
process never imports torch. What is in the cache is whole or not there: it is
made under another name, brought to the disk, and then renamed. Its key covers
the model's files, the code that translates and the versions of the libraries.
"""

import hashlib
import json
import logging
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, Self

from index.errors import EngineError
from index.hub import model_files

Kind = Literal["embedding", "spans"]
Precision = Literal["int8", "bf16", "f32"]

KEPT = 12  # models in the cache; the ones that were not used for longest go first
_TOOK_PART = ("openvino", "torch", "transformers", "sentence-transformers", "tokenizers")
_CODE = ("translate.py", "torch_models.py", "int8.py")
_ENTRY = re.compile(r"[0-9a-f]{32}")
_SMALL = 4_000_000  # bytes that are hashed faster than looked up
_SECONDS = 600  # that a model may take

log = logging.getLogger(__name__)
_own_folder_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class About:
    """What the engine has to know of a model beside its graph."""

    kind: Kind
    max_tokens: int  # the longest input, special tokens included
    pad_id: int
    type_ids: bool  # whether it is told which tokens are the question's
    null_id: int | None = None  # the token whose logits stand for no answer; None: the first
    f32: bool = False  # whether bf16 gives something else than torch, or takes as long here
    int8: bool = False  # whether int8 takes less time than either and costs nothing
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
    def model_int8(self) -> Path:
        """The same with weights in int8; only there where `about.int8` is set."""
        return self.folder / "model_int8.xml"

    @property
    def tokenizer(self) -> Path:
        """In the form of the library `tokenizers`; only encoders that run in torch may lack it."""
        return self.folder / "tokenizer.json"

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """What is in this folder; None where it is missing or not whole."""
        try:
            recorded = json.loads((folder / "about.json").read_text(encoding="utf-8"))
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
        text = json.dumps(asdict(self.about) | {"sizes": sizes})
        (self.folder / "about.json").write_text(text, encoding="utf-8")


def translated(
    folder: Path, kind: Kind, *, name: str, instead_of: Translated | None = None
) -> Translated:
    """The model in the form of the engine, from the cache or made now.

    name: what to call it. instead_of: one from the cache that turned out to be
    damaged. Where torch can run the model and the engine cannot,
    `about.untranslatable` says why. Raises EngineError where the model cannot
    be loaded at all.
    """
    place = cache_folder() / _key(folder, kind)
    if instead_of is None and (found := Translated.read(place)):
        _mark_used(place)
        return found
    damaged = _stamp(place) if instead_of else None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place, name):
            # Another process may have made it while this one waited.
            found = None if _stamp(place) == damaged else Translated.read(place)
            found = found or _made(folder, kind, name, place)
            _forget_old(place.parent, keep=place)
            return found
    except OSError as error:
        return _kept_for_this_process(folder, kind, name, place, error)


def _kept_for_this_process(
    folder: Path, kind: Kind, name: str, place: Path, error: OSError
) -> Translated:
    with _own_folder_lock:
        own = Path(_own_folder()) / place.name
        if found := Translated.read(own):
            return found
        log.warning(
            "models cannot be kept in %s (%s) and are prepared anew each time: name another "
            "folder in FOOTNOTE_CACHE",
            place.parent,
            error.strerror or error,
        )
        try:
            return _made(folder, kind, name, own)
        except OSError as again:
            raise EngineError(
                f"its prepared form cannot be written to {own.parent} either "
                f"({again.strerror or again}): make room there"
            ) from again


def cache_folder() -> Path:
    """Where translated models are kept: in FOOTNOTE_CACHE, or the user's folder for such things."""
    if named := os.environ.get("FOOTNOTE_CACHE"):
        return Path(named) / "models"
    from platformdirs import user_cache_path

    return user_cache_path("footnote", appauthor=False) / "models"


def _key(folder: Path, kind: Kind) -> str:
    digest = hashlib.sha256(kind.encode())
    digest.update(_cpu().encode())
    for code in _CODE:
        digest.update(bytes.fromhex(sha256(Path(__file__).with_name(code))))
    for package in _TOOK_PART:
        digest.update(f" {package} {_version(package)}".encode())
    for file in model_files(folder):
        digest.update(f" {file.relative_to(folder)} ".encode())
        digest.update(bytes.fromhex(sha256(file)))
    return digest.hexdigest()[:32]


@cache
def _cpu() -> str:
    """What kind of CPU this is: which precision is the faster differs from one to the next."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    named = [line for line in lines if line.startswith(("model name", "flags", "Features"))]
    return "\n".join(dict.fromkeys(named))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def sha256(file: Path) -> str:
    """Of the file's bytes, hex; computed once for each place, size and time of a file.

    Hashing the weights would be a tenth of the time of a first answer.
    """
    status = file.stat()
    return _sha256(file.resolve(), status.st_size, status.st_mtime_ns, status.st_ino)


@cache
def _sha256(file: Path, size: int, mtime: int, inode: int) -> str:
    if size < _SMALL:
        return _hashed(file)
    of = hashlib.sha256(f"{file}\0{size}\0{mtime}\0{inode}".encode("utf-8", "replace"))
    noted = cache_folder().with_name("sha256") / of.hexdigest()
    try:
        digest = noted.read_text(encoding="ascii")
        if re.fullmatch(r"[0-9a-f]{64}", digest):
            return digest
    except (OSError, UnicodeDecodeError):
        pass
    digest = _hashed(file)
    try:
        noted.parent.mkdir(parents=True, exist_ok=True)
        written = noted.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        written.write_text(digest, encoding="ascii")
        written.replace(noted)
    except OSError:
        pass  # a cache that cannot be written: it is hashed each time
    return digest


def _hashed(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _stamp(place: Path) -> tuple[int, int] | None:
    """Tells one making of an entry from another; None where there is none."""
    try:
        status = (place / "about.json").stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


@contextmanager
def _locked(place: Path, name: str) -> Iterator[None]:
    """Alone with this entry. Raises EngineError where another process does not come to an end."""
    from filelock import FileLock, Timeout

    lock = FileLock(place.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log.warning("another process is preparing %s: waiting for it", name)
        try:
            lock.acquire(timeout=_SECONDS)
        except Timeout as error:
            raise EngineError(f"another process has been preparing it for {_SECONDS} s") from error
    try:
        yield
    finally:
        lock.release()


def _made(folder: Path, kind: Kind, name: str, place: Path) -> Translated:
    """Translate into a folder beside, then rename it. Raises OSError where it cannot be written."""
    log.warning("preparing %s for this machine, once: it takes about 10 seconds", name)
    for left_over in place.parent.glob(f"{place.name}.making-*"):  # of one that was killed
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{place.name}.making-", dir=place.parent) as making:
        whole = Path(making) / "whole"
        whole.mkdir()
        _translate(folder, kind, whole)
        for path in (*whole.iterdir(), whole):
            _bring_to_disk(path)
        if place.exists():
            shutil.rmtree(place)
        whole.rename(place)
    made = Translated.read(place)
    if made is None:
        raise EngineError(f"{place} was written and cannot be read: check the disk")
    return made


def _bring_to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _translate(folder: Path, kind: Kind, into: Path) -> None:
    """Run the child and pass on what it says. Raises EngineError, OSError for a full disk."""
    # -P: a file named json.py in the working folder must not become our json.
    code = "from index.translate import main; main()"
    command = [sys.executable, "-P", "-c", code, kind, str(folder), str(into)]
    places = os.pathsep.join(place for place in sys.path if place)
    # The model lies here: no library may look for a newer one.
    ours = {"PYTHONPATH": places, "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(
            command,
            env=os.environ | ours,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"preparing it took more than {_SECONDS} s") from error
    if done.returncode < 0:
        raise EngineError(
            f"preparing it was ended by signal {-done.returncode}: is there too little memory?"
        )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        _raise_what_it_said(lines[-1] if lines else "preparing it ended without a word")


DISK = "disk "  # how the child begins a line about what could not be written


def _raise_what_it_said(line: str) -> None:
    if line.startswith(DISK):
        number, _, reason = line.removeprefix(DISK).partition(" ")
        raise OSError(int(number), reason)
    raise EngineError(line)


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
    """Remove the models that were not used for longest; a model in use stays readable on Linux."""
    used = []
    for path in root.iterdir():
        if _ENTRY.fullmatch(path.name) and path != keep:
            try:
                used.append((path.stat().st_mtime, path))
            except OSError:
                continue  # another process has just removed it
    for _, old in sorted(used, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
