"""Train random networks of growing width, and compare their mean loss with the Fock network.

    python benchmarks/infinite_width.py

takes about an hour of one core, uses all of them, and writes rnnbook/data/infinite_width.json,
which `rnnbook.records` loads for the chapter "Infinite width". Runs are kept in
_build/infinite_width_N.nc as they end; started again, it goes on from there.
README.md here says what is measured.
"""

import json

import numpy as np
from runs import swept

from rnnbook import exponential, fock, ginibre, gradient_flow, records

LEARNING_TIMES = np.arange(16) / 10
# Scale of the initial weights, decay rate of the target, norm of v(0).
CASES = [(0.3, 0.1, 0.0), (0.3, 0.2, 0.0), (0.6, 0.1, 0.0), (0.6, 0.2, 0.0), (0.3, 0.1, 1.0)]
SEEDS = {100: 60, 200: 40, 400: 20, 1000: 12}
# Deep enough for L to be right to 1e-3 where it is steepest (see README.md).
DEPTH = {0.3: 7, 0.6: 9}
# Allowed error of the weights, as a Frobenius norm, whatever the size of W.
TOLERANCE = 1e-4


def learn(start, c_star):
    """Return loss and decay rate of the rightmost eigenvalue at LEARNING_TIMES."""
    rtol = TOLERANCE / max(1.0, np.linalg.norm(start.W))
    run = gradient_flow(start, exponential(c_star), LEARNING_TIMES, rtol=rtol)
    return {"loss": run.loss, "decay_rate": run.decay_rate}


def train(case, n, seed):
    sigma, c_star, v_scale = CASES[case]
    return learn(ginibre(n, sigma, np.random.default_rng([n, seed]), v_scale), c_star)


def train_fock(case):
    sigma, c_star, v_scale = CASES[case]
    return learn(fock(DEPTH[sigma], sigma, v_scale), c_star)


def main():
    cases = range(len(CASES))
    infinite = swept("infinite_width_fock", train_fock, {"case": cases})
    finite = {
        n: swept(f"infinite_width_{n}", train, {"case": cases, "n": [n], "seed": range(count)})
        for n, count in SEEDS.items()
    }
    found = [
        summarise(
            case,
            infinite.sel(case=case),
            {n: runs.sel(case=case, n=n) for n, runs in finite.items()},
        )
        for case in cases
    ]
    summary = {"s": LEARNING_TIMES.tolist(), "cases": found}
    (records.DATA / "infinite_width.json").write_text(json.dumps(summary, indent=1) + "\n")


def rounded(values):
    return [float(f"{value:.5g}") for value in values.values]


def summarise(case, infinite, finite):
    """Return the Fock network's curves and, by width, mean and standard deviation over seeds."""
    sigma, c_star, v_scale = CASES[case]
    result = {"sigma": sigma, "c_star": c_star, "v_scale": v_scale, "depth": DEPTH[sigma]}
    for name in ("loss", "decay_rate"):
        result[f"fock_{name}"] = rounded(infinite[name])
    result["widths"] = []
    for n, runs in finite.items():
        width = {"n": n, "seeds": runs.sizes["seed"]}
        for name in ("loss", "decay_rate"):
            width[f"mean_{name}"] = rounded(runs[name].mean("seed"))
            width[f"std_{name}"] = rounded(runs[name].std("seed", ddof=1))
        result["widths"].append(width)
    return result


if __name__ == "__main__":
    main()
