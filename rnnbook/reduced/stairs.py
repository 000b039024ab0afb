"""The staircase of learning: plateau after plateau, each with one pole more.

On a plateau the network has used n neurons, or directions, W_n, u_n and v_n are its weights there,
and the error E = F - F* vanishes twice at the decay rate of each of its modes. A further neuron
with decay rate 1 is there, but not coupled. Couplings w21 (a row: from the n neurons to the new
one) and w12 (a column: back), and the read-out v2 of the new neuron, change the transfer function:

    dF(z) = (v_n R(z) w12 + v2) (w21 R(z) u_n) / (z + 1),   R(z) = ((z + 1) I - W_n)^-1.

Its poles are those of the plateau, each at most double, where E gives nothing, and -1. What is left
is E(1) times the residue there, with R(-1) = -W_n^-1: a product of two numbers. So one mixture of
couplings alone grows, at the rate

    E(1) norm(W_n^-1 u_n) sqrt(1 + norm(W_n^-T v_n)^2),

and from plateau to plateau there is one way.
"""

from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import minimize

from ..checks import instance, one_channel, whole_number
from ..filters import Filter
from ..networks import LinearRNN, unchecked
from ..objective import Objective
from .onset import plateau

_SEED = 1e-5  # of a coupling, when the way to the next plateau is followed from this one
_LONG = 100  # times of growth until the next plateau is reached, and a seed needs a tenth of them
_NOTHING_LEFT = 1e-10  # loss over that of a silent network at which the target is learned


@dataclass(frozen=True, eq=False)
class Plateau:
    """Where learning rests for a while, with n poles.

    Attributes
    ----------
    rates, amplitudes : ndarray, shape (n,)
        The response is sum_k amplitudes[k] exp(-rates[k] t); slowest first, complex if some poles
        are.
    loss : float
    growth : float
        Rate at which a small coupling to a further neuron grows, with the sign of `onset_rate`; 0
        if nothing is left to learn.
    network : LinearRNN
        The n neurons.
    """

    rates: np.ndarray
    amplitudes: np.ndarray
    loss: float
    growth: float
    network: LinearRNN


def coupling_growth(rnn: LinearRNN, target: Filter) -> float:
    """Return the rate at which a small coupling to a further neuron grows, when W and v learn.

    Generalises `onset_rate` to plateaus with any number of poles. Positive: the fastest coupling is
    antisymmetric for n = 1. A seed eps needs about ln(1/eps) divided by the modulus.

    Parameters
    ----------
    rnn : LinearRNN
        The network on the plateau: at rest, with all its neurons in use.
    target : Filter

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If W is singular: then some direction is not in use.

    Examples
    --------
    >>> import rnnbook as rb
    >>> target = rb.mixture([0.5, 0.5], [0.05, 0.55])
    >>> a, alpha = rb.plateau(target)
    >>> on_plateau = rb.LinearRNN([[1 - alpha]], [1.0], [a])
    >>> round(rb.coupling_growth(on_plateau, target) / rb.onset_rate(target), 6)
    1.0
    """
    one_channel(instance(rnn, "rnn", LinearRNN), "rnn")
    one_channel(instance(target, "target", Filter), "target")
    return _couplings(rnn, target)[0]


def staircase(target: Filter, poles: int) -> list[Plateau]:
    """Return the plateaus on which learning from small weights rests, when W and v learn.

    The first is that of `plateau`. From each the one mixture of couplings that grows is followed,
    with a further neuron, to the next.

    Parameters
    ----------
    target : Filter
        A sum of decays with positive amplitudes, say; other targets may have no such plateaus.
    poles : int
        How many plateaus to follow, at least 1; fewer are returned if the target is learned before.

    Returns
    -------
    list of Plateau
        With 1, 2, ... poles.

    Raises
    ------
    ValueError
        If the target has no first plateau.
    RuntimeError
        If the next plateau cannot be found, since too little of the loss is left.

    Examples
    --------
    >>> import rnnbook as rb
    >>> stairs = rb.staircase(rb.mixture([0.5, 0.5], [0.1, 0.6]), poles=3)
    >>> [stair.rates.round(3).tolist() for stair in stairs]
    [[0.15], [0.1, 0.6]]
    """
    one_channel(instance(target, "target", Filter), "target")
    poles = whole_number(poles, "poles", 1)
    a, alpha = plateau(target)
    net = LinearRNN(np.array([[1 - alpha]]), np.ones(1), np.array([a]))
    objective, stairs = Objective(target, 1e-12), []
    while True:
        stairs.append(_measured(net, target, objective))
        if len(stairs) == poles or stairs[-1].growth == 0:
            return stairs
        net = _to_rest(_extended(net, target), abs(stairs[-1].growth), objective)
        if objective.loss_and_gradient(net)[0] > 0.9 * stairs[-1].loss:
            raise RuntimeError(
                f"The plateau with {net.n} poles could not be reached: what is left of the loss is "
                "too small to be resolved. Ask for fewer poles."
            )


