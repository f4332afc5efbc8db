import threading
import time

import pytest

from index.errors import EngineError
from index.once import Once


def test_it_is_made_once_whoever_comes_first():
    made = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    once = Once(make)
    assert not made
    found = []
    threads = [threading.Thread(target=lambda: found.append(once.get())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 8


def test_a_failure_is_not_tried_again():
    tried = []

    def make() -> int:
        tried.append(1)
        raise EngineError("no such model")

    once = Once(make)
    for _ in range(2):
        with pytest.raises(EngineError, match="no such model"):
            once.get()
    assert len(tried) == 1


def test_what_is_none_is_made_once_too():
    made = []
    once = Once(lambda: made.append(1))
    assert once.get() is None
    assert once.get() is None
    assert len(made) == 1
