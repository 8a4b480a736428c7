"""Writes vector_math.json: exp, the logistic sigmoid and tanh of doubles, to a thousandth of a unit in the last place.

Needs Python 3.9 or later and nothing else. Run in this folder:

    python3 vector_math.py

A value v is given as the nearest double and, as "rest", (v - nearest) / ulp(nearest).
"""

import json
import math
import random
from decimal import Decimal, getcontext

SERIES_BELOW = Decimal("1e-12")  # of tanh: five terms are exact to 100 digits there

RANGES = [(-1e-5, 1e-5), (-0.3, 0.3), (-1, 1), (-4, 4), (-20, 20), (-40, 40)]

# Where the code's clamps, the halves of ln 2 and the first step of tanh are, and where results end or saturate.
SPECIAL = [709.78271289338397, 709, 40, 37, 36.7368005696771, 20, 19.06, 0.75 * math.log(2) / 2, 0.5 * math.log(2),
           1.5 * math.log(2), 1, 2**-27, 1e-100, 2.2250738585072014e-308]
NEGATIVE = [-708.3964185322641, -708, -600, -37, -36.7368005696771, -16.6355, -17.3287]


def exp(x):
    return x.exp()


def sigmoid(x):
    return 1 / (1 + (-x).exp())


def tanh(x):
    if abs(x) < SERIES_BELOW:
        return x - x**3 / 3 + 2 * x**5 / 15 - 17 * x**7 / 315 + 62 * x**9 / 2835
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


def arguments(source, lowest, highest):
    for low, high in RANGES + [(lowest, highest)]:
        for _ in range(60):
            yield source.uniform(low, high)
    for x in SPECIAL + [-x for x in SPECIAL] + NEGATIVE:
        if lowest <= x <= highest:
            yield from (math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf))


def main():
    getcontext().prec = 120
    source = random.Random(1997)
    cases = []
    for function, lowest, highest in ((exp, -708.4, 709.7827), (sigmoid, -708.4, 710), (tanh, -30, 30)):
        xs, nearest, rest = [], [], []
        for x in arguments(source, lowest, highest):
            value = function(Decimal(x))
            near = float(value)
            if abs(near) < 2.2250738585072014e-308 or math.isinf(near):
                continue
            xs.append(x)
            nearest.append(near)
            rest.append(round(float((value - Decimal(near)) / Decimal(math.ulp(near))), 3))
        cases.append({"function": function.__name__, "x": xs, "nearest": nearest, "rest": rest})
    with open("vector_math.json", "w", encoding="utf-8", newline="\n") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
