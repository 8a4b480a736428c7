"""Prints the coefficients of the polynomial in VectorMath.Coth, with their largest relative error.

Needs mpmath. Run with the number of coefficients, 2 for float and 6 for double:

    python3 coth.py 2

They are those of 1 + z*(c1 + c2*z + ...) for sqrt(z)*coth(sqrt(z)), z from 0 to 0.26^2, with the least largest relative
error (E. Remez's exchange: solve for equal errors of alternating sign at n + 1 points, move the points to the extrema).
"""

import sys

from mpmath import mp, mpf

END = (mp.log(2) * mpf("0.3751")) ** 2  # (3/4 ln 2/2)^2 and a little for rounding
GRID = 4000


def f(z):
    return mpf(1) if z == 0 else mp.sqrt(z) * mp.coth(mp.sqrt(z))


def solve(points):
    """The coefficients, and after them the error at the points."""
    n = len(points) - 1
    equations = mp.matrix(n + 1, n + 1)
    right = mp.matrix(n + 1, 1)
    for i, z in enumerate(points):
        for k in range(n):
            equations[i, k] = z ** (k + 1)
        equations[i, n] = (-1) ** i * f(z)
        right[i] = f(z) - 1
    return list(mp.lu_solve(equations, right))[:n]


def error(coefficients, z):
    return (1 + sum(c * z ** (k + 1) for k, c in enumerate(coefficients))) / f(z) - 1


def extrema(coefficients, grid):
    """The point of the largest error between each two changes of its sign."""
    errors = [error(coefficients, z) for z in grid]
    best = [1]
    for j in range(2, len(grid)):
        if errors[j] * errors[best[-1]] < 0:
            best.append(j)
        elif abs(errors[j]) > abs(errors[best[-1]]):
            best[-1] = j
    return [grid[j] for j in best], max(abs(e) for e in errors)


def main():
    n = int(sys.argv[1])
    mp.dps = 60
    grid = [END * j / GRID for j in range(GRID + 1)]
    points = [END * (1 - mp.cos(mp.pi * (i + mpf(1) / 2) / (n + 1))) / 2 for i in range(n + 1)]
    for _ in range(20):
        coefficients = solve(points)
        moved, largest = extrema(coefficients, grid)
        if len(moved) != n + 1 or moved == points:
            break
        points = moved
    for c in coefficients:
        print(repr(float(c)))
    print("relative error", mp.nstr(largest, 3))


if __name__ == "__main__":
    main()
