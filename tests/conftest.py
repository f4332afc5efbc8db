"""How browser tests start their browser, and where tests keep translated models."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No test fails by the clock: a machine may have other work.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")


def pytest_configure(config: pytest.Config) -> None:
    """What holds for the commands that tests start too.

    Translated models are kept beside pytest's own cache.
    """
    assert config.cache is not None
    os.environ.setdefault("FOOTNOTE_CACHE", str(config.cache.mkdir("models")))
    # A shell's background job begins with Ctrl-C ignored, and so would what tests start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


DEBIAN_CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's chromium where there is one, else the browser that Playwright installed."""
    # As root, and with the small /dev/shm of a container, chromium needs both switches.
    launch = {**browser_type_launch_args, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
    if DEBIAN_CHROMIUM.exists():
        launch["executable_path"] = str(DEBIAN_CHROMIUM)
    return launch


@pytest.fixture(scope="session")
def base_url() -> None:
    """No common address: each test has its own server.

    The plugin's fixture of this name is one that pytest 9 warns of, and warnings are errors.
    """
