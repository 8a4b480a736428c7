"""Writes onnx_nodes.json: ONNX's own tests of single nodes, for the operators that the package reads.

Needs onnx 1.12 (Debian 12's python3-onnx), which brings the tests along. Run in this folder:

    python3 onnx_nodes.py

A list of { name, operator, model, inputs, outputs }: the model in base64, tensors as { name, shape, isInteger, values }.
Tests of large tensors, and of types that are not numbers or integers, are left out.
"""

import base64
import json

import numpy

# onnx 1.12 still uses names that numpy has dropped.
numpy.float, numpy.int, numpy.bool, numpy.object = float, int, bool, object
from onnx.backend.test.case.node import collect_testcases  # noqa: E402

OPERATORS = """
Abs Add ArgMax Cast Concat Constant ConstantOfShape Div Dropout Elu Equal Exp Expand Flatten GRU Gather Gemm Greater
HardSigmoid Identity LSTM LeakyRelu Less Log LogSoftmax MatMul Max Min Mul Neg Not OneHot Pow RNN Range ReduceMax ReduceMean
ReduceMin ReduceSum Relu Reshape ReverseSequence Scan Shape Sigmoid Size Slice Softmax Softplus Softsign Split Sqrt Squeeze Sub Tanh ThresholdedRelu Transpose
Unsqueeze Where
""".split()
MOST_ELEMENTS = 700
TYPES = ["float32", "float64", "int64", "int32", "bool"]


def tensor(info, value):
    return {
        "name": info.name,
        "shape": list(value.shape),
        "isInteger": value.dtype.kind in "bi",
        "values": [float(f"{x:.9g}") if value.dtype.kind == "f" else int(x) for x in value.flatten().tolist()],
    }


def usable(case):
    sets = [value for pair in case.data_sets for values in pair for value in values]
    return (
        all(isinstance(value, (numpy.ndarray, numpy.generic)) and value.dtype.name in TYPES for value in sets)
        and sum(value.size for value in sets) <= MOST_ELEMENTS
        and len(case.model.graph.node) == 1
        # The mask of a training mode's dropout is random.
        and "training" not in case.name
        # Scan had a dimension of sequences of its own before version 9.
        and not (case.model.graph.node[0].op_type == "Scan" and case.model.opset_import[0].version < 9)
    )


def main():
    lines = []
    # Those of all operators at once: each is made when its module is first imported.
    for case in collect_testcases(""):
        node = case.model.graph.node[0]
        if node.op_type not in OPERATORS or not usable(case):
            continue
        inputs, outputs = case.data_sets[0]
        lines.append(
            json.dumps(
                {
                    "name": case.name,
                    "operator": node.op_type,
                    "model": base64.b64encode(case.model.SerializeToString()).decode(),
                    "inputs": [tensor(*pair) for pair in zip(case.model.graph.input, inputs)],
                    "outputs": [tensor(*pair) for pair in zip(case.model.graph.output, outputs)],
                }
            )
        )
    with open("onnx_nodes.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    numpy.random.seed(3)
    main()
