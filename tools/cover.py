"""Draw book/images/cover.png, the picture of the front page and of README, from a training run."""

from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

import rnnbook as rb
from rnnbook import plots

TARGET = Path(__file__).resolve().parent.parent / "book" / "images" / "cover.png"


def main():
    """Train one network and draw what it learned, how it responds, and how it got there."""
    matplotlib.use("Agg")
    plots.use_book_style()
    plt.rcParams.update({"font.size": 15, "axes.titlesize": 15, "legend.fontsize": 13})
    c_star = 0.1
    target = rb.exponential(c_star)
    start = rb.ginibre(200, sigma=0.03, rng=np.random.default_rng(4))
    s = np.linspace(0, 1.5, 31)
    run = rb.gradient_flow(start, target, s)
    theory = rb.integrator.solve(np.linspace(0, 1.5, 301), c_star=c_star)

    _, (left, middle, right) = plt.subplots(1, 3, figsize=(10.5, 3.8))
    plots.plot_eigenvalues({"eigenvalues": run.final.eigenvalues()}, radius=0.03, ax=left)
    left.lines[0].set_markersize(3)
    left.set(xlim=(-0.35, 1.1), ylim=(-0.7, 0.7))
    left.plot(run.final.outlier.real, 0, "o", color=plots.TARGET, markersize=11)
    left.set_title("One eigenvalue leaves,")

    t = np.linspace(0, 40, 400)
    middle.plot(t, run.final.impulse_response(t), color=plots.NETWORK, label="network")
    middle.plot(t, target.impulse_response(t), "--", color=plots.TARGET, label="target")
    middle.plot(t, np.exp(-t), ":", color=plots.MUTED, label="one neuron")
    middle.set(xlabel="time $t$", ylabel="impulse response", title="memory gets long,")
    middle.legend()

    right.plot(theory.s, theory.decay_rate, color=plots.THEORY, label="theory")
    right.plot(run.s, run.decay_rate, "o", color=plots.NETWORK, label="network")
    right.set(xlabel="learning time $s$", ylabel="decay rate $c$", title="two equations tell when.")
    right.legend()
    TARGET.parent.mkdir(exist_ok=True)
    plt.savefig(TARGET, dpi=120)


if __name__ == "__main__":
    main()
