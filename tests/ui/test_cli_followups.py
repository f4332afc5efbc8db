import json

TURNS = [
    {"asked": "What is gout?", "alone": "What is gout?"},
    {"asked": "Is it treatable?", "alone": "Is gout treatable?"},
]


def test_topics_are_rewritten_without_any_library(footnote, tmp_path):
    (tmp_path / "topics.json").write_text(json.dumps([{"topic": 1, "turns": TURNS}]))
    ran = footnote("eval", "followups", "topics.json", "--out", "out")
    assert (ran.status, ran.err) == (0, "")
    assert "rewriting_f1            1.000" in ran.out
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert metrics["rewriting_f1"]["value"] == 1.0


def test_dialogues_are_asked_and_each_miss_is_told(footnote, tmp_path, tiny_library, tiny_models):
    asked = "Who is the harbour master?"
    turns = [
        {"asked": asked, "alone": asked, "answers": ["Ilse Corbant"]},
        {"asked": "And the fire?", "alone": "When was the fire?", "answers": []},
    ]
    (tmp_path / "d.json").write_text(json.dumps({"dialogues": [{"id": "d1", "turns": turns}]}))
    options = ["--library", tiny_library, *tiny_models]
    ran = footnote("eval", "followups", "d.json", "--out", "out", *options)
    assert ran.status == 0
    assert "as_good_as_alone" in ran.out
    (line,) = (tmp_path / "out" / "per_question.jsonl").read_text().splitlines()
    record = json.loads(line)
    assert record["id"] == "d1-2"
    told = f"d1-2  And the fire?\n    understood as: {record['understood']}" in ran.out
    assert told == (record["f1"] < record["f1_alone"])


def test_a_file_of_another_form_is_one_line(footnote, tmp_path):
    (tmp_path / "d.json").write_text("{}")
    assert "d.json" in footnote("eval", "followups", "d.json", "--out", "out").refusal


def test_a_missing_file_is_one_line(footnote):
    refusal = footnote("eval", "followups", "gone.json", "--out", "out").refusal
    assert refusal.startswith("footnote: gone.json: cannot be read")
