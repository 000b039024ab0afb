"""The exact population loss of a linear network on white noise, and its exact gradient.

With white-noise input, L = E[(y - y*)^2] / 2 is half the squared H2 norm of the error system, whose
impulse response is f - f*. Stack the network's state on the target's, and the error system is

    A_e = diag(W - I, A*),   B_e = (u; B*),   C_e = (v^T, -C*).

Its Gramians solve A_e P + P A_e^T + B_e B_e^T = 0 and A_e^T Q + Q A_e + C_e^T C_e = 0, and

    L = C_e P C_e^T / 2,   dL/dW = (Q P)_WW,   dL/du = (Q B_e)_W,   dL/dv = (P C_e^T)_W.

Input that is not white is white noise that has passed a filter of state p, x = C_x p. Then p drives
both systems, and the noise reaches them through p only:

    A_e = ((W - I, 0, u C_x), (0, A*, B* C_x), (0, 0, A_x)),
    B_e = (0; 0; B_x),   C_e = (v^T, -C*, 0),

and u stands in A_e, so that dL/du = (Q P)_Wp C_x^T. Whatever surrounds the network (target, and
input filter if there is one) is one system of its own below, `_Surroundings`.

The network's blocks of P and Q have nearly all their weight on the Krylov spaces of (W, u) and
(W^T, v), so we solve the small projected equations instead and grow the spaces until the residuals
of the full equations are small enough. With few neurons the full equations are solved at once. The
book's chapter "The gradient, exactly" derives all this.
"""

import warnings
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil, hypot, log, log10, sqrt

import numpy as np
from scipy.linalg import block_diag
from scipy.linalg.lapack import dgees, dtrsyl

from .checks import fraction, instance, one_channel, whole_number
from .filters import Filter
from .krylov import ArnoldiBasis, WholeSpace, grow
from .networks import LinearRNN, UnstableNetworkError

_EPS = np.finfo(float).eps
# Up to so many neurons the full equations take less time than growing spaces.
_WHOLE_SIZE = 32
_WARN_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Gradient:
    """Derivatives of a loss by the weights of a network.

    Attributes
    ----------
    W : ndarray, shape (n, n)
    u : ndarray, shape (n,) or (n, p)
    v : ndarray, shape (n,) or (n, q)
    """

    W: np.ndarray
    u: np.ndarray
    v: np.ndarray


def population_loss(
    rnn: LinearRNN, target: Filter, rtol: float = 1e-10, input: Filter | None = None
) -> float:
    """Return the exact loss E[(y - y*)^2] / 2 for white-noise input of unit intensity.

    With several inputs, their noises are independent; with several outputs, their squared errors
    are added. So the loss is the sum over all pairs of an input and an output.

    Parameters
    ----------
    rnn : LinearRNN
    target : Filter
    rtol : float
        Relative accuracy, between 0 and 1. Near L = 0, where L is a difference of larger numbers,
        rounding limits it: the absolute error is about 1e-15 times the energies of f and f*.
    input : Filter, optional
        What the white noise passes before it reaches network and target; by default nothing.

    Returns
    -------
    float

    Raises
    ------
    UnstableNetworkError
        If the spectral abscissa of W is at or above 1: the loss is infinite. See
        `loss_and_gradient` on growing modes that hide from u and v.
    FloatingPointError
        If the weights are so large that the loss overflows.

    Examples
    --------
    >>> import rnnbook as rb
    >>> target = rb.exponential(c_star=0.1)
    >>> silent = rb.LinearRNN(W=[[0.9]], u=[1.0], v=[0.0])
    >>> round(rb.population_loss(silent, target), 6)  # half the energy of the target
    2.5
    """
    around = _Surroundings(target, input)
    return _solve(rnn, around, fraction(rtol, "rtol"), gradient=False)[0].loss


