"""Writes torch_recurrent.json: GRUs and plain recurrent layers, as PyTorch computes them in float64.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_recurrent.py

The loss is sum(R * output) + sum(S * h_T) with random R and S. Matrices are lists of rows, a state is (batch, hidden
units), sequences are (steps, batch, features). The gates of a GRU come as PyTorch's do: r, z, n. PyTorch has two biases;
their sum is the one bias here, and either one's gradient is its gradient, but for the n of a GRU whose reset gate comes
after the product: that has a recurrent bias of its own. Where sequences differ in length they are packed.

The kinds "gru original" (Cho et al. 2014: U_n is multiplied by r * h) and "rnn sigmoid" are not in torch.nn; they are
computed step by step and differentiated by autograd. Their output past the end is zero, as that of packed sequences is.
"""

import json

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from torch_lstm import lines, numbers

CASES = [  # kind, steps, batch, inputs, hidden units, and lengths unless all are of all steps
    ("gru", 4, 3, 3, 5),
    ("gru", 1, 1, 2, 3),
    ("gru", 6, 4, 3, 18, [4, 6, 1, 3]),
    ("gru original", 4, 3, 3, 5),
    ("gru original", 5, 4, 2, 19, [2, 5, 3, 1]),
    ("rnn tanh", 5, 3, 2, 4),
    ("rnn tanh", 5, 3, 3, 17, [2, 5, 3]),
    ("rnn relu", 5, 3, 2, 4),
    ("rnn relu", 4, 3, 4, 5, [4, 1, 2]),
    ("rnn sigmoid", 5, 2, 3, 4),
    ("rnn sigmoid", 4, 3, 2, 5, [1, 4, 2]),
]


def step_by_step(kind, w, u, b, x, h, lengths):
    """Returns the output and the final state of a layer that torch.nn has not."""
    outputs = []
    for t, inputs in enumerate(x):
        if kind == "rnn sigmoid":
            new = torch.sigmoid(inputs @ w.T + h @ u.T + b)
        else:
            (wr, wz, wn), (ur, uz, un), (br, bz, bn) = w.chunk(3), u.chunk(3), b.chunk(3)
            r = torch.sigmoid(inputs @ wr.T + h @ ur.T + br)
            z = torch.sigmoid(inputs @ wz.T + h @ uz.T + bz)
            n = torch.tanh(inputs @ wn.T + (r * h) @ un.T + bn)
            new = (1 - z) * n + z * h
        valid = (torch.tensor(lengths) > t).unsqueeze(1)
        h = torch.where(valid, new, h)
        outputs.append(torch.where(valid, new, torch.zeros_like(new)))
    return torch.stack(outputs), h


def case(kind, steps, batch, inputs, units, lengths=None):
    if kind == "gru":
        layer = torch.nn.GRU(inputs, units).double()
    elif kind in ("rnn tanh", "rnn relu"):
        layer = torch.nn.RNN(inputs, units, nonlinearity=kind[4:]).double()
    else:
        layer = torch.nn.GRU(inputs, units).double() if kind == "gru original" else torch.nn.RNN(inputs, units).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-1, 1)
    x = torch.randn(steps, batch, inputs, dtype=torch.float64, requires_grad=True)
    h0 = torch.randn(batch, units, dtype=torch.float64, requires_grad=True)
    w, u = layer.weight_ih_l0, layer.weight_hh_l0
    if kind in ("gru original", "rnn sigmoid"):
        output, h = step_by_step(kind, w, u, layer.bias_ih_l0 + layer.bias_hh_l0, x, h0, lengths or [steps] * batch)
    elif lengths is None:
        output, h = layer(x, h0.unsqueeze(0))
        h = h[0]
    else:
        packed, h = layer(pack_padded_sequence(x, lengths, enforce_sorted=False), h0.unsqueeze(0))
        output, _ = pad_packed_sequence(packed, total_length=steps)
        h = h[0]
    r, s = torch.randn_like(output), torch.randn_like(h)
    ((r * output).sum() + (s * h).sum()).backward()

    bias = layer.bias_ih_l0 + layer.bias_hh_l0
    recurrent_bias = None
    if kind == "gru":
        bias = torch.cat([bias[: 2 * units], layer.bias_ih_l0[2 * units :]])
        recurrent_bias = layer.bias_hh_l0[2 * units :]
    return {
        "kind": kind,
        "lengths": lengths,
        "inputWeights": numbers(w),
        "recurrentWeights": numbers(u),
        "bias": numbers(bias),
        "recurrentBias": None if recurrent_bias is None else numbers(recurrent_bias),
        "input": numbers(x),
        "initialHidden": numbers(h0),
        "outputGradient": numbers(r),
        "finalHiddenGradient": numbers(s),
        "output": numbers(output),
        "finalHidden": numbers(h),
        "inputWeightsGradient": numbers(w.grad),
        "recurrentWeightsGradient": numbers(u.grad),
        "biasGradient": numbers(layer.bias_ih_l0.grad),
        "recurrentBiasGradient": None if recurrent_bias is None else numbers(layer.bias_hh_l0.grad[2 * units :]),
        "inputGradient": numbers(x.grad),
        "initialHiddenGradient": numbers(h0.grad),
    }


if __name__ == "__main__":
    torch.manual_seed(12)
    with open("torch_recurrent.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines(case(*shape)) for shape in CASES) + "\n]\n")
