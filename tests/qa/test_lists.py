import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.lists import enumeration_at, items_in
from qa.types import Span

RIDERS = (
    "On Sunday four touring cyclists — two from the United States, one from the Netherlands and "
    "one from Switzerland — were run down near the dam."
)
COUNTRIES = ["United States", "Netherlands", "Switzerland"]


def span(text, words, *, score=5.0):
    at = text.index(words)
    return Span(at, at + len(words), score, 0.0)


def found(text, words, *readings, score=4.0, at_most=None):
    """The items around these words, as words."""
    others = [span(text, reading, score=score) for reading in readings]
    enumeration = enumeration_at(text, span(text, words), others, at_most=at_most)
    return [text[i.start : i.end] for i in enumeration.items] if enumeration else None


@pytest.mark.parametrize(
    "words",
    [
        "four touring cyclists",
        "two from the United States, one from the Netherlands and one from Switzerland",
        "the United States, one from the Netherlands",
        "United States",
        "Netherlands",
        "one from Switzerland",
    ],
)
def test_parallel_items_are_found_from_any_part_of_them(words):
    assert found(RIDERS, words) == COUNTRIES


def test_the_place_runs_from_the_first_item_to_the_last():
    place = enumeration_at(RIDERS, span(RIDERS, "Netherlands")).place
    assert RIDERS[place.start : place.end] == (
        "United States, one from the Netherlands and one from Switzerland"
    )


@pytest.mark.parametrize(
    ("text", "words", "items"),
    [
        ("It is wet, cold and dark.", "wet, cold and dark", ["wet", "cold", "dark"]),
        ("They sold tin, lead, and salt.", "tin, lead, and salt", ["tin", "lead", "salt"]),
        ("Take salt or sand.", "salt or sand", ["salt", "sand"]),
        (
            "It shut Abbot Primary, Quay Academy and the Fish Lane nursery.",
            "Quay Academy",
            ["Abbot Primary", "Quay Academy", "Fish Lane nursery"],
        ),
        (
            "Aid came from Trinidad and Tobago, Chile and Peru.",
            "Chile",
            ["Trinidad and Tobago", "Chile", "Peru"],
        ),
        (
            "Ada Low, 81, Bo Marsh, 22, and Cy Tarn were there.",
            "Bo Marsh",
            ["Ada Low", "Bo Marsh", "Cy Tarn"],
        ),
        (
            "They sell to shops in Averly; the islands; and the mainland.",
            "shops in Averly; the islands; and the mainland",
            ["shops in Averly", "the islands", "the mainland"],
        ),
        (
            "It is used in weather stations, railway signals and sledges.",
            "railway signals and sledges",
            ["weather stations", "railway signals", "sledges"],
        ),
        (
            "The crew wants a break of ten minutes, a rise of 6.5 per cent and an end to nights.",
            "a break of ten minutes",
            ["a break of ten minutes", "a rise of 6.5 per cent", "an end to nights"],
        ),
        ("They grow things such as peas, beans and kale.", "peas, beans and kale",
         ["peas", "beans", "kale"]),
        ("It has tin, lead, etc.", "tin, lead, etc", ["tin", "lead"]),
        ("In Averly, Ada Low and Bo Marsh met.", "Ada Low", ["Ada Low", "Bo Marsh"]),
        ("In Averly, Merriden and Port Wen, lamps went out.", "Merriden",
         ["Averly", "Merriden", "Port Wen"]),
    ],
)  # fmt: skip
def test_items_are_slices_of_the_text(text, words, items):
    assert found(text, words) == items


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It hurt Ada Low, and Bo Marsh left.", "Ada Low"),  # two clauses
        ("They live in Averly, Northmark.", "Averly"),  # a place in a place
        ("They asked for social and economic reform.", "social and economic reform"),  # one thing
        ("It sank on May 4, 2019.", "May 4, 2019"),
        ("She left, which was wise, and he stayed.", "She left, which was wise, and he stayed"),
        ("Ada Low won.", "Ada Low"),
        ("The boat, painted red, sank.", "The boat"),
    ],
)
def test_what_is_no_enumeration_has_no_items(text, words):
    assert found(text, words) is None


def test_a_near_reading_of_the_whole_stands_for_a_part():
    text = "The river ran yellow for paper, blue for ink, red for cards."
    whole = "yellow for paper, blue for ink, red for cards"
    items = ["yellow for paper", "blue for ink", "red for cards"]
    assert found(text, "yellow", whole) == items
    assert found(text, "yellow", whole, score=0.9) is None  # 4.1 logits worse
    assert found(text, "yellow") is None


def test_no_more_items_are_taken_than_were_asked_for():
    assert found(RIDERS, "Netherlands", at_most=2) is None
    assert found(RIDERS, "Netherlands", at_most=3) == COUNTRIES


def test_bulleted_lines_are_items():
    text = "Bring these:\n\n- warm blankets;\n- two torches;\n- old tins.\n\nThen go."
    assert found(text, "torches") == ["warm blankets", "two torches", "old tins"]


def test_numbered_lines_are_items():
    text = "1. Boil it.\n2. Cool it."
    assert found(text, "Boil") == ["Boil it", "Cool it"]


def test_one_bullet_is_no_list():
    assert found("Bring this:\n\n- warm blankets\n\nThen go.", "blankets") is None


def test_an_enumeration_read_again_has_the_same_items():
    found_first = enumeration_at(RIDERS, span(RIDERS, "Netherlands"))
    place = found_first.place
    assert items_in(RIDERS, place.start, place.end) == found_first


PIECES = [
    "Ada Low",
    "the dam",
    ", ",
    " and ",
    "; ",
    "\n",
    "- ",
    "(",
    ")",
    "two from ",
    "red",
    '"',
    " ",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14), st.data())
def test_items_never_leave_the_text_nor_overlap(pieces, data):
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    enumeration = enumeration_at(text, Span(start, end, 1.0, 0.0))
    items = enumeration.items if enumeration else ()
    assert len(items) != 1
    edges = [edge for item in items for edge in (item.start, item.end)]
    assert edges == sorted(edges)
    assert all(0 <= item.start < item.end <= len(text) for item in items)
