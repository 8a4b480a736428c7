"""Writes torch_losses.json: losses and their gradients, as PyTorch computes them in float64.

Needs PyTorch 1.13 on the CPU (Debian 12's python3-torch). Run in this folder:

    python3 torch_losses.py

Sequences are (steps, batch, features), classes and weights (steps, batch). Without weights the loss is PyTorch's own mean
or sum; with weights it is the weighted mean or sum of PyTorch's losses of single elements, in which a class counts by its
weight where classes have weights.
"""

import json

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, huber_loss, l1_loss, mse_loss

DELTA = 0.7  # of Huber's loss
QUANTILES = [0.1, 0.5, 0.95]

SHAPES = [  # steps, batch, features
    (4, 3, 5),
    (3, 1, 17),
    (2, 2, 1),
]


def reduce(elements, weights, reduction, features, counts=1):
    total = (elements * weights.flatten()).sum()
    return total / ((weights.flatten() * counts).sum() * features) if reduction == "mean" else total


def pinball(predictions, targets, reduction):
    """PyTorch has no such loss: the formula of Koenker and Bassett, with PyTorch's gradient."""
    quantiles = torch.tensor(QUANTILES, dtype=torch.float64)
    errors = targets.unsqueeze(3) - predictions.view(*targets.shape, len(QUANTILES))
    losses = torch.maximum(quantiles * errors, (quantiles - 1) * errors).view(predictions.shape)
    return {"none": losses, "mean": losses.mean(), "sum": losses.sum()}[reduction]


ELEMENTS = {
    "squared": mse_loss,
    "absolute": l1_loss,
    "huber": lambda predictions, targets, reduction: huber_loss(predictions, targets, reduction=reduction, delta=DELTA),
    "quantiles": pinball,
}


def element_case(kind, shape, reduction, weighted):
    """Losses of single numbers that came later than the others, whose cases stay as they are."""
    steps, batch, features = shape
    predictions = (3 * torch.randn(steps, batch, features * (len(QUANTILES) if kind == "quantiles" else 1), dtype=torch.float64))
    predictions.requires_grad_()
    targets = torch.randn(shape, dtype=torch.float64)
    positive = None
    measure = ELEMENTS.get(kind)
    if kind == "labels":
        targets = torch.rand(shape, dtype=torch.float64).round() if reduction == "sum" else torch.rand(shape, dtype=torch.float64)
        positive = 3 * torch.rand(features, dtype=torch.float64) if features > 1 else None

        def measure(x, z, reduction):
            return binary_cross_entropy_with_logits(x, z, reduction=reduction, pos_weight=positive)

    weights = None
    if weighted:
        weights = torch.rand(steps, batch, dtype=torch.float64)
        weights[0, 0] = 0
        elements = measure(predictions, targets, reduction="none").sum(2).flatten()
        loss = reduce(elements, weights, reduction, predictions.shape[2])
    else:
        loss = measure(predictions, targets, reduction=reduction)
    loss.backward()
    return {
        "kind": kind,
        "reduction": reduction,
        "shape": shape,
        "predictions": predictions.flatten().tolist(),
        "targets": targets.flatten().tolist(),
        "weights": [] if weights is None else weights.flatten().tolist(),
        "delta": DELTA,
        "quantiles": QUANTILES,
        "positiveWeights": None if positive is None else positive.tolist(),
        "loss": loss.item(),
        "gradient": predictions.grad.flatten().tolist(),
    }


def case(kind, shape, reduction, weighted, smoothing=0.0, class_weighted=False):
    steps, batch, features = shape
    predictions = (3 * torch.randn(shape, dtype=torch.float64)).requires_grad_()
    weights = None
    if weighted:
        weights = torch.rand(steps, batch, dtype=torch.float64)
        weights[0, 0] = 0
    flat = predictions.view(steps * batch, features)
    if kind == "squared":
        targets = torch.randn(shape, dtype=torch.float64)
        if weights is None:
            loss = mse_loss(predictions, targets, reduction=reduction)
        else:
            elements = mse_loss(predictions, targets, reduction="none").sum(2).flatten()
            loss = reduce(elements, weights, reduction, features)
    else:
        if kind == "classes":
            targets = torch.randint(features, (steps, batch))
            goal = targets.flatten()
        else:
            targets = torch.rand(shape, dtype=torch.float64)  # their sums differ from 1
            goal = targets.view(steps * batch, features)
        class_weights = 2 * torch.rand(features, dtype=torch.float64) if class_weighted else None
        options = {"weight": class_weights, "label_smoothing": smoothing}
        if weights is None:
            loss = cross_entropy(flat, goal, reduction=reduction, **options)
        else:
            counts = class_weights[goal] if class_weighted and kind == "classes" else 1
            loss = reduce(cross_entropy(flat, goal, reduction="none", **options), weights, reduction, 1, counts)
    loss.backward()
    return {
        "kind": kind,
        "reduction": reduction,
        "shape": shape,
        "predictions": predictions.flatten().tolist(),
        "targets": targets.flatten().tolist(),
        "weights": [] if weights is None else weights.flatten().tolist(),
        "smoothing": smoothing,
        "classWeights": class_weights.tolist() if class_weighted else None,
        "loss": loss.item(),
        "gradient": predictions.grad.flatten().tolist(),
    }


def lines(fields):
    return "{\n" + ",\n".join(f'  "{name}": {json.dumps(value)}' for name, value in fields.items()) + "\n}"


if __name__ == "__main__":
    torch.manual_seed(11)
    cases = [
        case(kind, shape, reduction, weighted)
        for kind in ("classes", "distributions", "squared")
        for shape in SHAPES
        for reduction in ("mean", "sum")
        for weighted in (False, True)
    ]
    cases += [
        case(kind, shape, reduction, weighted, smoothing, class_weighted)
        for kind in ("classes", "distributions")
        for shape in SHAPES[:2]
        for reduction in ("mean", "sum")
        for weighted, smoothing, class_weighted in ((False, 0.1, False), (False, 0.0, True), (False, 0.3, True), (True, 0.2, True))
    ]
    cases += [
        element_case(kind, shape, reduction, weighted)
        for kind in ("absolute", "huber", "labels", "quantiles")
        for shape in SHAPES
        for reduction in ("mean", "sum")
        for weighted in (False, True)
    ]
    with open("torch_losses.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(lines(fields) for fields in cases) + "\n]\n")
