"""Our own sample articles: invented events, people and outlets, in several formats."""

from pathlib import Path

SAMPLE_FOLDERS = (Path(__file__).parent / "articles", Path(__file__).parent / "blind")
