import math

import pytest

from index.types import Hit, Passage
from qa.agreement import weigh_claims
from qa.answer import Candidate, pool
from qa.same_event import of_one_event, shared_names
from qa.types import Span

HOMES = "How many homes at the quay were cleared?"
EVENT = "The fire in Marlhaven was put out by Ada Low and the crew of the Saltgate station."
OURS = f"{EVENT} Police cleared 340 homes at the quay."
THEIRS = f"{EVENT} Around 400 households were told to leave."


def hit(article, text):
    return Hit(Passage(article, 0, len(text), text), score=0.5, dense=0.5, bm25=1.0)


def candidate(article, text, words, margin=9.0):
    start = text.index(words)
    return Candidate(hit(article, text), Span(start, start + len(words), margin, 0.0), margin)


def claims(question, text, words, others, *, read=(), **options):
    """What is claimed where others' passages were found, and these places of them read."""
    texts = {"ours": text} | {str(n): other for n, other in enumerate(others)}
    places = [candidate("ours", text, words), *(candidate(n, texts[n], *rest) for n, *rest in read)]
    found = weigh_claims(
        question,
        pool(places),
        hits=[hit(article, text) for article, text in texts.items()],
        text_of=texts.__getitem__,
        **options,
    )
    return [([c.text for c in claim.candidates], claim.voices) for claim in found]


ALONE = [(["340"], 1)]


def test_another_number_of_nearly_that_size_in_other_words_is_a_claim():
    assert claims(HOMES, OURS, "340", [THEIRS]) == [(["340"], 1), (["400"], 1)]


def test_the_same_number_speaks_for_the_answer():
    same = f"{EVENT} Households told to leave: 340."
    assert claims(HOMES, OURS, "340", [same]) == [(["340", "340"], 2)]


def test_an_amount_is_cited_with_its_unit():
    ours = f"{EVENT} It will cost 18 million pounds."
    asked = "What will the fire cost?"
    for said in ("23 million pounds", "£23m"):
        other = f"{EVENT} The insurer reckons with {said}."
        found = claims(asked, ours, "18 million pounds", [other])
        assert found == [(["18 million pounds"], 1), ([said], 1)]


def test_it_agrees_in_another_unit():
    ours = f"{EVENT} Smoke was seen 30 miles away."
    other = f"{EVENT} The cloud hung over farms about 50 km off."
    found = claims("From how far was the smoke seen?", ours, "30 miles", [other])
    assert found == [(["30 miles", "50 km"], 2)]


@pytest.mark.parametrize(
    "text",
    [
        "Around 400 households were told to leave.",  # of another event
        "In Marlhaven on Monday in May some 400 households left.",  # one name is too few
        f"{EVENT} Around 500 households were told to leave.",  # too many more
        f"{EVENT} Some 400 came, and 390 left.",  # which of them?
        f"{EVENT} Around 400 people were killed.",  # another state
        f"{EVENT} It cost 400 pounds.",  # another dimension
    ],
)
def test_it_must_be_clear_that_the_number_is_of_the_same_thing(text):
    assert claims(HOMES, OURS, "340", [text]) == ALONE


def test_a_year_is_no_number_of_things():
    ours = f"{EVENT} Police cleared 2,000 homes at the quay."
    other = f"{EVENT} The quay was built in 1921."
    assert claims(HOMES, ours, "2,000", [other]) == [(["2,000"], 1)]


def test_small_counts_stand_for_many_things():
    ours = f"{EVENT} Police cleared 24 homes at the quay."
    for said in ("Around 22", "Around 24", "At least 20"):
        other = f"{EVENT} {said} households were told to leave."
        assert claims(HOMES, ours, "24", [other]) == [(["24"], 1)]
    same = f"{EVENT} Twenty-four households were told to leave."
    assert claims(HOMES, ours, "24", [same]) == [(["24", "Twenty-four"], 2)]
    assert claims(HOMES, ours, "24", [same], likeness=unlike) == [(["24"], 1)]


def test_one_name_is_enough_for_the_same_amount_in_a_sentence_that_is_alike():
    ours = f"{EVENT} Police cleared 340 homes at the quay."
    same = "In Marlhaven 340 households had to leave."
    assert claims(HOMES, ours, "340", [same]) == [(["340", "340"], 2)]
    assert claims(HOMES, ours, "340", [same], likeness=unlike) == ALONE
    assert claims(HOMES, ours, "340", ["There 340 households had to leave."]) == ALONE


def test_a_number_that_the_answers_article_has_too_is_of_something_else():
    ours = f"{OURS} The town has 400 lamps."
    assert claims(HOMES, ours, "340", [THEIRS]) == ALONE


def test_unless_the_answer_corrects_it():
    ours = f"{EVENT} Some reports said 400. Police corrected the number to 340 homes."
    assert claims(HOMES, ours, "340", [THEIRS]) == [(["340"], 1), (["400"], 1)]


