"""Writes torch_training.json: the losses of the first ten steps of training, as PyTorch computes them in float64.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_training.py

Three networks, each trained by stochastic gradient descent with momentum and weight decay, and by Adam, from the same weights:
a language model (an embedding, two LSTMs and an output layer) on consecutive chunks of a text with its state carried from one
to the next; a classifier (an LSTM in both directions, its output at the last step, an output layer) of sequences of different
length; a forecaster (an LSTM, its output at the last step, an output layer) with the squared error. Gradients are clipped by
their norm, exactly: clip_grad_norm_ adds 1e-6 to it. PyTorch has two biases; one stays zero and is not trained. Weights decay, biases do not.

Matrices are lists of rows; the embedding's is (vector, tokens), as the library has it.
"""

import json

import torch
from torch.nn.functional import cross_entropy, mse_loss
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from torch_lstm import lines, numbers

STEPS = 10
CLIP = 0.5
SGD = {"lr": 0.3, "momentum": 0.9, "weight_decay": 0.01}
ADAM = {"lr": 0.02}


class Lstm(torch.nn.LSTM):
    def __init__(self, *sizes, **options):
        super().__init__(*sizes, dtype=torch.float64, **options)
        for name, parameter in self.named_parameters():
            parameter.data.uniform_(-0.5, 0.5)
            if name.startswith("bias_hh"):
                parameter.data.zero_()
                parameter.requires_grad = False


def lstm_weights(lstm, suffix):
    return [getattr(lstm, f"weight_ih_{suffix}"), getattr(lstm, f"weight_hh_{suffix}"), getattr(lstm, f"bias_ih_{suffix}")]


def linear(inputs, outputs):
    return torch.nn.Linear(inputs, outputs, dtype=torch.float64)


class Language(torch.nn.Module):
    tokens, vector, units, steps, batch = 11, 5, 6, 7, 3

    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(self.tokens, self.vector, dtype=torch.float64)
        self.lstm = Lstm(self.vector, self.units, 2)
        self.output = linear(self.units, self.tokens)
        self.text = torch.randint(self.tokens, (STEPS * self.steps * self.batch + 1,))
        self.state = None

    def weights(self):
        return [
            self.embedding.weight, *lstm_weights(self.lstm, "l0"), *lstm_weights(self.lstm, "l1"),
            self.output.weight, self.output.bias,
        ]

    def loss(self, step):
        if step == 0:
            self.state = None
        length = STEPS * self.steps  # of each of the streams
        starts = [stream * length + step * self.steps for stream in range(self.batch)]
        x = torch.stack([self.text[start:start + self.steps] for start in starts], dim=1)
        y = torch.stack([self.text[start + 1:start + self.steps + 1] for start in starts], dim=1)
        h, state = self.lstm(self.embedding(x), self.state)
        self.state = tuple(part.detach() for part in state)
        return cross_entropy(self.output(h).flatten(0, 1), y.flatten())

    def data(self):
        return {"text": self.text.tolist(), "steps": self.steps, "batch": self.batch}


class Classifier(torch.nn.Module):
    features, units, classes = 3, 4, 5
    lengths = [4, 6, 1, 3]

    def __init__(self):
        super().__init__()
        self.lstm = Lstm(self.features, self.units, bidirectional=True)
        self.output = linear(2 * self.units, self.classes)
        self.inputs = [
            [torch.randn(length, self.features, dtype=torch.float64) for length in self.lengths] for _ in range(STEPS)
        ]
        self.labels = torch.randint(self.classes, (STEPS, len(self.lengths)))

    def weights(self):
        return [
            *lstm_weights(self.lstm, "l0"), *lstm_weights(self.lstm, "l0_reverse"), self.output.weight, self.output.bias,
        ]

    def loss(self, step):
        padded = torch.nn.utils.rnn.pad_sequence(self.inputs[step])
        packed, _ = self.lstm(pack_padded_sequence(padded, self.lengths, enforce_sorted=False))
        h, _ = pad_packed_sequence(packed)
        last = torch.stack([h[length - 1, b] for b, length in enumerate(self.lengths)])
        return cross_entropy(self.output(last), self.labels[step])

    def data(self):
        return {"inputs": [[numbers(x) for x in batch] for batch in self.inputs], "labels": self.labels.tolist()}


class Forecaster(torch.nn.Module):
    features, units, horizon, steps, batch = 2, 7, 3, 5, 4

    def __init__(self):
        super().__init__()
        self.lstm = Lstm(self.features, self.units)
        self.output = linear(self.units, self.horizon)
        self.inputs = torch.randn(STEPS, self.batch, self.steps, self.features, dtype=torch.float64)
        self.targets = torch.randn(STEPS, self.batch, self.horizon, dtype=torch.float64)

    def weights(self):
        return [*lstm_weights(self.lstm, "l0"), self.output.weight, self.output.bias]

    def loss(self, step):
        h, _ = self.lstm(self.inputs[step].transpose(0, 1))
        return mse_loss(self.output(h[-1]), self.targets[step])

    def data(self):
        return {"inputs": numbers(self.inputs), "targets": numbers(self.targets)}


def train(network, make, settings):
    weights = network.weights()
    start = [weight.detach().clone() for weight in weights]
    decay = settings.get("weight_decay", 0)
    optimizer = make(
        [
            {"params": [weight for weight in weights if weight.dim() > 1], "weight_decay": decay},
            {"params": [weight for weight in weights if weight.dim() == 1], "weight_decay": 0},
        ],
        **settings,
    )
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = network.loss(step)
        loss.backward()
        norm = torch.cat([weight.grad.flatten() for weight in weights]).norm()
        if norm > CLIP:
            for weight in weights:
                weight.grad *= CLIP / norm
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        for weight, value in zip(weights, start):
            weight.copy_(value)
    return losses


def matrices(network):
    first = [network.embedding.weight] if isinstance(network, Language) else []
    return [
        numbers(weight.T if any(weight is other for other in first) else weight if weight.dim() > 1 else weight[:, None])
        for weight in network.weights()
    ]


if __name__ == "__main__":
    torch.manual_seed(17)
    cases = []
    for model in (Language, Classifier, Forecaster):
        network = model()
        cases.append({
            "kind": model.__name__,
            "parameters": matrices(network),
            **network.data(),
            "sgd": train(network, torch.optim.SGD, SGD),
            "adam": train(network, torch.optim.Adam, ADAM),
        })
    fields = {"clip": CLIP, "sgdRate": SGD["lr"], "momentum": SGD["momentum"], "weightDecay": SGD["weight_decay"], "adamRate": ADAM["lr"]}
    with open("torch_training.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines(fields | case) for case in cases) + "\n]\n")
