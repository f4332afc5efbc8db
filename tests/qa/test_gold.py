import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from index.embed import HashEncoder
from index.errors import LibraryError
from index.library import Library
from index.search import Searcher
from index.types import Article, Passage, Sourced
from qa.assistant import Assistant
from qa.confidence import FEATURES, Calibration, EvidenceWeights
from qa.errors import GoldError, QuestionError
from qa.gold import (
    add_gold,
    article_names,
    choose_place,
    confirm_gold,
    find_words,
    list_gold,
    remove_gold,
    require_gold,
)
from qa.reader import ScriptedReader
from qa.squad import normalize_answer

SURE = Calibration(
    30.0, (0.0,) * len(FEATURES), 0.5, 0.0, 0.0, EvidenceWeights(1.0, 0.0, 0.0)
)  # answers whatever the reader finds
UNSURE = Calibration(-30.0, (0.0,) * len(FEATURES), 0.5, 0.0, 0.0, EvidenceWeights(1.0, 0.0, 0.0))

# "Nine" stands at 6 and 34, "nine" inside "canine" at 55.
FIRE = "Fire\n\nNine people fled, she said.\nNine stayed. Their canine died."
TOLL = "Toll\n\nAll of the nine people who fled are well."


def article(text: str, path: str = "/a/fire.txt", source: str | None = None) -> Article:
    title = text.split("\n")[0]
    outlet = Sourced(source, "header") if source else None
    return Article(text, Sourced(title, "header"), path, "0" * 64, outlet, body_start=6)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


@pytest.fixture
def fire(library: Library) -> Article:
    library.add([article(FIRE)], HashEncoder())
    return article(FIRE)


def asked(library: Library, script: dict[str, float], calibration: Calibration = SURE) -> Assistant:
    searcher = Searcher.open(library, HashEncoder())
    return Assistant(library, searcher, ScriptedReader(script), calibration)


def starts(places: list[Passage]) -> list[int]:
    return [place.start for place in places]


# Finding the words


def test_words_are_found_at_their_code_points(library, fire):
    assert find_words(library, "Nine people") == [Passage(fire.id, 6, 17, "Nine people")]


def test_every_place_is_found_in_order(library, fire):
    assert starts(find_words(library, "Nine")) == [6, 34]


def test_whole_words_come_before_parts_of_longer_ones(library, fire):
    library.add([article(TOLL, "/a/toll.txt")], HashEncoder())
    assert [(p.article_id, p.start) for p in find_words(library, "nine")] == [
        (article(TOLL).id, 17),
    ]
    assert starts(find_words(library, "anine")) == [54]  # where there are no whole ones


def test_a_place_that_is_named_may_be_part_of_a_word(library, fire):
    assert find_words(library, "nine", start=55) == [Passage(fire.id, 55, 59, "nine")]


def test_other_case_space_quotes_and_dashes_give_the_words_of_the_article(library):
    text = "Port\n\nThe “North–South” pier\nis Mayor Lo’s."
    library.add([article(text)], HashEncoder())
    (place,) = find_words(library, '  the "north-south"  PIER is mayor lo\'s ')
    assert (place.start, place.text) == (6, text[6:-1])


def test_the_very_words_win_over_other_case(library, fire):
    library.add([article(TOLL, "/a/toll.txt")], HashEncoder())
    assert [p.text for p in find_words(library, "nine people")] == ["nine people"]


def test_of_articles_with_the_same_text_the_first_is_taken(library, fire):
    library.add([article(FIRE, "/b/fire.txt", "Gazette")], HashEncoder())
    for words in ("Nine people", "NINE people"):
        assert find_words(library, words) == [Passage(fire.id, 6, 17, "Nine people")]


def test_an_article_that_is_named_is_looked_in_whatever_its_state(library, fire):
    library.add([article(TOLL, "/a/toll.txt")], HashEncoder())
    library.remove([fire.id])
    assert find_words(library, "nine people", article_id=fire.id[:8]) == [
        Passage(fire.id, 6, 17, "Nine people")
    ]
    assert [p.article_id for p in find_words(library, "nine people")] == [article(TOLL).id]


