"""Which passages must still be read. Names and events are invented."""

import pytest

from index.types import Hit, Passage
from qa.confidence import EvidenceWeights, Margins
from qa.types import Span
from qa.unread import FIRST, MOST_OF_EVENT, MOST_READ, NEXT, Unread
from qa.weighing import weigh

WEIGHTS = EvidenceWeights(margin=1.0, nearness=10.0, wording=0.0)
MARGINS = Margins(usual=-8.0, most=(4.0,))
HURT = "How many people were hurt on the Lady Merriden?"


def hit(article, text, nearness):
    return Hit(Passage(article, 0, len(text), text), nearness, nearness, None, nearness, 0.0)


def spans(text, words, margin):
    at = text.index(words)
    return [Span(at, at + len(words), margin, 0.0)]


def unread(hits, question=HURT, texts=None):
    def weighed(readings):
        read = [(h, found) for h, found in zip(hits, readings, strict=True) if found]
        return weigh(question, [h for h, _ in read], [found for _, found in read], WEIGHTS)

    texts = texts or {}
    return Unread(question, hits, WEIGHTS, MARGINS, weighed, text_of=lambda id_: texts.get(id_, ""))


BEST = "Nine people were hurt on the Lady Merriden, the mayor said."
DULL = "It rained in the hills and nobody went out."


@pytest.fixture
def fillers():
    return [hit(f"filler{n}", DULL, 0.2) for n in range(FIRST + NEXT)]


def read_first(hits):
    """The readings after the best passage and the first fillers were read."""
    readings = [None] * len(hits)
    readings[0] = spans(BEST, "Nine", 6.0)  # its evidence is 16
    for n in range(1, FIRST):
        readings[n] = []
    return readings


def test_the_most_promising_are_read_first():
    hits = [hit(str(n), DULL, nearness) for n, nearness in enumerate((0.1, 0.9, 0.5, 0.7, 0.3))]
    assert unread(hits).next([None] * 5) == [1, 3, 2, 4][:FIRST]


def test_what_cannot_matter_is_not_read(fillers):
    hits = [hit("best", BEST, 1.0), *fillers]
    assert unread(hits).next(read_first(hits)) == []


@pytest.mark.parametrize(("nearness", "wanted"), [(1.2, True), (1.19, False)])
def test_what_might_be_stronger_than_the_best_is_read(fillers, nearness, wanted):
    # The most that it can have is 10 times its nearness and 4 of the reader, against 16.
    hits = [hit("best", BEST, 1.0), *fillers, hit("near", DULL, nearness)]
    assert unread(hits).next(read_first(hits)) == ([len(hits) - 1] if wanted else [])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The coastguard counted 9 hurt aboard the Lady Merriden.", True),  # agrees
        ("The coastguard counted 9 hurt aboard the Northern Star.", False),  # another ship
        ("The Lady Merriden was built by Tarr and sons.", False),  # no number
        ("Of the Lady Merriden it is said that 900 were drawn to her.", False),  # not the same
    ],
)
def test_what_may_agree_is_read_however_weak(fillers, text, wanted):
    hits = [hit("best", BEST, 1.0), *fillers, hit("other", text, 0.1)]
    assert unread(hits).next(read_first(hits)) == ([len(hits) - 1] if wanted else [])


def test_names_may_stand_elsewhere_in_the_article_that_agrees(fillers):
    text = "The coastguard counted 9 hurt aboard."
    hits = [hit("best", BEST, 1.0), *fillers, hit("other", text, 0.1)]
    asking = unread(hits, texts={"other": "Fire on the Lady Merriden\n\n" + text})
    assert asking.next(read_first(hits)) == [len(hits) - 1]
    assert unread(hits).next(read_first(hits)) == []


@pytest.mark.parametrize(("nearness", "wanted"), [(0.6, True), (0.5, False)])
def test_what_may_contradict_is_read_where_it_is_not_far_behind(fillers, nearness, wanted):
    text = "On the Lady Merriden 14 people were hurt."
    # 6.5 behind 16 is 9.5: 6 and 4 of the reader reach it, 5 and 4 do not.
    hits = [hit("best", BEST, 1.0), *fillers, hit("other", text, nearness)]
    assert unread(hits).next(read_first(hits)) == ([len(hits) - 1] if wanted else [])


@pytest.mark.parametrize(("margin", "wanted"), [(-0.5, True), (-0.6, False)])
@pytest.mark.parametrize(
    ("question", "words", "best", "other"),
    [
        (HURT, "Nine", BEST, "On the Lady Merriden 14 people were hurt."),
        (
            "Who steered the Lady Merriden?",
            "Ada Low",
            "It was Ada Low who steered the Lady Merriden.",
            "The Lady Merriden was steered by Cy Lind.",
        ),
    ],
)
def test_what_may_contradict_a_doubtful_answer_is_not_read(
    fillers, question, words, best, other, margin, wanted
):
    hits = [hit("best", best, 1.0), *fillers, hit("other", other, 0.45)]
    readings = read_first(hits)
    readings[0] = spans(best, words, margin)
    assert unread(hits, question).next(readings) == ([len(hits) - 1] if wanted else [])


