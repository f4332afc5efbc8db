import math

import pytest

from index.types import Hit, Passage
from qa.answer import evidence_for, pool, rank_candidates
from qa.confidence import EvidenceWeights
from qa.reportage import reportage
from qa.types import Range, Span

TEXT = "Nine people were hurt, the mayor said."


MARGIN_ALONE = EvidenceWeights(margin=1.0, nearness=0.0, wording=0.0)


def hit(article="a", *, start=0, text=TEXT, dense=0.5, nearness=0.0, wording=0.0):
    passage = Passage(article, start, start + len(text), text)
    return Hit(passage, 0.0, dense, None, nearness, wording)


def span(words, *, score, null=0.0, text=TEXT):
    at = text.index(words)
    return Span(at, at + len(words), score, null)


def test_candidates_are_ranked_by_margin_over_no_answer():
    spans = [[span("Nine", score=9, null=8)], [span("mayor", score=3, null=0)]]
    ranked = rank_candidates([hit("a"), hit("b")], spans, MARGIN_ALONE)
    assert [candidate.text for candidate in ranked] == ["mayor", "Nine"]
    assert [candidate.evidence for candidate in ranked] == [3, 1]


def test_retrieval_weighs_in():
    hits = [hit("a", nearness=1.0, wording=0.5), hit("b", nearness=0.25)]
    spans = [[span("Nine", score=1)], [span("mayor", score=3)]]
    weights = EvidenceWeights(margin=0.5, nearness=4.0, wording=2.0)
    ranked = rank_candidates(hits, spans, weights)
    assert [(c.text, c.evidence) for c in ranked] == [("Nine", 5.5), ("mayor", 2.5)]


def test_of_overlapping_spans_in_one_article_the_strongest_stays():
    spans = [[span("Nine people", score=2), span("Nine", score=1), span("mayor", score=0)]]
    ranked = rank_candidates([hit()], spans, MARGIN_ALONE)
    assert [candidate.text for candidate in ranked] == ["Nine people", "mayor"]


def test_readings_of_the_same_words_take_no_place_of_others():
    same = [span(words, score=9 - i) for i, words in enumerate(("Nine people", "Nine", "people"))]
    others = [span("hurt", score=3), span("mayor", score=2), span("said", score=1)]
    ranked = rank_candidates([hit()], [[*same, *others]], MARGIN_ALONE)
    assert [candidate.text for candidate in ranked] == ["Nine people", "hurt", "mayor"]


def test_overlap_is_counted_in_the_article_not_in_the_passage():
    # The same words reached through two passages that share a sentence.
    later = TEXT[5:]
    hits = [hit("a"), hit("a", start=5, text=later), hit("b")]
    spans = [
        [span("mayor", score=2)],
        [span("mayor", score=1, text=later)],
        [span("mayor", score=0)],
    ]
    ranked = rank_candidates(hits, spans, MARGIN_ALONE)
    assert [(c.hit.passage.article_id, c.place.start) for c in ranked] == [("a", 27), ("b", 27)]


def test_a_candidate_knows_its_place_in_the_article():
    (candidate,) = rank_candidates([hit(start=100)], [[span("hurt", score=1)]], MARGIN_ALONE)
    assert candidate.place == Range(117, 121)
    assert candidate.text == "hurt"


def test_equal_answers_of_different_articles_add_up():
    hits = [hit("a"), hit("b"), hit("c")]
    spans = [[span("Nine", score=1)], [span("Nine", score=1)], [span("mayor", score=1.5)]]
    first, second = pool(rank_candidates(hits, spans, MARGIN_ALONE))
    assert (first.best.text, len(first.candidates)) == ("Nine", 2)
    assert first.evidence == pytest.approx(1 + math.log(2))
    assert (second.best.text, second.evidence) == ("mayor", 1.5)


def test_case_and_articles_do_not_tell_answers_apart():
    one, other = "The mayor spoke.", "Then the Mayor left."
    hits = [hit("a", text=one), hit("b", text=other)]
    spans = [[span("The mayor", score=2, text=one)], [span("Mayor", score=1, text=other)]]
    (answer,) = pool(rank_candidates(hits, spans, MARGIN_ALONE))
    assert [candidate.text for candidate in answer.candidates] == ["The mayor", "Mayor"]


