"""Draw the picture of the front page and of README from a training run, wide and tall."""

from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

import rnnbook as rb
from rnnbook import plots

IMAGES = Path(__file__).resolve().parent.parent / "book" / "images"
C_STAR, SIGMA = 0.1, 0.03


def draw(run, theory, axes):
    """Draw what the network learned, how it responds, and how it got there."""
    weights, response, path = axes
    plots.plot_eigenvalues({"eigenvalues": run.final.eigenvalues()}, radius=SIGMA, ax=weights)
    weights.lines[0].set_markersize(3)
    weights.set(xlim=(-0.35, 1.1), ylim=(-0.6, 0.6), title="One eigenvalue leaves,")
    weights.plot(run.final.outlier.real, 0, "o", color=plots.TARGET, markersize=11)

    t = np.linspace(0, 40, 400)
    target = rb.exponential(C_STAR).impulse_response(t)
    response.plot(t, run.final.impulse_response(t), color=plots.NETWORK, label="network")
    response.plot(t, target, "--", color=plots.TARGET, label="target")
    response.plot(t, np.exp(-t), ":", color=plots.MUTED, label="one neuron")
    response.set(xlabel="time $t$", ylabel="impulse response", title="memory gets long,")
    response.legend()

    path.plot(theory.s, theory.decay_rate, color=plots.THEORY, label="theory")
    path.plot(run.s, run.decay_rate, "o", color=plots.NETWORK, label="network")
    path.set(xlabel="learning time $s$", ylabel="decay rate $c$", title="two equations tell when.")
    path.legend()


def main():
    """Train one network and write both pictures."""
    matplotlib.use("Agg")
    plots.use_book_style()
    plt.rcParams.update({"font.size": 15, "axes.titlesize": 15, "legend.fontsize": 13})
    start = rb.ginibre(200, SIGMA, np.random.default_rng(4))
    run = rb.gradient_flow(start, rb.exponential(C_STAR), np.linspace(0, 1.5, 31))
    theory = rb.integrator.solve(np.linspace(0, 1.5, 301), c_star=C_STAR)
    IMAGES.mkdir(exist_ok=True)
    for name, shape, size in (("cover", (1, 3), (10.5, 3.8)), ("cover-tall", (3, 1), (5.2, 9.6))):
        figure, axes = plt.subplots(*shape, figsize=size)
        draw(run, theory, axes)
        figure.savefig(IMAGES / f"{name}.png", dpi=120)


if __name__ == "__main__":
    main()
