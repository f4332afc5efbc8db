"""Errors of measuring: each says what was wrong with which input, and what to do."""

from index.errors import FootnoteError


class OutputError(FootnoteError):
    """A place that results cannot be written to."""


class MinimumError(FootnoteError):
    """A minimum that names no measure, or no value."""
