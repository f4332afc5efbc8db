import json

import pytest

from eval.many import main

TOWNS = ("Averly", "Quarn", "Brenholt", "Tessany", "Ulmere", "Dorvik")


def test_every_ranking_and_every_way_of_answering_gets_a_row(tmp_path, write_ports):
    # Files of one name in both folders, whose contexts must not be taken for one another.
    write_ports(tmp_path / "data" / "train", "squad11", TOWNS[:3])
    write_ports(tmp_path / "data" / "dev", "squad11", TOWNS[3:])
    main(["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")])
    lines = (tmp_path / "out" / "many.md").read_text().splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| squad11")]
    assert [row[2] for row in rows[:4]] == ["reranked", "fused", "dense", "bm25"]
    for row in rows[:4]:
        # Six passages: every one of them is among the first 20.
        assert row[1] == "3" and row[5].startswith("100.0")
    assert [row[2] for row in rows[4:]] == [
        "reading the right passage alone",
        "of the library",
        "of the library, never abstaining",
        "highest span of the ten nearest",
    ]
    assert (tmp_path / "out" / "library-6").is_dir()
    settings = json.loads((tmp_path / "out" / "squad11" / "dense" / "settings.json").read_text())
    assert settings["ranking"] == "dense"


def test_a_folder_without_its_sets_is_named(tmp_path, write_ports):
    write_ports(tmp_path / "dev", "mine", ["Averly"])
    with pytest.raises(SystemExit, match=r"holds none of dev/squad11\.json\.gz"):
        main(["--data", str(tmp_path), "--out", str(tmp_path / "out")])
