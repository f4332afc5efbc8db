import gzip
import json
import os
import random
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.duplicates import (
    MINIMA,
    Sketch,
    are_copies,
    resembling,
    share_facts,
    sketch,
    wording,
)

STORIES = Path(__file__).parent / "stories"
WIRE, REPORT, OTHER = (
    (STORIES / f"{name}.txt").read_text(encoding="utf-8").strip()
    for name in ("wire", "report", "choir")
)
DEV = Path(os.environ.get("FOOTNOTE_DATA", "../shared")) / "data" / "dev"


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!\"])\s+(?=[A-Z\"])", text)


def edited(text: str, share: float, *, seed: int = 0) -> str:
    """This share of the words replaced by words of another story."""
    chance, others = random.Random(seed), OTHER.split()
    return re.sub(
        r"\S+", lambda word: chance.choice(others) if chance.random() < share else word[0], text
    )


def trimmed(text: str, kept: int) -> str:
    """The first sentences."""
    return " ".join(sentences(text)[:kept])


def copies(one: str, other: str) -> bool:
    """Both ways round, and nothing of what is found may be lost by the sketches."""
    a, b = wording(one), wording(other)
    found = are_copies(a, b)
    assert are_copies(b, a) == found
    if found:
        assert resembling(sketch(a).minima, sketch(b).minima[np.newaxis]).tolist() == [0]
        assert share_facts(sketch(a), sketch(b)) and share_facts(sketch(b), sketch(a))
    return found


def test_a_wording_is_runs_of_three_words_and_the_names_and_figures():
    found = wording("The ferry sank. “The Ferry,” said Ann-Marie in 1974, “sank!”")
    assert found.opening == {"the ferry sank", "ferry sank the"}
    assert found.rest == {
        "sank the ferry",
        "the ferry said",
        "ferry said ann",
        "said ann marie",
        "ann marie in",
        "marie in 1974",
        "in 1974 sank",
    }
    assert found.facts == {"ann", "marie", "1974", "the"}


def test_a_text_without_words_is_no_copy_of_another():
    assert not copies("", "")
    assert not copies("...", "Two words")


@pytest.mark.parametrize("share", [0.02, 0.1, 0.15])
def test_a_story_with_words_changed_is_a_copy(share):
    assert all(copies(WIRE, edited(WIRE, share, seed=seed)) for seed in range(20))


def test_a_story_with_a_fifth_of_its_words_changed_is_mostly_found():
    assert sum(copies(WIRE, edited(WIRE, 0.2, seed=seed)) for seed in range(50)) >= 45


def test_a_story_of_which_four_words_in_ten_are_others_is_another():
    assert not any(copies(WIRE, edited(WIRE, 0.4, seed=seed)) for seed in range(20))


def test_agency_copy_trimmed_with_a_headline_and_byline_of_its_own_is_a_copy():
    assert len(sentences(WIRE)) == 12
    body = edited(trimmed(WIRE, 7), 0.03)
    reprint = f"Bridge to Tuvholm blocked by drifting barge\n\nBy our correspondent\n\n{body}"
    assert copies(WIRE, reprint)


def test_paragraphs_in_another_order_are_a_copy():
    paragraphs = WIRE.split("\n\n")
    assert copies(WIRE, "\n\n".join(reversed(paragraphs)))


def test_a_story_with_quotes_and_a_new_ending_is_a_copy():
    paragraphs = WIRE.split("\n\n")
    more = REPORT.split("\n\n")[3]
    assert copies(WIRE, "\n\n".join([*paragraphs[:4], more, *paragraphs[4:], OTHER[:300]]))


def test_marks_case_and_line_breaks_make_no_difference_even_to_a_short_text():
    assert copies("Nine ships of Marsal sank.", "NINE SHIPS\nof MARSAL sank") is False
    assert copies("Nine ships of Marsal sank.", "Nine ships\nof Marsal “sank”!")


def test_two_reports_on_one_event_are_two():
    assert not copies(WIRE, REPORT)
    shared_quote = WIRE.split("\n\n")[2]
    assert not copies(WIRE, f"{REPORT}\n\n{shared_quote}")


NOTICE = (
    "Road notice. {street} will be closed to all traffic from {start} to {end} on {day} while the "
    "water company renews a main. Residents keep access on foot. Buses on route {route} stop at "
    "{stop} instead. The council is sorry for the trouble and asks drivers to follow the signs. "
    "Questions are answered at the town hall between nine and noon on every working day."
)


