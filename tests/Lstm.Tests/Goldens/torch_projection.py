"""Writes torch_projection.json: LSTMs with a projected output (proj_size), as PyTorch computes them in float64.

The last ones are given sequences of different length (pack_padded_sequence).

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_projection.py

The loss is sum(R * output) + sum(S * h_T) + sum(Q * c_T) with random R, S and Q. Matrices are lists of rows, a state is
(batch, numbers), sequences are (steps, batch, features). PyTorch has two biases; their sum is the one bias here, and
either one's gradient is its gradient. The projection is PyTorch's weight_hr.
"""

import json

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from torch_lstm import lines, numbers

SHAPES = [  # steps, batch, inputs, hidden units, projection, and lengths unless all are of all steps
    (3, 2, 3, 5, 2),
    (1, 3, 2, 4, 3),
    (6, 1, 5, 6, 1),
    (5, 3, 2, 7, 4, [2, 5, 3]),
    (6, 4, 3, 5, 3, [4, 6, 1, 3]),
]


def case(steps, batch, inputs, units, projection, lengths=None):
    lstm = torch.nn.LSTM(inputs, units, proj_size=projection).double()
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.uniform_(-1, 1)
    x = torch.randn(steps, batch, inputs, dtype=torch.float64, requires_grad=True)
    h0 = torch.randn(1, batch, projection, dtype=torch.float64, requires_grad=True)
    c0 = torch.randn(1, batch, units, dtype=torch.float64, requires_grad=True)
    if lengths is None:
        output, (h, c) = lstm(x, (h0, c0))
    else:
        packed, (h, c) = lstm(pack_padded_sequence(x, lengths, enforce_sorted=False), (h0, c0))
        output, _ = pad_packed_sequence(packed, total_length=steps)
    r, s, q = torch.randn_like(output), torch.randn_like(h), torch.randn_like(c)
    ((r * output).sum() + (s * h).sum() + (q * c).sum()).backward()
    return {
        "lengths": lengths,
        "projection": numbers(lstm.weight_hr_l0),
        "projectionGradient": numbers(lstm.weight_hr_l0.grad),
        "lstm": {
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
        },
    }


if __name__ == "__main__":
    torch.manual_seed(13)
    with open("torch_projection.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines(case(*shape)) for shape in SHAPES) + "\n]\n")