def loss_and_gradient(
    rnn: LinearRNN, target: Filter, rtol: float = 1e-10, input: Filter | None = None
) -> tuple[float, Gradient]:
    """Return the exact loss and its exact gradient by W, u and v.

    Costs m products with W and m with W^T, where m grows with log(1/rtol) and with how far W is
    from normal; 20 to 40 is common. Memory is that of 2 m vectors and one matrix. With p inputs and
    q outputs there are p + q Krylov spaces, one for each, instead of two.

    Parameters
    ----------
    rnn : LinearRNN
    target : Filter
    rtol : float
        Relative accuracy of the loss and of each part of the gradient, between 0 and 1. Where a
        part nearly vanishes because terms cancel, its accuracy is instead that of a backward
        stable solver for the full Lyapunov equations.
    input : Filter, optional
        What the white noise passes before it reaches network and target; by default nothing.
        It costs no further product with W.

    Returns
    -------
    loss : float
    gradient : Gradient
        Its `W` has shape (n, n), its `u` and `v` those of the network's.

    Raises
    ------
    UnstableNetworkError
        If the spectral abscissa of W is at or above 1: the loss is infinite. A growing mode is
        noticed if u excites it or v reads it by more than rounding. One that is hidden from both
        has no part in f; it is looked for when the Krylov spaces close early, and elsewhere the
        loss is that of f. `rnn.check_stable` looks at all modes, at a cost of order n^3.
    FloatingPointError
        If the weights are so large that the loss overflows.

    Notes
    -----
    The formulas are those of Wilson (1970) for optimal model reduction.

    Examples
    --------
    >>> import rnnbook as rb
    >>> target = rb.exponential(c_star=0.1)
    >>> rnn = rb.LinearRNN(W=[[0.5]], u=[1.0], v=[2.0])
    >>> loss, gradient = rb.loss_and_gradient(rnn, target)
    >>> round(loss, 6)  # v^2 / (4 c) - v / (c + c*) + 1 / (4 c*), with c = 1 - W
    1.166667
    >>> gradient.v.round(6).tolist()  # v / (2 c) - 1 / (c + c*)
    [0.333333]

    Input that changes slowly: white noise that has passed a filter chi exp(-chi t).

    >>> slow = rb.mixture(amplitudes=[0.2], rates=[0.2])  # chi = 0.2
    >>> round(rb.loss_and_gradient(rnn, target, input=slow)[0], 6)
    0.650794
    """
    around = _Surroundings(target, input)
    projection = _solve(rnn, around, fraction(rtol, "rtol"), gradient=True)[0]
    return projection.loss, projection.gradient()


def projected_loss_and_gradient(
    rnn: LinearRNN, target: Filter, size: int
) -> tuple[float, Gradient]:
    """Return the loss and gradient that Krylov spaces of a given size give, converged or not.

    For studying convergence; `loss_and_gradient` finds the size itself.

    Parameters
    ----------
    rnn : LinearRNN
    target : Filter
    size : int
        Number of vectors in each basis, at least 1; fewer are used where a space closes early.

    Returns
    -------
    loss : float
    gradient : Gradient

    Raises
    ------
    UnstableNetworkError
        If the projected network is unstable, which can happen even though W is stable.
    """
    size = whole_number(size, "size", 1)
    instance(rnn, "rnn", LinearRNN)
    around = _Surroundings(target)
    one_channel(rnn, "rnn")
    one_channel(target, "target")
    right, left = ArnoldiBasis(rnn.u), ArnoldiBasis(rnn.v)
    grow(rnn.W, right, left, size)
    projection = _Projection(rnn, around, right, left)
    if not projection.stable:
        rnn.check_stable()
        raise UnstableNetworkError(f"The projection on {size} vectors is unstable; take more.")
    return projection.loss, projection.gradient()


class Objective:
    """The loss on one target and its gradient, for one network after another, as in learning.

    Networks that follow each other in learning need Krylov spaces of about the same size, so each
    starts from what the last one needed, and as a rule the projected equations are solved only
    once.

    Parameters
    ----------
    target : Filter
    rtol : float
        Relative accuracy, between 0 and 1.
    input : Filter, optional
        What the white noise passes before it reaches network and target.
    """

    def __init__(self, target, rtol=1e-10, input=None):
        self.around = _Surroundings(target, input)
        self.rtol = fraction(rtol, "rtol")
        self._size = None

    def loss_and_gradient(self, rnn):
        """Return loss and Gradient of a LinearRNN; see the function `loss_and_gradient`."""
        projection, self._size = _solve(rnn, self.around, self.rtol, True, self._size)
        return projection.loss, projection.gradient()


