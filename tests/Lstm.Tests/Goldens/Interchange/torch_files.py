"""Writes the files *.pt and *.npz beside it, as PyTorch and NumPy write them, and torch_files.json with what PyTorch computes
from the weights in them.

Needs PyTorch 1.13 on the CPU and NumPy (Debian 12's python3-torch and python3-numpy). Run in this folder:

    python3 torch_files.py

Inputs and outputs are (steps, batch, features), tokens (steps, batch). All is computed in float32 unless the name says so.
"""

import collections
import json

import numpy
import torch

STEPS, BATCH, TOKENS, INPUTS, UNITS = 4, 3, 7, 3, 4


class Tagger(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.words = torch.nn.Embedding(TOKENS, INPUTS)
        self.lstm = torch.nn.LSTM(INPUTS, UNITS, 2, bidirectional=True)
        self.fc1 = torch.nn.Linear(2 * UNITS, 2 * UNITS)
        self.fc2 = torch.nn.Linear(2 * UNITS, 2 * UNITS)

    def forward(self, x):
        return self.fc2(self.fc1(self.lstm(self.words(x))[0]))


class Whole(torch.nn.Module):
    """A module of one recurrent one, without a prefix of its own in the state dict."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module(x)[0]


def case(name, module, model, tokens=False):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-1, 1)
    torch.save(module.state_dict(), f"{name}.pt")
    x = torch.randint(TOKENS, (STEPS, BATCH)) if tokens else torch.randn(STEPS, BATCH, INPUTS)
    dtype = next(module.parameters()).dtype
    if dtype in (torch.float16, torch.bfloat16):
        module, model = module.float(), model.float()
    elif dtype == torch.float64 and not tokens:
        x = x.double()
    return {"name": name, "input": x.reshape(STEPS, BATCH, -1).tolist(), "output": model(x).tolist()}


def recurrent(name, module):
    return case(name, module, Whole(module))


def views():
    """Tensors that are not simply all of a storage of their own."""
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    values = {
        "whole": base,
        "transposed": base.t(),
        "strided": base[1::2, ::3],
        "offset": base[2],
        "repeated": base[0, :2].expand(3, 2),
        "scalar": base[1, 1],
        "none": base[:0],
        "permuted": base.reshape(2, 3, 4).permute(2, 0, 1),
        "double": torch.tensor([0.1, -2.0], dtype=torch.float64),
        "half": torch.tensor([0.1, -2.0], dtype=torch.float16),
        "bfloat": torch.tensor([0.1, -2.0], dtype=torch.bfloat16),
        "parameter": torch.nn.Parameter(torch.tensor([1.5])),
    }
    torch.save(collections.OrderedDict(values), "views.pt")
    torch.save({"model": values, "epoch": 5, "rates": [0.1, None, True, 2**40, -7], "count": torch.tensor([3])}, "nested.pt")
    torch.save(values, "old.pt", _use_new_zipfile_serialization=False)
    torch.save({"a": base, "f": torch.nn.functional.relu}, "function.pt")
    return {name: [list(value.shape), value.double().reshape(-1).tolist()] for name, value in values.items()}


def arrays():
    base = numpy.arange(24).reshape(2, 3, 4) / 7
    values = {
        "c8": base.astype("<f8"),
        "c4": base.astype("<f4"),
        "c2": base.astype("<f2"),
        "big8": base.astype(">f8"),
        "big4": base.astype(">f4"),
        "big2": base.astype(">f2"),
        "fortran": numpy.asfortranarray(base),
        "fortran4": numpy.asfortranarray(base[0].astype("<f4")),
        "scalar": numpy.array(0.25),
        "none": numpy.zeros((3, 0)),
        "folder/name": numpy.array([1.0]),
    }
    numpy.savez("arrays.npz", whole=numpy.arange(3), **values)
    numpy.savez_compressed("compressed.npz", **values)
    numpy.savez("objects.npz", a=numpy.array([None, "x"], dtype=object))
    return {name: [list(value.shape), value.astype(float).reshape(-1).tolist()] for name, value in values.items()}


if __name__ == "__main__":
    torch.manual_seed(5)
    LSTM, GRU, RNN = torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN
    tagger = Tagger()
    cases = [
        recurrent("lstm", LSTM(INPUTS, UNITS)),
        recurrent("lstm_stack", LSTM(INPUTS, UNITS, 3)),
        recurrent("lstm_both", LSTM(INPUTS, UNITS, bidirectional=True)),
        recurrent("lstm_stack_both", LSTM(INPUTS, UNITS, 2, bidirectional=True)),
        recurrent("lstm_projection", LSTM(INPUTS, UNITS, proj_size=2)),
        recurrent("lstm_stack_both_projection", LSTM(INPUTS, UNITS, 2, bidirectional=True, proj_size=2)),
        recurrent("lstm_no_bias", LSTM(INPUTS, UNITS, bias=False)),
        recurrent("lstm_double", LSTM(INPUTS, UNITS).double()),
        recurrent("lstm_half", LSTM(INPUTS, UNITS).half()),
        recurrent("lstm_bfloat", LSTM(INPUTS, UNITS).bfloat16()),
        recurrent("gru_stack_both", GRU(INPUTS, UNITS, 2, bidirectional=True)),
        recurrent("rnn_stack_both", RNN(INPUTS, UNITS, 2, bidirectional=True)),
        recurrent("rnn_relu", RNN(INPUTS, UNITS, nonlinearity="relu")),
        case("tagger", tagger, tagger, tokens=True),
    ]
    with open("torch_files.json", "w", encoding="utf-8") as file:
        json.dump({"cases": cases, "views": views(), "arrays": arrays()}, file, indent=1)
        file.write("\n")
