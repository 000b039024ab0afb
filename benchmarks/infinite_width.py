"""Train random networks of growing width, and compare their mean loss with the Fock network.

    python benchmarks/infinite_width.py

takes about an hour on one core and writes rnnbook/data/infinite_width.json, which
`rnnbook.records` loads for the chapter "Infinite width". Runs are kept in
_build/infinite_width.jsonl as they end; started again, it goes on from there.
README.md here says what is measured.
"""

import json

import numpy as np
from runs import kept

from rnnbook import exponential, fock, ginibre, gradient_flow, records

LEARNING_TIMES = np.arange(16) / 10
# Scale of the initial weights, decay rate of the target, norm of v(0).
CASES = [(0.3, 0.1, 0.0), (0.3, 0.2, 0.0), (0.6, 0.1, 0.0), (0.6, 0.2, 0.0), (0.3, 0.1, 1.0)]
SEEDS = {100: 60, 200: 40, 400: 20, 1000: 12}
# Deep enough for L to be right to 1e-3 where it is steepest (see README.md).
DEPTH = {0.3: 7, 0.6: 9}
# Allowed error of the weights, as a Frobenius norm, whatever the size of W.
TOLERANCE = 1e-4


def train(start, c_star):
    """Return loss and decay rate of the rightmost eigenvalue at LEARNING_TIMES."""
    rtol = TOLERANCE / max(1.0, np.linalg.norm(start.W))
    run = gradient_flow(start, exponential(c_star), LEARNING_TIMES, rtol=rtol)
    return {"loss": run.loss.tolist(), "decay_rate": run.decay_rate.tolist()}


def network(case, n, seed):
    sigma, _, v_scale = case
    if n == "fock":
        return fock(DEPTH[sigma], sigma, v_scale)
    return ginibre(n, sigma, np.random.default_rng([n, seed]), v_scale)


def main():
    # First a little of everything, so that an unfinished run already says something.
    todo = [(case, "fock", 0) for case in CASES]
    shares = sorted((k / count, n, k) for n, count in SEEDS.items() for k in range(count))
    todo += [(case, n, k) for _, n, k in shares for case in CASES]
    runs = kept(
        "infinite_width", todo, lambda case, n, seed: train(network(case, n, seed), case[1])
    )
    summary = {"s": LEARNING_TIMES.tolist(), "cases": [summarise(case, runs) for case in CASES]}
    (records.DATA / "infinite_width.json").write_text(json.dumps(summary, indent=1) + "\n")


def summarise(case, runs):
    """Return the Fock network's curves and, by width, mean and standard deviation over seeds."""
    sigma, c_star, v_scale = case

    def curves(n, count, name):
        return np.array([runs[json.dumps([case, n, k])][name] for k in range(count)])

    def rounded(values):
        return [float(f"{value:.5g}") for value in values]

    result = {"sigma": sigma, "c_star": c_star, "v_scale": v_scale, "depth": DEPTH[sigma]}
    for name in ("loss", "decay_rate"):
        result[f"fock_{name}"] = rounded(curves("fock", 1, name)[0])
    result["widths"] = []
    for n, count in SEEDS.items():
        width = {"n": n, "seeds": count}
        for name in ("loss", "decay_rate"):
            found = curves(n, count, name)
            width[f"mean_{name}"] = rounded(found.mean(axis=0))
            width[f"std_{name}"] = rounded(found.std(axis=0, ddof=1))
        result["widths"].append(width)
    return result


if __name__ == "__main__":
    main()
