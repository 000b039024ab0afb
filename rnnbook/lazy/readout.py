"""Learning of the read-out alone, exactly, for one given network."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import block_diag, schur
from scipy.linalg.lapack import dtrsyl

from ..checks import fraction, instance, not_negative, one_channel
from ..filters import Filter
from ..krylov import ArnoldiBasis
from ..networks import LinearRNN, UnstableNetworkError


def readout_curve(rnn: LinearRNN, target: Filter, s: ArrayLike) -> np.ndarray:
    """Return the loss of a given network at learning times `s` while only its read-out learns.

    Exact: the loss is a parabola in v, so gradient flow is linear and solved in the eigenvectors of
    the Gramian P, by dL/dv = P v - X C*. For N -> infinity it becomes `learning_curve`.

    Parameters
    ----------
    rnn : LinearRNN
        The network at s = 0.
    target : Filter
    s : array_like
        Learning times, none negative.

    Returns
    -------
    ndarray, shape of `s`
        Good to about 1e-14 of the initial loss.

    Raises
    ------
    ValueError
        If a learning time is negative.
    UnstableNetworkError
        If the spectral abscissa of W is at or above 1, and u excites the growing mode.
    """
    instance(rnn, "rnn", LinearRNN)
    instance(target, "target", Filter)
    one_channel(rnn, "rnn")
    one_channel(target, "target")
    s = not_negative(s, "s")
    basis = _reachable(rnn, 1e-12)
    size = basis.size
    A = block_diag(basis.hessenberg - np.eye(size), target.A)
    T, Z = schur(A)
    # The real parts of the eigenvalues stand on the diagonal of a real Schur form.
    if size and T.diagonal().max() >= 0:
        rnn.check_stable()
        raise UnstableNetworkError(
            "W is so far from normal that its projection is unstable; take a larger network."
        )
    B = np.concatenate([basis.norm * np.eye(1, size)[0], target.B]) @ Z
    solution, scale, _ = dtrsyl(T, T, -np.outer(B, B), tranb="T")
    gramian = Z @ (solution / scale) @ Z.T
    rates, vectors = np.linalg.eigh(gramian[:size, :size])
    overlap = vectors.T @ gramian[:size, size:] @ target.C
    start = vectors.T @ (basis.vectors @ rnn.v)
    learning = rates > 1e-300
    divisor = np.where(learning, rates, 1.0)
    loss = np.empty(s.size)
    for i, now in enumerate(s.ravel()):
        time = np.where(learning, -np.expm1(-divisor * now) / divisor, now)
        v = start + time * (overlap - rates * start)
        loss[i] = 0.5 * (rates @ v**2 + target.C @ gramian[size:, size:] @ target.C) - v @ overlap
    return np.maximum(loss, 0.0).reshape(s.shape)


def silence(rnn: LinearRNN, tolerance: float = 1e-08) -> LinearRNN:
    """Return the network with a read-out of the same norm to which its impulse response is silent.

    From v, what lies in the span of u, Wu, W^2 u, ... is removed, as far along as activity reaches:
    then f = 0 at the start, as it is by itself for N -> infinity.

    Parameters
    ----------
    rnn : LinearRNN
        With v not 0.
    tolerance : float
        Size of the activity that may be neglected, relative to u; between 0 and 1.

    Returns
    -------
    LinearRNN

    Raises
    ------
    ValueError
        If v is 0, or activity reaches more than a quarter of the directions: take a larger network.
    """
    one_channel(instance(rnn, "rnn", LinearRNN), "rnn")
    tolerance = fraction(tolerance, "tolerance")
    norm = np.linalg.norm(rnn.v)
    if norm == 0:
        raise ValueError("rnn has the read-out v = 0, which has no norm to keep; it is silent.")
    basis = _reachable(rnn, tolerance)
    if basis.size > rnn.n // 4:
        raise ValueError(
            f"rnn has {rnn.n} neurons, and activity reaches {basis.size} directions, more than a "
            "quarter. Take a larger network, a smaller sigma or a larger tolerance."
        )
    v = rnn.v
    for _ in range(2):  # the second time removes what rounding left
        v = v - basis.vectors.T @ (basis.vectors @ v)
    return LinearRNN(rnn.W, rnn.u, v * (norm / np.linalg.norm(v)))


@lru_cache(maxsize=1)  # one network is often taught one target after another
def _reachable(rnn, tolerance):
    """Return an orthonormal basis of the directions in which activity is larger than `tolerance`.

    With all lengths relative to u, what reaches the k-th direction has passed through k - 1
    subdiagonal entries of the Hessenberg matrix; for a random network each is about sigma.
    """
    basis, reach = ArnoldiBasis(rnn.u), 1.0
    while reach > tolerance and not basis.closed and basis.size < rnn.n:
        basis.extend(rnn.W @ basis.direction)
        reach *= basis.residual
    return basis
