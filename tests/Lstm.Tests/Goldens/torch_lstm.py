"""Writes torch_lstm.json: an LSTM's outputs, final state and all gradients, as PyTorch computes them in float64.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_lstm.py

The loss is sum(R * output) + sum(S * h_T) + sum(Q * c_T) with random R, S and Q. Matrices are lists of rows, a state is
(batch, hidden units), sequences are (steps, batch, features). PyTorch has two biases; their sum is the one bias here, and
either one's gradient is its gradient.
"""

import json

import torch

SHAPES = [  # steps, batch, inputs, hidden units
    (3, 2, 3, 4),
    (1, 3, 2, 5),
    (6, 1, 5, 3),
]


def numbers(tensor):
    return tensor.detach().tolist()


def case(steps, batch, inputs, units):
    lstm = torch.nn.LSTM(inputs, units).double()
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.uniform_(-1, 1)
    x = torch.randn(steps, batch, inputs, dtype=torch.float64, requires_grad=True)
    h0 = torch.randn(1, batch, units, dtype=torch.float64, requires_grad=True)
    c0 = torch.randn(1, batch, units, dtype=torch.float64, requires_grad=True)
    output, (h, c) = lstm(x, (h0, c0))
    r, s, q = torch.randn_like(output), torch.randn_like(h), torch.randn_like(c)
    ((r * output).sum() + (s * h).sum() + (q * c).sum()).backward()
    return {
        "inputWeights": numbers(lstm.weight_ih_l0),
        "recurrentWeights": numbers(lstm.weight_hh_l0),
        "bias": numbers(lstm.bias_ih_l0 + lstm.bias_hh_l0),
        "input": numbers(x),
        "initialHidden": numbers(h0[0]),
        "initialCell": numbers(c0[0]),
        "outputGradient": numbers(r),
        "finalHiddenGradient": numbers(s[0]),
        "finalCellGradient": numbers(q[0]),
        "output": numbers(output),
        "finalHidden": numbers(h[0]),
        "finalCell": numbers(c[0]),
        "inputWeightsGradient": numbers(lstm.weight_ih_l0.grad),
        "recurrentWeightsGradient": numbers(lstm.weight_hh_l0.grad),
        "biasGradient": numbers(lstm.bias_ih_l0.grad),
        "inputGradient": numbers(x.grad),
        "initialHiddenGradient": numbers(h0.grad[0]),
        "initialCellGradient": numbers(c0.grad[0]),
    }


def lines(numbers_by_name):
    return "{\n" + ",\n".join(f'  "{name}": {json.dumps(value)}' for name, value in numbers_by_name.items()) + "\n}"


if __name__ == "__main__":
    torch.manual_seed(7)
    with open("torch_lstm.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines(case(*shape)) for shape in SHAPES) + "\n]\n")
