"""Train random networks with bulks of two radii, and see what scatters from draw to draw.

    python benchmarks/bulk.py

takes about ten minutes on one core and writes rnnbook/data/bulk.json, which `rnnbook.records`
loads for the chapter "The outlier and the bulk". Runs are kept in _build/bulk.jsonl as they end;
started again, it goes on from there. README.md here says what is measured.
"""

import json

import numpy as np
from runs import kept

from rnnbook import exponential, fock, ginibre, gradient_flow, records

TARGET = exponential(0.1)
LEARNING_TIMES = np.arange(61) / 40
SEEDS = {100: 20, 300: 12}
# Depths of the trees, which stand for infinitely many neurons.
DEPTH = {0.3: 6, 0.6: 8}


def first_time(curve, level):
    """Return when a curve first comes up to a level; interpolation wants it to rise."""
    return float(np.interp(level, np.maximum.accumulate(curve), LEARNING_TIMES))


def train(start, sigma):
    """Return what the chapter says about one network that learns."""
    run = gradient_flow(start, TARGET, LEARNING_TIMES, rtol=1e-4)
    change = run.final.W - start.W
    left, sizes, right = np.linalg.svd(change)
    rightmost = run.outlier.real
    edge = rightmost[0] or sigma  # all eigenvalues of a tree are zero: it has no disc
    return {
        "halved": first_time(-run.loss, -run.loss[0] / 2),
        "emerged": first_time(rightmost, edge + 0.05),
        "final": float(rightmost[-1]),
        "highest": float(rightmost.max()),
        "loss": float(run.loss[-1] / run.loss[0]),
        "along": float(start.u @ change @ start.u),
        "largest": float(sizes[0]),
        "second": float(sizes[1]),
        "writes": float(abs(left[:, 0] @ start.u)),
        "reads": float(abs(right[0] @ start.u)),
    }


def network(sigma, n, seed):
    if n == "fock":
        return fock(DEPTH[sigma], sigma)
    return ginibre(n, sigma, np.random.default_rng([n, seed]))


def main():
    todo = [("fock", 0)] + [(n, seed) for n, count in SEEDS.items() for seed in range(count)]
    keys = [(sigma, n, seed) for n, seed in todo for sigma in DEPTH]
    runs = kept("bulk", keys, lambda sigma, n, seed: train(network(sigma, n, seed), sigma))
    cases = [summarise(sigma, runs) for sigma in DEPTH]
    (records.DATA / "bulk.json").write_text(json.dumps({"cases": cases}, indent=1) + "\n")


def summarise(sigma, runs):
    """Return what the tree does and, by width, mean and standard deviation over the seeds."""
    tree = runs[json.dumps([sigma, "fock", 0])]
    widths = []
    for n, count in SEEDS.items():
        width = {"n": n, "seeds": count, "mean": {}, "std": {}}
        for name in tree:
            found = [runs[json.dumps([sigma, n, seed])][name] for seed in range(count)]
            width["mean"][name] = float(f"{np.mean(found):.4g}")
            width["std"][name] = float(f"{np.std(found, ddof=1):.3g}")
        widths.append(width)
    rounded = {name: float(f"{value:.4g}") for name, value in tree.items()}
    return {"sigma": sigma, "depth": DEPTH[sigma], "tree": rounded, "widths": widths}


if __name__ == "__main__":
    main()
