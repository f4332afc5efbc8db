import pytest

from index.ingest.errors import Unreadable
from index.ingest.html import read_html

LONG = (
    "A ferry with 112 passengers ran aground on Wednesday, and officials said that nobody was hurt "
    "in the accident, which closed the port for a day."
)
OTHER = (
    "In 2003 nothing like it had happened, and the port authority said that it would look into the "
    "matter in the coming weeks, with help from the navy."
)


def page(body, head="", title="Ferry runs aground off Harrow | The Harbour Gazette"):
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    ).encode()


def read(body, head="", **more):
    return read_html(page(body, head, **more))


def texts(draft):
    return [one.text for one in draft.paragraphs]


ARTICLE = f"<article><h1>Ferry runs aground off Harrow</h1><p>{LONG}</p><p>{OTHER}</p></article>"


def test_the_article_is_found_among_everything_else():
    draft = read(
        '<nav><a href="/">Home</a><a href="/n">News</a></nav>'
        '<div id="cookies">We use cookies.</div>'
        f"<article><h1>Ferry runs aground off Harrow</h1><p>{LONG}</p>"
        '<div class="ad banner">Advertisement<p>Boots that laugh at mud. From 39.99</p></div>'
        '<aside class="related"><h3>Read more</h3><ul><li><a href="/1">Eel weighed</a></li></ul>'
        f"</aside><p>{OTHER}</p></article><footer>© 2024 The Harbour Gazette</footer>"
    )
    assert draft.headline == "Ferry runs aground off Harrow"
    assert texts(draft) == [LONG, OTHER]


def test_metadata_of_the_head_come_with_origin_and_time():
    draft = read(
        ARTICLE,
        '<meta name="author" content="Jane Doe and John Roe">'
        '<meta property="article:published_time" content="2024-03-14T08:30:00+00:00">'
        '<meta property="article:modified_time" content="2024-03-15T08:30:00+00:00">'
        '<meta property="og:site_name" content="The Harbour Gazette">'
        '<link rel="canonical" href="https://gazette.example/2020/01/01/ferry">',
    )
    known = draft.metadata
    assert [author.value for author in known.authors] == ["Jane Doe", "John Roe"]
    assert known.published.value == "2024-03-14T08:30:00+00:00"
    assert (known.published.origin, known.published.trust) == ("html meta", "high")
    assert known.source.value == "The Harbour Gazette"
    assert known.url.value == "https://gazette.example/2020/01/01/ferry"


def test_linked_data_are_read():
    draft = read(
        ARTICLE,
        '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": '
        '"NewsArticle", "datePublished": "2024-03-14T08:30:00Z", "author": [{"name": "Jane Doe"}, '
        '{"name": "John Roe"}], "publisher": {"name": "The Echo"}}]}</script>'
        '<script type="application/ld+json">{broken</script>',
    )
    known = draft.metadata
    assert [author.value for author in known.authors] == ["Jane Doe", "John Roe"]
    assert known.published.value == "2024-03-14T08:30:00+00:00"
    assert known.source.value == "The Echo"


def test_a_byline_on_the_page_is_metadata_and_no_text():
    draft = read(
        "<article><h1>Ferry runs aground off Harrow</h1><div class=m>By <span>Jane Doe</span> | "
        f"Thursday 14 March 2024</div><p>{LONG}</p><p>{OTHER}</p></article>"
    )
    assert draft.metadata.authors[0].value == "Jane Doe"
    assert draft.metadata.published.value == "2024-03-14"
    assert (draft.metadata.published.origin, draft.metadata.published.trust) == ("byline", "high")
    assert draft.metadata.source.value == "The Harbour Gazette"  # the end of the page's title
    assert texts(draft) == [LONG, OTHER]


def test_a_time_element_counts_unless_it_is_an_update():
    first = '<p>Updated <time datetime="2024-03-15">15 March</time></p>'
    second = '<p><time datetime="2024-03-14T08:30:00Z">a day ago</time></p>'
    draft = read(ARTICLE.replace("</h1>", f"</h1>{first}{second}"))
    assert draft.metadata.published.value == "2024-03-14T08:30:00+00:00"
    assert draft.metadata.published.origin == "html time"


def test_no_date_is_invented():
    assert read(ARTICLE).metadata.published is None


def test_a_date_in_the_address_is_used_where_nothing_else_is():
    draft = read(ARTICLE, '<link rel="canonical" href="https://g.example/2024/03/14/ferry">')
    assert draft.metadata.published.value == "2024-03-14"
    assert draft.metadata.published.origin == "url"


def test_the_masthead_names_the_outlet():
    draft = read(f'<nav><a href="/">The Meridian Courier</a></nav>{ARTICLE}', title="Ferry")
    assert draft.metadata.source.value == "The Meridian Courier"
    assert draft.metadata.source.origin == "html masthead"


def test_lists_tables_entities_and_breaks_are_readable_paragraphs():
    draft = read(
        f"<article><h1>Ferry runs aground off Harrow</h1><p>{LONG}</p><h2>What is known</h2>"
        "<ul><li>The ship: MV Alder</li><li>The toll: 3 hurt &amp; none dead</li></ul><table>"
        "<tr><th>Port</th><th>Passengers</th></tr><tr><td>Lee &lt;North&gt;</td><td>98</td></tr>"
        "</table><p>&ldquo;We were lucky,&rdquo; he said.<br>Then he left.</p>"
        f"<p>{OTHER}</p></article>"
    )
    assert texts(draft) == [
        LONG,
        "What is known",
        "The ship: MV Alder",
        "The toll: 3 hurt & none dead",
        "Port | Passengers",
        "Lee <North> | 98",
        "“We were lucky,” he said.",
        "Then he left.",
        OTHER,
    ]


def test_inline_marks_split_no_words_on_a_short_page():
    draft = read("<p>The <b>qu</b>ick <i>bro</i>wn fox. <span>He</span>llo.</p>", title="Fox")
    assert texts(draft) == ["The quick brown fox. Hello."]


def test_an_old_page_with_nothing_but_breaks():
    draft = read(
        f"<font size=2>By Jane Doe<br>3 May 2024<br><br>{LONG}<br><br>{OTHER}</font>",
        title="Old page of news - The Gazette",
    )
    assert draft.headline == "Old page of news"
    assert draft.metadata.authors[0].value == "Jane Doe"
    assert texts(draft) == [LONG, OTHER]


def test_paragraphs_that_repeat_both_stay():
    body = (
        f"<article><h1>Ferry runs aground off Harrow</h1><p>{LONG}</p><p>{OTHER}</p><p>{LONG}</p>"
    )
    assert texts(read(body + "</article>")) == [LONG, OTHER, LONG]


def test_hidden_text_is_left_out():
    hidden = '<p style="display: none">Buy boots now, the best there are in all of the town.</p>'
    draft = read(ARTICLE.replace("</h1>", f"</h1>{hidden}"))
    assert texts(draft) == [LONG, OTHER]


def test_the_declared_charset_is_used():
    data = page(ARTICLE.replace("ferry", "Ж ferry")).replace(b"utf-8", b"windows-1251")
    text = read_html(data.decode("utf-8").encode("cp1251")).paragraphs[0].text
    assert text == LONG.replace("ferry", "Ж ferry")


@pytest.mark.parametrize("data", [b"<html></html>", b"<!-- -->", b"<html><body><script>x</script>"])
def test_a_page_without_text_is_refused(data):
    with pytest.raises(Unreadable, match="no "):
        read_html(data)