class _Surroundings:
    """What the network is held against: the target, and the filter that shapes its input.

    The error system is A_e = ((W - I, u drive), (0, A)), B_e = (direct u; B), C_e = (v^T, C).

    Attributes
    ----------
    A : ndarray, shape (k, k)
        State matrix of the target, and of the input filter where there is one.
    B, C : ndarray, shape (k,), or (k, p) and (q, k) for several inputs and outputs
        How the noise enters these states, and how they enter the error.
    drive : ndarray, shape (k,)
        How these states enter the network through u.
    direct : float
        1 if the noise itself enters the network through u, 0 if it passes the input filter first.
    """

    def __init__(self, target, input=None):
        instance(target, "target", Filter)
        self.several, self.inputs, self.outputs = target.several, target.inputs, target.outputs
        n = len(target.A)
        if input is None:
            self.A, self.B, self.C = target.A, target.B, -target.C
            self.drive, self.direct = np.zeros(n), 1.0
        else:
            instance(input, "input", Filter)
            one_channel(input, "input")
            one_channel(target, "target")
            n_x = input.B.size
            self.A = np.block(
                [[target.A, np.outer(target.B, input.C)], [np.zeros((n_x, n)), input.A]]
            )
            self.B = np.concatenate([np.zeros(n), input.B])
            self.C = np.concatenate([-target.C, np.zeros(n_x)])
            self.drive, self.direct = np.concatenate([np.zeros(n), input.C]), 0.0


def _solve(rnn, around, rtol, gradient, first_size=None):
    """Return the accurate projection, and the size to try first for a network like this one."""
    instance(rnn, "rnn", LinearRNN)
    # In BLAS and LAPACK, which set no flags, what overflows ends in infinities or NaN.
    with np.errstate(over="raise", invalid="raise"):
        try:
            if rnn.several or around.several:
                projection, next_size = _several(rnn, around, rtol, gradient, first_size)
            elif rnn.n <= _WHOLE_SIZE:
                projection, next_size = _whole(rnn, around, gradient), first_size
            else:
                projection, next_size = _converge(rnn, around, rtol, gradient, first_size)
        except FloatingPointError as error:
            raise FloatingPointError(
                f"The loss overflows: the weights are too large ({error})."
            ) from error
    if projection.relative_rounding > _WARN_ROUNDING:
        warnings.warn(
            "W is so far from normal, or so close to instability, that rounding alone can change "
            f"loss and gradient by a relative {projection.relative_rounding:.0e}.",
            RuntimeWarning,
            stacklevel=3,
        )
    return projection, next_size


def _whole(rnn, around, gradient):
    """Solve the full equations: for few neurons there is no smaller space worth looking for."""
    right = WholeSpace(rnn.W, rnn.u)
    left = WholeSpace(rnn.W.T, rnn.v) if gradient else ArnoldiBasis(np.zeros(rnn.n))
    projection = _Projection(rnn, around, right, left)
    if not projection.stable:
        _refuse(rnn)
    return projection


def _converge(rnn, around, rtol, gradient, first_size):
    right = ArnoldiBasis(rnn.u)
    left = ArnoldiBasis(rnn.v if gradient else np.zeros(rnn.n))
    finest = max(rtol, _EPS)
    least = round(6 - log10(finest))
    size = first_size or least
    excesses = {0: 1 / finest}  # with no vectors at all, the error is that of a solution of zero
    while True:
        grow(rnn.W, right, left, size)
        projection = _Projection(rnn, around, right, left)
        if projection.stable:
            excesses[size] = projection.excess(rtol, gradient)
            if excesses[size] <= 1:
                break
        elif right.closed and left.closed:
            _refuse(rnn)
        else:
            # A projection can be unstable while W is stable, so ask W itself before going on.
            rnn.check_stable()
        size = _next_size(excesses, size)
    if right.closed and left.closed and np.linalg.norm(rnn.W) >= 1:
        rnn.check_stable()  # a growing mode may hide outside spaces that closed early
    # Far below what is allowed, a vector less will do for the next network.
    return projection, size if excesses[size] > 0.05 else max(size - 1, least)


def _refuse(rnn):
    """Raise the error that says in which way W is unstable."""
    rnn.check_stable()
    raise UnstableNetworkError(
        "W is unstable to working precision: an eigenvalue that u excites or v reads "
        "lies so close to 1 that the loss cannot be told from infinity."
    )


