import json

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from index.types import Article, Filters, PublishedDate, Sourced
from qa.assistant import Assistant
from qa.confidence import Calibration, EvidenceWeights
from qa.errors import QuestionError
from qa.found import Passages
from qa.reader import ScriptedReader

CALIBRATION = Calibration(
    intercept=0.0,
    weights=(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    answer_threshold=0.5,
    reader_threshold=0.0,
    near_cosine=0.1,
    evidence=EvidenceWeights(margin=1.0, nearness=0.0, wording=0.0),
)


def article(text, *, title, published):
    return Article(
        text=text,
        title=Sourced(title, "header"),
        path=f"/{title}.txt",
        file_sha256="0" * 64,
        published=published and PublishedDate(published, "header", "high"),
    )


@pytest.fixture
def lighthouse():
    return article("The lighthouse at Averly went dark.", title="Dark", published="2019-11-06")


@pytest.fixture
def assistant(tmp_path, lighthouse):
    undated = article("Nobody saw the Merriden leave port.", title="Gone", published=None)
    with Library.open(tmp_path / "library", create=True) as library:
        with library.adding():
            library.add([lighthouse, undated], HashEncoder())
        yield Assistant(
            library, Searcher.open(library, HashEncoder()), ScriptedReader({}), CALIBRATION
        )


def test_passages_are_ranked_and_cited_without_a_quote(assistant, lighthouse):
    found = assistant.search("Which lighthouse went dark?")
    assert [each.citation.n for each in found.passages] == [1, 2]
    first, second = found.passages
    assert first.hit.score > second.hit.score
    assert first.citation.article_id == lighthouse.id
    assert first.citation.quote == ""
    place = first.citation.passage
    assert lighthouse.text[place.start : place.end] == first.hit.passage.text == lighthouse.text


def test_as_many_are_found_as_are_wanted(assistant):
    assert len(assistant.search("Which lighthouse went dark?", top_k=1).passages) == 1


def test_what_filters_left_out_is_said(assistant):
    found = assistant.search("Who left?", filters=Filters(after="2019-11-06"))
    assert (len(found.passages), found.undated_left_out, found.filtered_out) == (1, 1, False)
    found = assistant.search("Who left?", filters=Filters(after="2030-01-01"))
    assert (found.passages, found.filtered_out) == ((), True)


def test_an_empty_question_is_an_error(assistant):
    with pytest.raises(QuestionError):
        assistant.search(" ")


def test_its_json_says_text_scores_and_place(assistant, lighthouse):
    found = assistant.search("lighthouse", top_k=1)
    shown = json.loads(json.dumps(found.to_json()))
    assert (shown["filtered_out"], shown["undated_left_out"]) == (False, 0)
    (passage,) = shown["passages"]
    hit = found.passages[0].hit
    assert passage["text"] == lighthouse.text
    assert (passage["score"], passage["cosine"], passage["bm25"]) == (
        hit.score,
        hit.dense,
        hit.bm25,
    )
    assert passage["citation"]["passage"] == {"start": 0, "end": len(lighthouse.text)}


def test_nothing_found_is_written_too():
    assert Passages().to_json() == {"passages": [], "filtered_out": False, "undated_left_out": 0}


def test_records_name_link_and_language(assistant, lighthouse):
    first, _ = assistant.articles()
    assert first == assistant.record(lighthouse.id[:6])
    assert (first.id, first.url, first.language) == (lighthouse.id, None, "en")
