import pytest

from eval.datasets import GoldAnswer
from eval.ranking import Found, Ranking
from eval.relevance import is_gold, names_of, ranking_of, voice_by_name
from index.embed import HashEncoder
from index.library import Library
from index.types import Article, Sourced


def article(path: str, title: str = "Ferry fire") -> Article:
    return Article("Eleven were hurt.", Sourced(title, "header"), path, "0" * 64)


GOLDS = (GoldAnswer("eleven", "Wire.txt", 0), GoldAnswer("12", "later.html", None))
WIRE = names_of([article("/a/wire.txt")])
LATER = names_of([article("/a/later.html", "Toll revised")])
OTHER = names_of([article("/a/other.md", "Weather")])


def test_an_article_answers_to_its_file_its_id_and_its_title():
    named = article("/news/clippings.csv#2", "Ferry Fire")
    assert {"clippings.csv#2", named.id, "ferry fire"} <= names_of([named])


def test_copies_have_one_voice_by_any_name(tmp_path):
    text = " ".join(f"At {n} o'clock pier {n} of the harbour caught fire too." for n in range(30))
    other = " ".join(f"Councillor {n} put off the vote on mill {n}." for n in range(30))
    written = [("wire.txt", text), ("ledger.txt", text + "Ledger staff"), ("mill.txt", other)]
    articles = [Article(t, Sourced(p[:-4], "header"), f"/a/{p}", "0" * 64) for p, t in written]
    with Library.open(tmp_path / "library", create=True) as library, library.adding():
        library.add(articles, HashEncoder())
        voice_of = voice_by_name(library)
    assert voice_of("WIRE.txt") == voice_of("ledger") == voice_of(articles[0].id)
    assert voice_of("mill.txt") not in (voice_of("wire"), "mill.txt")
    assert voice_of("elsewhere.txt") == "elsewhere.txt"


def test_a_text_is_gold_in_a_gold_article_with_a_gold_wording():
    assert is_gold("Eleven people", WIRE, GOLDS)
    assert not is_gold("Eleven people", OTHER, GOLDS)
    assert not is_gold("people", WIRE, GOLDS)
    assert not is_gold("Eleven people", WIRE, ())


def test_the_same_or_a_conflicting_gold_counts_in_any_gold_article():
    assert is_gold("12 people", WIRE, GOLDS)


def test_golds_of_no_named_article_may_stand_in_any():
    assert is_gold("Eleven people", OTHER, (GoldAnswer("eleven", None, None),))


@pytest.mark.parametrize("name", ["WIRE.TXT", "ferry fire", article("/a/wire.txt").id])
def test_data_may_name_an_article_as_it_likes(name):
    assert is_gold("eleven", WIRE, (GoldAnswer("eleven", name, None),))


def test_articles_are_found_where_a_passage_first_holds_an_answer():
    hits = [
        (WIRE, "The ferry had left Port Averly."),  # the article, but not the answer
        (OTHER, "Eleven degrees at noon."),  # the answer's words, but elsewhere
        (WIRE, "Eleven were hurt."),
        (WIRE, "Of the eleven, two remain in hospital."),  # found already
        (LATER, "12 were hurt."),
    ]
    assert ranking_of(hits, GOLDS) == Ranking((Found(3, 1), Found(5, 1)), ())


def test_gold_articles_with_the_same_text_are_one_to_be_found():
    assert ranking_of([(WIRE | LATER, "Eleven were hurt.")], GOLDS) == Ranking((Found(1, 1),), ())


def test_what_is_not_found_counts_as_relevant_all_the_same():
    assert ranking_of([(OTHER, "Rain.")], GOLDS) == Ranking((), (1, 1))
    assert ranking_of([], GOLDS) == Ranking((), (1, 1))


def test_a_question_without_answer_has_nothing_to_be_found():
    assert ranking_of([(WIRE, "Eleven were hurt.")], ()) == Ranking((), ())
