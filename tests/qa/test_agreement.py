from datetime import date

import pytest

from index.types import Hit, Passage
from qa.agreement import agreement_of, weigh_claims
from qa.answer import Candidate, pool
from qa.dates import Anchor
from qa.types import Span

HURT = "How many people were hurt on the ferry?"
HELD = "How many smugglers were captured on the ferry?"


def candidate(article, text, words, margin, *, evidence=None):
    start = text.index(words)
    hit = Hit(Passage(article, 0, len(text), text), score=0.5, dense=0.5, bm25=1.0)
    span = Span(start, start + len(words), margin, 0.0)
    return Candidate(hit, span, margin if evidence is None else evidence)


def claims(question, *candidates, **options):
    found = weigh_claims(question, pool(candidates), **options)
    return [([c.text for c in claim.candidates], claim.voices) for claim in found]


NINE = candidate("a", "Nine people were hurt on the ferry.", "Nine", 9.0)
DIGIT = candidate("b", "On the ferry 9 people were injured.", "9 people", 7.0)
ELEVEN = candidate("c", "Eleven people on the ferry were injured.", "Eleven", 8.0)


def test_equal_values_in_other_words_are_one_claim():
    assert claims(HURT, NINE, DIGIT) == [(["Nine", "9 people"], 2)]


def test_the_best_supported_claim_comes_first_then_the_stronger():
    assert claims(HURT, NINE, ELEVEN) == [(["Nine"], 1), (["Eleven"], 1)]
    twelfth = candidate("d", "The ferry fire injured 11 people.", "11", 3.0)
    assert claims(HURT, NINE, ELEVEN, twelfth) == [(["Eleven", "11"], 2), (["Nine"], 1)]


def test_lower_bounds_agree_when_near_and_differ_when_far():
    one = candidate("a", "At least 17 people were hurt on the ferry.", "17", 9.0)
    two = candidate("b", "Seventeen people were hurt on the ferry.", "Seventeen", 8.0)
    assert claims(HURT, one, two) == [(["17", "Seventeen"], 2)]
    more = candidate("a", "More than 20 people were hurt on the ferry.", "20 people", 9.0)
    least = candidate("b", "At least 32 people were hurt on the ferry.", "32", 8.0)
    assert claims(HURT, more, least) == [(["20 people"], 1), (["32"], 1)]


def test_an_article_speaks_once_with_its_stronger_reading():
    again = candidate("a", "Ten people were hurt on the ferry before.", "Ten", 5.0)
    assert claims(HURT, NINE, again) == [(["Nine"], 1)]
    other = candidate("c", "Twelve people were hurt on that ferry.", "Twelve", 4.0)
    assert claims(HURT, NINE, ELEVEN, other) == [(["Nine"], 1), (["Eleven"], 1)]


@pytest.mark.parametrize(
    ("margin", "likeness", "counts"),
    [
        (2.0, [0.1, 0.1], True),
        (1.9, [0.5, 0.4], False),
        (1.9, [0.4, 0.5], False),
        (1.9, [0.5, 0.5], True),
        (-0.5, [0.5, 0.5], True),
        (-2.0, [0.5, 0.5], True),
        (-2.1, [1.0, 1.0], False),
    ],
)
def test_another_value_counts_if_the_reader_would_give_it_or_it_is_put_alike(
    margin, likeness, counts
):
    text = "Eleven people on the ferry were injured."
    other = candidate("c", text, "Eleven", margin, evidence=8.0)
    found = claims(HURT, NINE, other, likeness=lambda *_: likeness)
    assert found == [(["Nine"], 1), *([(["Eleven"], 1)] if counts else [])]


def test_another_value_with_far_weaker_evidence_is_no_claim():
    far = candidate("c", "Eleven people on the ferry were hurt.", "Eleven", 5.0, evidence=-12.0)
    assert claims(HURT, NINE, far) == [(["Nine"], 1)]


