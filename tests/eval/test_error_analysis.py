from dataclasses import dataclass

import pytest

from eval.error_analysis import EXPLAINED, ErrorBin, Errors, Place, binned, error_of

PASSAGE = "At least 17 people were killed, of whom 15 were attackers."


def place(words: str, *, right: bool = True) -> Place:
    start = PASSAGE.index(words)
    return Place(PASSAGE, start, start + len(words), right=right)


def found(given: Place | None, **said) -> ErrorBin | None:
    known = {
        "exact": False,
        "answerable": True,
        "golds": ["17"],
        "right_passage_read": True,
        "articles": 1,
    }
    return error_of(place=given, **(known | said))


@pytest.mark.parametrize(
    ("said", "given", "expected"),
    [
        ({"exact": True}, place("17"), None),
        ({"exact": True, "answerable": False, "golds": []}, None, None),
        ({"answerable": False, "golds": []}, place("15"), "answered_unanswerable"),
        ({"answerable": False, "golds": [], "articles": 3}, place("15"), "answered_unanswerable"),
        ({}, None, "abstained"),
        ({"right_passage_read": False}, None, "not_retrieved"),
        ({}, place("At least 17 people"), "boundary"),
        ({"golds": ["AT LEAST 17"]}, place("17 people"), "boundary"),
        ({"articles": 2}, place("17 people"), "boundary"),
        ({}, place("15"), "wrong_span"),
        ({"articles": 2}, place("15"), "disputable"),
        ({}, place("15", right=False), "not_read_highest"),
        ({"right_passage_read": False}, place("15", right=False), "not_retrieved"),
        ({"right_passage_read": False, "articles": 2}, place("15", right=False), "disputable"),
        # The same words in a passage of another article are no matter of boundary.
        ({}, place("17 people", right=False), "not_read_highest"),
        ({"golds": ["7 (seven)", " "]}, place("17"), "wrong_span"),
        ({"golds": ["7"]}, place("17"), "wrong_span"),  # a part of another number
        ({"golds": ["the 17   people"]}, place("17 people were"), "boundary"),
    ],
)
def test_each_wrong_answer_has_its_bin(said, given, expected):
    assert found(given, **said) == expected


@dataclass(frozen=True)
class Record:
    id: str
    error: ErrorBin | None


def test_bins_are_counted_in_order_and_without_empty_ones():
    records = [
        Record("1", None),
        Record("2", "boundary"),
        Record("3", "not_retrieved"),
        Record("4", "boundary"),
    ]
    assert binned(records) == (
        Errors("not_retrieved", 1, 0.25, ("3",)),
        Errors("boundary", 2, 0.5, ("2", "4")),
    )
    assert binned([Record("1", None)]) == ()
    assert binned([]) == ()


def test_ten_examples_are_spread_over_all():
    (errors,) = binned([Record(str(i), "abstained") for i in range(25)])
    assert errors.count == 25
    assert errors.examples == ("0", "2", "5", "7", "10", "12", "15", "17", "20", "22")


def test_every_bin_is_explained():
    assert set(EXPLAINED) == set(ErrorBin.__args__)
