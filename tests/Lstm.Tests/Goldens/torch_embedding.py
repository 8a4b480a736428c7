"""Writes torch_embedding.json: an embedding, an LSTM and, in one case, an output layer with the embedding's weights
(Press and Wolf 2017), as PyTorch computes them and their gradients in float64.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_embedding.py

The loss is sum(R * output) with a random R. Matrices are lists of rows, tokens are (steps, batch), other sequences (steps,
batch, features). PyTorch's LSTM has two biases; their sum is the one bias here, and either one's gradient is its gradient.
Without an output layer its bias and gradient are empty.
"""

import json

import torch

SHAPES = [  # steps, batch, tokens, numbers of a token, hidden units, whether there is a tied output layer
    (5, 2, 6, 3, 4, False),
    (4, 3, 7, 5, 5, True),
]


def numbers(tensor):
    return tensor.detach().tolist()


def case(steps, batch, tokens, size, units, tied):
    embedding = torch.nn.Embedding(tokens, size).double()
    lstm = torch.nn.LSTM(size, units).double()
    bias = torch.empty(tokens if tied else 0, dtype=torch.float64, requires_grad=True)
    with torch.no_grad():
        for parameter in [*embedding.parameters(), *lstm.parameters(), bias]:
            parameter.uniform_(-1, 1)
    x = torch.randint(tokens, (steps, batch))
    output, _ = lstm(embedding(x))
    if tied:
        output = torch.nn.functional.linear(output, embedding.weight, bias)
    r = torch.randn_like(output)
    (r * output).sum().backward()
    return {
        "tied": tied,
        "embedding": numbers(embedding.weight),
        "inputWeights": numbers(lstm.weight_ih_l0),
        "recurrentWeights": numbers(lstm.weight_hh_l0),
        "bias": numbers(lstm.bias_ih_l0 + lstm.bias_hh_l0),
        "outputBias": numbers(bias),
        "tokens": numbers(x),
        "outputGradient": numbers(r),
        "output": numbers(output),
        "embeddingGradient": numbers(embedding.weight.grad),
        "inputWeightsGradient": numbers(lstm.weight_ih_l0.grad),
        "recurrentWeightsGradient": numbers(lstm.weight_hh_l0.grad),
        "biasGradient": numbers(lstm.bias_ih_l0.grad),
        "outputBiasGradient": numbers(bias.grad) if tied else [],
    }


def lines(numbers_by_name):
    return "{\n" + ",\n".join(f'  "{name}": {json.dumps(value)}' for name, value in numbers_by_name.items()) + "\n}"


if __name__ == "__main__":
    torch.manual_seed(11)
    with open("torch_embedding.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines(case(*shape)) for shape in SHAPES) + "\n]\n")