def test_the_same_article_does_not_speak_twice(fillers):
    again = "Nine people were hurt on the Lady Merriden, it says again."
    hits = [hit("best", BEST, 1.0), *fillers, hit("best", again, 0.1)]
    assert unread(hits).next(read_first(hits)) == []


def test_without_any_reading_the_next_are_read(fillers):
    readings = [[]] * FIRST + [None] * NEXT
    assert unread(fillers).next(readings) == [*range(FIRST, FIRST + NEXT)]


@pytest.mark.parametrize(("nearness", "wanted"), [(1.1, True), (1.09, False)])
def test_of_a_list_another_item_may_be_a_little_weaker(fillers, nearness, wanted):
    asking = "Which people were hurt on the Lady Merriden?"
    hits = [hit("best", BEST, 1.0), *fillers, hit("near", DULL, nearness)]
    # 11 and 4 of the reader are 1 less than 16.
    assert (len(hits) - 1 in unread(hits, asking).next(read_first(hits))) == wanted


@pytest.mark.parametrize(("found", "enough"), [(2 * MOST_READ, MOST_READ), (50, 25)])
def test_a_better_answer_is_looked_for_in_half_of_them_at_the_most(found, enough):
    words = [chr(97 + n % 26) * 3 + chr(97 + n // 26) * 3 for n in range(found)]
    hits = [hit(w, f"It rained {w} and out.", 1 - n / 1000) for n, w in enumerate(words)]
    asking, readings = unread(hits), [None] * found
    while chosen := asking.next(readings):
        for n in chosen:  # whatever is read, any other may be better
            readings[n] = spans(hits[n].passage.text, words[n], -3.0)
    assert sum(each is not None for each in readings) == enough


def test_when_a_time_is_asked_for_one_that_names_it_may_be_stronger(fillers):
    hits = [hit("best", BEST, 1.0), *fillers, hit("near", DULL, 1.15)]
    at = len(hits) - 1
    # 11.5, 4 of the reader and the bonus for times are more than 16.
    asking = unread(hits, question="When were people hurt on the Lady Merriden?")
    assert at in asking.next(read_first(hits))
    assert unread(hits).next(read_first(hits)) == []


def test_what_was_not_read_counts_as_passages_usually_do():
    hits = [hit("best", BEST, 1.0), hit("other", DULL, 0.5)]
    assert unread(hits).usual_evidence([[], None]) == [10 * 0.5 - 8.0]


TOLD = "Ada Low of the Saltgate station was there."
COUNTED = "It rained in the hills on 30 barns and nobody went out."


@pytest.mark.parametrize(
    ("told", "text", "place", "wanted"),
    [
        (TOLD, COUNTED, MOST_OF_EVENT - 1, True),
        (TOLD, COUNTED, MOST_OF_EVENT, False),
        (TOLD, DULL, MOST_OF_EVENT - 1, False),
        ("Bo Rask was there.", COUNTED, MOST_OF_EVENT - 1, False),
    ],
)
def test_of_the_first_those_are_read_that_tell_of_the_event_with_a_number(
    told, text, place, wanted
):
    hits = [hit("best", BEST, 1.0)]
    hits += [hit(f"filler{n}", DULL, 0.5 - 0.01 * n) for n in range(1, place)]
    hits.append(hit("other", text, 0.3))
    texts = {"best": "It was Ada Low of the Saltgate station.", "other": told}
    chosen = unread(hits, texts=texts).next(read_first(hits))
    assert chosen == ([place] if wanted else [])


@pytest.mark.parametrize(
    ("told", "place", "wanted"),
    [
        (TOLD, MOST_OF_EVENT - 1, True),
        (TOLD, MOST_OF_EVENT, False),
        ("Bo Rask was there.", MOST_OF_EVENT - 1, False),
    ],
)
def test_where_words_are_the_answer_any_passage_on_the_event_may_say_it_otherwise(
    told, place, wanted
):
    best = "The ferry stopped as a chain had snapped, the mayor said."
    hits = [hit("best", best, 1.0)]
    hits += [hit(f"filler{n}", DULL, 0.5 - 0.01 * n) for n in range(1, place)]
    hits.append(hit("other", DULL, 0.3))
    readings = [None] * len(hits)
    readings[0] = spans(best, "a chain had snapped", 6.0)
    texts = {"best": "It was Ada Low of the Saltgate station.", "other": told}
    chosen = unread(hits, "Why did the ferry stop?", texts).next(readings)
    assert chosen == ([place] if wanted else [])
