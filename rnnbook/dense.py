"""The textbook way to the loss and its gradient: dense Lyapunov and Sylvester equations.

Four equations of size n, each solved with about 25 n^3 operations. `objective` gives the same
numbers far faster; this is the reference that it is held against.
"""

import numpy as np
from scipy.linalg import solve_continuous_lyapunov, solve_sylvester

from .filters import Filter
from .networks import LinearRNN
from .objective import Gradient


def dense_loss_and_gradient(rnn: LinearRNN, target: Filter) -> tuple[float, Gradient]:
    """Return the exact loss and gradient from dense solves.

    Parameters
    ----------
    rnn : LinearRNN
    target : Filter

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
    A, u, v = rnn.W - np.eye(rnn.n), rnn.u, rnn.v
    P = solve_continuous_lyapunov(A, -np.outer(u, u))
    Q = solve_continuous_lyapunov(A.T, -np.outer(v, v))
    X = solve_sylvester(A, target.A.T, -np.outer(u, target.B))
    Y = solve_sylvester(A.T, target.A, -np.outer(v, target.C))
    loss = 0.5 * (v @ P @ v - 2 * v @ X @ target.C + target.energy)
    return float(loss), Gradient(Q @ P - Y @ X.T, Q @ u - Y @ target.B, P @ v - X @ target.C)
