from concurrent.futures import ThreadPoolExecutor

import pytest

from index.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t \r\n \n"])
def test_text_without_words_has_no_sentences(text: str):
    assert sentences(text) == []


def test_spans_are_tight_and_exact():
    assert sentence_spans("  One here.  Two there. ") == [(2, 11), (13, 23)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Lt. Karim Rahimov met Gen. Ann Q. Roe of the U.S. Army.",
        "Mr. Smith and Dr. Jones paid $1.3 million to Acme Inc. in Oct. 2019.",
        "The attack began at 3:23 a.m. local time.",
        "See No. 5 of the list.",
        "“We go now,” he said.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(sentence: str):
    assert sentences(f"It rained. {sentence} They left.") == ["It rained.", sentence, "They left."]


@pytest.mark.parametrize("word", ["month", "bank", "week", "park", "York", "luck", "no", "life"])
@pytest.mark.parametrize("following", ["Officials agreed.", "“Stop,” she said.", "The end."])
def test_ordinary_words_end_a_sentence(word: str, following: str):
    assert sentences(f"It was the {word}. {following}") == [f"It was the {word}.", following]


def test_closing_quotes_stay_with_their_sentence():
    assert sentences('He said: "We won." “Really?” she asked. (They had.) Then rain.') == [
        'He said: "We won."',
        "“Really?” she asked.",
        "(They had.)",
        "Then rain.",
    ]


@pytest.mark.parametrize("blank", ["\n\n", "\n \t\n", "\r\n\r\n", "\n\n\n\n"])
def test_a_blank_line_ends_a_sentence(blank: str):
    assert sentences(f"No full stop here{blank}and none there") == [
        "No full stop here",
        "and none there",
    ]


def test_a_cross_head_stands_alone():
    text = (
        "Tens of thousands of people were killed during the long war of the nineties.\n"
        "- Rise in crime -\n"
        "In recent years the country has struggled with crime in its cities."
    )
    assert sentences(text)[1] == "- Rise in crime -"
    assert len(sentences(text)) == 3


def test_prose_wrapped_to_a_page_is_not_broken_at_its_lines():
    text = (
        "The minister said that the new bridge over the river near\n"
        "Ostrava would open to traffic in the spring of next year. It\n"
        "cost nine million."
    )
    assert sentences(text) == [
        text[: text.index(" It\n")],
        "It\ncost nine million.",
    ]


def test_lines_that_are_paragraphs_end_a_sentence_each():
    long = "word " * 40
    assert sentences(f"{long}\nSecond line has no stop\nThird line") == [
        long.strip(),
        "Second line has no stop",
        "Third line",
    ]


def test_a_long_line_takes_no_long_time():
    assert len(sentence_spans("The dog barked at the moon. " * 4000)) == 4000


def test_many_threads_find_the_same_sentences():
    texts = [f"Mr. Smith met {n} people. Lt. Roe did not. See No. {n}." * 5 for n in range(60)]
    alone = [sentence_spans(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(sentence_spans, texts)) == alone


def test_a_line_that_begins_in_the_middle_of_a_sentence_goes_on():
    text = "The minister\nsaid that the new bridge over the river would open soon."
    assert sentences(text) == [text]
