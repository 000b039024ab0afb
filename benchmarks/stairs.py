"""Train networks on sums of decays from small random weights, and time their plateaus.

    python benchmarks/stairs.py

takes about twenty minutes on one core and writes rnnbook/data/stairs.json, which `rnnbook.records`
loads for the chapter "Many memories". README.md here says what is measured.
"""

import json

import numpy as np

from rnnbook import ginibre, gradient_flow, mixture, records, staircase

N, SIGMA, SEEDS = 20, 1e-5, 8
TARGETS = [  # amplitudes and rates
    ([0.2, 0.3, 0.5], [0.03, 0.2, 0.9]),
    ([1 / 3, 1 / 3, 1 / 3], [0.05, 0.3, 1.0]),
    ([0.1, 0.2, 0.3, 0.4], [0.02, 0.1, 0.4, 1.2]),
]
PLATEAUS = 2


def measure(target, stairs, seed):
    """Loss over learning time, and for each plateau when half of it is gone, and its height."""
    lengths = np.log(1 / SIGMA) / np.abs([stair.growth for stair in stairs])
    ends = np.cumsum(lengths)
    first = np.linspace(0, ends[0] - 0.6 * lengths[0], 15)
    parts = [first]
    for end, length in zip(ends, lengths, strict=True):
        parts.append(np.linspace(end - 0.6 * length, end + 0.2 * length, 120))
    s = np.unique(np.concatenate(parts))
    net = ginibre(N, SIGMA, np.random.default_rng([N, seed]))
    run = gradient_flow(net, target, s, rtol=1e-4)
    left, heights = [], []
    for number, stair in enumerate(stairs):
        half = 0.5 * stair.loss
        k = int(np.argmax(run.loss < half))
        between = np.interp(np.log(half), np.log(run.loss[[k, k - 1]]), s[[k, k - 1]])
        left.append(between)
        # Where the loss falls most slowly, between leaving the last plateau and leaving this one.
        start = left[number - 1] if number else 0.0
        flat = np.abs(np.gradient(np.log(run.loss), s))
        flat[(s <= start) | (s >= between)] = np.inf
        heights.append(run.loss[np.argmin(flat)])
    return s, run.loss, left, heights


def rounded(values):
    return [float(f"{value:.5g}") for value in values]


def main():
    cases = []
    for amplitudes, rates in TARGETS:
        target = mixture(amplitudes, rates)
        stairs = staircase(target, PLATEAUS)
        runs = [measure(target, stairs, seed) for seed in range(SEEDS)]
        case = {
            "amplitudes": amplitudes,
            "rates": rates,
            "s": rounded(runs[0][0]),
            "loss": [rounded(run[1]) for run in runs],
            "left": [rounded(run[2]) for run in runs],
            "heights": [rounded(run[3]) for run in runs],
        }
        cases.append(case)
        print(case["left"], case["heights"], flush=True)
    record = {"n": N, "sigma": SIGMA, "cases": cases}
    (records.DATA / "stairs.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
