"""Errors of measuring: each says what was wrong with which input, and what to do."""

from index.errors import FootnoteError


class OutputError(FootnoteError):
    """A place that results cannot be written to."""


class ResultsError(FootnoteError):
    """Results of an evaluation that are missing, damaged, or of other questions."""


class Stopped(FootnoteError):
    """Whoever measures has had enough: questions end as at Ctrl-C, and what is done counts."""


class MinimumError(FootnoteError):
    """A minimum that names no measure, or no value."""


class PeerError(FootnoteError):
    """A pipeline to be measured beside ours that cannot be installed, or fails."""
