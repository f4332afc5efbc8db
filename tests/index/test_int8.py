import numpy as np
import pytest

from index.engine import import_openvino
from index.int8 import round_weights, write_int8


def test_each_group_of_an_outputs_inputs_has_a_scale_of_its_own():
    weights = [[1.27, -0.01, 0.634, 0.1], [0, 0, -2.54, 0.011]]
    values, scales = round_weights(np.array(weights, dtype=np.float32), group=2)
    assert values.tolist() == [[[127, -1], [127, 20]], [[0, 0], [-127, 1]]]
    np.testing.assert_allclose(scales[..., 0], [[0.01, 0.634 / 127], [1, 0.02]], rtol=1e-6)
    whole, (scale,) = round_weights(np.array(weights[:1], dtype=np.float32), group=3)
    assert whole.tolist() == [[[127, -1, 63, 10]]]
    np.testing.assert_allclose(scale, [[0.01]], rtol=1e-6)


def graph(into, *, outputs, half=False):
    """A linear layer without a transformer, its weights, and a product of two inputs."""
    openvino = import_openvino()
    from openvino import opset13 as op

    weights = np.random.default_rng(4).standard_normal((outputs, 256)).astype(np.float32)
    x = op.parameter([-1, 256], np.float32, name="x")
    y = op.matmul(x, op.constant(weights), transpose_a=False, transpose_b=True)
    square = op.matmul(y, y, transpose_a=False, transpose_b=True)
    openvino.save_model(openvino.Model([y, square], [x]), into, compress_to_fp16=half)
    return weights


@pytest.mark.parametrize("half", [False, True])
def test_the_rounded_graph_gives_what_rounded_weights_give(half, tmp_path):
    weights = graph(tmp_path / "model.xml", outputs=24, half=half)
    assert write_int8(tmp_path / "model.xml", tmp_path / "int8.xml") == 1
    if half:
        weights = weights.astype(np.float16).astype(np.float32)
    values, scales = round_weights(weights)
    exactly = {"DYNAMIC_QUANTIZATION_GROUP_SIZE": 0, "INFERENCE_PRECISION_HINT": "f32"}
    run = import_openvino().Core().compile_model(tmp_path / "int8.xml", "CPU", exactly)
    x = np.random.default_rng(5).standard_normal((3, 256)).astype(np.float32)
    np.testing.assert_allclose(run(x)[0], x @ (values * scales).reshape(24, 256).T, atol=1e-3)


def test_a_head_of_a_few_columns_stays_and_nothing_is_written(tmp_path):
    graph(tmp_path / "model.xml", outputs=2)
    assert write_int8(tmp_path / "model.xml", tmp_path / "int8.xml") == 0
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".bin", ".xml"]
