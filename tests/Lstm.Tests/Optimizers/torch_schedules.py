"""Writes torch_schedules.json: the learning rates that PyTorch's schedulers give, epoch by epoch.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_schedules.py

Every rate starts from 1. An epoch is one step, so that a schedule by steps can be compared as well. For the plateau there is
the loss of each epoch, and the rate is that after it was seen; once they are taken as a metric that should rise.
"""

import json

import torch
from torch.optim import lr_scheduler

EPOCHS = 30
LOSSES = [5, 4, 4.1, 3.9999, 3.2, 3.3, 3.4, 3.25, 3.19995, 3.5, 3, 2, 2.5, 2.4, 2.3, 2.2, 2.1, 2.05, 2.01, 2.5, 2.6, 1, 1.1, 1.2,
          1.3, 0.9, 0.89995, 0.95, 0.99, 1.5]


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def rates(make):
    sgd = optimizer()
    scheduler = make(sgd)
    result = []
    for _ in range(EPOCHS):
        result.append(sgd.param_groups[0]["lr"])
        sgd.step()
        scheduler.step()
    return result


def plateau(**settings):
    sgd = optimizer()
    scheduler = lr_scheduler.ReduceLROnPlateau(sgd, eps=0, **settings)
    result = []
    for loss in LOSSES:
        scheduler.step(loss)
        result.append(sgd.param_groups[0]["lr"])
    return result


def write(file):
    goldens = {
        "epochs": EPOCHS,
        "losses": LOSSES,
        "step": rates(lambda sgd: lr_scheduler.StepLR(sgd, step_size=7, gamma=0.3)),
        "exponential": rates(lambda sgd: lr_scheduler.ExponentialLR(sgd, gamma=0.9)),
        "cosine": rates(lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, T_max=EPOCHS, eta_min=0.05)),
        "plateau": plateau(factor=0.5, patience=2),
        "plateauWithCooldown": plateau(factor=0.5, patience=1, cooldown=3, min_lr=0.2),
        "plateauOfThreshold": plateau(factor=0.7, patience=0, threshold=0.05),
        "plateauOfAMetric": plateau(factor=0.6, patience=1, threshold=0.05, mode="max"),
    }
    json.dump(goldens, file, indent=1)
    file.write("\n")


if __name__ == "__main__":
    with open("torch_schedules.json", "w", encoding="utf-8") as output:
        write(output)
