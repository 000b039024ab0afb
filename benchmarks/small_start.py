"""Train networks from small weights to integrate, and see how closely they follow two equations.

    python benchmarks/small_start.py

takes about five minutes on one core and writes rnnbook/data/small_start.json, which
`rnnbook.records` loads for the chapter "Rich learning" and the page "The paper, claim by claim".
Runs are kept in _build/small_start.jsonl as they end; started again, it goes on from there.
"""

import json

import numpy as np
from runs import kept

import rnnbook as rb

SIGMA, SEEDS = 1e-3, range(12)
CASES = [(100, 0.2), (100, 0.1), (100, 0.05), (200, 0.1)]
# Networks with a bulk that is seen: neurons, sigma, number of seeds.
LEADS = [(200, 0.1, 12), (200, 0.05, 12), (2000, 0.1, 6)]


def leap(c_star):
    """Return when the equations have learned half of the time constant."""
    s = np.linspace(0, 2.5, 5001)
    return float(np.interp(0.5 / c_star, 1 / rb.integrator.solve(s, c_star=c_star).decay_rate, s))


def measure(n, c_star, seed):
    """Return how far a network is from the two equations, over the whole of learning."""
    half = leap(c_star)
    # Close together where the time constant leaps.
    s = np.union1d(np.linspace(0, 2.5, 26), np.linspace(half - 0.15, half + 0.25, 161))
    start = rb.ginibre(n, SIGMA, np.random.default_rng(seed))
    run = rb.gradient_flow(start, rb.exponential(c_star), s, rtol=1e-5)
    theory = rb.integrator.solve(s, c_star=c_star)
    head = start.u @ start.W @ start.u
    shifted = rb.integrator.solve(s, initial=(0, 1 - head), c_star=c_star)
    passes = np.interp(0.5 / c_star, 1 / run.decay_rate, s)
    return {
        "decay_rate": float(np.abs(run.decay_rate - theory.decay_rate).max()),
        "loss": float(np.abs(run.loss - theory.loss).max() / theory.loss[0]),
        "time_constant": float(np.abs(theory.decay_rate / run.decay_rate - 1).max()),
        "ahead": float(half - passes),
        "beside_shifted": float(np.abs(shifted.decay_rate / run.decay_rate - 1).max()),
    }


def shrunk(net):
    """Return a network of three neurons that learns as this one, up to order sigma^3."""
    basis, _ = np.linalg.qr(np.column_stack([net.u, net.W @ net.u, net.W.T @ net.u]))
    return rb.LinearRNN(basis.T @ net.W @ basis, basis.T @ net.u, basis.T @ net.v)


def lead(n, sigma, seed):
    """Return how much earlier than 1 - c of the equations the outlier passes one half, c* = 0.1.

    Eigenvalues of thousands of neurons take long, so of such a network three are trained.
    """
    s = np.linspace(0, 1.5, 3001)
    exact = np.interp(0.5, 1 - rb.integrator.solve(s, c_star=0.1).decay_rate, s)
    net = rb.ginibre(n, sigma, np.random.default_rng(seed))
    around = np.concatenate([[0], np.linspace(exact - 0.2, exact + 0.1, 13)])
    run = rb.gradient_flow(shrunk(net) if n > 200 else net, rb.exponential(0.1), around, rtol=1e-5)
    return float(exact - np.interp(0.5, 1 - run.decay_rate, around))


def rounded(values):
    return [float(f"{value:.3g}") for value in values]


def main():
    found = kept("small_start", [(*case, seed) for case in CASES for seed in SEEDS], measure)
    cases = []
    for n, c_star in CASES:
        runs = [found[json.dumps((n, c_star, seed))] for seed in SEEDS]
        lists = {name: rounded(run[name] for run in runs) for name in runs[0]}
        cases.append({"n": n, "c_star": c_star} | lists)
    keys = [(n, sigma, seed) for n, sigma, seeds in LEADS for seed in range(seeds)]
    found = kept("small_start_leads", keys, lead)
    leads = [
        {
            "n": n,
            "sigma": sigma,
            "lead": rounded(found[json.dumps((n, sigma, seed))] for seed in range(seeds)),
        }
        for n, sigma, seeds in LEADS
    ]
    record = {"sigma": SIGMA, "cases": cases, "leads": leads}
    (rb.records.DATA / "small_start.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
