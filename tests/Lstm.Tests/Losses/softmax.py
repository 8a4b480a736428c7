"""Writes softmax.json: softmax to 25 digits, with the decimal module of Python's standard library.

Needs Python 3.8 or later and nothing else. Run in this folder:

    python3 softmax.py

All logits are whole multiples of 1/64 below 2^17, so that they are exact in float and double.
"""

import json
import random
from decimal import Decimal, getcontext

CASES = [  # number of classes, largest magnitude of a logit
    (1, 3),
    (2, 1),
    (3, 10),
    (27, 5),
    (200, 1),
    (131, 40),
    (1000, 8),
    (9, 10000),
]


def case(classes, largest, source):
    logits = [source.randint(-64 * largest, 64 * largest) / 64 for _ in range(classes)]
    exponentials = [Decimal(x).exp() for x in logits]
    total = sum(exponentials)
    return {"logits": logits, "probabilities": [f"{e / total:.24e}" for e in exponentials]}


if __name__ == "__main__":
    getcontext().prec = 60
    source = random.Random(5)
    with open("softmax.json", "w", encoding="utf-8") as file:
        cases = (json.dumps(case(*sizes, source)) for sizes in CASES)
        file.write("[\n" + ",\n".join(cases) + "\n]\n")
