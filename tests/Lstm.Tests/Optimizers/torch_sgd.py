"""Writes torch_sgd.json: steps of stochastic gradient descent, as PyTorch computes them in float64.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_sgd.py

Each case has a weight, which decays, and a bias, which does not (a parameter group without weight decay). The gradients of
each step are given, and the values after each step are what PyTorch makes of them.
"""

import json

import torch

WEIGHTS, BIASES, STEPS = 37, 3, 6

CASES = [  # learning rate, momentum, weight decay, nesterov
    (0.1, 0, 0, False),
    (0.1, 0, 0.02, False),
    (0.05, 0.9, 0, False),
    (0.05, 0.9, 0.03, False),
    (0.2, 0.6, 0, True),
    (0.2, 0.6, 0.01, True),
]


def case(rate, momentum, decay, nesterov):
    weight = torch.randn(WEIGHTS, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(BIASES, dtype=torch.float64, requires_grad=True)
    fields = {
        "learningRate": rate,
        "momentum": momentum,
        "weightDecay": decay,
        "nesterov": nesterov,
        "weight": weight.tolist(),
        "bias": bias.tolist(),
    }
    groups = [{"params": [weight], "weight_decay": decay}, {"params": [bias], "weight_decay": 0}]
    optimizer = torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=nesterov)
    steps = []
    for _ in range(STEPS):
        weight.grad = torch.randn_like(weight)
        bias.grad = torch.randn_like(bias)
        optimizer.step()
        steps.append({
            "weightGradient": weight.grad.tolist(),
            "biasGradient": bias.grad.tolist(),
            "weight": weight.tolist(),
            "bias": bias.tolist(),
        })
    return fields | {"steps": steps}


if __name__ == "__main__":
    torch.manual_seed(3)
    with open("torch_sgd.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case(*settings)) for settings in CASES) + "\n]\n")