def test_the_dead_and_the_missing_are_no_rivals_of_the_hurt():
    dead = candidate("c", "Three people on the ferry were killed.", "Three", 8.0)
    missing = candidate("d", "Four people of the ferry are missing.", "Four", 8.0)
    assert claims(HURT, NINE, dead, missing) == [(["Nine"], 1)]


def test_a_sentence_that_shares_no_word_with_the_question_is_no_rival():
    other = candidate("c", "Eleven cows were injured.", "Eleven", 8.0)
    assert claims("How many sailors got hurt?", NINE, other) == [(["Nine"], 1)]


def test_a_passage_that_does_not_name_what_is_asked_about_is_no_rival():
    question = "How many people were hurt on the Lady Merriden?"
    nine = candidate("a", "Nine people were hurt on the Lady Merriden.", "Nine", 9.0)
    other = candidate("b", "Eleven people were hurt on the Saint Ives.", "Eleven", 8.0)
    assert claims(question, nine, other) == [(["Nine"], 1)]
    spelled = candidate("c", "Eleven people were hurt on the Lady Meriden.", "Eleven", 8.0)
    assert claims(question, nine, spelled) == [(["Nine"], 1), (["Eleven"], 1)]


def test_what_is_counted_must_be_counted_there_too():
    question = "How many lifeboats did the ferry carry?"
    twelve = candidate("a", "The ferry carried twelve lifeboats.", "twelve", 9.0)
    crew = candidate("b", "The ferry carried fourteen sailors.", "fourteen", 8.0)
    assert claims(question, twelve, crew) == [(["twelve"], 1)]
    boats = candidate("b", "The ferry had fourteen lifeboats.", "fourteen", 8.0)
    assert claims(question, twelve, boats) == [(["twelve"], 1), (["fourteen"], 1)]


def test_counts_of_another_size_are_of_something_else():
    crowd = candidate("c", "The ferry has left 9,000 people hurt in pride.", "9,000", 8.0)
    assert claims(HURT, NINE, crowd) == [(["Nine"], 1)]


def test_a_count_is_no_answer_to_how_high_and_makes_no_conflict():
    question = "How high was the ferry?"
    one = candidate("a", "The ferry was number 14.", "14", 9.0)
    two = candidate("b", "The ferry was number 21.", "21", 8.0)
    assert claims(question, one, two) == [(["14"], 1)]


def test_a_doubtful_answer_makes_no_conflict():
    text = "Nine people were hurt on the ferry."
    for margin, said in ((-0.6, ["Nine"]), (-0.5, ["Nine", "Eleven"])):
        best = candidate("a", text, "Nine", margin, evidence=9.0)
        assert claims(HURT, best, ELEVEN) == [([words], 1) for words in said]


def test_one_state_may_be_named_in_different_words():
    five = candidate("a", "Five smugglers were captured.", "Five", 9.0)
    four = candidate("b", "The crew left and four more smugglers were detained.", "four", 3.0)
    assert claims(HELD, five, four) == [(["Five"], 1), (["four"], 1)]


def test_other_units_are_no_rivals():
    how_far = "How far was the ferry from the port?"
    away = candidate("a", "The ferry was 30 miles from port.", "30 miles", 9.0)
    same = candidate("b", "The ferry was some 50 km from port.", "50 km", 8.0)
    late = candidate("c", "The ferry left port 40 minutes late.", "40 minutes", 8.0)
    assert claims(how_far, away, same, late) == [(["30 miles", "50 km"], 2)]


def test_another_person_is_a_rival_only_if_the_whole_question_is_taken_up():
    question = "Who is the captain of the ferry?"
    ilse = candidate("a", "Ilse Corbant is captain of the ferry.", "Ilse Corbant", 9.0)
    owner = candidate("b", "Pavel Stanhope owns the ferry.", "Pavel Stanhope", 9.0)
    assert claims(question, ilse, owner) == [(["Ilse Corbant"], 1)]
    other = candidate("b", "The captain of the ferry, Pavel Stanhope, swam.", "Pavel Stanhope", 8.0)
    assert claims(question, ilse, other) == [(["Ilse Corbant"], 1), (["Pavel Stanhope"], 1)]


