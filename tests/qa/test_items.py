from index.types import Hit, Passage
from qa.answer import Candidate, pool
from qa.items import NEAR_EVIDENCE, NEAR_MARGIN, items_of
from qa.types import Span

ASKED = "Which towns were dark?"
RAINY = "Averly was dark. It rained. Merriden was dark, too."


def candidate(article, text, words, *, margin=8.0, evidence=4.0, start=0):
    at = text.index(words)
    hit = Hit(Passage(article, start, start + len(text), text), 0.5, 0.5, None)
    return Candidate(hit, Span(at, at + len(words), margin, 0.0), evidence)


def found(question, *candidates):
    """(article, words) of each place of each item."""
    return [
        [
            (
                p.candidate.hit.passage.article_id,
                p.candidate.hit.passage.text[
                    p.place.start - p.candidate.hit.passage.start : p.place.end
                    - p.candidate.hit.passage.start
                ],
            )
            for p in places
        ]
        for places in items_of(question, pool(candidates))
    ]


def test_the_items_of_an_enumeration_are_found_where_they_stand():
    text = "Lights failed in Averly, Merriden and Port Wen."
    only = candidate("a", text, "Averly, Merriden and Port Wen", start=1000)
    assert found(ASKED, only) == [[("a", "Averly")], [("a", "Merriden")], [("a", "Port Wen")]]
    first = items_of(ASKED, pool([only]))[0][0]
    assert first.place.start == 1000 + text.index("Averly")


def test_articles_that_agree_give_each_item_a_place():
    one = candidate("a", "It hit Averly and Merriden.", "Averly and Merriden")
    other = candidate("b", "Dark: Averly and Merriden.", "Averly and Merriden", evidence=3.0)
    assert found(ASKED, one, other) == [
        [("a", "Averly"), ("b", "Averly")],
        [("a", "Merriden"), ("b", "Merriden")],
    ]


def test_things_of_several_sentences_are_items_where_all_are_read_surely():
    best = candidate("a", RAINY, "Averly", evidence=4.1)
    near = candidate("a", RAINY, "Merriden", margin=8.0 - NEAR_MARGIN)
    assert found(ASKED, best, near) == [[("a", "Averly")], [("a", "Merriden")]]
    assert found(ASKED, best, candidate("a", RAINY, "Merriden", margin=7.9 - NEAR_MARGIN)) == []
    weak = candidate("a", RAINY, "Merriden", evidence=4.0 - NEAR_EVIDENCE)
    assert found(ASKED, best, weak) == []


def test_faint_readings_make_no_list():
    one = candidate("a", RAINY, "Averly", margin=2.9, evidence=4.1)
    assert found(ASKED, one, candidate("a", RAINY, "Merriden", margin=2.9)) == []


def test_things_of_another_form_or_with_a_word_in_common_are_not_listed():
    best = candidate("a", "Averly was dark.", "Averly", evidence=4.1)
    assert found(ASKED, best, candidate("b", "For 9 hours.", "9 hours")) == []
    assert found(ASKED, best, candidate("b", "They slept.", "slept")) == []
    assert found(ASKED, best, candidate("b", "Port Averly was dark.", "Port Averly")) == []


def test_no_more_are_listed_than_were_asked_for():
    three = [candidate("a", f"{name} was dark.", name) for name in ("Averly", "Merriden", "Wen")]
    three = [candidate(str(n), c.hit.passage.text, c.text) for n, c in enumerate(three)]
    assert len(found("Which two towns were dark?", *three)) == 2
    assert len(found(ASKED, *three)) == 3


def test_other_questions_and_no_answers_have_no_items():
    text = "Lights failed in Averly and Merriden."
    only = candidate("a", text, "Averly and Merriden")
    assert found("Where did the lights fail?", only) == []
    assert items_of(ASKED, []) == []
