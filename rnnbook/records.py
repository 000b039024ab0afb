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


def small_start():
    """Return how closely networks that start small follow the two equations of an integrator.

    Written by ``benchmarks/small_start.py``, which trains W and v by exact gradient flow on the
    exponential target.

    Returns
    -------
    record : dict
        `sigma` is the scale of the initial weights. Each entry of `cases` has `n` and `c_star`, and
        lists for each draw the largest differences over learning time: `decay_rate`, `loss` (in
        units of the first) and `time_constant` (relative) from the equations started at c = 1, and
        `beside_shifted`, that of the time constant from the equations started at
        c = 1 - u^T W_0 u; and `ahead`, how much earlier than theory the network has learned half
        of the time constant. Each entry of `leads` has `n` and a larger `sigma`, and lists for each
        draw the `lead`: how much earlier than 1 - c of theory the outlier passes one half.
    """
    return _read("small_start")


def lazy_draws():
    """Return how networks with large output scales differ from draw to draw.

    Written by ``benchmarks/lazy_draws.py``, which trains networks by exact gradient flow.

    Returns
    -------
    record : dict
        `sigma` is the scale of the initial weights. Each of `everything` (W, u and v learn, from a
        silent start) and `two_clocks` (W and v learn, from v = 0) has `n`, `c_star` and `kappa`.
        `everything` lists the learning times `s`, and for each draw the `loss` at these times, in
        units of the first, and how far W `moved`. `two_clocks` lists for each `kappa` and draw when
        the share `left` of the loss was `reached`.
    """
    return _read("lazy_draws")


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


def coloured():
    """Return how random networks learned from inputs of several rates.

    Written by ``benchmarks/coloured.py``, which trains W and v by exact gradient flow on the
    exponential target.

    Returns
    -------
    record : dict
        `n` neurons learned the target with decay rate `c_star`, in so many `draws`. Each entry of
        `cases` has `sigma` (scale of the initial weights) and `chi` (rate of the input, None for
        white noise), learning times `s`, and at each of them `mean_decay_rate`, `std_decay_rate`,
        `mean_loss` and `std_loss` over the draws.
    """
    return _read("coloured")


def optimizers():
    """Return how many steps optimisers need for ever longer memories, on the reduced models.

    Written by ``benchmarks/optimizers.py``, which says how long the steps are.

    Returns
    -------
    record : dict
        `goal` is the share of the loss below which it has to stay, and `c_star` lists the decay
        rates of the targets. `steps` has a list of as many counts for each name of an optimiser.
    """
    return _read("optimizers")


def nonlinear():
    """Return how nonlinear neurons learned by SGD, and how far the closure is from exact.

    Written by ``benchmarks/nonlinear.py``, which trains W and v on the exponential target with
    learning rate `eta`, from `seeds` seeds.

    Returns
    -------
    record : dict
        Each entry of `cases` has a `kind`: "one" neuron from zero, or `n` neurons with initial
        weights of scale `sigma` and a read-in of equal entries, "sign", or of "gaussian" ones. It
        has `gain` and `c_star`, and at each learning time of the list `s` the read-out `a` and the
        weight `w` along u, and the sampled `loss`, all with `mean` and `std` over the seeds.
        `closure` lists `gain` and `c_star`, and has a table, with a row for each c_star, of the
        largest relative error of the closure's weight, `error_to_half` of the exact neuron's final
        weight and `error_to_end` of learning, of that weight `w`, and of the share of the loss that
        is `left`.
    """
    return _read("nonlinear")


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