def test_two_notices_made_from_one_form_are_two():
    one = NOTICE.format(
        street="Mill Lane", start="9.15", end="17.30", day="Monday", route="12", stop="Kirk Gate"
    )
    other = NOTICE.format(
        street="Dock Road", start="8.45", end="16.00", day="Friday", route="7", stop="Ash Corner"
    )
    assert not copies(one, other)


def test_columns_with_the_same_long_footer_are_as_many_as_there_are():
    footer = (
        "This column appears every Saturday. Write to the Garden Desk, Orskavik Tidings, 14 "
        "Quay Street, or leave your question with Mrs Dahl at the counter. Letters may be "
        "shortened. The editors cannot return pictures, and advice is given in good faith but "
        "without any liability for hedges, ponds or marriages. Earlier columns are collected "
        "in The Patient Gardener, which the Tidings sells for 120 crowns. Subscribers pay 90, "
        "and Scouts of Orskavik may ask for more."
    )
    one = (
        "Now is the time to lift the dahlias. Shake off the soil, let the tubers dry for a "
        "week in a shed without frost, and lay them in sand. Throw out what is soft. A reader "
        "in Hellemo asks whether slugs winter in the crowns: they do, so look."
    )
    other = (
        "Few of us prune pears well. Begin when the leaves are down, take out what crosses, "
        "and stop before you enjoy it. An old tree on Tuvholm bore nothing for ten years and "
        "then, after one hard winter with the saw, four barrows full."
    )
    assert not copies(f"{one}\n\n{footer}", f"{other}\n\n{footer}")


def test_a_round_up_of_three_stories_is_a_copy_of_none():
    third = REPORT.replace("Tuvholm", "Skarholm").replace("Orskavik", "Varnes")
    stories = [" ".join(text.split()[:120]) for text in (WIRE, OTHER, third)]
    round_up = "The week in brief\n\n" + "\n\n".join(stories)
    assert not any(copies(round_up, story) for story in stories)


def test_a_sketch_takes_a_few_hundred_bytes_and_keeps_its_form():
    found = sketch(wording(WIRE))
    assert found.minima.shape == (MINIMA,)
    assert found.minima[:4].tolist() == sketch(wording(WIRE)).minima[:4].tolist()
    assert found.facts.tolist() == sorted(found.facts.tolist())


def test_resemblance_is_estimated_within_a_few_standard_errors():
    chance = random.Random(3)
    for _ in range(20):
        one = [chance.randrange(10**9) for _ in range(chance.randrange(100, 400))]
        other = one[: chance.randrange(20, len(one))]
        a = wording(" ".join(map(str, one)))
        b = wording(" ".join(map(str, other)))
        resemblance = len(a.shingles & b.shingles) / len(a.shingles | b.shingles)
        equal = np.count_nonzero(sketch(a).minima == sketch(b).minima) / MINIMA
        assert equal == pytest.approx(resemblance, abs=0.15)


def test_those_most_alike_come_first_and_the_rest_not_at_all():
    texts = [OTHER, edited(WIRE, 0.2), REPORT, edited(WIRE, 0.02)]
    minima = np.stack([sketch(wording(text)).minima for text in texts])
    assert resembling(sketch(wording(WIRE)).minima, minima).tolist() == [3, 1]


def test_the_shorter_s_facts_must_stand_in_the_longer():
    def with_facts(shingles: int, *facts: int) -> Sketch:
        return Sketch(np.zeros(MINIMA, np.uint8), shingles, np.array(facts, np.uint32))

    assert share_facts(with_facts(10, 1, 2, 3, 4, 5), with_facts(20, 1, 2, 3, 8, 9))
    assert not share_facts(with_facts(10, 1, 2, 3, 4, 5), with_facts(20, 1, 2, 7, 8, 9))
    assert share_facts(with_facts(10), with_facts(20, 1))


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(one, other):
    copies(one, other)


@pytest.mark.skipif(not DEV.is_dir(), reason="the shared data are not here")
def test_no_two_different_paragraphs_of_the_dev_sets_are_joined():
    texts = {
        paragraph["context"].strip()
        for file in sorted(DEV.glob("*.json.gz"))
        for article in json.loads(gzip.decompress(file.read_bytes()))["data"]
        for paragraph in article["paragraphs"]
    }
    wordings = [wording(text) for text in sorted(texts)]
    minima = np.stack([sketch(each).minima for each in wordings])
    joined = [
        (at, other)
        for at in range(1, len(wordings))
        for other in resembling(minima[at], minima[:at]).tolist()
        if are_copies(wordings[at], wordings[other])
    ]
    assert len(wordings) > 1000
    assert joined == []
