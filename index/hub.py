"""Where a model lies that the user named, and which files are it.

Only a hub name that is not yet on this machine uses the network.
"""

import json
from pathlib import Path

from index.errors import EngineError, first_line

WANTED = ("*.safetensors", "*.json", "*.txt", "*.model")  # never a pickle


def model_folder(name: str) -> Path:
    """The folder of this model. Raises EngineError if there is no such model."""
    try:
        folder = Path(name).expanduser()
    except RuntimeError as error:  # ~nobody
        raise EngineError(f"it is no folder: {error}") from error
    return folder.resolve() if folder.is_dir() else _from_hub(name)


def model_files(folder: Path) -> list[Path]:
    """The files that say what the model computes: its own and those of its modules, no others.

    A folder may hold a training run's checkpoints too; those are other models.
    """
    folders = [folder, *(folder / name for name in _modules(folder) if name)]
    found = {path for each in folders for glob in WANTED for path in each.glob(glob)}
    return sorted(path for path in found if path.is_file())


def weight_files(folder: Path) -> list[Path]:
    """Those of them that hold weights."""
    return [path for path in model_files(folder) if path.suffix == ".safetensors"]


def _modules(folder: Path) -> list[str]:
    """The folders that a Sentence Transformers model names; none for other models."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return [str(module["path"]) for module in modules]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _from_hub(name: str) -> Path:
    import httpx2
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = list(WANTED)
    try:
        try:
            here = Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
            # Someone may have fetched only its tokenizer.
            if weight_files(here) and (here / "config.json").is_file():
                return here
        except LocalEntryNotFoundError:
            pass
        return Path(snapshot_download(name, allow_patterns=wanted))
    except HFValidationError as error:
        raise EngineError(
            "it is neither a folder here nor a name that the hub could have"
        ) from error
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, httpx2.HTTPError) as error:
        raise EngineError(
            "it is neither a folder here nor a model that can be fetched from the hub"
            f" ({first_line(error)})"
        ) from error
