import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from qa.report import ReportItem
from qa.report_answers import item_of
from qa.types import Copy, Range
from ui import render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</article></aside></template><h1>Mine</h1>",
    "{{ 7 * 7 }} {% raw %} ${alert(1)} `",
    "&lt;b&gt; &amp;amp;",
    "\u202egnp.exe\u2066 \u2069\u2069",
    "-->]]><!--",
    "W" * 5_000,
]
OWN_TAGS = {
    *("div", "article", "section", "aside", "header", "ol", "ul", "li", "details", "summary"),
    *("h1", "h2", "h3", "p", "span", "b", "bdi", "sup", "mark", "blockquote", "a", "button"),
}


def parsed(markup):
    return html.fragment_fromstring(markup, create_parent="div")


def words(element):
    return " ".join(element.text_content().split())


def hostile_answer(answer, text):
    """The answer with this text wherever an article or its metadata can put one."""

    def cited(citation):
        passage = f"{text} eleven {text}"
        start = len(text) + 1
        return dataclasses.replace(
            citation,
            title=text,
            source=text,
            authors=(text, text),
            url=f"https://a.example/{text}".replace(" ", ""),
            path=f"/articles/{text}",
            published=text,
            start=start,
            end=start + len("eleven"),
            quote="eleven",
            sentence=Range(0, len(passage)),
            passage=Range(0, len(passage)),
            passage_text=passage,
        )

    citations = tuple(cited(citation) for citation in answer.citations)
    return dataclasses.replace(
        answer,
        question=text,
        answer=text,
        citations=citations,
        alternatives=tuple(
            dataclasses.replace(other, answer=text, citations=citations)
            for other in answer.alternatives
        ),
    )


def assert_only_our_own_markup(tree):
    for element in tree.iter():
        assert element.tag in OWN_TAGS, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("autofocus", "src", "srcdoc", "formaction"), name
            if name == "href":
                assert value.startswith(("https://", "http://", "/article/")), value


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_articles_never_becomes_markup(injured, text):
    tree = parsed(render.transcript([hostile_answer(injured, text)]))
    assert_only_our_own_markup(tree)
    (turn,) = tree.xpath('//*[@data-testid="answer"]')
    beside = parsed(turn.get("data-sources"))
    assert_only_our_own_markup(beside)
    assert len(tree.xpath('//*[@data-testid="answer"]')) == 1
    assert len(beside.xpath('//*[@data-testid="source"]')) == 2
    assert tree.xpath('//*[@class="fn-words"]')[0].text_content() == text
    assert [mark.text_content() for mark in beside.iter("mark")] == ["eleven", "eleven"]
    if len(text) < 1_000:
        assert beside.find(".//blockquote").text_content() == f"{text} eleven {text}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text())
def test_any_answer_reads_back_as_it_was(injured, text):
    text = "".join(letter for letter in text if letter >= " " and letter != "\x7f")
    read = dataclasses.replace(injured, answer=text)
    tree = parsed(render.transcript([read]))
    assert tree.xpath('//*[@class="fn-words"]')[0].text_content() == text


def test_a_script_address_is_shown_as_a_file_not_as_a_link(injured):
    cited = dataclasses.replace(injured.citations[0], url="javascript:alert(1)")
    tree = parsed(render.sources(dataclasses.replace(injured, citations=(cited,))))
    assert [link.get("href").partition("?")[0] for link in tree.iter("a")] == [
        f"/article/{cited.article_id}"
    ]
    assert "ferry.txt" in words(tree)


def test_an_answer_shows_question_words_footnotes_and_confidence(injured):
    (turn,) = parsed(render.transcript([injured])).xpath('//*[@data-testid="answer"]')
    assert words(turn.find("h2")) == "How many people were hurt on the ferry?"
    assert words(turn.xpath('.//*[@class="fn-answer"]')[0]) == "eleven people12"
    (sure,) = turn.xpath('.//*[@class="fn-confidence"]//button')
    assert words(sure) == "likely, 0.82"
    meaning = turn.xpath(f'.//*[@id="{sure.get("aria-describedby")}"]')[0]
    assert words(meaning).startswith("Of 100 answers given with this figure, about 82 ")
    assert words(turn.xpath('.//*[@class="fn-context"]')[0]) == (
        "A fire on the overnight ferry Lady Merriden left eleven people injured early on "
        "Tuesday, the coastguard said."
    )
    numbers = turn.xpath(".//sup/button")
    assert [number.get("data-source") for number in numbers] == ["t1-s1", "t1-s2"]
    assert numbers[1].get("aria-label") == "Source 2: Averly ferry: toll revised"
    assert turn.get("data-copy").startswith("eleven people\n“A fire on the overnight ferry")
    assert "The Averly Courier" in turn.get("data-copy")
    assert words(turn.find("details/summary")) == "Another possible answer"
    assert turn.find("details").get("open") is None
    assert "Two a faint guess, 0.08" in words(turn.find("details"))
    assert not list(turn.iter("mark"))


