from pathlib import Path

import pytest

from qa.errors import DatasetError
from qa.events_data import COMPARED, all_events, main, read_events
from qa.squad import kept_from_training, read_squad

FERRY = """EVENT: Kelby ferry grounding
ARTICLE a | Harbour Post | 2019-03-04 | Ferry runs aground
The ferry had 212 people on board. Of 212 rooms none was dry.

It was refloated by Ann Ode.
ARTICLE b | Northern Wire | 2019-03-05 | Passengers waited
Rosa Imbert, 44, waited six hours.
Q: How many people were aboard the Kelby ferry?
a: 212 @ 212 people || 212 people
b: -
Q: Who waited?
a: -
b: Rosa Imbert || Imbert
EVENT: Another
ARTICLE a | Post | 2020-01-01 | Title
Nothing: at all.
Q: Who?
a: -
"""


@pytest.fixture
def read(tmp_path):
    file = tmp_path / "ferries.txt"

    def read(text):
        file.write_text(text)
        return read_events(file)

    return read


def test_an_event_is_read_with_reports_questions_and_places(read):
    ferry, another = read(FERRY)
    assert (ferry.name, another.name) == ("Kelby ferry grounding", "Another")
    first = ferry.reports["a"]
    assert (first.outlet, first.published) == ("Harbour Post", "2019-03-04")
    assert first.headline == "Ferry runs aground"
    assert first.text.endswith("dry.\n\nIt was refloated by Ann Ode.")
    aboard, waited = ferry.asked
    assert [gold.text for gold in aboard.golds["a"]] == ["212", "212 people"]
    assert {gold.start for gold in aboard.golds["a"]} == {first.text.index("212")}
    assert [gold.text for gold in waited.golds["b"]] == ["Rosa Imbert", "Imbert"]
    assert another.reports["a"].text == "Nothing: at all."


def test_what_reports_say_together_is_read_where_it_is_said(read):
    ferry, _ = read(FERRY.replace("\nQ: Who waited", "\nS: conflict\nQ: Who waited"))
    assert [asked.together for asked in ferry.asked] == ["conflict", None]


def test_every_report_is_asked_every_question(read):
    examples = list(read(FERRY)[0].examples())
    assert [(e.id[-3:], bool(e.golds)) for e in examples] == [
        ("0/a", True), ("0/b", False), ("1/a", False), ("1/b", True)
    ]  # fmt: skip
    assert {e.title for e in examples} == {"Kelby ferry grounding"}


def test_the_events_kept_from_training_are_written_to_measure_readers(tmp_path, monkeypatch):
    file = tmp_path / "kept.json"
    monkeypatch.setattr("sys.argv", ["qa.events_data", "--out", str(file)])
    main()
    kept = [example for event in all_events() if event.kept for example in event.examples()]
    assert {e.id: e for e in read_squad(file)} == {e.id: e for e in kept}
    assert all(kept_from_training(example, by_article=True) for example in kept)
    assert 0.05 < len({e.title for e in kept}) / len(all_events()) < 0.15
    monkeypatch.setattr("sys.argv", ["qa.events_data", "--out", str(file), "--compared"])
    main()
    assert {e.title for e in read_squad(file)} == {event.name for event in all_events(COMPARED)}
    monkeypatch.setattr("sys.argv", ["qa.events_data", "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match="cannot be written"):
        main()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("EVENT: Kelby", "Kelby", "ferries.txt:1: a file begins with a line 'EVENT: its name'"),
        ("b: -\nQ: Who", "Q: Who", "8: has answers for a: give one for each of a, b, '-'"),
        ("a: 212 @ 212 people ||", "a: 212 ||", "8: '212' stands 2 times in the article"),
        ("b: Rosa Imbert", "b: Rosa Mbert", "11: 'Rosa Mbert' stands 0 times"),
        ("b: Rosa Imbert", "b: Rosa Imb", "11: 'Rosa Imb' stands 0 times"),
        ("212 @ 212 people", "213 @ 212 people", "8: .* 1 times .* and '213' not in it"),
        ("Q: Who waited?", "Who waited?", "11: 'Who waited.' is no article, question or answer"),
    ],
)
def test_what_is_not_of_the_form_is_named_with_its_line(read, old, new, says):
    assert old in FERRY
    with pytest.raises(DatasetError, match=says):
        read(FERRY.replace(old, new, 1))


def test_the_events_we_train_on_stand_apart_from_those_that_measure():
    events = all_events()
    assert len(events) > 200
    assert len({event.name for event in events}) == len(events)
    texts = {report.text for event in events for report in event.reports.values()}
    measured = Path("index/sample").rglob("*.*")
    shown = "".join(file.read_text(errors="ignore") for file in measured if file.is_file())
    assert not any(text[:80] in shown for text in texts)
