"""Results that take too long to compute in a notebook, recorded once by a script in benchmarks/."""

import json
from pathlib import Path

DATA = Path(__file__).parent / "data"


def infinite_width():
    """Return how random networks of growing width learned, and the Fock network beside them.

    Written by ``benchmarks/infinite_width.py``, which trains W and v by exact gradient flow on the
    exponential target.

    Returns
    -------
    record : dict
        `s` lists the learning times. Each entry of `cases` has `sigma` (scale of the initial
        weights), `c_star` (decay rate of the target), `v_scale` (norm of v(0)), and the Fock
        network's `depth`, `fock_loss` and `fock_decay_rate`; its `widths` lists for each width `n`
        the number of `seeds`, and `mean_loss`, `std_loss`, `mean_decay_rate` and `std_decay_rate`
        over them. All curves are lists of one number for each learning time.
    """
    return _read("infinite_width")


def bulk():
    """Return what scatters from draw to draw when networks learn with a bulk of random weights.

    Written by ``benchmarks/bulk.py``, which trains W and v by exact gradient flow on the
    exponential target with c* = 0.1, up to s = 1.5.

    Returns
    -------
    record : dict
        Each entry of `cases` has `sigma` (scale of the initial weights), `depth` and `tree` (the
        Fock network's results), and `widths`, each with `n`, `seeds`, `mean` and `std` of the same
        results: `halved` and `emerged` (learning times when half of the loss is gone, and when
        the outlier stands 0.05 above the edge of the disc), `final` and `highest` (outlier),
        `loss` (the last over the first), `along` (part of W - W_0 along u u^T), `largest` and
        `second` (its singular values), `writes` and `reads` (overlaps of its first left and right
        singular vectors with u).
    """
    return _read("bulk")


def trees():
    """Return how Fock networks of several depths learned, for the live figure "infinite_width".

    Written by ``benchmarks/trees.py``, which trains W and v by exact gradient flow on the
    exponential target.

    Returns
    -------
    record : dict
        `s` lists the learning times and `c_star` is the decay rate of the target. Each entry of
        `trees` has `sigma` (scale of the initial weights) and `depth`, and lists `loss` and the
        real part `outlier` of the rightmost eigenvalue at each learning time. All depths follow
        for one sigma, then for the next.
    """
    return _read("trees")


def crossover():
    """Return how networks learned over the map of the chapter "From lazy to rich", draw by draw.

    Written by ``benchmarks/crossover.py``, which trains W and v by exact gradient flow from v = 0.

    Returns
    -------
    record : dict
        `n` neurons learned with the output scale `kappa` until each of the `goals` was reached, the
        share of the loss that is left; the first goal, 1, is the start. Each entry of `cases` has
        `sigma`, `c_star` and `omega_star`, and lists for each draw and goal the learning time `s`,
        the share `left`, how far W `moved`, and the `reach` of the eigenvalues of W: the largest
        component in the direction of the target's pole 1 - c* + i omega*.
    """
    return _read("crossover")


def pair():
    """Return how networks learned damped oscillations, beside the reduced models of a pair.

    Written by ``benchmarks/pair.py``, which trains networks by exact gradient flow from many seeds.

    Returns
    -------
    record : dict
        `n` and `sigma` are size of the networks and scale of their initial weights, `seeds` their
        number for each case. Each entry of `cases` has `trainable`, `c_star` and `omega_star`, the
        number of networks that end with a pair, `pairs`, and `loss_at_end`, over that at the start.
        The deviations `loss`, `eigenvalues`, `path` and `equations` list for each seed the `mean`
        and the `largest` over learning time, as the book's page "The paper, claim by claim" says.
        `path_of_first` has `real` and `imag`, the two leading eigenvalues of the first network at
        equal steps of learning time.
    """
    return _read("pair")


def stairs():
    """Return how networks learned sums of decays, plateau after plateau, draw by draw.

    Written by ``benchmarks/stairs.py``, which trains W and v by exact gradient flow from v = 0.

    Returns
    -------
    record : dict
        `n` and `sigma` are size of the networks and scale of their initial weights. Each entry of
        `cases` has `amplitudes` and `rates` of the target, `s` and `loss` of the first draw, and
        for each draw and each plateau `left`, the learning time at which half of its loss is gone,
        and `heights`, the loss where it falls most slowly. Each entry of `powers` has `longest`,
        `rates` and `amplitudes` of a target that is t^(-1/2) for 1 < t < `longest`, and `loss` and
        `growth` of its first plateaus.
    """
    return _read("stairs")


def _read(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
