"""Train networks over the map of the chapter "From lazy to rich", ten draws of each.

    python benchmarks/crossover.py

takes about ten minutes on one core and writes rnnbook/data/crossover.json, which
`rnnbook.records` loads. Runs are kept in _build/crossover.jsonl as they end; started again, it
goes on from there.
"""

import json

import numpy as np
from runs import kept

import rnnbook as rb

N, SCALE, SEEDS = 100, 5, range(10)
GOALS = (1e-2, 1e-3)
MAP = [(sigma, c_star, 0.0) for sigma in (0.2, 0.4, 0.6, 0.8) for c_star in (0.1, 0.3, 0.5, 0.7)]
# Poles on two rays: the real axis, and that of the oscillation with c* = 0.1 and omega* = 0.4.
RAY_SIGMA, DISTANCES = 0.4, (0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.3, 2.45)
RAYS = [
    (RAY_SIGMA, 1 - pole.real, pole.imag)
    for direction in (1.0, 0.9 + 0.4j)
    for pole in (RAY_SIGMA * x * direction / abs(direction) for x in DISTANCES)
]


def rounded(values):
    return [float(f"{value:.5g}") for value in values]


def reach(W, pole):
    """How far the eigenvalues of W reach in the direction of the pole."""
    return (np.linalg.eigvals(W) * np.conj(pole) / abs(pole)).real.max()


def train(sigma, c_star, omega_star, seed):
    """Learning time, movement of W and reach where each goal is first seen to be reached."""
    start = rb.ginibre(N, sigma, np.random.default_rng(seed))
    full = rb.damped_cosine(c_star, omega_star) if omega_star else rb.exponential(c_star)
    target = rb.Filter(full.A, full.B, full.C / SCALE)
    pole = complex(1 - c_star, omega_star)
    rnn, s, first = start, 0.0, rb.population_loss(start, target)
    found = [0.0, 1.0, 0.0, reach(start.W, pole)]
    for goal in GOALS:
        while (left := rb.population_loss(rnn, target) / first) > goal:
            step = max(0.2, 0.05 * s)
            rnn, s = rb.gradient_flow(rnn, target, [step], rtol=1e-3).final, s + step
        found += [s, left, np.linalg.norm(rnn.W - start.W), reach(rnn.W, pole)]
    return rounded(found)


def main():
    cases = []
    found = kept("crossover", [(*place, seed) for place in MAP + RAYS for seed in SEEDS], train)
    for sigma, c_star, omega_star in MAP + RAYS:
        keys = [json.dumps((sigma, c_star, omega_star, seed)) for seed in SEEDS]
        runs = np.reshape([found[key] for key in keys], (-1, 3, 4))
        names = ("s", "left", "moved", "reach")
        cases.append(
            {"sigma": sigma, "c_star": round(c_star, 6), "omega_star": round(omega_star, 6)}
            | {name: runs[:, :, k].tolist() for k, name in enumerate(names)}
        )
    record = {"n": N, "kappa": SCALE, "goals": [1.0, *GOALS], "cases": cases}
    (rb.records.DATA / "crossover.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