@pytest.mark.parametrize("words", ["ten people", "caf\udcff", "Nine  people fled, he"])
def test_words_that_stand_nowhere_are_one_line(library, fire, words):
    with pytest.raises(GoldError, match=r"stands in no article of library .*: give the words as"):
        find_words(library, words)
    with pytest.raises(GoldError, match=f"does not stand in article {fire.id}: 'footnote show"):
        find_words(library, words, article_id=fire.id)


def test_an_empty_library_holds_no_words(library):
    with pytest.raises(GoldError, match="stands in no article"):
        find_words(library, "Nine")


@pytest.mark.parametrize("words", ["", " \n", "the", "--", "An ...!"])
def test_words_that_no_score_can_count_are_refused(library, fire, words):
    with pytest.raises(GoldError, match="cannot be an answer: scores leave out punctuation"):
        find_words(library, words)
    with pytest.raises(GoldError, match="cannot be an answer"):
        add_gold(library, "How many?", [Passage(fire.id, 0, len(words), words)])


@pytest.mark.parametrize("start", [7, 10_000])
def test_a_start_where_the_words_do_not_stand_names_those_where_they_do(library, fire, start):
    expected = f"'Nine' does not stand at {start}: it stands at 6, 34 of article {fire.id}"
    with pytest.raises(GoldError, match=f"^{expected}$"):
        find_words(library, "Nine", start=start)


def test_of_many_places_a_few_are_named(library):
    library.add([article("Rain\n\n" + "Nine. " * 8)], HashEncoder())
    with pytest.raises(GoldError, match=r"at 6, 12, 18, 24, 30 of article .*; and at 3 more"):
        find_words(library, "Nine", start=0)


def test_an_unknown_article_is_named(library, fire):
    with pytest.raises(LibraryError, match="no article 'xyz' in library"):
        find_words(library, "Nine", article_id="xyz")


WORDS = st.text(alphabet="ab é\u0301ßİ🜨\U0001f469\u200d\n.-’9中", min_size=1, max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=WORDS, words=WORDS, after=WORDS)
@example(before="🜨🜨", words="e\u0301", after="é")
@example(before="aa", words="aa", after="aa")  # places that overlap
def test_offsets_count_code_points_and_survive_the_library(tmp_path_factory, before, words, after):
    text, words = before + words + after, words.strip()
    assume(normalize_answer(words))
    with Library.open(tmp_path_factory.mktemp("library"), create=True) as library:
        library.add([Article(text, Sourced("t", "header"), "/t", "0" * 64)], HashEncoder())
        everywhere = {at for at in range(len(text)) if text.startswith(words, at)}
        places = find_words(library, words)
        assert set(starts(places)) <= everywhere
        inside = [
            at
            for at in everywhere
            if not re.match(r"\w\w", text[max(at - 1, 0) : at + 1] if at else "")
            and not re.match(r"\w\w", text[at + len(words) - 1 : at + len(words) + 1])
        ]
        assert starts(places) == sorted(inside or everywhere)
        item, _ = add_gold(library, "What?", places)
        (kept,) = list_gold(library)
        assert kept == item
        for answer in kept.answers:
            assert library.article(answer.article_id).text[answer.start : answer.end] == words
        assert library.check().problems == ()


# Choosing among several places


def at(start: int, words: str = "Nine", article_id: str = "a1") -> Passage:
    return Passage(article_id, start, start + len(words), words)


def test_the_only_place_needs_no_choosing():
    assert choose_place([at(6)]) == at(6)


def test_a_citation_decides_before_any_passage(library, fire):
    cited = asked(library, {"Nine stayed": 3.0}).ask("How many stayed?").citations
    places = find_words(library, "Nine")
    first = Passage(fire.id, 0, 20, FIRE[:20])
    assert choose_place(places, citations=cited, passages=[first]).start == 34


def test_the_first_passage_that_holds_any_place_decides():
    passages = [at(0, "x" * 5, "b2"), Passage("a1", 30, 50, ""), Passage("a1", 0, 20, "")]
    assert choose_place([at(6), at(35)], passages=passages) == at(35)


