"""Writes an ONNX model of one LSTM layer with random weights, for onnxruntime_grid.mjs.

Needs onnx (Debian's python3-onnx). By hand:

    python3 write_onnx.py INPUTS HIDDEN_UNITS FILE

The inputs are X (steps, batch, inputs), h0 and c0 (1, batch, hidden units), the outputs Y (steps, 1, batch, hidden
units), h and c, all float32; steps and batch are left open. The gates' order, ONNX's i, o, f, c, does not matter to
random weights.
"""

import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET, IR_VERSION = 14, 8


def tensor(name, *sizes):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes)


def weights(name, random, bound, *sizes):
    return numpy_helper.from_array(random.uniform(-bound, bound, sizes).astype(numpy.float32), name)


def main():
    inputs, units, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    random, bound = numpy.random.default_rng(1), units**-0.5
    state = (1, "batch", units)
    graph = helper.make_graph(
        # The empty name is the optional lengths of the sequences.
        [helper.make_node("LSTM", ["X", "W", "R", "B", "", "h0", "c0"], ["Y", "h", "c"], hidden_size=units)],
        "lstm",
        [tensor("X", "steps", "batch", inputs), tensor("h0", *state), tensor("c0", *state)],
        [tensor("Y", "steps", 1, "batch", units), tensor("h", *state), tensor("c", *state)],
        [
            weights("W", random, bound, 1, 4 * units, inputs),
            weights("R", random, bound, 1, 4 * units, units),
            weights("B", random, bound, 1, 8 * units),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model)
    onnx.save(model, path)


main()
