import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from qa.average import average
from qa.errors import ReaderError


@pytest.fixture
def reader(tmp_path):
    def make(name: str, values: list[float], dtype: type = np.float16):
        folder = tmp_path / name
        folder.mkdir()
        save_file({"weight": np.array(values, dtype)}, folder / "model.safetensors")
        (folder / "config.json").write_text(f'"{name}"')
        return folder

    return make


def test_weights_are_mixed_by_share_and_the_rest_is_the_laters(reader, tmp_path):
    average(reader("a", [0, 10, -4]), reader("b", [1, 20, 4]), tmp_path / "out", share=0.75)
    mixed = load_file(tmp_path / "out" / "model.safetensors")["weight"]
    assert mixed.dtype == np.float16
    assert mixed.tolist() == [0.75, 17.5, 2.0]
    assert (tmp_path / "out" / "config.json").read_text() == '"b"'


def test_the_later_may_be_replaced_in_place(reader):
    earlier, later = reader("a", [0]), reader("b", [1])
    average(earlier, later, later, share=0.5)
    assert load_file(later / "model.safetensors")["weight"].tolist() == [0.5]


def test_two_different_models_cannot_be_averaged(reader, tmp_path):
    with pytest.raises(ReaderError, match="no two states of one model"):
        average(reader("a", [0, 1]), reader("b", [1]), tmp_path / "out", share=0.5)
    assert not (tmp_path / "out").exists()
