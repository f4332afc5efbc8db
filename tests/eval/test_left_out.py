import json

import pytest

from eval import left_out
from eval.left_out import main

TOWNS = ("Averly", "Quarn", "Brenholt", "Tessany", "Ulmere", "Dorvik")


def test_what_is_asked_about_a_context_left_out_has_no_answer(tmp_path, write_ports, monkeypatch):
    monkeypatch.setattr(left_out, "is_left_out", lambda text: "Averly" in text)
    write_ports(tmp_path / "data" / "dev", "squad11", TOWNS[:4])
    write_ports(tmp_path / "data" / "train", "squad11", TOWNS[4:])
    main(["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")])
    assert (tmp_path / "out" / "library-5").is_dir()
    lines = (tmp_path / "out" / "answers" / "per_question.jsonl").read_text().splitlines()
    golds = {found["id"]: found["golds"] for found in map(json.loads, lines)}
    assert golds.pop("squad11/Averly") == []
    assert len(golds) == 3 and all(golds.values())
    head, _, row = (tmp_path / "out" / "left_out.md").read_text().splitlines()
    cells = dict(zip(head.strip("| ").split(" | "), row.strip("| ").split(" | "), strict=True))
    assert (cells["questions"], cells["n"]) == ("squad11", "4")
    sure, of = map(int, cells["surer than 0.9: right"].split(" of "))
    assert 0 <= sure <= of <= 4
    assert float(cells["no_answer_accuracy"].split()[0]) in (0.0, 1.0)


def test_one_context_in_five_is_left_out():
    found = [left_out.is_left_out(f"Town {i} has a port.") for i in range(500)]
    assert 70 < sum(found) < 130


def test_a_folder_without_its_sets_is_named(tmp_path, write_ports):
    write_ports(tmp_path / "dev", "mine", ["Averly"])
    with pytest.raises(SystemExit, match=r"holds none of dev/squad11\.json\.gz, dev/squad20"):
        main(["--data", str(tmp_path), "--out", str(tmp_path / "out")])
