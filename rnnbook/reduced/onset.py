"""When a second pole is born: the plateau of learning with one pole, and how fast it is left.

On the plateau the network is f(t) = a e^(-alpha t). A second neuron with decay rate 1 is there, but
not coupled to the first. With E = F - F* for the error's transfer function and the divided
differences

    E[alpha, 1] = (E(1) - E(alpha)) / (1 - alpha),
    E[alpha, alpha, 1] = (E[alpha, 1] - E'(alpha)) / (1 - alpha),

a product w12 w21 of couplings changes the loss at the rate mu = a E[alpha, alpha, 1]. For mu > 0
the antisymmetric coupling grows, and the two poles approach each other until they can leave the
real axis as a pair; for mu < 0 the symmetric one grows, and they are pushed apart.
"""

from collections.abc import Sequence

import numpy as np
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.linalg import eigvals

from ..checks import instance, one_channel, pair_names
from ..filters import Filter
from .oscillation import oscillator_flow

_RUNAWAY = 1e4  # decay rates above this, in a flow that starts from 1, do not come back
_AT_REST = 1e-7
_DOUBT = 1e-4  # relative distance at which two resting points may be one, or none at all
_NEAR = 1e-2  # relative distance from which Newton's method must find a resting point
_NEWTON = 4  # its steps
_NO_END = "target has no plateau here: the decay rate of a single mode grows without end."


def onset_formula() -> sp.Expr:
    """Return mu on the plateau in SymPy, for targets of two poles when W and v learn.

    With the target's denominator D*(z) = (z + c*)^2 + omega*^2 it is

        mu = a^2 D*(-alpha) / (4 alpha^2 (1 + alpha) D*(1)),

    whatever the target's numerator: cosine, sine or another phase. Its sign is that of D*(-alpha),
    so an oscillating target always pulls the two poles together. For decay rates c1 and c2, put
    c* = (c1 + c2)/2 and omega*^2 = -(c1 - c2)^2/4: then mu is negative if alpha lies between them.

    Returns
    -------
    sympy.Expr
        In the symbols a (real), alpha (positive), c_star and omega_star, those of `oscillator_flow`
        where it has them.

    Notes
    -----
    The book's chapter "When is an oscillation born?" derives this.
    """
    c_star, omega_star, a = oscillator_flow().parameters
    alpha = sp.Symbol("alpha", positive=True)

    def denominator(z):
        return (z + c_star) ** 2 + omega_star**2

    return a**2 * denominator(-alpha) / (4 * alpha**2 * (1 + alpha) * denominator(1))


def growth_formula() -> sp.Expr:
    """Return the signed growth rate on the plateau in SymPy, for two poles when W and v learn.

    The read-out of the second neuron grows together with the couplings, which makes the rate larger
    than mu of `onset_formula`, by the factor sqrt(1 + (1 - alpha)^2 / a^2), and keeps the sign.

    Returns
    -------
    sympy.Expr
        In the symbols of `onset_formula`; its value is that of `onset_rate`.
    """
    mu = onset_formula()
    a, alpha = (next(x for x in mu.free_symbols if x.name == name) for name in ("a", "alpha"))
    return mu * sp.sqrt(1 + (1 - alpha) ** 2 / a**2)


def plateau(target: Filter, trainable: Sequence[str] = ("W", "v")) -> tuple[float, float]:
    """Return the one-pole response a exp(-alpha t) on which learning rests before a second pole.

    It is the resting point of the flow of amplitude and decay rate,

        da/ds = F*(c) - a/(2c),   dc/ds = a^2/(4c^2) + a F*'(c),

    that is reached from a = 0, c = 1. If W alone learns, then a = 1 is fixed.

    Parameters
    ----------
    target : Filter
    trainable : sequence of str
        ("W",), ("W", "v") or ("W", "u", "v"); the last two have the same plateau.

    Returns
    -------
    a, alpha : float
        Amplitude and decay rate.

    Raises
    ------
    ValueError
        If there is no such plateau: the decay rate grows without end, or the read-out does not
        start to grow, since F*(1) = 0.
    """
    one_channel(instance(target, "target", Filter), "target")
    names = pair_names(trainable)
    return _plateau(target, names)


