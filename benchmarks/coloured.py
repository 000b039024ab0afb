"""Train random networks on inputs of several rates.

    python benchmarks/coloured.py

takes a few minutes on one core and writes rnnbook/data/coloured.json, which `rnnbook.records`
loads for the chapter "What the input teaches, and what memory is for". Runs are kept in
_build/coloured.jsonl as they end; started again, it goes on from there.
"""

import json

import numpy as np
from runs import kept

from rnnbook import exponential, ginibre, gradient_flow, mixture, records

N, DRAWS, C_STAR = 100, 6, 0.1
SIGMAS = (0.001, 0.1)
# How long to learn, by the rate of the input; None is white noise.
ENDS = {None: 2.0, 0.3: 3.0, 0.1: 5.0, 0.03: 10.0}
POINTS = 21


def train(sigma, chi, seed):
    """Return the decay rate and the loss of one network at equal steps of learning time."""
    start = ginibre(N, sigma, np.random.default_rng(seed))
    shape = None if chi is None else mixture([chi], [chi])
    s = np.linspace(0, ENDS[chi], POINTS)
    run = gradient_flow(start, exponential(C_STAR), s, rtol=1e-4, input=shape)
    return {"decay_rate": run.decay_rate.tolist(), "loss": run.loss.tolist()}


def main():
    keys = [(sigma, chi, seed) for sigma in SIGMAS for chi in ENDS for seed in range(DRAWS)]
    runs = kept("coloured", keys, train)
    cases = []
    for sigma in SIGMAS:
        for chi, end in ENDS.items():
            case = {"sigma": sigma, "chi": chi, "s": np.linspace(0, end, POINTS).round(6).tolist()}
            for name in ("decay_rate", "loss"):
                found = np.array(
                    [runs[json.dumps([sigma, chi, seed])][name] for seed in range(DRAWS)]
                )
                case[f"mean_{name}"] = [float(f"{x:.5g}") for x in found.mean(axis=0)]
                case[f"std_{name}"] = [float(f"{x:.3g}") for x in found.std(axis=0, ddof=1)]
            cases.append(case)
    record = {"n": N, "draws": DRAWS, "c_star": C_STAR, "cases": cases}
    (records.DATA / "coloured.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
