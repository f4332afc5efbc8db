from dataclasses import replace

from index.types import PublishedDate
from qa.dates import Anchor
from qa.timeline import date_of, said_dates, superseded, tells_something, timeline
from qa.types import Agreement, Alternative, Answer, Citation, Claim, Item, Range


def cited(sentence, quote, *, article_id="a", published="2019-11-06", trust="high", base=100):
    start = base + sentence.index(quote)
    anchor = Anchor.of(PublishedDate(published, "header", trust) if published else None)
    return Citation(
        n=1, article_id=article_id, title="T", source="S", authors=(), url=None, path="/a.txt",
        page=None, published=published, published_origin="header", published_trust=trust,
        start=start, end=start + len(quote), quote=quote, prefix="", suffix="",
        sentence=Range(base, base + len(sentence)), passage=Range(base, base + len(sentence)),
        article_sha256="", passage_text=sentence,
        dates=said_dates(sentence, anchor, offset=base),
    )  # fmt: skip


def answered(*citations, question="Who was hurt?", alternatives=(), claims=(), items=()):
    return Answer(
        question, question, answered=True, answer=citations[0].quote, confidence=0.9,
        citations=citations, alternatives=alternatives, agreement=Agreement("single", claims),
        items=items,
    )  # fmt: skip


LATER = cited("Two men were hurt on Wednesday.", "Two men")
EARLIER = cited("Nine people had been hurt in July 2018.", "Nine people", article_id="b")
UNDATED = cited("Nobody was hurt.", "Nobody", article_id="c")


def shown(answer):
    return [(entry.date, entry.counted_from, entry.claim) for entry in timeline(answer)]


def test_dated_sentences_stand_in_the_order_of_their_dates_word_for_word():
    claim, item = Claim("Nine people", 1, (EARLIER,)), Item("Nine people", (EARLIER,))
    for others in ({"claims": (claim,)}, {"items": (item,)}):
        assert shown(answered(LATER, UNDATED, **others)) == [
            ("2018-07", None, "Nine people had been hurt in July 2018."),
            ("2019-11-06", "2019-11-06", "Two men were hurt on Wednesday."),
        ]


def test_other_readings_are_no_part_of_what_happened():
    guess = Alternative("Nine people", 0.1, (EARLIER,))
    assert shown(answered(LATER, alternatives=(guess,))) == shown(answered(LATER))


def test_a_year_stands_before_its_months_and_a_month_before_its_days():
    said = ["on 1 January 2019", "in January 2019", "in the 2010s", "in 2019"]
    citations = [cited(f"It was {s}.", "It", article_id=s) for s in said]
    dates = [entry.date for entry in timeline(answered(*citations))]
    assert dates == ["2010/2019", "2019", "2019-01", "2019-01-01"]


def test_a_sentence_that_is_cited_twice_is_one_entry_with_all_its_articles():
    again = replace(LATER, article_id="z")
    (entry,) = timeline(answered(LATER, LATER, again))
    assert [citation.article_id for citation in entry.citations] == ["a", "z"]


def test_the_same_words_on_other_days_are_two_entries():
    other = cited("Two men were hurt on Wednesday.", "Two men", published="2019-11-15")
    assert [d for d, _, _ in shown(answered(LATER, other))] == ["2019-11-06", "2019-11-13"]


def test_when_something_was_said_is_not_when_it_happened():
    told = cited("The mayor said on Wednesday that it burned in May.", "it burned")
    assert date_of(told).text == "May"
    close = cited("The fire of May 2018 killed nine, the mayor said on Wednesday.", "killed nine")
    assert date_of(close).text == "May 2018"
    asked_for = cited("The mayor said on Wednesday that it burned in May.", "Wednesday")
    assert date_of(asked_for).text == "Wednesday"
    assert date_of(UNDATED) is None


def test_a_doubtful_day_of_publication_is_passed_on():
    (entry,) = timeline(answered(cited("Two were hurt on Wednesday.", "Two", trust="low")))
    assert (entry.trust, entry.text) == ("low", "Wednesday")


def test_what_is_not_answered_has_no_timeline():
    assert timeline(replace(answered(LATER), answered=False)) == ()


def test_a_timeline_is_worth_showing_with_two_dates_or_when_a_time_was_asked_for():
    def told(*citations, question="Who was hurt?"):
        answer = answered(*citations, question=question)
        return tells_something(replace(answer, timeline=timeline(answer)))

    assert told(LATER, EARLIER)
    assert not told(LATER, UNDATED)
    assert told(LATER, question="When was anybody hurt?")
    assert not told(UNDATED, question="When was anybody hurt?")


def disputed(*claims):
    answer = answered(*(c for claim in claims for c in claim.citations))
    return replace(answer, agreement=Agreement("conflict", claims))


def test_what_only_earlier_articles_say_is_superseded():
    old, older = LATER, replace(LATER, published="2019-11-05")
    new = replace(EARLIER, published="2019-11-08")
    answer = disputed(Claim("nine", 2, (older, old)), Claim("two", 1, (new,)))
    assert superseded(answer) == {"nine"}
    both_on_the_last_day = disputed(Claim("nine", 1, (older, new)), Claim("two", 1, (new,)))
    assert superseded(both_on_the_last_day) == frozenset()


def test_without_trusted_days_nothing_is_superseded():
    new = replace(EARLIER, published="2019-11-08")
    for old in (
        replace(LATER, published=None, published_trust=None),
        replace(LATER, published_trust="low"),
        replace(LATER, published="2019-11"),
    ):
        answer = disputed(Claim("nine", 1, (old,)), Claim("two", 1, (new,)))
        assert superseded(answer) == frozenset()


def test_where_nothing_conflicts_nothing_is_superseded():
    assert superseded(answered(LATER, EARLIER)) == frozenset()