def test_the_items_of_a_list_are_shown_with_the_sources_they_stand_in(hurt_of):
    (turn,) = parsed(render.transcript([hurt_of])).xpath('//*[@data-testid="answer"]')
    assert words(turn.xpath('.//*[@class="fn-answer"]')[0]) == "eleven people1"
    items = turn.xpath('.//*[@class="fn-items"]/li')
    assert [words(item) for item in items] == ["eleven people1", "12 people2"]
    beside = parsed(turn.get("data-sources"))
    sources = [source.get("id") for source in beside.xpath('//*[@data-testid="source"]')]
    numbers = [number.get("data-source") for item in items for number in item.iter("button")]
    assert numbers == sources == ["t1-s1", "t1-s2"]


def test_a_request_that_no_quotation_answers_is_said_to_be_one(owner):
    declined = dataclasses.replace(owner, reason="not_extractive", best_rejected=None)
    (turn,) = parsed(render.transcript([declined])).xpath('//*[@data-testid="answer"]')
    assert words(turn.xpath('.//*[contains(@class, "fn-unanswered")]')[0]) == (
        "This asks for more than a quotation."
    )
    shown = words(turn.xpath('.//*[@class="fn-context"]')[0])
    assert shown.startswith("Footnote quotes; it does not summarise")
    assert shown.endswith("The nearest passages: 12")


def test_a_source_shows_where_the_words_stand(injured):
    first, second = parsed(render.sources(injured)).xpath('//*[@data-testid="source"]')
    assert words(first.find("h3")) == "Ferry fire in Port Averly leaves eleven injured"
    assert [words(part) for part in first.xpath('./p[@class="fn-meta"]/span')] == [
        "The Averly Courier",
        "6 November 2019 (from the lines on top)",
        "Tam Oswin, Beatrix Lorne",
    ]
    assert [mark.text_content() for mark in first.iter("mark")] == ["eleven people"]
    assert first.find("blockquote").text_content() == injured.citations[0].passage_text
    whole, original = first.iter("a")
    cited = injured.citations[0]
    assert whole.get("href") == (
        f"/article/{cited.article_id}?start={cited.start}&end={cited.end}#cited"
    )
    assert original.get("href") == (
        "https://www.averlycourier.example/news/ferry-fire"
        "#:~:text=Lady%20Merriden%20left-,eleven%20people,-injured%20early%20on"
    )
    assert original.get("rel") == "noopener noreferrer"
    assert original.get("referrerpolicy") == "no-referrer"
    assert words(original) == "Original at averlycourier.example"
    assert "date as shown on page: 8 November 2019" in words(second)
    assert "wire.csv, record 2" in words(second)


def test_a_page_number_and_copies_are_named(injured):
    cited = dataclasses.replace(injured.citations[0], page=7, also_in=("a", "b"))
    shown = words(parsed(render.sources(dataclasses.replace(injured, citations=(cited,)))))
    assert "page 7" in shown
    assert "same text in 2 other articles" in shown


def test_no_answer_is_said_plainly_with_reason_and_what_came_nearest(owner):
    (turn,) = parsed(render.transcript([owner])).xpath('//*[@data-testid="answer"]')
    shown = words(turn)
    assert "The articles do not say. They touch on the subject" in shown
    assert "likely" not in shown and "0.31" not in shown
    assert "The harbour authority a faint guess, 0.11" in words(turn.find("details"))
    beside = parsed(turn.get("data-sources"))
    assert words(beside.find(".//h2")) == "Nearest passages"
    assert len(beside.xpath('//*[@data-testid="source"]')) == 2
    assert not list(beside.iter("mark"))


def test_every_answer_keeps_its_own_sources(injured, harbour_master):
    tree = parsed(render.transcript([injured, harbour_master]))
    first, second = tree.xpath('//*[@data-testid="answer"]')
    assert first.get("data-sources") == render.sources(injured, number=1)
    assert second.get("data-sources") == render.sources(harbour_master, number=2)
    ids = [each.get("id") for each in parsed(second.get("data-sources")).iter("li")]
    assert ids == ["t2-s1"]


