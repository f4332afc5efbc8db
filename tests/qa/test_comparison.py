"""What other articles say beside an answer, by fitted models. Names and events are invented."""

import json
import math
from dataclasses import astuple

import pytest

from index.types import Hit, Passage
from qa.agreement import weigh_claims
from qa.answer import Candidate, pool
from qa.comparison import FEATURES, Comparison, Features, Logistic, load_comparison
from qa.errors import ReaderError
from qa.reader import SHIPPED
from qa.types import Span

SEALS = "How many seals lay on the sandbank?"
EVENT = "In Marlhaven Ada Low of the Saltgate station counted."
OURS = f"{EVENT} She saw 24 seals on the sandbank."
THEIRS = f"{EVENT} The warden spoke of 29 animals."


def weights(**given):
    return tuple(given.get(name, 0.0) for name in FEATURES)


def logistic(intercept=0.0, least=0.5, **given):
    return Logistic(intercept, weights(**given), least)


NEVER = logistic(-9.0)
ALWAYS = logistic(9.0)
SURE_OF_OTHERS = Comparison(same=NEVER, differs=ALWAYS)
SURE_OF_SAME = Comparison(same=ALWAYS, differs=NEVER)
FITTED = Comparison(logistic(1.0, 0.3, names=2.0), logistic(-1.0, 0.2, behind=0.5, state=1.5))


def hit(article, text):
    return Hit(Passage(article, 0, len(text), text), score=0.5, dense=0.5, bm25=1.0)


def candidate(article, text, words, margin):
    start = text.index(words)
    return Candidate(hit(article, text), Span(start, start + len(words), margin, 0.0), margin)


def claims(comparison, theirs, *offered, ours=OURS, question=SEALS, answer="24", **options):
    """What is claimed beside the answer; offered: words of the other article, with margins."""
    texts = {"a": ours, "b": theirs}
    places = [candidate("a", ours, answer, 9.0)]
    places += [candidate("b", theirs, words, margin) for words, margin in offered]
    hits = [hit(article, text) for article, text in texts.items()]
    options = {"likeness": lambda _, others: [0.1] * len(others)} | options
    found = weigh_claims(
        question,
        pool(places),
        hits=hits,
        text_of=texts.__getitem__,
        comparison=comparison,
        **options,
    )
    return [([c.text for c in claim.candidates], claim.voices) for claim in found]


ALONE = [(["24"], 1)]


def test_a_probability_is_the_logistic_of_the_weighed_features():
    features = Features(*range(1, len(FEATURES) + 1))
    model = logistic(-2.0, 0.5, offered=1.0, sentence=0.5)
    assert model.probability(features) == pytest.approx(
        1 / (1 + math.exp(2 - 1 - 0.5 * len(FEATURES)))
    )
    assert astuple(features) == tuple(range(1, len(FEATURES) + 1))


def test_another_value_counts_where_the_models_say_so():
    assert claims(None, THEIRS, ("29", -6.0)) == ALONE
    assert claims(SURE_OF_SAME, THEIRS, ("29", -6.0)) == ALONE
    assert claims(SURE_OF_OTHERS, THEIRS, ("29", -6.0)) == [(["24"], 1), (["29"], 1)]


def test_the_same_value_counts_where_the_models_say_so():
    same = f"{EVENT} The warden spoke of 24 animals."
    assert claims(SURE_OF_OTHERS, same, ("24 animals", -12.0)) == ALONE
    assert claims(SURE_OF_SAME, same, ("24 animals", -12.0)) == [(["24", "24 animals"], 2)]


def test_a_number_that_the_reader_passed_over_may_be_the_one():
    bare = Comparison(same=NEVER, differs=logistic(9.0, offered=-18.0))
    found = claims(bare, THEIRS, ("The warden", 1.0))
    assert found == [(["24"], 1), (["29"], 1)]
    assert claims(Comparison(NEVER, logistic(-9.0, offered=18.0)), THEIRS) == ALONE


@pytest.mark.parametrize(("behind", "chosen"), [(1.0, "29"), (-1.0, "31")])
def test_the_likelier_of_an_articles_values_counts(behind, chosen):
    # 11 and 15 logits behind the answer: both are likely enough.
    by_evidence = Comparison(same=NEVER, differs=logistic(13.0 * behind + 3, behind=behind))
    theirs = f"{EVENT} The warden spoke of 29 animals, a fisherman of 31."
    found = claims(by_evidence, theirs, ("29", -2.0), ("31", -6.0))
    assert found == [(["24"], 1), ([chosen], 1)]


def test_a_day_of_the_month_is_no_number_of_seals():
    assert claims(SURE_OF_OTHERS, f"{EVENT} That was on 29 May.") == ALONE


def test_articles_on_different_events_are_not_compared():
    theirs = "In Quillabaya the warden spoke of 29 animals."
    assert claims(SURE_OF_OTHERS, theirs, ("29", -6.0)) == ALONE


@pytest.mark.parametrize(
    ("question", "ours", "answer", "theirs", "other"),
    [
        ("Who counted the seals?", OURS, "Ada Low", f"{EVENT} So did Bo Rask.", "Bo Rask"),
        ("Why were the seals counted?", OURS, "24", THEIRS, "29"),
        (SEALS, OURS, "24", f"{EVENT} There are 2,900 in all.", "2,900"),
    ],
)
def test_names_reasons_and_other_sizes_are_no_conflict(question, ours, answer, theirs, other):
    found = claims(SURE_OF_OTHERS, theirs, (other, -6.0), question=question, answer=answer)
    assert [each[0][0] for each in found] == [answer]


def test_what_the_answers_own_article_says_too_can_be_held_against_it():
    of_else = Comparison(same=NEVER, differs=logistic(9.0, told=-18.0))
    assert claims(of_else, THEIRS, ("29", -6.0)) == [(["24"], 1), (["29"], 1)]
    assert claims(of_else, THEIRS, ("29", -6.0), ours=f"{OURS} And 29 birds.") == ALONE


def test_no_sentence_is_embedded_that_could_not_matter():
    asked = []

    def likeness(sentence, others):
        asked.append(sentence)
        return [0.6] * len(others)

    hopeless = Comparison(same=NEVER, differs=logistic(-9.0, sentence=2.0))
    assert claims(hopeless, THEIRS, ("29", -6.0), likeness=likeness) == ALONE
    before = len(asked)
    near = Comparison(same=NEVER, differs=logistic(-1.0, sentence=2.0))
    found = claims(near, THEIRS, ("29", -6.0), likeness=likeness)
    assert found == [(["24"], 1), (["29"], 1)]
    assert len(asked) > 2 * before


def test_a_saved_comparison_is_loaded_again(tmp_path):
    FITTED.save(tmp_path)
    assert load_comparison(tmp_path) == FITTED
    assert load_comparison(None) == load_comparison(SHIPPED) != FITTED


def test_a_reader_without_one_takes_the_shipped_one(tmp_path):
    assert load_comparison(tmp_path) == load_comparison(SHIPPED)


@pytest.mark.parametrize("change", [{"same": {}}, {"differs": None}])
def test_a_broken_comparison_is_named(tmp_path, change):
    FITTED.save(tmp_path)
    file = tmp_path / "comparison.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(ReaderError, match=r"comparison\.json: not a comparison"):
        load_comparison(tmp_path)


def test_a_model_takes_a_weight_for_each_feature():
    with pytest.raises(ValueError, match="3 weights for offered"):
        Logistic(0.0, (1.0, 2.0, 3.0), 0.5)
