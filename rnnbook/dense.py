"""The textbook way to the loss and its gradient: dense Lyapunov and Sylvester equations.

Four equations of size n, each solved with about 25 n^3 operations. With a filter in front of the
input it is two equations of the size of the whole error system. `objective` gives the same numbers
far faster; this is the reference that it is held against.
"""

import numpy as np
from scipy.linalg import solve_continuous_lyapunov, solve_sylvester

from .filters import Filter
from .networks import LinearRNN
from .objective import Gradient


def dense_loss_and_gradient(
    rnn: LinearRNN, target: Filter, input: Filter | None = None
) -> tuple[float, Gradient]:
    """Return the exact loss and gradient from dense solves.

    Parameters
    ----------
    rnn : LinearRNN
    target : Filter
    input : Filter, optional
        What the white noise passes before it reaches network and target; by default nothing.

    Returns
    -------
    loss : float
    gradient : Gradient

    Raises
    ------
    UnstableNetworkError
        If the spectral abscissa of W is at or above 1.

    Notes
    -----
    Wilson (1970); the book derives it in "The gradient, exactly".
    """
    rnn.check_stable()
    if input is not None:
        return _behind_a_filter(rnn, target, input)
    A, u, v = rnn.W - np.eye(rnn.n), rnn.u.reshape(rnn.n, -1), rnn.v.reshape(rnn.n, -1)
    B, C = target.B.reshape(len(target.A), -1), np.atleast_2d(target.C)
    if (u.shape[1], v.shape[1]) != (B.shape[1], C.shape[0]):
        raise ValueError("rnn and target must have as many inputs, and as many outputs.")
    P = solve_continuous_lyapunov(A, -u @ u.T)
    Q = solve_continuous_lyapunov(A.T, -v @ v.T)
    X = solve_sylvester(A, target.A.T, -u @ B.T)
    Y = solve_sylvester(A.T, target.A, -v @ C)
    loss = 0.5 * (np.vdot(v, P @ v) - 2 * np.vdot(v, X @ C.T) + target.energy)
    du, dv = Q @ u - Y @ B, P @ v - X @ C.T
    gradient = Gradient(Q @ P - Y @ X.T, du.reshape(rnn.u.shape), dv.reshape(rnn.v.shape))
    return float(loss), gradient


def _behind_a_filter(rnn, target, input):
    """Solve for the whole of network, target and input filter, written out in one matrix."""
    n, q, n_x = rnn.n, target.B.size, input.B.size
    A_e = np.block(
        [
            [rnn.W - np.eye(n), np.zeros((n, q)), np.outer(rnn.u, input.C)],
            [np.zeros((q, n)), target.A, np.outer(target.B, input.C)],
            [np.zeros((n_x, n + q)), input.A],
        ]
    )
    B_e = np.concatenate([np.zeros(n + q), input.B])
    C_e = np.concatenate([rnn.v, -target.C, np.zeros(n_x)])
    P = solve_continuous_lyapunov(A_e, -np.outer(B_e, B_e))
    Q = solve_continuous_lyapunov(A_e.T, -np.outer(C_e, C_e))
    QP = Q @ P
    gradient = Gradient(QP[:n, :n], QP[:n, n + q :] @ input.C, P[:n] @ C_e)
    return float(0.5 * C_e @ P @ C_e), gradient
