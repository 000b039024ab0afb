"""Reduced models of learning a damped oscillation: two neurons stand for the network.

The gradient flow of a large network that starts near zero stays close to a plane: the direction of
the read-in u, and one more direction, which the seed of the coupling picks. On that plane it is a
network of two neurons,

    F(z) = v^T (z I - A)^-1 u = (n1 z + n0) / (z^2 + D1 z + D0),   A = W - I,

whose energy and overlap with the target e^(-c* t) cos(omega* t) are

    <f, f> = (n1^2 D0 + n0^2) / (2 D0 D1),   <f, f*> = Re F(c* + i omega*),

and for the sine -Im F(c* + i omega*). The network is stable where D0 and D1 are positive.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import sympy as sp
from scipy.integrate import solve_ivp

from ..checks import instance, one_channel, pair_names
from ..networks import LinearRNN
from ..symbols import C_STAR, OMEGA_STAR
from .flow import ReducedFlow

_DOMINANCE = 1e4  # growth of the fastest coupling at which the others can be neglected


def oscillator_flow(trainable: Sequence[str] = ("W",), target: str = "cosine") -> ReducedFlow:
    """Return the reduced model of learning a damped oscillation.

    The first axis is the direction of u. Which weights learn sets the variables:

    - ("W",), with v = a u, both of norm sqrt(a): W = [[p, q], [-q, r]] is an invariant family. An
      entry q stands twice in W, so its metric is 2.
    - ("W", "v"): the read-out leaves the direction of u. Variables are v1, v2 and the four entries
      w11, w12, w21, w22 of W; the norm u1 of u is a parameter, 1 by default.
    - ("W", "u", "v"): u leaves the first axis too; variables u1 and u2 are added.

    Without coupling (q = 0, or w12 = w21 = v2 = u2 = 0) the second neuron is never used, and the
    network stays on a plateau with one pole. So `solve` needs an initial state with a seed:
    `oscillator_seed` reads it off a network.

    Parameters
    ----------
    trainable : sequence of str
        ("W",), ("W", "v") or ("W", "u", "v"), in any order.
    target : str
        "cosine" for exp(-c* t) cos(omega* t), "sine" for exp(-c* t) sin(omega* t).

    Returns
    -------
    ReducedFlow
        States whose spectral abscissa is 1 or more are outside its domain.

    Raises
    ------
    ValueError
        If `trainable` or `target` is none of the above.

    Notes
    -----
    The case ("W",) is also `rnnbook.oscillator`. The book's chapter "A pair of outliers" derives
    it. The model with W alone is exact for a network of two neurons with w12 = -w21 and v along u,
    the others for any two neurons with u (at the start) along the first axis.
    """
    names = pair_names(trainable)
    if target not in ("cosine", "sine"):
        raise ValueError(f'target must be "cosine" or "sine"; got {target!r}.')
    return _oscillator_flow(names, target)


@cache
def _oscillator_flow(names, target):
    fixed = {C_STAR: None, OMEGA_STAR: None}
    if names == ("W",):
        p, q, r, a = sp.symbols("p q r a", real=True)
        W = sp.Matrix([[p, q], [-q, r]])
        numerator = a, a * (1 - r)
        metric = {p: 1, q: 2, r: 1}
        fixed[a] = 1.0
    else:
        w11, w12, w21, w22, u1, u2, v1, v2 = sp.symbols("w11 w12 w21 w22 u1 u2 v1 v2", real=True)
        W = sp.Matrix([[w11, w12], [w21, w22]])
        metric = dict.fromkeys((v1, v2, w11, w12, w21, w22), 1)
        if "u" in names:
            metric |= {u1: 1, u2: 1}
        else:
            u2 = sp.S.Zero
            fixed[u1] = 1.0
        numerator = (
            u1 * v1 + u2 * v2,
            u1 * v1 * (1 - w22) + u2 * v1 * w12 + u1 * v2 * w21 + u2 * v2 * (1 - w11),
        )
    half, gap = (W[0, 0] + W[1, 1]) / 2, (W[0, 0] - W[1, 1]) / 2
    D1 = 2 - W[0, 0] - W[1, 1]
    D0 = (1 - W[0, 0]) * (1 - W[1, 1]) - W[0, 1] * W[1, 0]
    return ReducedFlow(
        variables=tuple(metric),
        loss=_loss(*numerator, D1, D0, C_STAR, OMEGA_STAR, target),
        metric=tuple(metric.values()),
        parameters=fixed,
        outlier=half + sp.sqrt(gap**2 + W[0, 1] * W[1, 0]),
        domain=(D1, D0),
    )


def _loss(n1, n0, D1, D0, c_star, omega_star, target):
    """Half the squared distance of (n1 z + n0) / (z^2 + D1 z + D0) to the target."""
    # Numerator and denominator of F at z = c* + i omega*, in real and imaginary parts.
    above, above_i = n1 * c_star + n0, n1 * omega_star
    below = c_star**2 - omega_star**2 + D1 * c_star + D0
    below_i = (2 * c_star + D1) * omega_star
    real = (above * below + above_i * below_i) / (below**2 + below_i**2)
    imag = (above_i * below - above * below_i) / (below**2 + below_i**2)
    energy = (n1**2 * D0 + n0**2) / (2 * D0 * D1)
    cosine = target == "cosine"
    sign = 1 if cosine else -1
    energy_star = (1 / c_star + sign * c_star / (c_star**2 + omega_star**2)) / 4
    return energy / 2 - (real if cosine else -imag) + energy_star / 2


oscillator = oscillator_flow()


def oscillator_seed(
    rnn: LinearRNN, flow: ReducedFlow = oscillator, **parameters: float
) -> dict[str, float]:
    """Read the initial state of a reduced model of oscillations off a network.

    The first axis is the direction e of u. The second is the direction in which the coupling
    grows. If W alone learns this is that of -A e, with A the antisymmetric part of W: the symmetric
    part decays where the antisymmetric one grows. Otherwise what is off the axis in W^T e, W e and
    v (and u) mixes, and the mixture that has grown most by the end of the plateau is found by
    following the linearised flow.

    Parameters
    ----------
    rnn : LinearRNN
        A network near zero: off the axis of u, its weights are small.
    flow : ReducedFlow
        From `oscillator_flow`.
    **parameters : float
        Parameters of the flow, by name; needed unless W alone learns.

    Returns
    -------
    dict of str to float
        A value for each variable of the flow, to be handed to `flow.solve`.

    Raises
    ------
    ValueError
        If u is zero; if W alone learns and v is not along u; or if the network has no coupling.
    """
    one_channel(instance(rnn, "rnn", LinearRNN), "rnn")
    length = np.linalg.norm(rnn.u)
    if length == 0:
        raise ValueError("u is zero, so the network has no first axis; give it a read-in.")
    e = rnn.u / length
    names = [symbol.name for symbol in flow.variables]
    back, ahead = rnn.W.T @ e, rnn.W @ e
    if names == ["p", "q", "r"]:
        if np.linalg.norm(rnn.v - (e @ rnn.v) * e) > 1e-12 * np.linalg.norm(rnn.v):
            raise ValueError("v must be along u if W alone learns; train v too, or set v = u.")
        antisymmetric = (back - ahead) / 2
        second = _unit(antisymmetric)
        return {"p": float(e @ ahead), "q": float(antisymmetric @ second), "r": _form(rnn, second)}
    off = np.array([x - (e @ x) * e for x in (back, ahead, rnn.v, rnn.u)])
    start = dict.fromkeys(names, 0.0) | {"w11": float(e @ ahead), "v1": float(e @ rnn.v)}
    if "u1" in names:
        start["u1"] = float(length)
    elif "u1" not in parameters:
        parameters = parameters | {"u1": float(length)}
    coupling = [name for name in ("w12", "w21", "v2", "u2") if name in names]
    second = _unit(_dominant(flow, start, coupling, parameters) @ off[: len(coupling)])
    return start | {
        "w12": float(back @ second),
        "w21": float(ahead @ second),
        "w22": _form(rnn, second),
        "v2": float(rnn.v @ second),
    }


def _form(rnn, x):
    return float(x @ rnn.W @ x)


def _unit(direction):
    length = np.linalg.norm(direction)
    if length == 0:
        raise ValueError("rnn has no coupling off the axis of u: it stays on the plateau.")
    return direction / length


def _dominant(flow, start, coupling, parameters):
    """Weights with which small couplings add up to the one that grows fastest.

    The network without coupling moves along a path x(s); small couplings y obey dy/ds = J(x(s)) y.
    Of the propagator of that equation the leading right singular vector is what we want.
    """
    rows = [[symbol.name for symbol in flow.variables].index(name) for name in coupling]
    x0 = np.array([start[symbol.name] for symbol in flow.variables])
    values, size, k = flow._values(parameters), len(x0), len(coupling)
    flow._check_domain(x0, values)

    def slope(_, z):
        x, propagator = z[:size], z[size:].reshape(k, k)
        jacobian = flow._numpy_jacobian(x, values).reshape(size, size)
        return np.concatenate(
            [flow._numpy_flow(x, values)[:, 0], (jacobian[np.ix_(rows, rows)] @ propagator).ravel()]
        )

    def grown(_, z):
        return np.linalg.norm(z[size:]) - _DOMINANCE

    grown.terminal = True
    found = solve_ivp(
        slope,
        (0.0, 1e6),
        np.concatenate([x0, np.eye(k).ravel()]),
        method="LSODA",
        events=grown,
        rtol=1e-8,
        atol=1e-10,
    )
    return np.linalg.svd(found.y[size:, -1].reshape(k, k))[2][0]