def test_the_invitation_with_its_examples_goes_when_a_question_comes(harbour_master):
    start = parsed(render.transcript(examples=["Who is <b>it</b>?"]))
    (example,) = start.xpath("//*[@data-ask]")
    assert example.get("data-ask") == "Who is <b>it</b>?"
    asked = parsed(render.transcript(examples=["Who?"], pending="Who is the harbour master?"))
    assert not asked.xpath("//*[@data-ask]")
    assert not asked.xpath('//*[@data-testid="answer"]')
    assert asked.xpath('//*[@aria-busy="true"]/h2')[0].text == "Who is the harbour master?"
    assert not parsed(render.transcript([harbour_master], examples=["Who?"])).xpath(
        "//*[@data-ask]"
    )


def test_a_notice_follows_the_answers_and_is_no_answer(harbour_master):
    tree = parsed(render.transcript([harbour_master], notice="the question is <too> long"))
    (notice,) = tree.xpath('//*[@data-testid="notice"]')
    assert notice.text == "the question is <too> long"
    assert len(tree.xpath('//*[@data-testid="answer"]')) == 1


def test_a_megabyte_of_passage_makes_a_small_page(injured):
    cited = injured.citations[0]
    text = cited.passage_text + "<" * 1_000_000
    huge = dataclasses.replace(
        cited,
        passage_text=text,
        passage=Range(cited.passage.start, cited.passage.start + len(text)),
    )
    page = render.transcript([dataclasses.replace(injured, citations=(huge,))])
    assert len(page) < 60_000
    assert "eleven people" in page


