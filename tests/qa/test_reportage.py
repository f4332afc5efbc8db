"""How much a text reads like news. All of it is invented."""

import pytest

from qa.reportage import reportage

REPORT = (
    "Two men were rescued from the Saltgate sandbank on Tuesday, the coastguard said. "
    '"They were lucky," a spokeswoman told reporters.'
)
ARTICLE = (
    "The Saltgate sandbank is 4 km long and 300 m wide. It was first charted in 1742 by "
    "the hydrographer Ada Low, after whom its lighthouse is named."
)


def test_a_report_reads_more_like_news_than_an_article_of_an_encyclopaedia():
    assert reportage(ARTICLE) == 0.0
    assert reportage(REPORT) > 2.0


def test_the_same_words_in_a_longer_text_tell_less():
    assert reportage(REPORT + ARTICLE * 9) < reportage(REPORT)


@pytest.mark.parametrize("text", ["", " ", "said", "said " * 1000, "unsaid mondays"])
def test_it_is_bounded_for_any_text(text):
    assert 0.0 <= reportage(text) <= 2.5


def test_parts_of_words_do_not_count():
    assert reportage("Aforesaid toldo, todays lessays") == 0.0
