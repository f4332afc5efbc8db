import json

import pytest

from index.errors import EngineError
from index.hub import model_files, model_folder, weight_files


def test_a_folder_is_itself(tmp_path):
    assert model_folder(str(tmp_path)) == tmp_path.resolve()


def test_only_the_models_own_files_count(tmp_path):
    modules = [{"path": ""}, {"path": "1_Pooling"}]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    for name in ("1_Pooling", "checkpoint-500", "odd.json"):
        (tmp_path / name).mkdir()
    for name in (
        "model.safetensors",
        "1_Pooling/config.json",
        "checkpoint-500/model.safetensors",
        "pytorch_model.bin",
    ):
        (tmp_path / name).write_text("{}")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert [str(path.relative_to(tmp_path)) for path in model_files(tmp_path)] == [
        "1_Pooling/config.json",
        "model.safetensors",
        "modules.json",
    ]
    assert weight_files(tmp_path) == [tmp_path / "model.safetensors"]


def test_a_folder_without_modules_is_one_model(tmp_path):
    (tmp_path / "modules.json").write_text("torn")
    (tmp_path / "config.json").write_text("{}")
    assert len(model_files(tmp_path)) == 2
    assert model_files(tmp_path / "nowhere") == []


@pytest.mark.parametrize("name", ["~nobody-of-this-name/model", "a//b", "nobody/nothing", ""])
def test_what_is_no_model_is_one_line(name, monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EngineError) as caught:
        model_folder(name or "no such folder")
    assert "\n" not in str(caught.value)