def test_an_article_that_repeats_itself_counts_once():
    text = "Nine. Yes, nine."
    spans = [[span("Nine", score=2, text=text), span("nine", score=1, text=text)]]
    (answer,) = pool(rank_candidates([hit(text=text)], spans, MARGIN_ALONE))
    assert [c.text for c in answer.candidates] == ["Nine"]
    assert answer.evidence == 2


def test_punctuation_alone_is_kept_apart():
    text = "%% and §§"
    spans = [[span("%%", score=2, text=text), span("§§", score=1, text=text)]]
    assert len(pool(rank_candidates([hit(text=text)], spans, MARGIN_ALONE))) == 2


def test_evidence_is_that_of_the_answer_against_all_others_together():
    hits = [hit("a", dense=0.7), hit("b", dense=0.1), hit("c")]
    spans = [[span("Nine", score=5, null=1)], [span("mayor", score=1)], [span("hurt", score=1)]]
    evidence = evidence_for(pool(rank_candidates(hits, spans, MARGIN_ALONE)))
    assert (evidence.margin, evidence.cosine) == (4, 0.7)
    assert evidence.odds == pytest.approx(4 - (1 + math.log(2)))


def test_without_a_rival_the_odds_are_without_bound():
    answers = pool(rank_candidates([hit()], [[span("Nine", score=5)]], MARGIN_ALONE))
    assert evidence_for(answers).odds == math.inf


def test_nothing_read_gives_nothing_to_weigh():
    assert pool(rank_candidates([], [], MARGIN_ALONE)) == []
    assert pool(rank_candidates([hit()], [[]], MARGIN_ALONE)) == []
    with pytest.raises(ValueError, match="no answer"):
        evidence_for([])


def test_a_voice_adds_only_its_strongest_candidate():
    hits = [hit("wire"), hit("reprint"), hit("other")]
    spans = [[span("Nine", score=2)], [span("Nine", score=3)], [span("Nine", score=1)]]
    ranked = rank_candidates(hits, spans, MARGIN_ALONE)
    (answer,) = pool(ranked, voice_of={"wire": "w", "reprint": "w", "other": "o"}.__getitem__)
    assert [c.hit.passage.article_id for c in answer.candidates] == ["reprint", "other"]
    assert answer.evidence == pytest.approx(math.log(math.exp(3) + math.exp(1)))
    assert len(pool(ranked)[0].candidates) == 3


def test_the_same_value_elsewhere_speaks_for_an_answer_and_another_claim_not_against_it():
    hits = [hit(name) for name in "abcd"]
    texts = [("Nine", 4), ("Nine people", 2), ("hurt", 3), ("mayor", 1)]
    ranked = rank_candidates(hits, [[span(w, score=s)] for w, s in texts], MARGIN_ALONE)
    answers = pool(ranked)
    places = {candidate.text: candidate for candidate in ranked}
    claims = [(places["Nine"], places["Nine people"]), (places["hurt"],)]
    evidence = evidence_for(answers, claims=claims)
    assert evidence.odds == pytest.approx(math.log(math.exp(4) + math.exp(2)) - 1)


def test_how_much_it_reads_like_news_is_asked_of_all_that_was_read_of_its_article_alone():
    plain, said = "Nine wells were dug at Saltgate.", "On Monday the mayor said that two were dry."
    spans = [
        [span("Nine", score=9, text=plain)],
        [span("two", score=1, text=said)],
        [span("mayor", score=2)],
    ]
    of_one = [hit("a", text=plain), hit("a", start=40, text=said)]
    with_more = evidence_for(pool(rank_candidates(of_one, spans[:2], MARGIN_ALONE)))
    assert with_more.reportage == reportage(f"{plain}\n{said}") > 0
    elsewhere = [hit("a", text=plain), hit("b", text=said), hit("c")]
    alone = evidence_for(pool(rank_candidates(elsewhere, spans, MARGIN_ALONE)))
    assert alone.reportage == 0.0
    assert alone.score == 9
