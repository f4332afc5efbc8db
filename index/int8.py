"""Rounds a graph's weights to int8, so that a CPU with dot products of bytes (VNNI) runs it faster.

Only the weights are changed here: OpenVINO rounds what is multiplied with them while it
runs, in groups of a token's own values, so that no token's output depends on another's.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.engine import import_openvino

if TYPE_CHECKING:
    from openvino import Node

LEAST_OUTPUTS = 16  # of a layer; a head of a few columns takes no time and decides everything
# Inputs that share a scale. With one scale for all inputs of an output the margin over no
# answer sank by 0.06 on average, and so more was refused; with groups of 128 by 0.005, and
# reading takes hardly longer (shipped reader, 81 windows of SQuAD 2.0 and Shifts).
GROUP = 128
_LARGEST = 127  # -128 is left out: so 0 stays 0 and needs no offset


class Rounded(NamedTuple):
    """Weights near `values * scales`."""

    values: NDArray[np.int8]  # (outputs, groups, inputs of a group)
    scales: NDArray[np.float32]  # (outputs, groups, 1), above 0


def write_int8(graph: Path, into: Path) -> int:
    """Write the graph with the weights of its linear layers in int8; how many layers those are.

    Nothing is written where there is none. Raises RuntimeError where it cannot be read.
    """
    openvino = import_openvino()
    from openvino import opset13 as op

    model = openvino.Core().read_model(graph)
    layers = list(_linear(model.get_ordered_ops()))
    for layer in layers:
        weights = np.asarray(_constant(layer), dtype=np.float32)
        rounded = round_weights(weights)
        stored = op.convert(op.constant(rounded.values), np.float32)
        scaled = op.multiply(stored, op.constant(rounded.scales))
        whole = op.reshape(scaled, np.array(weights.shape), special_zero=False)
        layer.input(1).replace_source_output(whole.output(0))
    if layers:
        # The scales are too small for half precision.
        openvino.save_model(model, into, compress_to_fp16=False)
    return len(layers)


def round_weights(weights: NDArray[np.float32], *, group: int = GROUP) -> Rounded:
    """Weights of shape (outputs, inputs); so many inputs share a scale, or all where that parts.

    A scale is what the largest weight needs, so that none is cut.
    """
    outputs, inputs = weights.shape
    grouped = weights.reshape(outputs, -1, group if inputs % group == 0 else inputs)
    largest = np.abs(grouped).max(axis=2, keepdims=True)
    scales = np.where(largest > 0, largest / _LARGEST, 1).astype(np.float32)
    return Rounded(np.rint(grouped / scales).clip(-_LARGEST, _LARGEST).astype(np.int8), scales)


def _linear(nodes: "list[Node]") -> "Iterator[Node]":
    """Those that multiply with a matrix (outputs, inputs) that is always the same."""
    for node in nodes:
        if node.get_type_name() != "MatMul" or not node.get_attributes()["transpose_b"]:
            continue
        weights = _constant(node)
        if weights is not None and weights.ndim == 2 and len(weights) >= LEAST_OUTPUTS:
            yield node


def _constant(layer: "Node") -> NDArray[np.float32] | None:
    source = layer.input_value(1).get_node()
    while source.get_type_name() == "Convert":  # weights in half precision
        source = source.input_value(0).get_node()
    return source.data if source.get_type_name() == "Constant" else None
