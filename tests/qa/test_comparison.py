"""What other articles say beside an answer, by fitted models. Names and events are invented."""

import json
import math
from dataclasses import astuple

import pytest

from index.types import Hit, Passage
from qa.agreement import weigh_claims
from qa.answer import Candidate, pool
from qa.answer_pairs import APART, Judged
from qa.comparison import FEATURES, MOST_READ, Comparison, Features, Logistic, load_comparison
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


class Judge:
    """Says of words what it was told, and remembers what it was asked."""

    def __init__(self, **judged):
        self.judged = {words: Judged(*both) for words, both in judged.items()}
        self.asked = []

    def judge(self, question, one, others):
        self.asked += [(question, one.answer, other.answer) for other in others]
        return [self.judged.get(other.answer, APART) for other in others]


def comparison(same, differs, **judged):
    return Comparison(same, differs, same, differs, Judge(**judged))


NEVER = logistic(-9.0)
ALWAYS = logistic(9.0)
SURE_OF_OTHERS = comparison(same=NEVER, differs=ALWAYS)
SURE_OF_SAME = comparison(same=ALWAYS, differs=NEVER)
FITTED = Comparison(
    logistic(1.0, 0.3, names=2.0),
    logistic(-1.0, 0.2, behind=0.5, state=1.5),
    logistic(-2.0, 0.4, agree=1.0),
    logistic(-3.0, 0.6, conflict=1.5),
)


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
    model = logistic(-2.0, 0.5, offered=1.0, conflict=0.5)
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


@pytest.mark.parametrize(
    ("number", "judged", "status"),
    [
        ("29", (9.0, -1.5), "conflict"),
        ("29", (9.0, -1.6), "alone"),
        ("24 animals", (-2.0, 9.0), "agree"),
        ("24 animals", (-2.1, 9.0), "alone"),
    ],
)
def test_what_values_tell_is_left_out_where_both_answers_say_otherwise(number, judged, status):
    theirs = f"{EVENT} On the sandbank lay {number.split()[0]} animals, seals all."
    denied = comparison(same=NEVER, differs=NEVER, **{number: judged})
    alike = {"likeness": lambda _, others: [0.9] * len(others)}
    told = {
        "conflict": [(["24"], 1), ([number], 1)],
        "agree": [(["24", number], 2)],
        "alone": ALONE,
    }
    assert claims(denied, theirs, (number, 8.0), **alike) == told[status]
    unread = comparison(same=NEVER, differs=NEVER)
    assert claims(unread, theirs, (number, 8.0), **alike) != ALONE


@pytest.mark.parametrize(("agrees", "voices"), [(1.0, 2), (0.9, 1), (None, 2)])
def test_words_that_are_much_the_same_agree_where_they_are_read_so(agrees, voices):
    question = "Why were the seals on the sandbank late?"
    ours, theirs = (
        f"{EVENT} The seals on the sandbank were late because of cold spring water.",
        f"{EVENT} On the sandbank the late seals liked cold spring water, the warden says.",
    )
    judged = {} if agrees is None else {"cold spring water": (agrees, 0.0)}
    found = claims(
        comparison(same=NEVER, differs=NEVER, **judged),
        theirs,
        ("cold spring water", 8.0),
        ours=ours,
        question=question,
        answer="because of cold spring water",
        likeness=lambda _, others: [0.9] * len(others),
    )
    assert [said for _, said in found] == [voices]


def test_of_two_counts_the_one_that_is_asked_for_is_judged_and_cited():
    question = "How many seals died on the sandbank?"
    ours, theirs = (
        f"{EVENT} On the sandbank 24 seals died.",
        f"{EVENT} On the sandbank 31 seals were hurt and 29 died.",
    )
    counts = "31 seals were hurt and 29"
    judge = Judge(**{"29": (0.0, 5.0)})
    both = Comparison(NEVER, ALWAYS, NEVER, NEVER, judge)
    found = weigh_claims(
        question,
        pool([candidate("a", ours, "24", 9.0), candidate("b", theirs, counts, 1.0)]),
        hits=[hit("a", ours), hit("b", theirs)],
        text_of={"a": ours, "b": theirs}.__getitem__,
        comparison=both,
    )
    assert [[c.text for c in claim.cited] for claim in found] == [["24"], ["29"]]
    assert [[c.text for c in claim.candidates] for claim in found] == [["24"], [counts]]
    assert judge.asked[0] == (question, "24", "29")


def test_a_number_that_the_reader_passed_over_may_be_the_one():
    bare = comparison(same=NEVER, differs=logistic(9.0, offered=-18.0))
    found = claims(bare, THEIRS, ("The warden", 1.0))
    assert found == [(["24"], 1), (["29"], 1)]
    assert claims(comparison(NEVER, logistic(-9.0, offered=18.0)), THEIRS) == ALONE


@pytest.mark.parametrize(("behind", "chosen"), [(1.0, "29"), (-1.0, "31")])
def test_the_likelier_of_an_articles_values_counts(behind, chosen):
    # 11 and 15 logits behind the answer: both are likely enough.
    by_evidence = comparison(same=NEVER, differs=logistic(13.0 * behind + 3, behind=behind))
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
def test_names_reasons_and_other_sizes_are_no_conflict_of_values(
    question, ours, answer, theirs, other
):
    by_value = comparison(same=NEVER, differs=logistic(9.0, worded=-18.0))
    found = claims(by_value, theirs, (other, -6.0), question=question, answer=answer)
    assert [each[0][0] for each in found] == [answer]