def onset_rate(target: Filter, trainable: Sequence[str] = ("W", "v")) -> float:
    """Return the rate at which a small coupling to a second neuron grows on the plateau.

    The modulus is the growth rate of the fastest mixture of the couplings. Positive: the coupling
    is antisymmetric, the two poles attract each other, and an oscillation can be born. Negative: it
    is symmetric, and a second real pole appears. Zero: the target itself has one pole.

    A plateau that a seed eps has to leave lasts about ln(1/eps) divided by the modulus.

    Parameters
    ----------
    target : Filter
    trainable : sequence of str
        ("W",) with u = v of norm 1, ("W", "v") with u of norm 1, or ("W", "u", "v") with u and v of
        equal norms.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there is no plateau; see `plateau`.

    Notes
    -----
    If W learns alone, the rate is (E(1) - E(alpha)) / (1 - alpha)^2 with E = F - F*. If more than W
    learns, E(alpha) = 0 on the plateau, and mu = a (F(1) - F*(1)) / (1 - alpha)^2 is multiplied by
    sqrt(1 + (1 - alpha)^2 / a^2) for W and v, and by 1 + (1 - alpha)^2 / abs(a) for all three. The
    book's chapter "When is an oscillation born?" derives this.
    """
    one_channel(instance(target, "target", Filter), "target")
    names = pair_names(trainable)
    a, alpha = _plateau(target, names)
    # E, -E[alpha, 1] and E[alpha, alpha, 1], without dividing by 1 - alpha, which may be 0: for a
    # resolvent R, R[alpha, 1] = -R(alpha) R(1).
    eye = np.eye(target.B.size)
    first = np.linalg.solve(eye - target.A, target.B)
    second = np.linalg.solve(alpha * eye - target.A, first)
    third = np.linalg.solve(alpha * eye - target.A, second)
    direct = a / (1 + alpha) - target.C @ first
    once = a / (2 * alpha * (1 + alpha)) - target.C @ second
    twice = a / (4 * alpha**2 * (1 + alpha)) - target.C @ third
    u1, v1 = (np.sqrt(abs(a)), a / np.sqrt(abs(a))) if "u" in names else (1.0, a)
    # To second order the couplings change the loss by (w12, v2) M (w21, u2)^T.
    M = np.array([[u1 * v1 * twice, v1 * once], [u1 * once, direct]])
    M = M[: 2 if "v" in names else 1, : 2 if "u" in names else 1]
    return float(np.copysign(np.linalg.norm(M, 2), M[0, 0]))


def _plateau(target, names):
    """Return the resting point of amplitude and decay rate that the flow reaches from c = 1.

    At rest the decay rate solves one equation, and mostly one solution alone can be the one that is
    reached. Otherwise the flow says which it is, for thirty times as long.
    """
    alone = names == ("W",)
    if not alone and _transfer(target, 1.0)[0] == 0:
        raise ValueError("target has no plateau here: the read-out does not start to grow.")
    found = _polished(target, alone, _only_candidate(target, alone))
    if found is None:
        end = _end_of_flow(target, alone)
        found = _polished(target, alone, end)
        if found is None:
            raise RuntimeError(f"The plateau near alpha = {end} could not be located.")
    return found


def _transfer(target, c):
    """Return F*(c), F*'(c) and F*''(c)."""
    matrix, powers = c * np.eye(target.B.size) - target.A, [target.B]
    for _ in range(3):
        powers.append(np.linalg.solve(matrix, powers[-1]))
    return target.C @ powers[1], -target.C @ powers[2], 2 * target.C @ powers[3]


