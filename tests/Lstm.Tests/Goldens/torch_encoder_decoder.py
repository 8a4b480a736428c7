"""Writes torch_encoder_decoder.json: encoder-decoder networks' logits, loss and gradients, as PyTorch computes them in float64.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_encoder_decoder.py

Every pair is run alone, so that nothing is padded; logits and the loss, the mean of the cross-entropy of all steps of all
targets, are of the pairs together. Sources are in the order in which they are read. Matrices are lists of rows; an
embedding's has a column for each token. The parameters come as the library has them: the encoder's embedding and LSTMs, the
decoder's, the output layer's. PyTorch has two biases of an LSTM; their sum is the one bias here, and either one's gradient
is its gradient.
"""

import json

import torch

from torch_lstm import lines, numbers

CASES = [  # peeky, layers, embedding, hidden units, source tokens, target tokens, lengths of sources, of targets
    (False, 1, 3, 4, 5, 4, [3, 3], [2, 2]),
    (True, 1, 2, 3, 4, 5, [4, 2, 3], [3, 1, 4]),
    (True, 2, 3, 2, 6, 3, [1, 5], [2, 4]),
    (False, 2, 2, 3, 3, 3, [2, 4, 4], [5, 1, 3]),
]


def case(peeky, layers, embedding, units, source_tokens, target_tokens, source_lengths, target_lengths):
    context = units if peeky else 0
    read = torch.nn.Embedding(source_tokens, embedding).double()
    encoder = torch.nn.LSTM(embedding, units, layers).double()
    write = torch.nn.Embedding(target_tokens + 1, embedding).double()
    decoder = torch.nn.LSTM(embedding + context, units, layers).double()
    output = torch.nn.Linear(units + context, target_tokens + 1).double()
    modules = [read, encoder, write, decoder, output]
    with torch.no_grad():
        for module in modules:
            for parameter in module.parameters():
                parameter.uniform_(-1, 1)

    sources = [torch.randint(source_tokens, (length,)) for length in source_lengths]
    targets = [torch.randint(target_tokens, (length,)) for length in target_lengths]
    boundary = torch.tensor([target_tokens])
    logits, losses = [], []
    for source, target in zip(sources, targets):
        _, (h, c) = encoder(read(source))
        inputs = write(torch.cat([boundary, target]))
        peek = h[-1].expand(len(inputs), units) if peeky else torch.zeros(len(inputs), 0, dtype=torch.float64)
        steps, _ = decoder(torch.cat([inputs, peek], 1), (h, c))
        logits.append(output(torch.cat([steps, peek], 1)))
        losses.append(torch.nn.functional.cross_entropy(logits[-1], torch.cat([target, boundary]), reduction="sum"))
    loss = sum(losses) / sum(len(target) + 1 for target in targets)
    loss.backward()

    def lstm(module, of):
        for n in range(layers):
            yield numbers(of(getattr(module, f"weight_ih_l{n}")))
            yield numbers(of(getattr(module, f"weight_hh_l{n}")))
            biases = [getattr(module, f"bias_{kind}_l{n}") for kind in ["ih", "hh"]]
            yield numbers((of(biases[0]) if of is gradient else sum(biases)).reshape(-1, 1))

    def parameters(of):
        return [
            numbers(of(read.weight).T),
            *lstm(encoder, of),
            numbers(of(write.weight).T),
            *lstm(decoder, of),
            numbers(of(output.weight)),
            numbers(of(output.bias).reshape(-1, 1)),
        ]

    def value(parameter):
        return parameter

    def gradient(parameter):
        return parameter.grad

    return {
        "peeky": peeky,
        "layers": layers,
        "embedding": embedding,
        "units": units,
        "sourceTokens": source_tokens,
        "targetTokens": target_tokens,
        "sources": [source.tolist() for source in sources],
        "targets": [target.tolist() for target in targets],
        "parameters": parameters(value),
        "logits": [numbers(step) for step in logits],
        "loss": loss.item(),
        "gradients": parameters(gradient),
    }


if __name__ == "__main__":
    torch.manual_seed(12)
    with open("torch_encoder_decoder.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines(case(*row)) for row in CASES) + "\n]\n")