def test_what_the_answers_own_article_says_too_can_be_held_against_it():
    of_else = comparison(same=NEVER, differs=logistic(9.0, told=-18.0))
    assert claims(of_else, THEIRS, ("29", -6.0)) == [(["24"], 1), (["29"], 1)]
    assert claims(of_else, THEIRS, ("29", -6.0), ours=f"{OURS} And 29 birds.") == ALONE


WHY = "Why did the ferry stop at Saltgate?"
CHAIN = f"{EVENT} The ferry stopped as a chain had snapped."
CABLE = f"{EVENT} It was a broken chain that held the ferry up."
STRIKE = f"{EVENT} Its crew were on strike."


def by_words(**judged):
    return comparison(logistic(0.0, agree=1.0), logistic(0.0, least=0.6, conflict=1.0), **judged)


def of_words(found, theirs, words, **options):
    given = {"ours": CHAIN, "question": WHY, "answer": "a chain had snapped"} | options
    return claims(found, theirs, (words, -6.0), **given)


def test_answers_in_other_words_agree_where_they_are_read_so():
    agree = by_words(**{"a broken chain": (3.0, -1.0)})
    found = of_words(agree, CABLE, "a broken chain")
    assert found == [(["a chain had snapped", "a broken chain"], 2)]
    assert agree.pairs.asked == [(WHY, "a chain had snapped", "a broken chain")]


def test_answers_in_plain_words_conflict_where_they_are_read_so():
    conflict = by_words(**{"on strike": (-1.0, 3.0)})
    assert of_words(conflict, STRIKE, "on strike") == [
        (["a chain had snapped"], 1),
        (["on strike"], 1),
    ]
    unsure = by_words(**{"on strike": (-1.0, 0.2)})
    assert of_words(unsure, STRIKE, "on strike") == [(["a chain had snapped"], 1)]


def test_two_other_causes_are_two_claims_besides():
    three = by_words(**{"on strike": (-1.0, 3.0), "the tide": (-1.0, 2.0)})
    texts = {"a": CHAIN, "b": STRIKE, "c": f"{EVENT} They waited for the tide."}
    places = [
        candidate("a", CHAIN, "a chain had snapped", 9.0),
        candidate("b", STRIKE, "on strike", -6.0),
        candidate("c", texts["c"], "the tide", -7.0),
    ]
    found = weigh_claims(
        WHY,
        pool(places),
        hits=[hit(article, text) for article, text in texts.items()],
        text_of=texts.__getitem__,
        comparison=three,
    )
    assert [[c.text for c in claim.candidates] for claim in found] == [
        ["a chain had snapped"],
        ["on strike"],
        ["the tide"],
    ]


@pytest.mark.parametrize(
    ("question", "answer", "theirs", "other"),
    [
        (SEALS, "24", f"{EVENT} They weighed 90 kg.", "90 kg"),
        ("When were the seals counted?", "24", f"{EVENT} It rained.", "It rained"),
    ],
)
def test_of_amounts_and_times_words_tell_nothing(question, answer, theirs, other):
    sure = by_words(**{other: (-9.0, 9.0)})
    found = claims(sure, theirs, (other, -6.0), question=question, answer=answer)
    assert [each[0][0] for each in found] == [answer]
    assert not sure.pairs.asked


def test_only_the_strongest_places_are_read():
    theirs = f"{EVENT} " + " ".join(f"Word{n}" for n in range(20))
    judge = by_words()
    offered = [(f"Word{n}", -6.0 - n) for n in range(10)]
    claims(judge, theirs, *offered, ours=CHAIN, question=WHY, answer="a chain had snapped")
    assert [asked[2] for asked in judge.pairs.asked] == ["Word0", "Word1", "Word2"]


def test_of_many_articles_those_that_share_most_names_are_read_first():
    texts = {"a": f"{CHAIN} So Cass Orme said."}
    places = [candidate("a", texts["a"], "a chain had snapped", 9.0)]
    for n in range(MOST_READ + 4):
        # The last two also name whom the answer's article names.
        also = " Cass Orme said so." if n >= MOST_READ + 2 else ""
        texts[f"b{n}"] = f"{EVENT} They say so. It was for cause{n}.{also}"
        places.append(candidate(f"b{n}", texts[f"b{n}"], f"cause{n}", -6.0 - n))
    judge = by_words()
    weigh_claims(
        WHY,
        pool(places),
        hits=[hit(article, text) for article, text in texts.items()],
        text_of=texts.__getitem__,
        comparison=judge,
    )
    asked = [words for _, _, words in judge.pairs.asked]
    first = [MOST_READ + 2, MOST_READ + 3, *range(MOST_READ - 2)]
    assert asked == [f"cause{n}" for n in first]


def test_a_saved_comparison_is_loaded_again(tmp_path):
    FITTED.save(tmp_path)
    assert load_comparison(tmp_path) == FITTED
    assert load_comparison(None) == load_comparison(SHIPPED) != FITTED


def test_a_reader_without_one_takes_the_shipped_one(tmp_path):
    assert load_comparison(tmp_path) == load_comparison(SHIPPED)


@pytest.mark.parametrize("change", [{"same": {}}, {"differs": None}, {"same_worded": 3}])
def test_a_broken_comparison_is_named(tmp_path, change):
    FITTED.save(tmp_path)
    file = tmp_path / "comparison.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(ReaderError, match=r"comparison\.json: not a comparison"):
        load_comparison(tmp_path)


def test_a_model_takes_a_weight_for_each_feature():
    with pytest.raises(ValueError, match="3 weights for offered"):
        Logistic(0.0, (1.0, 2.0, 3.0), 0.5)
