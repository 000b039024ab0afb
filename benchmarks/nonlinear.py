"""Train nonlinear neurons and networks by SGD, for the chapter "Nonlinear neurons".

    python benchmarks/nonlinear.py

takes about forty minutes on one busy core and writes rnnbook/data/nonlinear.json, which
`rnnbook.records` loads. Runs are kept in _build/nonlinear.jsonl as they end; started again, it
goes on from there.
"""

import json

import numpy as np
from runs import kept

import rnnbook as rb

ETA, EVERY = 0.02, 10
N, SIGMA, SEEDS = 100, 0.1, range(4)
# Read-in, gain, decay rate of the target, end of learning.
NETWORKS = [("sign", 0.3, 0.25, 4.0), ("sign", 0.6, 0.25, 5.0), ("sign", 1.0, 0.25, 5.0)]
NETWORKS += [("gaussian", 0.6, 0.25, 5.0)]
NEURONS = [("one", 0.3, 0.25, 2.6), ("one", 0.6, 0.25, 4.0), ("one", 1.0, 0.25, 5.0)]
NEURONS += [("one", 0.6, 0.1, 4.0)]
BATCH = {"one": 256, "sign": 16, "gaussian": 16}

# Where the closure is compared with the exact neuron, and the end of learning there.
RATES, GAINS, END = [0.5, 0.25, 0.1, 0.05], [round(0.1 * k, 1) for k in range(1, 13)], 30


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


def compare(c_star, gain):
    """How far the closure's weight is off, where the exact neuron comes to rest, and what is left.

    The error is relative to the exact weight at the same learning time, from w = 0.02 on: the
    largest until w has reached half of its final value, and over all of learning.
    """
    s = np.linspace(0, END, 40 * END + 1)
    exact = rb.neuron_flow(s, gain, c_star)
    w = exact.outlier.real
    off = np.abs(rb.nonlinear_integrator.solve(s, gain=gain, c_star=c_star).outlier.real / w - 1)
    seen, half = np.argmax(w > 0.02), np.argmax(w > w[-1] / 2)
    left = exact.loss[-1] / exact.loss[0]
    return [float(f"{x:.5g}") for x in (off[seen:half].max(), off[seen:].max(), w[-1], left)]


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
    closure = {"gain": GAINS, "c_star": RATES}
    with np.errstate(divide="ignore", invalid="ignore"):  # w starts at zero
        found = [[compare(c_star, gain) for gain in GAINS] for c_star in RATES]
    names = ("error_to_half", "error_to_end", "w", "left")
    closure |= dict(zip(names, np.moveaxis(found, 2, 0).tolist(), strict=True))
    record = {"n": N, "sigma": SIGMA, "seeds": len(SEEDS), "eta": ETA, "cases": cases}
    record["closure"] = closure
    (rb.records.DATA / "nonlinear.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
