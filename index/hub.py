"""Where a model lies that the user named: a folder, or the hub's copy on this machine.

Only a hub name that is not yet on this machine uses the network.
"""

from pathlib import Path

from index.errors import EngineError

WANTED = ("*.safetensors", "*.json", "*.txt", "*.model")  # never a pickle


def model_folder(name: str) -> Path:
    """The folder of this model. Raises EngineError if there is no such model."""
    folder = Path(name).expanduser()
    return folder.resolve() if folder.is_dir() else _from_hub(name)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = list(WANTED)
    try:
        try:
            return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
        except LocalEntryNotFoundError:
            return Path(snapshot_download(name, allow_patterns=wanted))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise EngineError(
            "it is neither a folder here nor a model that can be fetched from the hub"
        ) from error