def test_a_small_count_that_stands_for_something_else_is_no_support():
    lone = candidate("a", "Four people were hurt on the ferry.", "Four", 9.0)
    text = "Six people got hurt there. The ferry has four decks."
    chance = candidate("b", text, "four", -4.0)
    better = candidate("b", text, "Six people got hurt", 0.5)
    assert claims(HURT, lone, chance, better) == [(["Four"], 1)]


def test_explanations_that_differ_are_no_conflict():
    why = "Why were nine people hurt on the ferry?"
    one = candidate(
        "a", "Nine people were hurt on the ferry because a boiler burst.", "a boiler", 9
    )
    two = candidate("b", "People were hurt on the ferry as a rope snapped.", "a rope snapped", 8)
    assert claims(why, one, two) == [(["a boiler"], 1)]


def test_a_value_between_two_claims_is_left_out():
    exact = candidate("a", "20,875 people were hurt on the ferry.", "20,875", 9.0)
    about = candidate("b", "About 22,000 people were hurt on the ferry.", "22,000", 8.0)
    assert claims(HURT, exact, about) == [(["20,875"], 1)]


def test_copies_are_one_voice():
    def voice_of(article):
        return "agency" if article in ("a", "b") else article

    assert claims(HURT, NINE, DIGIT, voice_of=voice_of) == [(["Nine", "9 people"], 1)]
    copied = candidate("b", "Eleven people on the ferry were hurt.", "Eleven", 8.0)
    assert claims(HURT, NINE, copied, voice_of=voice_of) == [(["Nine"], 1)]
    assert claims(HURT, NINE, copied, ELEVEN, voice_of=voice_of) == [
        (["Eleven", "Eleven"], 2),
        (["Nine"], 1),
    ]


def test_without_answers_there_is_no_claim():
    assert weigh_claims(HURT, []) == []


def test_citations_are_numbered_from_the_answers_own_claim_on():
    eleven = candidate("d", "The ferry fire injured 11 people.", "11", 3.0)
    found = weigh_claims(HURT, pool([NINE, ELEVEN, eleven]))
    agreement = agreement_of(found, lambda n, place: Cited(n, place.text), first=1)
    assert agreement.status == "conflict"
    assert [
        (c.value, c.articles, [(s.n, s.quote) for s in c.citations]) for c in agreement.claims
    ] == [
        ("Eleven", 2, [(2, "Eleven"), (3, "11")]),
        ("Nine", 1, [(1, "Nine")]),
    ]


def test_of_several_counts_in_an_answer_the_one_asked_for_is_claimed_and_quoted():
    both = candidate("c", "The ferry fire left 2 dead and 11 injured.", "2 dead and 11", 8.0)
    found = weigh_claims(HURT, pool([NINE, both]))
    agreement = agreement_of(found, lambda n, place: Cited(n, place.text), first=0)
    assert [(c.value, c.citations[0].quote) for c in agreement.claims] == [
        ("Nine", "Nine"),
        ("11", "11"),
    ]


@pytest.mark.parametrize(("places", "status"), [([NINE], "single"), ([NINE, DIGIT], "agree")])
def test_one_claim_is_single_or_agreed(places, status):
    found = weigh_claims(HURT, pool(places))
    assert agreement_of(found, lambda n, place: Cited(n, place.text), first=0).status == status


class Cited:
    def __init__(self, n, quote):
        self.n, self.quote = n, quote


CLOSED = "When did the ferry line close?"


def day(of, text, words, margin, *, published, trust="high"):
    return candidate(of, text, words, margin), Anchor(
        date.fromisoformat(published), "header", trust
    )


