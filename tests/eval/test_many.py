import json

import pytest

from eval.many import main

TOWNS = ("Averly", "Quarn", "Brenholt", "Tessany", "Ulmere", "Dorvik")


def paragraph(name, number):
    context = f"Ilse Corbant {number} runs the port of {name}. It lies by the sea."
    answer = {"text": f"Ilse Corbant {number}", "answer_start": 0}
    asked = {"id": name, "question": f"Who runs the port of {name}?", "answers": [answer]}
    return {"context": context, "qas": [asked]}


def write(folder, name, paragraphs):
    folder.mkdir(parents=True, exist_ok=True)
    document = {"data": [{"title": "Ports", "paragraphs": paragraphs}]}
    (folder / f"{name}.json").write_text(json.dumps(document))
    (folder / f"{name}.json.gz").write_bytes((folder / f"{name}.json").read_bytes())


def test_every_ranking_and_every_way_of_answering_gets_a_row(tmp_path, capsys):
    paragraphs = [paragraph(name, n) for n, name in enumerate(TOWNS)]
    # Files of one name in both folders, whose contexts must not be taken for one another.
    write(tmp_path / "data" / "train", "squad11", paragraphs[:3])
    write(tmp_path / "data" / "dev", "squad11", paragraphs[3:])
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


def test_a_folder_without_its_sets_is_named(tmp_path):
    write(tmp_path / "dev", "mine", [paragraph("Averly", 1)])
    with pytest.raises(SystemExit, match=r"holds none of dev/squad11\.json\.gz"):
        main(["--data", str(tmp_path), "--out", str(tmp_path / "out")])