def test_a_citation_of_another_outlet_s_copy_decides_too(library, fire):
    library.add([article(FIRE, "/b/fire.txt", "Gazette")], HashEncoder())
    cited = asked(library, {"Nine stayed": 3.0}).ask("How many stayed?").citations
    copy = article(FIRE, "/b/fire.txt", "Gazette").id
    places = find_words(library, "Nine", article_id=copy)
    assert choose_place(places, citations=cited) == Passage(copy, 34, 38, "Nine")


def test_where_nothing_decides_the_offsets_are_named():
    both = [Passage("a1", 0, 60, "")]
    with pytest.raises(GoldError, match=r"^'Nine' stands at 6, 35 of article a1: .* --start N$"):
        choose_place([at(6), at(35)], passages=both)
    expected = r"'Nine' stands at 6 of article a1; at 9 of article b2: say .* --article ID, and"
    with pytest.raises(GoldError, match=expected):
        choose_place([at(6), at(9, article_id="b2")])


# Keeping


def test_a_question_is_kept_without_outer_and_double_spaces(library, fire):
    item, _ = add_gold(library, "  How\n many\tfled? ", [Passage(fire.id, 6, 17, "Nine people")])
    assert item.question == "How many fled?"
    assert add_gold(library, "How many fled?", [Passage(fire.id, 6, 17, "Nine people")]) == (
        item,
        False,
    )


@pytest.mark.parametrize("question", ["", " ?! ", "x" * 2001])
def test_what_cannot_be_asked_is_not_kept(library, question):
    with pytest.raises(QuestionError):
        add_gold(library, question, [])
    assert list_gold(library) == []


def test_a_confirmed_answer_is_kept_in_the_words_of_each_citation(library, fire):
    library.add([article(TOLL, "/a/toll.txt")], HashEncoder())
    assistant = asked(library, {"Nine people": 3.0, "nine people": 2.0})
    item, new = confirm_gold(library, assistant.ask("How many fled?"))
    assert new
    assert item.question == "How many fled?"
    assert [(a.article_id, a.start, a.text) for a in item.answers] == [
        (fire.id, 6, "Nine people"),
        (article(TOLL).id, 17, "nine people"),
    ]
    assert confirm_gold(library, assistant.ask("How many fled?")) == (item, False)


def test_a_refusal_cannot_be_confirmed(library, fire):
    refused = asked(library, {"Nine people": 3.0}, UNSURE).ask("How many fled?")
    with pytest.raises(GoldError, match=r"'How many fled\?' is not answered now: .* --no-"):
        confirm_gold(library, refused)
    assert list_gold(library) == []


def test_items_are_listed_and_removed(library, fire):
    with pytest.raises(GoldError, match="holds no gold items: add one with"):
        require_gold(library)
    one, _ = add_gold(library, "How many fled?", [])
    two, _ = add_gold(library, "Who fled?", [])
    assert require_gold(library) == list_gold(library) == [one, two]
    assert remove_gold(library, [one.id]) == [one]
    assert list_gold(library) == [two]


# What articles are called


def test_an_article_and_its_later_version_are_called_by_their_file(library, fire):
    later = article(FIRE.replace("Nine", "Ten"))
    library.add([later], HashEncoder())
    assert article_names(library) == {fire.id: "fire.txt", later.id: "fire.txt"}


def test_a_file_name_that_others_share_gives_way_to_the_live_version_s_id(library, fire):
    later = article(FIRE.replace("Nine", "Ten"))
    other = article(TOLL, "/b/FIRE.txt")
    gone = article("Rain\n\nIt rained.", "/c/fire.txt")
    library.add([later], HashEncoder())
    library.add([other, gone], HashEncoder())
    library.remove([gone.id])
    assert article_names(library) == {
        fire.id: later.id,
        later.id: later.id,
        other.id: other.id,
        gone.id: gone.id,
    }


def test_an_empty_library_has_no_names(library):
    assert article_names(library) == {}