def best_decays(target: Filter, poles: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the sum of decays that comes closest to a target that is such a sum itself.

    Found without learning: the loss, with the best amplitudes for given rates, is minimised in the
    logarithms of the rates.

    Parameters
    ----------
    target : Filter
        A sum of decays with positive amplitudes: A diagonal, and B * C positive.
    poles : int
        Number of decays, at least 1 and less than the target has.

    Returns
    -------
    rates, amplitudes : ndarray, shape (poles,)
        Slowest first.
    loss : float

    Raises
    ------
    ValueError
        If the target is no such sum, or has no more than so many decays.

    Examples
    --------
    >>> import rnnbook as rb
    >>> target = rb.mixture([0.5, 0.5], [0.05, 0.55])
    >>> rates, amplitudes, loss = rb.best_decays(target, poles=1)
    >>> rates.round(4).tolist(), amplitudes.round(4).tolist()  # that of `plateau`
    ([0.0675], [0.6836])
    """
    one_channel(instance(target, "target", Filter), "target")
    poles = whole_number(poles, "poles", 1)
    weights, given = target.B * target.C, -target.A.diagonal()
    if np.any(weights <= 0) or np.any(np.diag(-given) != target.A):
        raise ValueError("target must be a sum of decays with positive amplitudes: see mixture.")
    if poles >= np.unique(given).size:
        raise ValueError(
            f"poles must be below the {np.unique(given).size} decays of the target, which {poles} "
            "can copy exactly."
        )

    def amplitudes(rates):
        overlaps = (weights / (rates[:, None] + given)).sum(axis=1)
        return np.linalg.solve(1 / (rates[:, None] + rates), overlaps)

    def loss(rates, a):
        # As the energy of one sum with both signs, whose terms nearly cancel in pairs.
        signed, all_rates = np.append(a, -weights), np.append(rates, given)
        return 0.5 * signed @ (1 / (all_rates[:, None] + all_rates)) @ signed

    def log_loss(logs):
        rates = np.exp(logs)
        a = amplitudes(rates)
        slopes = (weights / (rates[:, None] + given) ** 2).sum(axis=1)
        slopes -= (a / (rates[:, None] + rates) ** 2).sum(axis=1)
        value = max(loss(rates, a), 1e-300)
        return np.log(value), rates * a * slopes / value

    low, high = np.log([given.min(), given.max()])
    places = (np.arange(poles) + 0.5) / poles
    found = minimize(log_loss, low + (high - low) * places, jac=True, options={"gtol": 1e-9})
    rates = np.sort(np.exp(found.x))
    a = amplitudes(rates)
    return rates, a, float(loss(rates, a))


def _couplings(rnn, target):
    """Return the rate, and the directions of (w12, v2) and of w21 that grow together."""
    gap = np.linalg.solve(2 * np.eye(rnn.n) - rnn.W, rnn.u) @ rnn.v
    gap -= target.C @ np.linalg.solve(np.eye(len(target.A)) - target.A, target.B)
    try:
        ahead = np.linalg.solve(rnn.W, rnn.u)
        back = np.append(np.linalg.solve(rnn.W.T, rnn.v), -1)
    except np.linalg.LinAlgError:
        raise ValueError("rnn has a singular W: give one with all its neurons in use.") from None
    lengths = np.linalg.norm(back), np.linalg.norm(ahead)
    return float(gap * lengths[0] * lengths[1]), back / lengths[0], ahead / lengths[1]


def _extended(net, target):
    """Return the network with one more neuron, and a seed of the couplings that grow."""
    n = net.n
    rate, back, ahead = _couplings(net, target)
    W = np.zeros((n + 1, n + 1))
    W[:n, :n] = net.W
    W[n, :n] = _SEED * ahead
    W[:n, n] = -np.sign(rate) * _SEED * back[:n]
    return unchecked(W, np.append(net.u, 0.0), np.append(net.v, -np.sign(rate) * _SEED * back[n]))


def _to_rest(net, rate, objective):
    """Follow gradient flow of W and v until it rests again, for a seed that grows at `rate`."""
    n, u = net.n, net.u

    def network(y):
        return unchecked(y[n:].reshape(n, n), u, y[:n])

    def slope(_, y):
        gradient = objective.loss_and_gradient(network(y))[1]
        return -np.concatenate([gradient.v, gradient.W.ravel()])

    start = np.concatenate([net.v, net.W.ravel()])
    flow = solve_ivp(slope, (0, _LONG / rate), start, method="LSODA", rtol=1e-7, atol=1e-10)
    if not flow.success:
        raise RuntimeError(f"The flow to the plateau with {n} poles stopped: {flow.message}")
    return network(flow.y[:, -1])


def _measured(net, target, objective):
    values, right = np.linalg.eig(net.W)
    amplitudes = (net.v @ right) * np.linalg.solve(right, net.u.astype(right.dtype))
    order = np.argsort((1 - values).real, kind="stable")
    loss = objective.loss_and_gradient(net)[0]
    left = loss > _NOTHING_LEFT * target.energy
    return Plateau(
        rates=(1 - values)[order],
        amplitudes=amplitudes[order],
        loss=loss,
        growth=_couplings(net, target)[0] if left else 0.0,
        network=LinearRNN(net.W, net.u, net.v),
    )
