"""Train nonlinear neurons and networks by SGD, for the chapter "Nonlinear neurons".

    python benchmarks/nonlinear.py

takes about fifteen minutes on one core and writes rnnbook/data/nonlinear.json, which
`rnnbook.records` loads. Runs are kept in _build/nonlinear.jsonl as they end; started again, it
goes on from there.
"""

import json

import numpy as np
from runs import kept

import rnnbook as rb

ETA, EVERY = 0.02, 10
N, SIGMA, SEEDS = 100, 0.1, range(5)
# Read-in, gain, decay rate of the target, end of learning.
NETWORKS = [("sign", 0.3, 0.25, 4.0), ("sign", 0.6, 0.25, 6.0), ("sign", 1.0, 0.25, 6.0)]
NETWORKS += [("gaussian", 0.6, 0.25, 6.0)]
NEURONS = [("one", 0.3, 0.25, 2.6), ("one", 0.6, 0.25, 4.0), ("one", 1.0, 0.25, 5.0)]
NEURONS += [("one", 0.6, 0.1, 8.0)]
BATCH = {"one": 256, "sign": 16, "gaussian": 16}


def start(kind, gain, rng):
    """Return the network at s = 0: nothing learned, and if it is large, weak random weights."""
    if kind == "one":
        return rb.NonlinearRNN([[0.0]], [1.0], [0.0], gain)
    u = rng.normal(size=N)
    u = np.sign(u) if kind == "sign" else u
    W = rng.normal(0.0, SIGMA / np.sqrt(N), (N, N))
    return rb.NonlinearRNN(W, u / np.linalg.norm(u), np.zeros(N), gain)


def train(kind, gain, c_star, end, seed):
    """Read-out and recurrent weight along u, and the loss, at equal steps of learning time."""
    rng = np.random.default_rng(seed)
    rnn, target = start(kind, gain, rng), rb.exponential(c_star)
    options = {"batch": BATCH[kind], "duration": 6 / c_star, "burn_in": 3 / c_star, "dt": 0.05}
    rows = []
    for _ in range(round(end / (ETA * EVERY))):
        learned = rb.sgd(rnn, target, ETA, EVERY, rng, **options, record_every=EVERY)
        if not rows:
            rows.append([0.0, 0.0, learned.loss[0]])
        rnn = learned.final
        rows.append([rnn.v @ rnn.u, rnn.u @ rnn.W @ rnn.u, learned.loss[-1]])
    return np.round(rows, 5).T.tolist()


def main():
    places = NEURONS[:3] + NETWORKS + NEURONS[3:]
    found = kept("nonlinear", [(*place, seed) for place in places for seed in SEEDS], train)
    cases = []
    for place in places:
        kind, gain, c_star, end = place
        runs = np.array([found[json.dumps((*place, seed))] for seed in SEEDS])
        case = {"kind": kind, "gain": gain, "c_star": c_star}
        case["s"] = np.round(np.linspace(0, end, runs.shape[2]), 6).tolist()
        for name, values in zip(("a", "w", "loss"), runs.swapaxes(0, 1), strict=True):
            case[name] = {
                "mean": np.round(values.mean(axis=0), 5).tolist(),
                "std": np.round(values.std(axis=0, ddof=1), 5).tolist(),
            }
        cases.append(case)
    record = {"n": N, "sigma": SIGMA, "seeds": len(SEEDS), "eta": ETA, "cases": cases}
    (rb.records.DATA / "nonlinear.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