def _next_size(excesses, size):
    """Choose the size at which the error should be met, if it goes on falling geometrically."""
    step = max(4, size // 3)
    if len(excesses) >= 2:
        (early, error_early), (late, error_late) = list(excesses.items())[-2:]
        rate = log(error_early / error_late) / (late - early)
        if rate > 0:
            # Within bounds: early on the rate is not the final one.
            step = min(max(ceil(log(error_late) / rate), 2), size)
    return size + step


class _Projection:
    """Loss and gradient of the error system projected on the Krylov spaces.

    Attributes
    ----------
    stable : bool
        Whether the projected network is stable; if not, there is nothing else here.
    loss : float
    relative_rounding : float
        Relative error of the Gramians that rounding can cause.
    """

    def __init__(self, rnn, around, right, left):
        m, k = right.size, left.size
        self.U, self.V = right.vectors, left.vectors
        read = np.concatenate([self.U @ rnn.v, around.C])
        entry = self.V @ rnn.u
        noise = np.concatenate([around.direct * right.start, around.B])
        P = _Gramian(right, around.A, noise, above=np.outer(right.start, around.drive))
        error = np.concatenate([left.start, around.C])
        Q = _Gramian(left, around.A.T, error, below=np.outer(around.drive, entry))
        self.stable = P.stable and Q.stable
        if not self.stable:
            return
        # In exact arithmetic the loss is a square; rounding may take it below 0 near the optimum.
        self.loss = max(0.5 * float(read @ P.matrix @ read), 0.0)
        QP = Q.matrix[:k, :k] @ (self.V @ self.U.T) @ P.matrix[:m] + Q.matrix[:k, k:] @ P.matrix[m:]
        self.core = QP[:, :m]
        by_noise = Q.matrix[:k] @ np.concatenate([entry, around.B])
        self.du = around.direct * by_noise + QP[:, m:] @ around.drive
        self.dv = P.matrix[:m] @ read
        self.relative_rounding = max(P.relative_rounding, Q.relative_rounding)

        # How errors of P and Q (columns) spread to loss, dL/dW, dL/du and dL/dv (rows).
        read_norm = hypot(_norm(rnn.v), _norm(around.C))
        noise_norm = around.direct * hypot(_norm(rnn.u), _norm(around.B))
        drive_norm = _norm(around.drive)
        Q_norm = _norm(Q.matrix[:k])
        spread = np.array(
            [
                [0.5 * read_norm**2, 0.0],
                [Q_norm, _norm(P.matrix[:, :m])],
                [drive_norm * Q_norm, drive_norm * _norm(P.matrix[:, m:]) + noise_norm],
                [read_norm, 0.0],
            ]
        )
        self._errors = spread @ [P.error, Q.error]
        self._rounding = spread @ [P.rounding, Q.rounding]
        parts = [self.loss, _norm(self.core), _norm(self.du), _norm(self.dv)]
        self._sizes = np.array(parts)
        if not (np.isfinite(self._sizes).all() and np.isfinite(self._errors).all()):
            raise FloatingPointError("infinite or undefined loss")

    def excess(self, rtol, gradient):
        """Return the error over what `rtol` allows, of the loss or the worst part of the gradient.

        Where terms cancel, no less is allowed than what rounding costs any solver.
        """
        allowed = np.maximum(rtol * self._sizes, self._rounding)
        # An error of exactly 0 is allowed even where the part itself is 0.
        ratios = self._errors / np.maximum(allowed, np.finfo(float).tiny)
        return max(ratios) if gradient else ratios[0]

    def gradient(self):
        return Gradient(self.V.T @ (self.core @ self.U), self.du @ self.V, self.dv @ self.U)


class _Gramian:
    """Solution P of A P + P A^T + b b^T = 0 with A = ((M - I, above), (below, corner)), projected.

    The blocks of A, and b, are given in the basis of the space, which catches the network's part of
    P if b and `above` lie in it. `below` need not: M is the only block that leads out of the space.

    Attributes
    ----------
    stable : bool
        Whether the projection is stable; if not, there is nothing else here.
    matrix : ndarray
        P in the basis of the space, with the states of target and input filter appended.
    error : float
        Estimate of the Frobenius norm of what the projection misses.
    rounding, relative_rounding : float
        The same for what rounding costs even a backward stable solver for the full equation, and
        its ratio to the norm of P.

    Notes
    -----
    Both estimates are a residual times the norm of the inverse Lyapunov operator. That is the norm
    of the solution for the identity in place of b b^T, since the inverse is a positive map, and
    positive maps attain their norm at the identity.
    """

    def __init__(self, space, corner, b, above=0.0, below=0.0):
        m, size = space.size, b.size
        A = np.zeros((size, size), order="F")
        A[:m, :m] = space.hessenberg - np.eye(m)
        A[:m, m:], A[m:, :m], A[m:, m:] = above, below, corner
        norm = _norm(A)
        T, Z = _schur(A)
        # The real parts of the eigenvalues stand on the diagonal of a real Schur form.
        self.stable = bool(T.diagonal().max() < 0)
        if not self.stable:
            return
        b = b @ Z
        self.matrix = Z @ _lyapunov(T, b[:, None] * b) @ Z.T
        inverse_norm = _largest_eigenvalue(_lyapunov(T, np.eye(size)))
        # The part of M that leaves the space acts on its last vector only.
        residual = sqrt(2) * space.residual * _norm(self.matrix[m - 1])
        self.error = inverse_norm * residual
        self.relative_rounding = 8 * _EPS * inverse_norm * norm
        self.rounding = self.relative_rounding * _norm(self.matrix)


# Several inputs and outputs. The noises are independent, so P is a sum over inputs and Q a sum over
# outputs, and each term has a Krylov space of its own: p + q spaces, and not one a pair.


def _several(rnn, around, rtol, gradient, first_size):
    """As `_whole` and `_converge`, with a space for each input and each output."""
    if not around.direct:
        raise ValueError("input must be None for a network with several inputs or outputs.")
    if (rnn.inputs, rnn.outputs) != (around.inputs, around.outputs):
        raise ValueError(
            f"rnn has {rnn.inputs} inputs and {rnn.outputs} outputs, but target has "
            f"{around.inputs} and {around.outputs}: give both as many."
        )
    us = rnn.u.reshape(rnn.n, -1).T
    vs = rnn.v.reshape(rnn.n, -1).T
    if rnn.n <= _WHOLE_SIZE:
        rights = [WholeSpace(rnn.W, u) for u in us]
        lefts = [WholeSpace(rnn.W.T, v) for v in vs] if gradient else []
        projection = _Channels(rnn, around, rights, lefts)
        if not projection.stable:
            _refuse(rnn)
        return projection, first_size
    rights = [ArnoldiBasis(u) for u in us]
    lefts = [ArnoldiBasis(v) for v in vs] if gradient else []
    nothing = ArnoldiBasis(np.zeros(rnn.n))
    finest = max(rtol, _EPS)
    least = round(6 - log10(finest))
    size = first_size or least
    excesses = {0: 1 / finest}
    while True:
        for right, left in zip_longest(rights, lefts, fillvalue=nothing):
            grow(rnn.W, right, left, size)
        projection = _Channels(rnn, around, rights, lefts)
        closed = all(space.closed for space in rights + lefts)
        if projection.stable:
            excesses[size] = projection.excess(rtol, gradient)
            if excesses[size] <= 1:
                break
        elif closed:
            _refuse(rnn)
        else:
            rnn.check_stable()
        size = _next_size(excesses, size)
    if closed and np.linalg.norm(rnn.W) >= 1:
        rnn.check_stable()
    return projection, size if excesses[size] > 0.05 else max(size - 1, least)


class _Channels:
    """As `_Projection`, for several inputs and outputs.

    Parameters
    ----------
    rnn : LinearRNN
    around : _Surroundings
    rights, lefts : list of ArnoldiBasis or WholeSpace
        One for each input and one for each output; without `lefts` there is no gradient.
    """

    def __init__(self, rnn, around, rights, lefts):
        B, C = around.B.reshape(len(around.A), -1), np.atleast_2d(around.C)
        u, v = rnn.u.reshape(rnn.n, -1), rnn.v.reshape(rnn.n, -1)
        Ps = [
            _Gramian(space, around.A, np.concatenate([space.start, b]))
            for space, b in zip(rights, B.T, strict=True)
        ]
        Qs = [
            _Gramian(space, around.A.T, np.concatenate([space.start, c]))
            for space, c in zip(lefts, C, strict=bool(lefts))
        ]
        self.stable = all(gramian.stable for gramian in Ps + Qs)
        if not self.stable:
            return
        self.shapes = rnn.u.shape, rnn.v.shape
        # Of all spaces, one below the other.
        self.U = np.concatenate([space.vectors for space in rights])
        self.V = np.concatenate([np.empty((0, rnn.n)), *(space.vectors for space in lefts)])
        loss, du, dv = 0.0, [np.empty((0, B.shape[1]))], []
        for space, P in zip(rights, Ps, strict=True):
            read = np.concatenate([space.vectors @ v, C.T])
            excited = P.matrix @ read
            loss += 0.5 * float(np.vdot(read, excited))
            dv.append(excited[: space.size])
        for space, Q in zip(lefts, Qs, strict=True):
            drive = np.concatenate([space.vectors @ u, B])
            du.append((Q.matrix @ drive)[: space.size])
        self.loss, self.du, self.dv = max(loss, 0.0), np.concatenate(du), np.concatenate(dv)
        ms, ks = [space.size for space in rights], [space.size for space in lefts]
        own_P = block_diag(*(P.matrix[:m, :m] for P, m in zip(Ps, ms, strict=True)))
        own_Q = block_diag(*(Q.matrix[:k, :k] for Q, k in zip(Qs, ks, strict=True)))
        mixed_P = np.hstack([P.matrix[m:, :m] for P, m in zip(Ps, ms, strict=True)])
        empty = np.empty((0, len(B)))
        mixed_Q = np.vstack([empty, *(Q.matrix[:k, k:] for Q, k in zip(Qs, ks, strict=True))])
        own_Q = own_Q.reshape(len(self.V), len(self.V))  # of no blocks, SciPy makes one row
        self.core = own_Q @ (self.V @ self.U.T) @ own_P + mixed_Q @ mixed_P
        self.relative_rounding = max(gramian.relative_rounding for gramian in Ps + Qs)

        # As in `_Projection`, with norms and errors summed over the channels.
        read_norm = hypot(_norm(v), _norm(C))
        drive_norm = hypot(_norm(u), _norm(B))
        spread = np.array(
            [
                [0.5 * read_norm**2, 0.0],
                [
                    sum(_norm(Q.matrix[:k]) for Q, k in zip(Qs, ks, strict=True)),
                    sum(_norm(P.matrix[:, :m]) for P, m in zip(Ps, ms, strict=True)),
                ],
                [0.0, drive_norm],
                [read_norm, 0.0],
            ]
        )
        self._errors = spread @ [sum(P.error for P in Ps), sum(Q.error for Q in Qs)]
        self._rounding = spread @ [sum(P.rounding for P in Ps), sum(Q.rounding for Q in Qs)]
        # The vectors of different spaces overlap, so the norms need the overlaps.
        of_V, of_U = self.V @ self.V.T, self.U @ self.U.T
        squares = [
            np.vdot(of_V @ self.core, self.core @ of_U),
            np.vdot(self.du, of_V @ self.du),
            np.vdot(self.dv, of_U @ self.dv),
        ]
        self._sizes = np.array([self.loss, *np.sqrt(np.maximum(squares, 0.0))])
        if not (np.isfinite(self._sizes).all() and np.isfinite(self._errors).all()):
            raise FloatingPointError("infinite or undefined loss")

    excess = _Projection.excess

    def gradient(self):
        of_u, of_v = self.shapes
        return Gradient(
            self.V.T @ (self.core @ self.U),
            (self.V.T @ self.du).reshape(of_u),
            (self.U.T @ self.dv).reshape(of_v),
        )


# The matrices here have some tens of rows, so LAPACK is called directly: what NumPy's and SciPy's
# functions do around it would take longer than the work.


def _norm(array):
    return sqrt(np.vdot(array, array))


def _schur(A):
    """Return the real Schur form T and basis Z of A = Z T Z^T; A is overwritten."""
    if not np.isfinite(A).all():
        raise FloatingPointError("infinite or undefined weights")
    # For this much work space LAPACK uses its blocked routines.
    T, _, _, _, Z, _, failed = dgees(lambda *_: None, A, lwork=34 * len(A) + 4160, overwrite_a=True)
    if failed:
        raise np.linalg.LinAlgError("The Schur form of W could not be computed.")
    return T, Z


def _lyapunov(T, R):
    """Solve T X + X T^T + R = 0 for a quasi-triangular T."""
    X, scale, _ = dtrsyl(T, T, -R, tranb="T")
    return X / scale


def _largest_eigenvalue(X):
    """Return an upper bound of the largest eigenvalue of a positive matrix, right to a fifth.

    The Frobenius norm counts all n eigenvalues: it exceeds the largest by up to n^(1/2), that of
    X^8 by as much, and so its eighth root by up to n^(1/16). For errors that is near enough, and it
    takes a fraction of the time of the eigenvalue itself.
    """
    scale = _norm(X)
    if not 0 < scale < np.inf:
        return scale
    X = X / scale
    for _ in range(3):
        X = X.dot(X)
    return scale * _norm(X) ** 0.125
