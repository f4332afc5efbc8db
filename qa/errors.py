"""Errors of answering: each says what was wrong with which input, and what to do."""

from index.errors import FootnoteError


class QuestionError(FootnoteError):
    """A question that cannot be asked: empty, or far too long."""


class ReaderError(FootnoteError):
    """A reader that cannot be loaded."""


class GoldError(FootnoteError):
    """A gold item that cannot be kept as it was given, or gold items that cannot be written."""


class DatasetError(FootnoteError):
    """A question-answering data set that is missing or not of the form expected."""


class CitationError(FootnoteError):
    """A citation that cannot be read, printed or checked."""


class ReportError(FootnoteError):
    """A report that cannot be read, changed or written."""
