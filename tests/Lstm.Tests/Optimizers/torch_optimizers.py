"""Writes torch_optimizers.json: steps of adaptive optimizers, and of averages of the weights, as PyTorch computes them in
float64.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_optimizers.py

Each case has a weight, which decays, and a bias, which does not (a parameter group without weight decay). The gradients of
each step are given, and the values after each step are what PyTorch makes of them. The averages are of the weight, by
torch.optim.swa_utils.AveragedModel after each step: the mean of all, and an exponential one of decay 0.8.
"""

import json

import torch
from torch.optim.swa_utils import AveragedModel

WEIGHTS, BIASES, STEPS, DECAY = 37, 3, 6, 0.8

CASES = [
    ("Adam", torch.optim.Adam, {}),
    ("Adam", torch.optim.Adam, {"lr": 0.03, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.02}),
    ("AdamW", torch.optim.AdamW, {}),
    ("AdamW", torch.optim.AdamW, {"lr": 0.03, "betas": (0.85, 0.9), "eps": 1e-4, "weight_decay": 0.3}),
    ("RMSprop", torch.optim.RMSprop, {}),
    ("RMSprop", torch.optim.RMSprop, {"lr": 0.002, "alpha": 0.9, "eps": 1e-3, "weight_decay": 0.02}),
    ("RMSprop", torch.optim.RMSprop, {"lr": 0.003, "alpha": 0.95, "momentum": 0.9}),
    ("RMSprop", torch.optim.RMSprop, {"lr": 0.003, "alpha": 0.95, "centered": True, "eps": 1e-2}),
    ("RMSprop", torch.optim.RMSprop, {"lr": 0.003, "momentum": 0.5, "centered": True, "eps": 1e-2, "weight_decay": 0.1}),
]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(WEIGHTS, dtype=torch.float64))
        self.bias = torch.nn.Parameter(torch.randn(BIASES, dtype=torch.float64))


def case(kind, make, settings):
    model = Model()
    optimizer = make([{"params": [model.weight]}, {"params": [model.bias], "weight_decay": 0}], **settings)
    first = optimizer.param_groups[0]
    fields = {
        "kind": kind,
        "isDefault": not settings,
        "learningRate": first["lr"],
        "beta1": first.get("betas", (0, 0))[0],
        "beta2": first.get("betas", (0, 0))[1],
        "smoothing": first.get("alpha", 0),
        "momentum": first.get("momentum", 0),
        "centered": first.get("centered", False),
        "epsilon": first["eps"],
        "weightDecay": first["weight_decay"],
        "averageDecay": DECAY,
        "weight": model.weight.tolist(),
        "bias": model.bias.tolist(),
    }
    mean = AveragedModel(model)
    exponential = AveragedModel(model, avg_fn=lambda average, value, _: DECAY * average + (1 - DECAY) * value)
    steps = []
    for _ in range(STEPS):
        model.weight.grad = torch.randn_like(model.weight)
        model.bias.grad = torch.randn_like(model.bias)
        optimizer.step()
        mean.update_parameters(model)
        exponential.update_parameters(model)
        steps.append({
            "weightGradient": model.weight.grad.tolist(),
            "biasGradient": model.bias.grad.tolist(),
            "weight": model.weight.tolist(),
            "bias": model.bias.tolist(),
            "mean": mean.module.weight.tolist(),
            "exponential": exponential.module.weight.tolist(),
        })
    return fields | {"steps": steps}


if __name__ == "__main__":
    torch.manual_seed(5)
    with open("torch_optimizers.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case(*settings)) for settings in CASES) + "\n]\n")
