"""Train networks on damped oscillations from many seeds, and compare them with the reduced models.

    python benchmarks/pair.py

takes four minutes on one core and writes rnnbook/data/pair.json, which `rnnbook.records` loads for
the page "The paper, claim by claim". README.md here says what is measured.
"""

import json

import numpy as np

from rnnbook import (
    LinearRNN,
    damped_cosine,
    ginibre,
    gradient_flow,
    loss_and_gradient,
    onset_rate,
    oscillator_flow,
    oscillator_seed,
    records,
)

N, SIGMA, SEEDS = 100, 1e-3, 10
TARGETS = [(0.1, 0.4), (0.05, 0.2), (0.2, 1.0), (0.3, 0.3)]  # c*, omega*
TRAINABLE = [("W",), ("W", "v")]
PIECES, TIMES = 40, 5  # a run is trained piece by piece, to read its weights in between


def leading_pair(eigenvalues):
    """The two of largest modulus, in a fixed order."""
    order = np.argsort(-np.abs(eigenvalues), axis=1, kind="stable")[:, :2]
    return np.sort_complex(np.take_along_axis(eigenvalues, order, axis=1))


def pair_of(theory):
    """Both eigenvalues of a reduced model along its path."""
    names = theory.variables
    if "p" in names:
        entries = [names["p"], names["q"], -names["q"], names["r"]]
    else:
        entries = [names["w11"], names["w12"], names["w21"], names["w22"]]
    return np.sort_complex(np.linalg.eigvals(np.stack(entries, axis=1).reshape(-1, 2, 2)))


def speeds(nets, target, flow, **rates):
    """How far the reduced equations are from the exact gradients of the networks themselves.

    The plane is the one that the last network has learned. Both speeds are changes of all trained
    weights; the result is the norm of their difference at each time, over the greatest speed.
    """
    trained_v = any(symbol.name == "v1" for symbol in flow.variables)
    last = nets[-1]
    e = last.u
    off = (last.W.T - last.W) @ e
    off -= (e @ off) * e
    plane = np.stack([e, off / np.linalg.norm(off)], axis=1)
    difference, speed = [], []
    for net in nets:
        gradient = loss_and_gradient(net, target, rtol=1e-10)[1]
        W, v = plane.T @ net.W @ plane, plane.T @ net.v
        if trained_v:
            state = [*v, *W.ravel()]
            dv1, dv2, *dW = flow.rhs(state, **rates)
            reduced = np.reshape(dW, (2, 2))
            of_v = plane @ [dv1, dv2] + gradient.v
        else:
            dp, dq, dr = flow.rhs([W[0, 0], (W[0, 1] - W[1, 0]) / 2, W[1, 1]], **rates)
            reduced = np.array([[dp, dq], [-dq, dr]])
            of_v = np.zeros(1)
        of_W = plane @ reduced @ plane.T + gradient.W
        difference.append(np.hypot(np.linalg.norm(of_W), np.linalg.norm(of_v)))
        norms = [gradient.W, gradient.v] if trained_v else [gradient.W]
        speed.append(np.hypot.reduce([np.linalg.norm(x) for x in norms]))
    return np.array(difference) / max(speed)


def measure(trainable, c_star, omega_star, seed):
    """Loss at the end over that at the start, eigenvalues at the end of each piece, and deviations.

    A deviation from the reduced model is given as its mean and largest value over learning time.
    """
    rates = {"c_star": c_star, "omega_star": omega_star}
    target, flow = damped_cosine(**rates), oscillator_flow(trainable)
    net = ginibre(N, SIGMA, np.random.default_rng([N, seed]))
    v = net.u if trainable == ("W",) else 0 * net.u
    nets, pieces = [LinearRNN(net.W, net.u, v)], []
    end = 25 + 1.3 * np.log(1 / SIGMA) / onset_rate(target, trainable)
    grid = np.linspace(0, end / PIECES, TIMES)
    for _ in range(PIECES):
        pieces.append(gradient_flow(nets[-1], target, grid, trainable, rtol=1e-6, eigenvalues=True))
        nets.append(pieces[-1].final)
    loss = np.concatenate([[pieces[0].loss[0]], *(piece.loss[1:] for piece in pieces)])
    values = np.concatenate([piece.eigenvalues[1:] for piece in pieces])
    s = np.linspace(0, end, PIECES * (TIMES - 1) + 1)
    found = leading_pair(values)  # all times but s = 0, where there is only a bulk

    start = oscillator_seed(nets[0], flow, **rates)
    theory = flow.solve(s, start, **rates)
    fine = flow.solve(np.linspace(0, end, 20_001), start, **rates)
    curve = pair_of(fine).ravel()
    deviations = {
        "loss": np.abs(loss - theory.loss) / loss[0],
        "eigenvalues": np.abs(found - pair_of(theory)[1:]).max(axis=1),
        # Whatever the time: how far from the curve that theory draws in the plane.
        "path": np.abs(found[:, :, None] - curve).min(axis=2).max(axis=1),
        "equations": speeds(nets, target, flow, **rates),
    }
    summary = {name: (x.mean(), x.max()) for name, x in deviations.items()}
    return loss[-1] / loss[0], found[TIMES - 2 :: TIMES - 1], summary


def rounded(values):
    return [float(f"{value:.3g}") for value in values]


def main():
    cases = []
    for trainable in TRAINABLE:
        for c_star, omega_star in TARGETS:
            case = {"trainable": trainable, "c_star": c_star, "omega_star": omega_star}
            ends, paths, runs = zip(
                *(measure(trainable, c_star, omega_star, seed) for seed in range(SEEDS)),
                strict=True,
            )
            pairs = sum(bool(path[-1, 0].imag) for path in paths)
            case |= {"loss_at_end": rounded(ends), "pairs": pairs}
            case["path_of_first"] = {
                "real": [rounded(x) for x in paths[0].real],
                "imag": [rounded(x) for x in paths[0].imag],
            }
            for name in runs[0]:
                mean, largest = np.transpose([run[name] for run in runs])
                case[name] = {"mean": rounded(mean), "largest": rounded(largest)}
            cases.append(case)
            print(case, flush=True)
    record = {"n": N, "sigma": SIGMA, "seeds": SEEDS, "cases": cases}
    (records.DATA / "pair.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
