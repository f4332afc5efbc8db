import pytest

from index.ingest.furniture import is_furniture, without_counter, without_furniture
from index.ingest.paragraphs import Paragraph


def kept(*lines):
    return [one.text for one in without_furniture([Paragraph(line) for line in lines])]


@pytest.mark.parametrize(
    "line",
    [
        "Source: Read Full Article",
        "Related Posts",
        "ADVERTISEMENT",
        "Advertisement",
        "Story continues below advertisement",
        "1 / 3",
        "Photo 2 of 10",
        "Read more: Council votes to close pool",
        "Share this article",
        "Facebook Twitter WhatsApp Email",
        "This website uses cookies to improve your experience.",
        "Sign up for our morning newsletter",
        "Follow us on Twitter",
        "Subscribe to our daily newsletter.",
        "5 min read",
        "12 comments",
        "FOR IMMEDIATE RELEASE",
        "Skip to main content",
    ],
)
def test_lines_of_the_page_are_furniture(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement spending fell sharply in May.",
        "We use cookies in our recipe, she said, and chocolate.",
        "Subscribe to the idea that all is well",
        "Share",
        "Related",
        "Read more: he said it was over",
        "READ MORE: He said that it was over.",
        "Sources: the ministry",
        "No comment.",
        "Share with me the joy of it",
        "1 / 3 of the town was flooded",
        "",
    ],
)
def test_prose_is_no_furniture(line):
    assert not is_furniture(line)


def test_a_counter_is_cut_from_the_caption_it_is_glued_to():
    assert kept("1 / 3Seventeen people (Photo)") == ["Seventeen people (Photo)"]
    assert without_counter("3/4“No,” he said") == "“No,” he said"


@pytest.mark.parametrize("text", ["1/3 of people left", "9 / 3People", "24/7 service", ""])
def test_a_fraction_stays(text):
    assert without_counter(text) == text


def test_words_that_could_be_prose_go_only_in_company():
    assert kept("It rained.", "Share", "It stopped.") == ["It rained.", "Share", "It stopped."]
    assert kept("It rained.", "Share", "Share this article", "Print") == ["It rained."]
    assert kept("It rained.", "Share", "Print", "Email") == ["It rained."]


def test_headlines_listed_under_related_posts_go_with_it():
    lines = ["It rained.", "Related articles", "Pool roof leaks", "Mayor on holiday", "© 2024 Echo"]
    assert kept(*lines) == ["It rained."]


def test_prose_after_related_posts_stays():
    assert kept("It rained.", "Related Posts", "It stopped.") == ["It rained.", "It stopped."]


def test_end_marks_and_copyright_go_at_the_end_only():
    assert kept("It rained.", "###", "Copyright 2024 The Echo") == ["It rained."]
    assert kept("© 2024 is a sign.", "It rained.") == ["© 2024 is a sign.", "It rained."]


def test_nothing_stays_nothing():
    assert kept() == []
