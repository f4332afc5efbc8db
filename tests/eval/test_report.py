"""The page as markup; and once in a browser, as a person uses it."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Page, expect

from eval.aggregate import answers_summary, reader_summary, retrieval_summary
from eval.breakdown import breakdown
from eval.error_analysis import ErrorBin, binned
from eval.errors import OutputError
from eval.explained import explained
from eval.figures import figures
from eval.ranking import Found, Ranking
from eval.records import (
    AnswerRecord,
    Asked,
    CitationRecord,
    HitRecord,
    ReaderRecord,
    RetrievalRecord,
    Scored,
)
from eval.report import Bar, report, write_report
from eval.results import Evaluation, Measure, Settings, Setup, Task
from eval.rows import AnyRecord, places_of, row_of, rows_json
from eval.stats import Bootstrap, Clusters, Estimate
from qa.types import Range

TEXT = "Ilse Corbant runs Port Averly. Tam Oswin ran it until 1917."


def asked(id_: str, question: str, golds: Sequence[str], article: str | None = None) -> Asked:
    return Asked(id_, question, "short", article, cluster=id_, golds=tuple(golds))


def read(
    id_: str,
    guess: str,
    *golds: str,
    margin: float = 1.0,
    given: bool = True,
    error: ErrorBin | None = None,
    question: str = "",
    passage: str = TEXT,
    article: str | None = "Port_Averly",
) -> ReaderRecord:
    """A reading whose guess stands in the passage; without a guess there was no span at all."""
    start = passage.index(guess) if guess else None
    return ReaderRecord(
        asked(id_, question or f"Question {id_}?", golds, article),
        Scored.against(golds, prediction=guess if given else "", best_guess=guess),
        margin=margin if guess else None,
        start=start,
        end=None if start is None else start + len(guess),
        gold_rank=1 if guess in golds else None,
        passage=passage,
        error=error,
    )


READ = (
    read("1", "Ilse Corbant", "Ilse Corbant", margin=5.0),
    read("2", "Averly", "Port Averly", margin=4.0, error="boundary"),
    read("3", "Tam Oswin", margin=3.0, error="answered_unanswerable"),
    read("4", "Port Averly", margin=-1.0, given=False),
    read("5", "1917", "1917", margin=-2.0, given=False, error="abstained"),
)


def answered(
    id_: str,
    said: str,
    *golds: str,
    confidence: float = 0.8,
    error: ErrorBin | None = None,
    source: str | None = "The Averly Courier",
) -> AnswerRecord:
    """An answer that cites the tail of an article; without words a refusal."""
    cited = CitationRecord(
        article_id="a",
        title="Who runs the port",
        source=source,
        start=100 + TEXT.index(said),
        end=100 + TEXT.index(said) + len(said),
        quote=said,
        right=said in golds,
        passage_start=100,
        passage=TEXT,
    )
    return AnswerRecord(
        asked(id_, f"Question {id_}?", golds),
        Scored.against(golds, prediction=said, best_guess=said),
        confidence=confidence,
        citations=(cited,) if said else (),
        cited_golds=int(said in golds and bool(said)),
        gold_articles=int(bool(golds)),
        right_rank=2 if golds else None,
        error=error,
        reason=None if said else "subject_only",
        latency_ms=1234.5,
        retrieve_ms=34.5,
        read_ms=1200.0,
    )


ANSWERED = (
    answered("1", "Ilse Corbant", "Ilse Corbant", confidence=0.9),
    answered("2", "1917", "1918", confidence=0.6, error="wrong_span"),
    answered("3", "", "Tam Oswin", confidence=0.2, error="abstained"),
    answered("4", "", confidence=0.1),
)


def searched(id_: str, *ranks: int, missed: int = 0) -> RetrievalRecord:
    """20 hits; those at these ranks are right."""
    hits = tuple(
        HitRecord("a", 0, len(TEXT), 1 / k, k in ranks, f"Title {k}", TEXT if k <= 3 else "")
        for k in range(1, 21)
    )
    return RetrievalRecord(
        asked(id_, f"Question {id_}?", ["1917"] if ranks or missed else []),
        Ranking(tuple(Found(rank, 1) for rank in ranks), (1,) * missed),
        hits,
        "not_retrieved" if missed and not ranks else None,
    )


SEARCHED = (searched("1", 1), searched("2", 7), searched("3", missed=1), searched("4"))


def found_of(records: Sequence[AnyRecord], task: Task = "reader") -> Evaluation[AnyRecord]:
    """The evaluation with all that `eval.run` would sum up of these records."""
    clusters = Clusters("question", tuple(record.asked.cluster for record in records))
    bootstrap = Bootstrap(clusters, resamples=50)
    summary = {"reader": reader_summary, "answers": answers_summary, "retrieval": retrieval_summary}
    found = summary[task](records, bootstrap)
    settings = Settings(
        task=task,
        data="dev.json",
        data_sha256="ab" * 32,
        questions=len(records),
        complete=True,
        unit="question",
        units=len(records),
        setup=Setup(reader="trial", reader_fingerprint="12ab", library="runs/library"),
        abstain="shipped",
        threshold=1.5,
        resamples=50,
    )
    groups = () if task == "retrieval" else breakdown(records, bootstrap)
    return Evaluation(settings, found.measures, tuple(records), groups, binned(records))


READING = found_of(READ)
ANSWERS = found_of(ANSWERED, "answers")
SEARCHES = found_of(SEARCHED, "retrieval")
EVERY = pytest.mark.parametrize(
    "found", [READING, ANSWERS, SEARCHES], ids=["reader", "answers", "retrieval"]
)


def parsed(found: Evaluation[AnyRecord], *, charts: bool = False) -> html.HtmlElement:
    return html.fromstring(report(found, figures(found) if charts else ()))


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def data(page: html.HtmlElement) -> dict[str, list]:
    return json.loads(page.get_element_by_id("data").text)


# ---- What it says ----

FIVE_EIGHTHS = Estimate(0.625, 0.25, 1.0, 4)


@EVERY
def test_every_measure_is_explained_and_has_a_direction(found):
    for measure in found.measures:
        told = explained(measure.name)
        assert told.line.endswith("."), measure.name
        assert told.better == ("lower" if told.in_ms or told.section == "Confidence" else "higher")


def test_a_measure_that_is_not_known_is_shown_without_a_line():
    assert explained("f2").line == ""
    assert (explained("embed_ms_max").in_ms, explained("embed_ms_max").section) == (True, "Other")


def test_the_table_has_value_interval_and_number_of_each_measure():
    found = replace(ANSWERS, measures=(Measure("f1", FIVE_EIGHTHS),))
    row = words(parsed(found).xpath("//table[@class='measures']//tr[th/code]")[0])
    assert "f1 Words shared with the nearest accepted wording. Higher is better." in row
    assert row.endswith("0.625 0.250 – 1.000 n 4")


def test_times_are_in_milliseconds_and_drawn_on_one_line():
    page = parsed(ANSWERS)
    row = page.xpath("//tr[th/code='latency_ms_p50']")[0]
    assert "1,234 ms" in words(row)
    assert row.xpath(".//*[@class='range']")[0].get("x") == "100.0"
    assert page.xpath("//tr[th/code='retrieve_ms_p50']//*[@class='range']/@x") == ["2.79"]


def test_a_bar_stays_on_its_line():
    assert Bar.of(FIVE_EIGHTHS, top=1.0) == Bar(25.0, 62.5, 100.0)
    assert Bar.of(Estimate(-0.2, -0.5, 1.5, 4), top=1.0) == Bar(0.0, 0.0, 100.0)


def test_it_says_what_was_measured_and_how():
    told = words(parsed(READING).xpath("//main/dl")[0])
    assert "dev.json" in told and "ab" * 32 in told
    assert "trial (12ab)" in told
    assert "as shipped, from a margin of 1.500" in told
    assert "95 %, bootstrap: 50 resamples of 5 questions, seed 0" in told


@pytest.mark.parametrize(
    ("found", "lead"),
    [
        (
            READING,
            "Right on 2 of 5 questions: 1 exact answer and 1 rightful refusal. Wrong on 3: "
            "2 wrong or inexact answers and 1 refusal where there was an answer.",
        ),
        (
            SEARCHES,
            "The first passage is right for 1 of 3 questions; among the first 20 a right one "
            "stands for 2. 1 question with nothing to find was not measured.",
        ),
    ],
    ids=["reader", "retrieval"],
)
def test_the_lead_counts_every_question_once(found, lead):
    assert words(parsed(found).xpath("//p[@class='lead']")[0]) == lead


def test_a_stopped_run_says_so_and_a_whole_one_does_not():
    stopped = replace(READING, settings=replace(READING.settings, complete=False))
    banner = "//main/p[@class='banner']"
    assert "stopped after 5 questions" in words(parsed(stopped).xpath(banner)[0])
    assert parsed(READING).xpath(banner) == []


def test_each_error_bin_has_its_count_its_meaning_and_its_questions():
    bins = parsed(READING).xpath("//details[@class='bin']")
    assert [words(b.find("summary")) for b in bins] == [
        "boundary the right place, more or fewer words than the answer 1 · 20.0 %",
        "abstained a passage with the answer was read, but no answer was given 1 · 20.0 %",
        "answered unanswerable an answer to a question that has none 1 · 20.0 %",
    ]
    assert [b.xpath(".//a/@data-row") for b in bins] == [["1"], ["4"], ["2"]]
    assert "Answer Averly Accepted Port Averly" in words(bins[0])
    assert "Answer none Accepted 1917" in words(bins[1])


def test_ten_examples_stand_for_a_large_bin():
    found = found_of([read(str(i), "1917", error="answered_unanswerable") for i in range(25)])
    bin_ = parsed(found).xpath("//details[@class='bin']")[0]
    assert len(bin_.findall(".//li")) == 10
    assert "10 of 25. All of them" in words(bin_)


def test_groups_have_both_scores_with_intervals():
    table = parsed(READING).xpath("//div[@class='groups']//table")[0]
    assert [words(th) for th in table.xpath(".//tr[@class='section']")] == [
        "question word",
        "kind of question",
        "words of the answer",
        "words of the passage",
    ]
    row = words(table.xpath(".//tr[th='other']")[0])
    assert re.fullmatch(r"other 5 0\.400 0\.\d{3} – \d\.\d{3} 0\.533 0\.\d{3} – \d\.\d{3}", row)


# ---- Where words stand ----


@pytest.mark.parametrize(
    ("passage", "golds", "places"),
    [
        ("7 of 17, then 7", ["7"], [(0, 1), (14, 15)]),
        ("Port Averly, PORT AVERLY", ["port averly"], [(0, 11), (13, 24)]),
        ("the old port of Averly", ["old port", "port of Averly"], [(4, 22)]),
        ("nothing", ["", "  "], []),
        ("cost (US) $5.", ["$5"], [(10, 12)]),
    ],
)
def test_accepted_words_are_found_whole_and_joined_where_they_overlap(passage, golds, places):
    assert places_of(passage, golds) == tuple(Range(*place) for place in places)


def test_offsets_are_those_of_a_browser():
    passage = "🚢🚢 Ilse Corbant runs Port Averly."
    row = row_of(read("1", "Ilse Corbant", "Port Averly", passage=passage))
    assert row.shown[0].marked == Range(3, 15)
    shown = json.loads(rows_json([row]))["rows"][0]["shown"][0]
    units = passage.encode("utf-16-le")
    cut = [units[2 * a : 2 * b].decode("utf-16-le") for a, b in (shown["marked"], *shown["golds"])]
    assert cut == ["Ilse Corbant", "Port Averly"]


def test_a_quote_is_marked_inside_its_passage():
    shown = row_of(ANSWERED[0]).shown[0]
    assert shown.marked == Range(0, 12)
    assert (shown.title, shown.outlet) == ("Who runs the port", "The Averly Courier")


def test_each_passage_is_there_once():
    written = json.loads(rows_json([row_of(record) for record in READ]))
    assert written["passages"] == [TEXT]


def test_a_search_shows_its_first_passages_and_the_first_right_one():
    notes = [shown.note for shown in row_of(SEARCHED[1]).shown]
    assert [note.split(",")[0] for note in notes] == ["rank 1", "rank 2", "rank 3", "rank 7"]
    assert notes[3] == "rank 7, right, score 0.143"


# ---- Text is never markup ----

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "\" onmouseover='alert(1)' x=\"",
    "<img src=x onerror=alert(1)>",
    "&amp; &lt;b&gt; {{ 7 * 7 }}",
    "\u202eoved\u202c \u2067\u05d0\u2069",
    "line\u2028paragraph\u2029tab\tbell\x07",
    "$\\frac{1}{0}$ ]]> </svg></title></style>",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_wherever_it_stands(text):
    record = read(
        "1", text, "Averly", error="wrong_span", question=text, passage=f"a {text} b", article=text
    )
    page = parsed(found_of([record]))
    link = page.xpath("//a[@data-row]")[0]
    assert link.text_content().split() == text.split()
    row, shown = data(page)["rows"][0], data(page)["rows"][0]["shown"][0]
    assert (row["question"], row["said"], shown["title"]) == (text, text, text)
    assert data(page)["passages"] == [f"a {text} b"]
    assert_only_our_markup(page)


def assert_only_our_markup(page: html.HtmlElement) -> None:
    """No element and no attribute but those of the templates."""
    ours = parsed(found_of([replace(READ[1], error="wrong_span")]))
    shape = [(element.tag, sorted(element.attrib)) for element in ours.iter()]
    assert [(element.tag, sorted(element.attrib)) for element in page.iter()] == shape


@pytest.mark.parametrize("text", HOSTILE)
def test_the_data_cannot_end_its_element(text):
    written = rows_json([row_of(read("1", text, passage=text))])
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written)["passages"] == [text]


@pytest.mark.parametrize(
    ("outlet", "label"),
    [
        ("<b>Wire & Co</b>", "<b>Wire & Co</b>"),
        ("</svg><script>", "</svg><script>"),
        ("$\\frac{1}{0}$ ]]>", "$\\frac{1}{0}$ ]]>"),
        ("tab\tbell\x07\u202eoved", "tab bell  oved"),
        ("晨报", "晨报"),
        ("The Ellerton Falls Courier", "The Ellerton Falls Cour…"),
    ],
)
def test_an_outlet_in_a_chart_stays_text(outlet, label):
    chart = figures(found_of([answered("1", "1917", "1917", source=outlet)], "answers"))[-1]
    assert label in html.fromstring(chart.svg).xpath("//*[local-name()='text']/text()")
    assert {element.tag.rpartition("}")[2] for element in html.fromstring(chart.svg).iter()} <= {
        *("svg", "title", "defs", "g", "path", "use", "text", "clippath", "clipPath", "rect")
    }


# ---- What it may do ----


@EVERY
def test_the_page_allows_itself_its_own_style_and_script_alone(found):
    written = report(found, figures(found))
    page = html.fromstring(written)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    script = page.xpath("//script[not(@type)]")[0].text
    for what, text in (("style", page.xpath("//style")[0].text), ("script", script)):
        digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{what}-src 'sha256-{digest}'" in policy
    assert page.xpath("//@style | //@src | //link | //*[starts-with(name(@*), 'on')]") == []
    assert all(link.startswith("#") for link in page.xpath("//@href"))


@EVERY
def test_no_two_elements_share_an_id_and_every_reference_is_one(found):
    page = parsed(found, charts=True)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    referred = {*page.xpath("//@aria-labelledby")}
    for name, value in ((n, v) for e in page.iter("*") for n, v in e.attrib.items()):
        if name.endswith("href") and value.startswith("#"):
            referred.add(value[1:])
        referred.update(re.findall(r"url\(#([^)]+)\)", value))
    assert referred <= set(ids)


def test_it_says_without_javascript_what_is_missing():
    page = parsed(READING)
    assert "needs JavaScript" in words(page.find(".//noscript"))
    assert page.get_element_by_id("explorer").get("hidden") is not None


# ---- Charts ----


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (READING, ["risk_coverage", "f1_by_group"]),
        (ANSWERS, ["risk_coverage", "reliability", "f1_by_group"]),
        (SEARCHES, ["success_at_k"]),
    ],
    ids=["reader", "answers", "retrieval"],
)
def test_each_task_has_its_charts(found, names):
    assert [chart.name for chart in figures(found)] == names


def test_the_area_is_that_of_the_curve():
    # By margin: right, F1 2/3 which is right, wrong, wrong, right.
    risks = (0, 0, 1 / 3, 2 / 4, 2 / 5)
    chart = figures(READING)[0]
    assert f"area {sum(risks) / 5:.3f} (" in chart.title
    assert "as it answers: 60 %, 33 % of them wrong" in chart.svg


def test_the_same_evaluation_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_report(ANSWERS, tmp_path / name)
    files = sorted(f.relative_to(tmp_path / "one") for f in (tmp_path / "one").rglob("*.*"))
    assert [str(file) for file in files] == [
        "figures/f1_by_group.png",
        "figures/f1_by_group.svg",
        "figures/reliability.png",
        "figures/reliability.svg",
        "figures/risk_coverage.png",
        "figures/risk_coverage.svg",
        "report.html",
    ]
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


# ---- Odd cases ----


def test_without_wrong_answers_there_is_nothing_to_filter_by():
    page = parsed(found_of(READ[:1]))
    assert "Nothing went wrong." in words(page.get_element_by_id("errors"))
    assert page.xpath("//select/@id") == ["outcome", "order"]


def test_one_question_without_any_span():
    found = found_of([read("1", "", "1917", error="abstained")])
    page = parsed(found, charts=True)
    assert "Right on 0 of 1 question:" in words(page.xpath("//p[@class='lead']")[0])
    shown = data(page)["rows"][0]["shown"][0]
    assert (shown["marked"], shown["note"]) == (None, "no span was found in it")
    assert data(page)["rows"][0]["sure"] is None


def test_questions_without_answers_that_were_all_refused():
    found = found_of([answered(str(i), "", confidence=0.1) for i in range(3)], "answers")
    assert [chart.name for chart in figures(found)] == ["risk_coverage", "f1_by_group"]
    assert [row["shown"] for row in data(parsed(found))["rows"]] == [[], [], []]


def test_searches_with_nothing_to_find():
    found = found_of([searched("1")], "retrieval")
    assert figures(found) == ()
    page = parsed(found)
    assert data(page)["rows"][0]["right"] is None
    assert page.xpath("//*[@id='measures' or @id='figures']") == []


def test_measures_that_are_missing_take_only_their_table_with_them():
    page = parsed(replace(READING, measures=(), groups=()), charts=True)
    assert page.xpath("//section/@id") == ["figures", "errors", "questions"]
    assert page.xpath("//nav/a/@href") == ["#figures", "#errors", "#questions"]
    assert "area 0.247" in words(page.get_element_by_id("figures"))


def test_no_questions_at_all():
    settings = replace(READING.settings, questions=0, units=0, complete=False)
    page = parsed(Evaluation(settings, (), ()), charts=True)
    assert data(page) == {"passages": [], "rows": []}


def test_a_report_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OutputError, match=r"report\.html: cannot be written"):
        write_report(SEARCHES, tmp_path)


# ---- In a browser ----


def test_questions_are_searched_filtered_and_opened_and_nothing_is_fetched(
    page: Page, tmp_path: Path
):
    hostile = "<script>document.title = 'stolen'</script>"
    passage = f"Ⓐ🚢 {hostile} The port of Averly burned."
    many = [read(str(i), "1917", "1917", question=f"Year {i}?") for i in range(150)]
    wrong = read(
        "x", "of Averly", "Averly", passage=passage, error="boundary", question="Which Dušanbe?"
    )
    write_report(found_of([*many, *READ[1:], wrong]), tmp_path)
    address = (tmp_path / "report.html").as_uri()
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)

    questions = page.locator("#rows .open")
    expect(questions).to_have_count(100)
    page.get_by_role("button", name="Show 55 more").click()
    expect(questions).to_have_count(155)

    page.get_by_label("Search").fill("dusanbe which")
    expect(questions).to_have_text(["Which Dušanbe?"])
    page.get_by_label("Search").fill("")
    page.get_by_label("Error").select_option("boundary")
    expect(questions).to_have_text(["Question 2?", "Which Dušanbe?"])
    page.get_by_label("Outcome").select_option("right")
    expect(page.get_by_text("No question is like that.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("status")).to_have_text("155 questions")

    page.get_by_label("Order").select_option("worst")
    expect(questions.first).to_have_text("Question 3?")
    page.get_by_label("Search").fill("dusanbe")
    expect(questions).to_have_count(1)
    questions.first.focus()
    page.keyboard.press("Enter")
    expect(questions.first).to_have_attribute("aria-expanded", "true")
    opened = page.locator("#rows .detail")
    expect(opened.locator("blockquote")).to_have_text(passage)
    assert "".join(opened.locator("mark").all_inner_texts()) == "of Averly"
    expect(opened.locator(".gold")).to_have_text(["Averly"])
    page.keyboard.press("Enter")
    expect(opened).to_have_count(0)

    page.locator("summary", has_text="abstained").click()
    page.get_by_role("link", name="Question 5?").click()
    expect(page.locator("#rows .detail mark.guess")).to_have_text("1917")
    expect(page.get_by_role("button", name="Question 5?")).to_be_focused()

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.title() == "How well it reads: dev.json · Footnote"
    assert set(requests) == {address}
    assert complaints == []
