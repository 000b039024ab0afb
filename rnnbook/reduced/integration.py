"""The reduced model of learning a leaky integrator: two numbers stand for the network."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import sympy as sp

from ..checks import real_number, trained_names
from ..symbols import C_STAR, CHI
from .flow import ReducedFlow


def integrator_flow(
    trainable: Sequence[str] = ("W", "v"), input_rate: float | None = None
) -> ReducedFlow:
    """Return the reduced model of learning a leaky integrator from W(0) = 0.

    With e the direction of u, the network stays on W = (1 - c) e e^T with v parallel to e. Its
    impulse response is a exp(-c t) with a = u.v, and the target's is exp(-c* t). Which weights
    learn sets the metric:

    - W moves c, and only c;
    - one of u and v moves a, the other keeping norm 1;
    - both move a, from a balanced start in which their norms are equal (and stay so): a is then the
      product of the norms, a change da moves u and v by a squared length of da^2 / (2 a), and
      a = 0 is a fixed point, so `solve` needs an initial state.

    What does not learn becomes a parameter, c = 1 or a = 1 unless `solve` is told otherwise.

    Parameters
    ----------
    trainable : sequence of str
        Which of "W", "u" and "v" learn; any order.
    input_rate : float, optional
        Rate of an Ornstein-Uhlenbeck input, above 0: white noise that has passed the filter
        chi exp(-chi t). It becomes the default of a further parameter `chi`. Without it the input
        is white, which is also the limit of a large chi.

    Returns
    -------
    ReducedFlow
        In the variables a and c, or one of them.

    Notes
    -----
    The case ("W", "v") is the paper's; it is also `rnnbook.integrator`. The book's chapter "Rich
    learning" derives all of them, and "What the input teaches" those with an input that is not
    white.

    Examples
    --------
    >>> import rnnbook as rb
    >>> rb.integrator_flow(trainable=("W",)).variables  # the amplitude a stays what it is
    (c,)
    >>> slow = rb.integrator_flow(input_rate=0.1)  # an input that remembers for ten time constants
    >>> slow.solve(s=[0, 1, 2], c_star=0.1).variables["c"].round(3).tolist()
    [1.0, 0.962, 0.83]
    """
    names = trained_names(trainable)
    if input_rate is None:
        return _integrator_flow(names)
    return _integrator_flow(names, real_number(input_rate, "input_rate", 0, strict=True))


def overlap(rate: sp.Expr, other: sp.Expr, chi: sp.Expr | None = None) -> sp.Expr:
    """Return the overlap of exp(-rate t) and exp(-other t): how alike two leaky integrators are.

    It is the covariance of their outputs. For white noise that is the integral of the product, and
    for an Ornstein-Uhlenbeck input of rate chi that of the product after both passed the filter
    chi exp(-chi t).
    """
    if chi is None:
        return 1 / (rate + other)
    return chi * (2 * chi + rate + other) / (2 * (chi + rate) * (chi + other) * (rate + other))


@cache
def _integrator_flow(names, input_rate=None):
    readers = len(set(names) & {"u", "v"})
    a, c = sp.Symbol("a", real=True), sp.Symbol("c", positive=True)
    metric, start, fixed = {}, {}, {C_STAR: None}
    chi = None
    if input_rate is not None:
        chi = CHI
        fixed[CHI] = input_rate
    loss = (
        a**2 * overlap(c, c, chi) / 2
        - a * overlap(c, C_STAR, chi)
        + overlap(C_STAR, C_STAR, chi) / 2
    )
    if readers == 0:
        fixed[a] = 1.0
    else:
        metric[a], start[a] = (1, 0.0) if readers == 1 else (1 / (2 * a), None)
    if "W" in names:
        metric[c], start[c] = 1, 1.0
    else:
        fixed[c] = 1.0
    return ReducedFlow(
        variables=tuple(metric),
        loss=loss,
        metric=tuple(metric.values()),
        parameters=fixed,
        outlier=1 - c,
        initial=None if None in start.values() else tuple(start.values()),
    )


integrator = integrator_flow()


def _sign_integrator():
    """The integrator's loss, in a metric where a step of length one in v moves a by `overlap`."""
    a, c = integrator.variables
    overlap = sp.Symbol("overlap", positive=True)
    return ReducedFlow(
        variables=(a, c),
        loss=integrator.loss,
        metric=(1 / overlap**2, 1),
        parameters={C_STAR: None, overlap: float(np.sqrt(2 / np.pi))},
        outlier=integrator.outlier,
        initial=integrator.initial,
    )


# For optimisers that look at each weight on its own: with e = sgn(u) / sqrt(n) the network stays on
# W = (1 - c) e e^T with v along e, and its impulse response is a exp(-c t) with a = (u.e)(v.e). The
# parameter `overlap` is u.e, by default that of many Gaussian weights, sqrt(2 / pi).
sign_integrator = _sign_integrator()