def _rest(target, alone, c):
    """Return what vanishes at rest, as a function of the decay rate, and its derivative."""
    F, first, second = _transfer(target, c)
    if alone:
        return 1 / (4 * c**2) + first, second - 1 / (2 * c**3)
    return F + 2 * c * first, 3 * first + 2 * c * second


def _candidates(target, alone):
    """Return all positive decay rates at rest, those included that may be one but for rounding.

    They are generalized eigenvalues: with c R = I + A R for the resolvent R, what vanishes at rest
    has the form D + C R B1 + C R^2 B2, which is the transfer function of a system twice as large.
    """
    A, B, C = target.A, target.B, target.C
    n = B.size
    system = np.zeros((2 * n + 1, 2 * n + 1))
    system[:n, :n] = system[n:-1, n:-1] = A
    system[:n, n:-1] = np.eye(n)
    system[-1, :n] = C
    if alone:  # multiplied by 4 c^2
        system[:n, -1], system[n:-1, -1] = -8 * A @ B, -4 * A @ A @ B
        system[-1, -1] = 1 - 4 * C @ B
    else:
        system[:n, -1], system[n:-1, -1] = -B, -2 * A @ B
    values = eigvals(system, np.diag([1.0] * (2 * n) + [0.0]))
    values = values[np.isfinite(values) & (values.real > 0) & (values.real < _RUNAWAY)]
    return values[np.abs(values.imag) <= _DOUBT * values.real].real


def _only_candidate(target, alone):
    """Return the decay rate at rest that the flow must reach, or None if there is a choice."""
    values = _candidates(target, alone)
    if alone:
        # The first one in the direction in which the decay rate starts.
        direction = _rest(target, alone, 1.0)[0]
        values = values[(values - 1) * direction > 0]
        values = values[np.argsort(np.abs(values - 1))]
        if not values.size and direction > 0:
            raise ValueError(_NO_END)
        if not values.size or np.any(np.abs(np.array([1, *values[1:]]) / values[0] - 1) < _DOUBT):
            return None
    elif values.size != 1:
        return None
    return values[0]


def _polished(target, alone, c):
    """Return amplitude and decay rate after Newton's method, or None if they are another's."""
    if c is None:
        return None
    near = c
    for _ in range(_NEWTON):
        value, derivative = _rest(target, alone, c)
        if derivative == 0:
            break
        c -= value / derivative
        if not abs(c / near - 1) < _NEAR:
            return None
    F = _transfer(target, c)[0]
    # The loss falls from that of a silent network, so a F* > 0: the read-out, which starts towards
    # the sign of F*(1), and with it F*(c), keep that sign.
    if not alone and F * _transfer(target, 1.0)[0] <= 0:
        return None
    return (1.0 if alone else float(2 * c * F)), float(c)


def _end_of_flow(target, alone):
    """Return the decay rate to which the flow of amplitude and decay rate leads."""
    moves = np.array([0.0 if alone else 1.0, 1.0])

    def slope(_, state):
        a, c = state
        F, first, _ = _transfer(target, c)
        return moves * [F - a / (2 * c), a**2 / (4 * c**2) + a * first]

    def at_rest(s, state):
        # The rates that curvatures of 1/c and a^2/c^3 give to a relative distance from rest.
        a, c = state
        return np.max(np.abs(slope(s, state)) * [c, c**3] - _AT_REST * np.abs([a, a**2 * c]))

    def runaway(s, state):
        return state[1] - _RUNAWAY

    at_rest.terminal = runaway.terminal = True
    start = np.array([1 - moves[0], 1.0])
    if at_rest(0, start) <= 0:
        return start[1]
    flow = solve_ivp(
        slope, (0, np.inf), start, method="LSODA", events=[at_rest, runaway], rtol=1e-9
    )
    if flow.t_events[1].size:
        raise ValueError(_NO_END)
    return flow.y[1, -1]