def test_an_article_page_shows_all_of_it_with_the_cited_words_marked(first_report):
    at = first_report.text.index("engine room")
    page = html.document_fromstring(render.article_page(first_report, marked=[Range(at, at + 11)]))
    (mark,) = page.iter("mark")
    assert (mark.get("id"), mark.text) == ("cited", "engine room")
    body = page.xpath('//*[@class="fn-text"]')[0].text_content()
    assert body == first_report.text[first_report.body_start :]
    assert words(page.find(".//h1")) == "Ferry fire in Port Averly leaves eleven injured"
    assert first_report.sha256[:12] in words(page)
    assert not list(page.iter("script"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_article_stays_text(first_report, text):
    article = dataclasses.replace(
        first_report,
        text=f"{text}\n\n{text}",
        body_start=len(text) + 2,
        title=dataclasses.replace(first_report.title, value=text),
        path=f"/articles/{text}",
        language=text,
    )
    page = html.document_fromstring(render.article_page(article))
    assert {each.tag for each in page.find("body").iter()} <= OWN_TAGS | {"body", "main"}
    assert not [name for each in page.iter() for name in each.attrib if name.startswith("on")]
    assert page.xpath('//*[@class="fn-text"]')[0].text_content() == text


def test_a_notice_page_escapes_its_line():
    page = render.notice_page("Not here", "no article '<b>'")
    assert "no article &#39;&lt;b&gt;&#39;" in page


def test_what_sources_disagree_on_leads_to_each_of_them(disputed):
    page = parsed(render.transcript([disputed]))
    (claims,) = page.xpath("//*[@data-testid='claims']")
    assert [words(item) for item in claims.iter("li")] == [
        "eleven people (one article)1",
        "12 people (one article)2",
    ]
    first, *numbers = claims.iter("button")
    assert (first.text, first.get("data-tab")) == ("Sources disagree", "compared")
    assert [b.get("data-source") for b in numbers] == ["t1-s1", "t1-s2"]
    (answer,) = page.xpath("//p[@class='fn-answer']")
    assert [button.text for button in answer.iter("button")] == ["1"]
    shown = parsed(render.sources(disputed)).xpath("//*[@data-testid='source']")
    assert [source.get("id") for source in shown] == ["t1-s1", "t1-s2"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_claim_stays_text(disputed, text):
    claims = tuple(dataclasses.replace(c, value=text) for c in disputed.agreement.claims)
    hostile = dataclasses.replace(
        disputed, agreement=dataclasses.replace(disputed.agreement, claims=claims)
    )
    page = parsed(render.transcript([hostile]))
    assert {element.tag for element in page.iter()} <= OWN_TAGS
    (turn,) = page.xpath('//*[@data-testid="answer"]')
    compared = parsed(turn.get("data-compared"))
    assert_only_our_own_markup(compared)
    assert [claim.text_content() for claim in compared.iter("h3")] == [text, text]


def test_a_question_that_was_taken_otherwise_can_be_asked_as_typed(harbour_master):
    assert "fn-understood" not in render.transcript([harbour_master])
    shown = render.transcript(
        [dataclasses.replace(harbour_master, question='And "his" <b>boss</b>?')]
    )
    understood = parsed(shown).xpath("//*[@data-testid='understood']")[0]
    assert understood.xpath("string()") == (
        "Understood as: Who is the harbour master? · ask as typed"
    )
    (button,) = understood.xpath(".//button")
    assert button.get("data-ask") == '/as-typed And "his" <b>boss</b>?'


def beside(answer, name):
    (turn,) = parsed(render.transcript([answer])).xpath('//*[@data-testid="answer"]')
    return parsed(turn.get(f"data-{name}")) if turn.get(f"data-{name}") else None


def test_what_sources_say_stands_side_by_side_each_with_its_sentence(disputed):
    compared = beside(disputed, "compared")
    assert words(compared.find(".//h2")) == "Sources disagree"
    first, second = compared.xpath('//*[@data-testid="claim"]')
    assert (words(first.find("h3")), words(second.find("h3"))) == ("eleven people", "12 people")
    assert words(first.find(".//b")) == "eleven people"
    assert "The Averly Courier, 6 November 2019" in words(first)
    assert "Northmark Wire" in words(second)
    assert [n.get("data-source") for n in compared.iter("button")] == ["t1-s1", "t1-s2"]


def test_one_articles_word_is_compared_with_nothing(injured, owner):
    assert beside(injured, "compared") is None
    assert beside(owner, "compared") is None
    assert beside(owner, "timeline") is None


def test_a_value_that_a_later_article_gives_otherwise_is_dimmed_in_words_too(disputed):
    claims = tuple(
        dataclasses.replace(
            claim,
            citations=tuple(
                dataclasses.replace(cited, published=day, published_trust="high")
                for cited in claim.citations
            ),
        )
        for claim, day in zip(disputed.agreement.claims, ("2019-11-06", "2019-11-08"), strict=True)
    )
    agreement = dataclasses.replace(disputed.agreement, claims=claims)
    first, second = beside(dataclasses.replace(disputed, agreement=agreement), "compared").xpath(
        '//*[@data-testid="claim"]'
    )
    assert "a later article says otherwise" in words(first)
    assert "fn-superseded" in first.get("class") and "fn-superseded" not in second.get("class")


def test_copies_are_folded_under_their_source_and_can_be_opened(injured):
    copies = (
        Copy("aa11", "Ferry fire", "Post <b>", "2019-11-07T08:00:00", "/articles/post.txt"),
        Copy("bb22", "The same fire", None),
    )
    cited = dataclasses.replace(injured.citations[0], also_in=("aa11", "bb22"), copies=copies)
    fold = parsed(render.sources(dataclasses.replace(injured, citations=(cited,)))).find(
        ".//details"
    )
    assert words(fold.find("summary")) == "also carried by Post <b>"
    assert [(a.get("href"), words(a)) for a in fold.iter("a")] == [
        ("/article/aa11", "Post <b>"),
        ("/article/bb22", "The same fire"),
    ]
    assert [words(item) for item in fold.iter("li")] == [
        "Post <b> (7 November 2019, post.txt)",
        "The same fire",
    ]


def test_an_article_beside_the_conversation_marks_all_that_is_cited(first_report):
    at = first_report.text.index("engine room")
    fragment = parsed(render.article_beside(first_report, marked=[Range(at, at + 6), Range(0, 5)]))
    assert [mark.text for mark in fragment.iter("mark")] == ["Ferry", "engine"]
    (text,) = fragment.xpath('//*[@class="fn-text"]')
    assert text.text_content() == first_report.text[first_report.body_start :]
    assert text.get("data-start") == str(first_report.body_start)
    assert_only_our_own_markup(fragment)


def test_an_item_of_a_report_travels_with_the_answer(injured, owner):
    for answer in (injured, owner):
        (turn,) = parsed(render.transcript([answer])).xpath('//*[@data-testid="answer"]')
        assert ReportItem.model_validate_json(turn.get("data-item")) == item_of(answer)


def test_without_filters_is_offered_where_they_left_nothing(owner):
    (turn,) = parsed(render.transcript([owner])).xpath('//*[@data-testid="answer"]')
    assert "fn-needed" not in turn.xpath('.//*[starts-with(@class, "fn-loosen")]')[0].get("class")
    shut_out = dataclasses.replace(owner, reason="filtered_out", undated_left_out=2)
    (turn,) = parsed(render.transcript([shut_out])).xpath('//*[@data-testid="answer"]')
    assert "fn-needed" in turn.xpath('.//*[starts-with(@class, "fn-loosen")]')[0].get("class")
    assert "2 articles without a date were left out." in words(turn)