def dated_claims(*said):
    anchors = {c.hit.passage.article_id: anchor for c, anchor in said}
    return claims(CLOSED, *(c for c, _ in said), anchor_of=anchors.get)


def test_times_are_compared_as_each_article_counts_them():
    year = day("a", "The ferry line closed in 2011.", "2011", 9.0, published="2020-01-05")
    ago = day("b", "The ferry line closed nine years ago.", "nine years ago", 8.0,
              published="2020-03-01")  # fmt: skip
    assert dated_claims(year, ago) == [(["2011", "nine years ago"], 2)]
    later = day("b", "The ferry line closed four years ago.", "four years ago", 8.0,
                published="2020-03-01")  # fmt: skip
    assert dated_claims(year, later) == [(["2011"], 1), (["four years ago"], 1)]


def test_a_day_of_low_trust_makes_no_conflict():
    year = day("a", "The ferry line closed in 2011.", "2011", 9.0, published="2020-01-05")
    later = day("b", "The ferry line closed four years ago.", "four years ago", 8.0,
                published="2020-03-01", trust="low")  # fmt: skip
    assert dated_claims(year, later) == [(["2011"], 1)]


def test_a_weekday_and_a_date_are_one_day_or_two():
    named = day("a", "The ferry line closed on June 18.", "June 18", 9.0, published="2020-06-20")
    same = day("b", "The ferry line closed on Thursday.", "Thursday", 8.0, published="2020-06-19")
    assert dated_claims(named, same) == [(["June 18", "Thursday"], 2)]


def test_an_article_that_names_nothing_of_what_was_asked_about_supports_nothing():
    question = "How many people were killed in Tavistan?"
    ours = candidate("a", "Seventeen people were killed in Tavistan.", "Seventeen", 9.0)
    theirs = candidate("b", "At least 17 people were killed by the quake.", "17", 6.0)
    assert claims(question, ours, theirs) == [(["Seventeen"], 1)]
    texts = {"a": "", "b": "The quake was felt in all of Tavistan."}
    both = claims(question, ours, theirs, text_of=texts.__getitem__)
    assert both == [(["Seventeen", "17"], 2)]


def test_a_bound_that_another_events_number_happens_to_meet_is_no_agreement():
    question = "How many people were killed in the earthquake?"
    ours = candidate("a", "The earthquake killed at least 14 people.", "14", 9.0)
    theirs = candidate("b", "Seventeen people were killed in the attack.", "Seventeen", 6.0)
    assert claims(question, ours, theirs) == [(["14"], 1)]
    same = candidate("c", "Seventeen people were killed by the earthquake.", "Seventeen", 6.0)
    assert claims(question, ours, same) == [(["14", "Seventeen"], 2)]


def test_another_value_of_another_event_is_no_rival():
    about = {"a": "The Alma lay in Marlhaven.", "c": "The Brae lay in Saltgate."}
    assert claims(HURT, NINE, ELEVEN, text_of=about.get) == [(["Nine"], 1)]
    about["c"] = "They saw the Alma burn off Marlhaven."
    assert claims(HURT, NINE, ELEVEN, text_of=about.get) == [(["Nine"], 1), (["Eleven"], 1)]


def test_the_same_value_of_another_event_is_no_support():
    about = {"a": "The Alma lay in Marlhaven.", "b": "The Brae lay in Saltgate."}
    unlike = claims(HURT, NINE, DIGIT, text_of=about.get, likeness=lambda *_: [0.5, 0.2])
    assert unlike == [(["Nine"], 1)]
    alike = claims(HURT, NINE, DIGIT, text_of=about.get, likeness=lambda *_: [0.5, 0.4])
    assert alike == [(["Nine", "9 people"], 2)]
    about["b"] = "They saw the Alma burn."  # one name is enough
    named = claims(HURT, NINE, DIGIT, text_of=about.get, likeness=lambda *_: [0.5, 0.2])
    assert named == [(["Nine", "9 people"], 2)]
