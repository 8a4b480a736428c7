"""Writes series_statistics.json: what numpy computes of series by the published rules, and what the rules then choose.

Needs Python 3 with numpy (Debian's python3-numpy). Run in this folder:

    python3 series_statistics.py

- kpss: Kwiatkowski, Phillips, Schmidt and Shin (1992), for a level, with the lags of Hobijn, Franses and Ooms (2004) as the
  "auto" of statsmodels' kpss has them; here by sums written out. With 4 lags it must be the 2.7395 that R prints for
  kpss.test(AirPassengers).
- strength: 1 - Var(R) / Var(S + R) of a classical decomposition (Hyndman and Athanasopoulos 2021, 3.4 and 4.3), with the moving
  average as a convolution; and the KPSS statistic of the series without its seasonal part.
- period: the first peak of the autocorrelation of what numpy's polyfit of degree 3 leaves (Wang, Smith and Hyndman 2006, 3.3).
- logarithm: Guerrero's coefficients of variation for the powers 1 and 0, and the correlation of spread and level.

The airline series is that of Box and Jenkins (1976), series G.
"""

import json
from statistics import NormalDist

import numpy as np

AIRLINE = [
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
    145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
    196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
    242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
    315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
    360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
]


def covariance(rest, lag):
    return sum(a * b for a, b in zip(rest[lag:], rest[: len(rest) - lag])) / len(rest)


def lags(rest):
    first = int(len(rest) ** (2 / 9))
    level = covariance(rest, 0) + 2 * sum(covariance(rest, k) for k in range(1, first + 1))
    slope = 2 * sum(k * covariance(rest, k) for k in range(1, first + 1))
    return int(1.1447 * ((slope / level) ** 2) ** (1 / 3) * len(rest) ** (1 / 3))


def kpss(values, l=None):
    rest = np.asarray(values, float) - np.mean(values)
    l = lags(rest) if l is None else l
    variance = covariance(rest, 0) + 2 * sum((1 - k / (l + 1)) * covariance(rest, k) for k in range(1, l + 1))
    return float(np.sum(np.cumsum(rest) ** 2) / len(rest) ** 2 / variance)


def strength(values, season):
    weights = np.ones(season) / season if season % 2 else np.r_[0.5, np.ones(season - 1), 0.5] / season
    half = season // 2
    detrended = np.asarray(values, float)[half : len(values) - half] - np.convolve(values, weights, "valid")
    phases = np.arange(len(detrended)) % season
    seasonal = np.array([detrended[phases == phase].mean() for phase in range(season)])[phases]
    adjusted = np.asarray(values, float) - np.take(seasonal, (np.arange(len(values)) - half) % season)
    return float(max(0, 1 - np.var(detrended - seasonal) / np.var(detrended))), adjusted


def autocorrelations(values, count):
    time = np.linspace(-1, 1, len(values))
    rest = values - np.polyval(np.polyfit(time, values, 3), time)
    full = np.correlate(rest, rest, "full")[len(rest) - 1 :]
    return full[: count + 1] / full[0]


def period(values):
    count = len(values) // 3
    r = autocorrelations(values, count)
    bound = NormalDist().inv_cdf(1 - 0.05 / count) / len(values) ** 0.5
    starts = [k for k in range(1, count + 1) if r[k] > bound and r[k] >= r[:k].min() + 0.1]
    if not starts:
        return 1
    falls = [k for k in range(starts[0], count + 1) if r[k] <= r[starts[0] : k + 1].max() - 0.1]
    end = falls[0] if falls else count + 1
    peak = starts[0] + int(np.argmax(r[starts[0] : end]))
    return peak if peak < count else 1


def logarithm(values, season):
    size = max(2, season)
    blocks = values[len(values) % size :].reshape(-1, size)
    level, spread = blocks.mean(axis=1), blocks.std(axis=1, ddof=1)
    variation = [np.std(s, ddof=1) / np.mean(s) for s in (spread, spread / level)]
    together = np.corrcoef(level, spread)[0, 1] > NormalDist().inv_cdf(0.95) / len(level) ** 0.5
    return bool(variation[1] < variation[0] and together)


def case(name, values, season):
    values = np.round(np.asarray(values, float), 6)
    return {
        "name": name,
        "values": values.tolist(),
        "season": season,
        "period": period(values),
        "favoursLogarithm": logarithm(values, season),
        "strength": strength(values, season)[0],
        "kpss": kpss(values),
        "kpssOfAdjusted": kpss(strength(values, season)[1]),
        "kpssOfSeasonalDifferences": kpss(values[season:] - values[:-season]),
    }


if __name__ == "__main__":
    assert round(kpss(AIRLINE, 4), 4) == 2.7395
    random = np.random.default_rng(7)
    time = np.arange(120)
    season = np.sin(time * 2 * np.pi / 12)
    cases = [
        case("airline", AIRLINE, 12),
        case("airline, six years", AIRLINE[:72], 12),
        case("logarithms of the airline series", np.log(AIRLINE), 12),
        case("noise", random.normal(size=120), 7),
        case("walk", random.normal(size=120).cumsum(), 5),
        case("line in noise", 50 + time + 5 * random.normal(size=120), 4),
        case("season in noise", 10 + season + 0.3 * random.normal(size=120), 12),
        case("growing season", np.exp(time / 60) * (1 + 0.2 * season + 0.05 * random.normal(size=120)), 12),
        case("odd season", np.tile([3.0, 5, 4, 1, 2], 25) + random.normal(size=125), 5),
    ]
    with open("series_statistics.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(one) for one in cases) + "\n]\n")
