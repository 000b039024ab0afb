"""Train networks with large output scales, twelve draws of each, and see how the draws differ.

    python benchmarks/lazy_draws.py

takes about two minutes on one core and writes rnnbook/data/lazy_draws.json, which `rnnbook.records`
loads for the chapters "Training everything, lazily" and "From lazy to rich". Runs are kept in
_build/lazy_draws.jsonl as they end; started again, it goes on from there.
"""

import json

import numpy as np
from runs import kept

import rnnbook as rb

SIGMA, SEEDS = 0.5, range(12)
EVERYTHING = {"n": 300, "c_star": 0.4, "kappa": 30, "s": [0, *np.geomspace(0.1, 60, 16)]}
CLOCKS = {"n": 100, "c_star": 0.1, "kappa": [1, 3, 10, 20], "left": 0.02}


def everything(seed):
    """Return the loss, in units of the first, with all weights trained, and how far W moved."""
    drawn = rb.ginibre(EVERYTHING["n"], SIGMA, np.random.default_rng(seed), v_scale=1.0)
    start = rb.lazy.silence(drawn)
    target = rb.mixture([1 / EVERYTHING["kappa"]], [EVERYTHING["c_star"]])
    run = rb.gradient_flow(start, target, EVERYTHING["s"], ("W", "u", "v"), rtol=3e-5)
    return [list(run.loss / run.loss[0]), float(np.linalg.norm(run.final.W - start.W))]


def two_clocks(kappa, seed):
    """Return when so much of the loss is left, with W and v trained from v = 0."""
    start = rb.ginibre(CLOCKS["n"], SIGMA, np.random.default_rng(seed))
    s = np.concatenate([[0], np.geomspace(0.1, 2.5 * kappa**2, 25)])
    target = rb.mixture([1 / kappa], [CLOCKS["c_star"]])
    run = rb.gradient_flow(start, target, s, rtol=1e-3)
    return float(np.interp(-np.log(CLOCKS["left"]), -np.log(run.loss / run.loss[0]), run.s))


def rounded(values):
    return [float(f"{value:.4g}") for value in values]


def main():
    runs = kept("lazy_draws", [(seed,) for seed in SEEDS], everything)
    losses, moved = zip(*runs.values(), strict=True)
    keys = [(kappa, seed) for kappa in CLOCKS["kappa"] for seed in SEEDS]
    found = kept("lazy_draws_clocks", keys, two_clocks)
    reached = np.reshape([found[json.dumps(key)] for key in keys], (-1, len(SEEDS)))
    record = {
        "sigma": SIGMA,
        "everything": EVERYTHING | {"loss": [rounded(x) for x in losses], "moved": rounded(moved)},
        "two_clocks": CLOCKS | {"reached": [rounded(row) for row in reached]},
    }
    record["everything"]["s"] = rounded(EVERYTHING["s"])
    (rb.records.DATA / "lazy_draws.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
