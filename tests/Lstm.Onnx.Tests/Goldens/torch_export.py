"""Writes Torch/NAME.onnx and Torch/NAME.json: modules as torch.onnx.export writes them, and what PyTorch computes.

Needs PyTorch 1.13 on the CPU and onnx 1.12 (Debian 12's python3-torch and python3-onnx). Run in this folder:

    python3 torch_export.py

Each JSON is a list of runs of { inputs, outputs }, tensors by name as { shape, isInteger, values }. Batch and steps are open
in all models. The bits of folded constants may differ with the version of PyTorch; the outputs should not.
"""

import json
import os
import warnings

import torch
from torch import nn

FOLDER = "Torch"
SHAPES = [(3, 1), (3, 7), (6, 1), (6, 7)]  # steps, batch


class Sequences(nn.Module):
    """A recurrent module, and a linear layer on every step's output."""

    def __init__(self, module, outputs):
        super().__init__()
        self.module = module
        self.head = nn.Linear(outputs, 2)

    def forward(self, x):
        return self.head(self.module(x)[0])


class Last(Sequences):
    """The linear layer on the last step alone."""

    def forward(self, x):
        output = self.module(x)[0]
        last = output[:, -1] if self.module.batch_first else output[-1]
        return torch.softmax(self.head(last), -1)


class FinalHidden(Sequences):
    """The linear layer on the final hidden state of the last layer."""

    def forward(self, x):
        return torch.tanh(self.head(self.module(x)[1][0][-1]))


class LogitsOfFinal(Sequences):
    """The linear layer on the final hidden state of the last layer, without a function behind it."""

    def forward(self, x):
        return self.head(self.module(x)[1][0][-1])


class Packed(Sequences):
    """Sequences of different length, the longest first, which are padded again in front of the linear layer."""

    def forward(self, x, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths)
        # Without it the number of sequences would become a constant of the file.
        start = x.new_zeros(2 * self.module.num_layers, x.shape[1], self.module.hidden_size)
        return self.head(nn.utils.rnn.pad_packed_sequence(self.module(packed, (start, start))[0])[0])


class WithStates(nn.Module):
    """The states are inputs and outputs."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x, *state):
        output, final = self.module(x, state if len(state) > 1 else state[0])
        return (output, *final) if len(state) > 1 else (output, final)


class Tokens(nn.Module):
    """A language model."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 4)
        self.dropout = nn.Dropout(0.5)
        self.lstm = nn.LSTM(4, 5, 2, batch_first=True, dropout=0.3)
        self.head = nn.Linear(5, 11)

    def forward(self, tokens):
        return self.head(self.dropout(self.lstm(self.dropout(self.embedding(tokens)))[0]))


class Mean(Sequences):
    """The mean over the steps, through two linear layers."""

    def __init__(self, module, outputs):
        super().__init__(module, outputs)
        self.middle = nn.Linear(outputs, outputs)

    def forward(self, x):
        return self.head(torch.relu(self.middle(self.module(x)[0].mean(0))))


def cases():
    yield "lstm", Sequences(nn.LSTM(3, 4), 4), {}
    yield "lstm_stack", Sequences(nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True), 8), {}
    yield "lstm_last", Last(nn.LSTM(3, 4, batch_first=True), 4), {}
    yield "lstm_final", FinalHidden(nn.LSTM(3, 4, 2), 4), {}
    yield "lstm_states", WithStates(nn.LSTM(3, 4, 2)), {"states": 2, "layers": 2, "units": 4}
    yield "lstm_unfolded", Sequences(nn.LSTM(3, 4, bidirectional=True), 8), {"fold": False}
    yield "lstm_opset_9", Sequences(nn.LSTM(3, 4, 2), 4), {"opset": 9}
    yield "lstm_opset_17", Last(nn.LSTM(3, 4), 4), {"opset": 17}
    yield "lstm_mean", Mean(nn.LSTM(3, 4), 4), {}
    yield "tokens", Tokens(), {"tokens": 11}
    yield "gru", Sequences(nn.GRU(3, 4), 4), {}
    yield "gru_stack", Last(nn.GRU(3, 4, 2, bidirectional=True), 8), {}
    yield "gru_states", WithStates(nn.GRU(3, 4, 1)), {"states": 1, "layers": 1, "units": 4}
    yield "rnn_tanh", Sequences(nn.RNN(3, 4, 2, batch_first=True), 4), {}
    yield "rnn_relu", Sequences(nn.RNN(3, 4, bidirectional=True, nonlinearity="relu"), 8), {}
    yield "lstm_logits_of_final", LogitsOfFinal(nn.LSTM(3, 4, 2, batch_first=True), 4), {}
    yield "lstm_packed", Packed(nn.LSTM(3, 4, 2, bidirectional=True), 8), {"lengths": True}


def tensor(value):
    return {
        "shape": list(value.shape),
        "isInteger": not value.is_floating_point(),
        "values": [float(f"{x:.9g}") if value.is_floating_point() else x for x in value.flatten().tolist()],
    }


def batch_first(model):
    return any(getattr(module, "batch_first", False) for module in model.modules())


def make_inputs(model, options, steps, batch):
    size = (batch, steps) if batch_first(model) else (steps, batch)
    if "tokens" in options:
        return [torch.randint(options["tokens"], size)]
    if "lengths" in options:
        return [torch.randn(*size, 3), torch.tensor([max(steps - b, 1) for b in range(batch)])]
    states = [torch.randn(options["layers"], batch, options["units"]) for _ in range(options.get("states", 0))]
    return [torch.randn(*size, 3), *states]


def write(name, model, options):
    inputs = make_inputs(model, options, 5, 3)
    names = ["x", "lengths"] if "lengths" in options else ["x", "h0", "c0"][: len(inputs)]
    outputs = ["y"] if "lengths" in options else ["y", "h", "c"][: max(len(inputs), 1)]
    open_axes = {0: "batch", 1: "steps"} if batch_first(model) else {0: "steps", 1: "batch"}
    axes = {"x": open_axes} | {state: {1: "batch"} for state in ["h0", "c0", "h", "c"] if state in names + outputs}
    axes |= {"lengths": {0: "batch"}} if "lengths" in options else {}
    path = os.path.join(FOLDER, name)
    torch.onnx.export(
        model,
        tuple(inputs),
        path + ".onnx",
        input_names=names,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=options.get("opset", 14),
        do_constant_folding=options.get("fold", True),
    )
    runs = []
    for steps, batch in SHAPES:
        inputs = make_inputs(model, options, steps, batch)
        results = model(*inputs)
        results = results if isinstance(results, tuple) else (results,)
        runs.append(
            {
                "inputs": {key: tensor(value) for key, value in zip(names, inputs)},
                "outputs": {key: tensor(value) for key, value in zip(outputs, results)},
            }
        )
    with open(path + ".json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(run) for run in runs) + "\n]\n")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.manual_seed(7)
    os.makedirs(FOLDER, exist_ok=True)
    with torch.no_grad():
        for one, module, how in cases():
            write(one, module.eval(), how)
