"""Whether two answers agree, as a model reads them with their sentences. All is invented."""

import pytest

from qa.answer_pairs import LONGEST, Judged, PairModel, Said, both, said
from qa.errors import ReaderError

ASKED = "Why was the Marlhaven bridge closed?"
OURS = Said(
    "cracks in two of its cables",
    "The bridge was closed after inspectors found cracks in two of its cables.",
)
PUT_OTHERWISE = Said(
    "two cables had cracked", "Engineers shut it on Monday because two cables had cracked."
)
ANOTHER = Said("a lorry had struck a pillar", "It was shut because a lorry had struck a pillar.")
OF_ELSE = Said("for a film", "It was closed for a film in 2011.")


@pytest.fixture(scope="module")
def shipped():
    return PairModel()


def test_other_words_for_one_cause_agree_more_than_another_cause(shipped):
    agree, conflict, apart = shipped.judge(ASKED, OURS, [PUT_OTHERWISE, ANOTHER, OF_ELSE])
    assert agree.agree > max(0.0, agree.conflict)
    assert conflict.conflict > conflict.agree + 2.0
    assert apart.conflict < conflict.conflict - 1.0 and apart.agree < 0.0


def test_it_does_not_matter_which_is_read_first(shipped):
    (one,), (other,) = (shipped.judge(ASKED, a, [b]) for a, b in ((OURS, ANOTHER), (ANOTHER, OURS)))
    assert (one.agree, one.conflict) == pytest.approx((other.agree, other.conflict), abs=1e-3)


def test_it_judges_each_pair_alone_and_nothing_where_there_is_none(shipped):
    assert shipped.judge(ASKED, OURS, []) == []
    together = shipped.judge(ASKED, OURS, [ANOTHER, OF_ELSE])
    alone = [*shipped.judge(ASKED, OURS, [ANOTHER]), *shipped.judge(ASKED, OURS, [OF_ELSE])]
    for one, other in zip(together, alone, strict=True):
        assert isinstance(one, Judged)
        assert (one.agree, one.conflict) == pytest.approx((other.agree, other.conflict), abs=0.05)


def test_a_folder_without_weights_is_named(tmp_path):
    with pytest.raises(ReaderError, match=r"none: no model of answer pairs .*qa\.train_pairs"):
        PairModel(tmp_path / "none").judge(ASKED, OURS, [ANOTHER])


def test_an_answer_stands_in_its_sentence():
    text = "Nobody was hurt. The roof\nfell in at noon, the owner said. It rained."
    start = text.index("at noon")
    assert said(text, start, start + 7) == Said(
        "at noon", "The roof fell in at noon, the owner said."
    )
    assert both(Said("a", "b"), Said("c", "d"), "[SEP]") == "a : b [SEP] c : d"


@pytest.mark.parametrize("before", [0, 50, 900, 5000])
@pytest.mark.parametrize("after", [0, 900])
def test_of_a_very_long_sentence_the_part_around_the_answer_is_read(before, after):
    text = "x " * before + "the broken dam " + "y " * after
    found = said(text, 2 * before, 2 * before + len("the broken dam"))
    assert found.answer == "the broken dam"
    assert "the broken dam" in found.sentence
    assert len(found.sentence) <= LONGEST