CORRECTS = f"{EVENT} Police said they had cleared 340 homes. The number is now 400."


def test_an_article_that_corrects_the_answers_number_says_the_new_one():
    assert claims(HOMES, OURS, "340", [CORRECTS]) == [(["340"], 1), (["400"], 1)]
    read = [("0", "340", 8.0)]  # the reader found only the old one there
    assert claims(HOMES, OURS, "340", [CORRECTS], read=read) == [(["340"], 1), (["400"], 1)]
    before = CORRECTS.replace("is now", "of lamps is")
    assert claims(HOMES, OURS, "340", [before], read=read) == [(["340", "340"], 2)]


def test_what_the_reader_found_in_an_article_stands():
    read = [("0", "360", 8.0)]
    other = f"{EVENT} Police cleared 360 homes at the quay. Around 400 households have lawyers."
    assert claims(HOMES, OURS, "340", [other], read=read) == [(["340"], 1), (["360"], 1)]


def test_what_the_reader_offered_is_cited_in_its_words_and_with_its_evidence():
    read = [("0", "Around 400 households", -7.0)]
    found = claims(HOMES, OURS, "340", [THEIRS], read=read)
    assert found == [(["340"], 1), (["Around 400 households"], 1)]
    places = [candidate("ours", OURS, "340")]
    hits = [hit("ours", OURS), hit("theirs", THEIRS)]
    texts = {"ours": OURS, "theirs": THEIRS}.__getitem__
    _, other = weigh_claims(HOMES, pool(places), hits=hits, text_of=texts)
    assert other.candidates[0].evidence == -math.inf


def test_copies_speak_with_one_voice():
    places = [candidate("ours", OURS, "340")]
    hits = [hit("a", THEIRS), hit("b", THEIRS)]
    texts = {"ours": OURS, "a": THEIRS, "b": THEIRS}.__getitem__
    voices = {"ours": "x", "a": "y", "b": "y"}.__getitem__
    found = weigh_claims(HOMES, pool(places), hits=hits, text_of=texts, voice_of=voices)
    assert [claim.voices for claim in found] == [1, 1]
    alike = weigh_claims(HOMES, pool(places), hits=hits, text_of=texts, voice_of=lambda _: "x")
    assert len(alike) == 1


def test_names_that_two_texts_share():
    ours = "The Alma left Marlhaven on Monday, 3 May. Police saw Ada Low."
    theirs = "Alma is a ferry; it left on a Monday in May. Police came. Low water, said Low."
    assert shared_names(ours, theirs) == {"alma", "low"}
    assert shared_names(ours, theirs) == shared_names(theirs, ours)
    assert shared_names(ours, f"{theirs} How low it is!") == {"alma"}  # also no name
    assert shared_names("Police came.", "Police went.") == set()


def test_events_are_one_where_enough_names_are_shared():
    one, other = "He met Ada Low in Marlhaven.", "They saw Ada Low, of Saltgate."
    assert of_one_event(one, other)
    assert not of_one_event(one, "They saw Bo Low in Saltgate.")
    assert of_one_event("In Marlhaven it rained.", "There was rain on Marlhaven.")  # all it has
    assert not of_one_event("In Marlhaven it rained.", "In Saltgate it rained.")
    assert of_one_event("It rained.", "It snowed in Saltgate.")  # nothing tells


def unlike(sentence, texts):
    return [0.9, 0.2]


def test_a_sentence_that_is_unlike_the_answers_own_gives_no_other_number():
    assert claims(HOMES, OURS, "340", [THEIRS], likeness=unlike) == ALONE
    corrects = claims(HOMES, OURS, "340", [CORRECTS], likeness=unlike)
    assert corrects == [(["340"], 1), (["400"], 1)]
    same = f"{EVENT} Households told to leave: 340."
    assert claims(HOMES, OURS, "340", [same], likeness=unlike) == [(["340", "340"], 2)]


def test_likeness_is_asked_of_the_sentence_with_question_and_answer():
    asked = []

    def likeness(sentence, texts):
        asked.append((sentence, *texts))
        return [0.5, 0.5]

    claims(HOMES, OURS, "340", [THEIRS], likeness=likeness)
    ours = "Police cleared 340 homes at the quay."
    assert asked == [("Around 400 households were told to leave.", HOMES, ours)]


def test_the_answers_number_without_its_unit_is_known_again():
    ours = f"{EVENT} The limit on the quay is 40 mph."
    other = f"{EVENT} The car drove at 47 mph. The limit is 40."
    assert claims("What is the speed limit?", ours, "40 mph", [other]) == [(["40 mph"], 1)]


def test_a_new_value_is_no_correction_of_a_price():
    ours = f"{EVENT} The house cost £740,000."
    other = f"{EVENT} It was bought for £740,000 and is now worth £905,000."
    found = claims("What did the house cost?", ours, "£740,000", [other])
    assert found == [(["£740,000", "£740,000"], 2)]
