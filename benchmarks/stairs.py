"""Train networks on sums of decays from small random weights, and time their plateaus.

    python benchmarks/stairs.py

takes some ten minutes on one core and writes rnnbook/data/stairs.json, which `rnnbook.records`
loads for the chapter "Many memories". README.md here says what is measured.
"""

import json
from math import gamma

import numpy as np

from rnnbook import ginibre, gradient_flow, mixture, records, staircase

N, SIGMA, SEEDS = 16, 1e-4, 6
TARGETS = [  # amplitudes and rates
    ([0.2, 0.3, 0.5], [0.03, 0.2, 0.9]),
    ([1 / 3, 1 / 3, 1 / 3], [0.05, 0.3, 1.0]),
    ([0.1, 0.2, 0.3, 0.4], [0.02, 0.1, 0.4, 1.2]),
]
PLATEAUS = 2
# A seed is smaller than the error that is allowed for a step, which may therefore be too long for
# its growth: so runs are made of pieces, in each of which a seed grows by this exponent.
PIECE = 0.2
POWER, LONGEST, OUTLIERS = 0.5, [100], 4  # power laws: exponent, T*, and plateaus to follow


def power_law(longest):
    """Decays that add up to t**-POWER for 1 < t < longest, two for each factor of e."""
    rates = np.geomspace(1 / longest, 1, int(np.ceil(2 * np.log(longest))) + 1)
    spacing = np.log(rates[1] / rates[0]) * np.ones(rates.size)
    spacing[[0, -1]] /= 2
    return mixture(rates**POWER * spacing / gamma(POWER), rates)


def measure(target, stairs, seed):
    """Loss over learning time, and for each plateau when half of it is gone, and its height."""
    net, s, loss = ginibre(N, SIGMA, np.random.default_rng([N, seed])), [0.0], [target.energy / 2]
    left, heights = [], []
    for stair in stairs:
        piece, start, flattest = PIECE / abs(stair.growth), len(s), np.inf
        while loss[-1] > 0.5 * stair.loss:
            run = gradient_flow(net, target, [piece], rtol=1e-4)
            net = run.final
            s.append(s[-1] + piece)
            loss.append(float(run.loss[-1]))
            if len(s) > start + 1 and loss[-2] / loss[-1] < flattest:
                flattest, height = loss[-2] / loss[-1], loss[-1]
        half = np.log(0.5 * stair.loss)
        left.append(np.interp(-half, -np.log(loss[-2:]), s[-2:]))
        heights.append(height)
    return s, loss, left, heights


def rounded(values):
    return [float(f"{value:.6g}") for value in values]


def main():
    cases = []
    for amplitudes, rates in TARGETS:
        target = mixture(amplitudes, rates)
        stairs = staircase(target, PLATEAUS)
        runs = [measure(target, stairs, seed) for seed in range(SEEDS)]
        case = {"amplitudes": amplitudes, "rates": rates}
        case |= {"s": rounded(runs[0][0]), "loss": rounded(runs[0][1])}
        case |= {"left": [rounded(run[2]) for run in runs]}
        case |= {"heights": [rounded(run[3]) for run in runs]}
        cases.append(case)
        print(case["left"], case["heights"], flush=True)
    powers = []
    for longest in LONGEST:
        target = power_law(longest)
        stairs = staircase(target, OUTLIERS)
        powers.append(
            {
                "longest": longest,
                "rates": rounded(-target.A.diagonal()),
                "amplitudes": rounded(target.C),
                "loss": rounded([stair.loss for stair in stairs]),
                "growth": rounded([stair.growth for stair in stairs]),
            }
        )
        print(powers[-1], flush=True)
    record = {"n": N, "sigma": SIGMA, "cases": cases, "powers": powers}
    (records.DATA / "stairs.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
