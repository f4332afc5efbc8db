"""Errors of the index, each with what was wrong, with which input, and what to do."""


class FootnoteError(Exception):
    """Base of every error that a user can cause and cure; its text is one line."""


class IngestError(FootnoteError):
    """A file or folder that cannot be read as an article."""


class LibraryError(FootnoteError):
    """A library that is missing, damaged, locked, or made by something else."""


class LibraryBusy(LibraryError):
    """Another process is adding to the library, and the caller did not want to wait."""


class EncoderMismatch(LibraryError):
    """The library's embeddings were made by another encoder."""


class EncoderError(FootnoteError):
    """An encoder that cannot be loaded."""


class FilterError(FootnoteError):
    """A filter that means nothing, such as a date that is none."""


class EngineError(FootnoteError):
    """A model that the engine cannot load; whoever asked for it says which it was."""


def first_line(error: BaseException) -> str:
    """What to say of an error in one line."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
