import json

import pytest


@pytest.fixture
def write_ports():
    """Writes a file of questions, plain and zipped in name: who runs the port of each town?"""

    def write(folder, name, towns):
        folder.mkdir(parents=True, exist_ok=True)
        document = {"data": [{"title": "Ports", "paragraphs": [port(town) for town in towns]}]}
        for ending in ("json", "json.gz"):
            (folder / f"{name}.{ending}").write_text(json.dumps(document))

    return write


def port(town):
    keeper = f"Ilse {town}sen"
    asked = {
        "id": town,
        "question": f"Who runs the port of {town}?",
        "answers": [{"text": keeper, "answer_start": 0}],
    }
    return {"context": f"{keeper} runs the port of {town}. It lies by the sea.", "qas": [asked]}
