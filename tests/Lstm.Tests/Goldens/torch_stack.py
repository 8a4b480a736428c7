"""Writes torch_stack.json: stacks of LSTMs, in one direction and in both, as PyTorch computes them in float64.

The last ones are given sequences of different length (pack_padded_sequence).

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_stack.py

The loss is sum(R * output) + sum(S * h_T) + sum(Q * c_T) with random R, S and Q. Matrices are lists of rows, a state is
(batch, hidden units), sequences are (steps, batch, features). The LSTMs come layer by layer, forward before reverse.
PyTorch has two biases; their sum is the one bias here, and either one's gradient is its gradient.
"""

import json

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from torch_lstm import lines, numbers

SHAPES = [  # layers, both directions, steps, batch, inputs, hidden units, and lengths unless all are of all steps
    (2, False, 4, 3, 3, 4),
    (3, False, 5, 2, 2, 3),
    (1, True, 4, 2, 3, 4),
    (1, True, 1, 3, 2, 5),
    (2, True, 5, 2, 3, 4),
    (1, False, 6, 4, 3, 5, [4, 6, 1, 3]),
    (2, False, 5, 3, 2, 4, [2, 5, 3]),
    (2, True, 5, 4, 3, 3, [3, 1, 5, 4]),
]


def case(layers, bidirectional, steps, batch, inputs, units, lengths=None):
    lstm = torch.nn.LSTM(inputs, units, layers, bidirectional=bidirectional).double()
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.uniform_(-1, 1)
    names = [f"l{n}{direction}" for n in range(layers) for direction in ["", "_reverse"][: 1 + bidirectional]]
    x = torch.randn(steps, batch, inputs, dtype=torch.float64, requires_grad=True)
    h0 = torch.randn(len(names), batch, units, dtype=torch.float64, requires_grad=True)
    c0 = torch.randn(len(names), batch, units, dtype=torch.float64, requires_grad=True)
    if lengths is None:
        output, (h, c) = lstm(x, (h0, c0))
    else:
        packed, (h, c) = lstm(pack_padded_sequence(x, lengths, enforce_sorted=False), (h0, c0))
        output, _ = pad_packed_sequence(packed, total_length=steps)
    r, s, q = torch.randn_like(output), torch.randn_like(h), torch.randn_like(c)
    ((r * output).sum() + (s * h).sum() + (q * c).sum()).backward()

    def part(n, name):
        weights = {kind: getattr(lstm, f"{kind}_{name}") for kind in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]}
        return {
            "inputWeights": numbers(weights["weight_ih"]),
            "recurrentWeights": numbers(weights["weight_hh"]),
            "bias": numbers(weights["bias_ih"] + weights["bias_hh"]),
            "initialHidden": numbers(h0[n]),
            "initialCell": numbers(c0[n]),
            "finalHiddenGradient": numbers(s[n]),
            "finalCellGradient": numbers(q[n]),
            "finalHidden": numbers(h[n]),
            "finalCell": numbers(c[n]),
            "inputWeightsGradient": numbers(weights["weight_ih"].grad),
            "recurrentWeightsGradient": numbers(weights["weight_hh"].grad),
            "biasGradient": numbers(weights["bias_ih"].grad),
            "initialHiddenGradient": numbers(h0.grad[n]),
            "initialCellGradient": numbers(c0.grad[n]),
        }

    return {
        "layers": layers,
        "bidirectional": bidirectional,
        "lengths": lengths,
        "input": numbers(x),
        "outputGradient": numbers(r),
        "output": numbers(output),
        "inputGradient": numbers(x.grad),
        "lstms": [part(n, name) for n, name in enumerate(names)],
    }


if __name__ == "__main__":
    torch.manual_seed(11)
    with open("torch_stack.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines(case(*shape)) for shape in SHAPES) + "\n]\n")
