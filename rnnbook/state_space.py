"""Computations that targets and networks share: both are filters dh/dt = A h + B x, y = C h."""

import numpy as np
from scipy.linalg import expm

from .checks import finite_array, real_number, time_grid


def impulse_response(A, B, C, t):
    """Return C exp(A t) B at each time in `t`, to rounding error.

    The state is carried from one time to the next by the action of the matrix exponential, which
    needs no eigenvectors and so is safe for defective and for far-from-normal A. Where a short step
    is taken many times, the exponential itself is computed once.

    Parameters
    ----------
    A : ndarray, shape (n, n)
    B : ndarray, shape (n,) or (n, p)
    C : ndarray, shape (n,) or (q, n)
    t : array_like, shape (k,)
        Sorted times, none negative.

    Returns
    -------
    ndarray, shape (k,), (k, p), (k, q) or (k, q, p)
    """
    t = time_grid(t, "t")
    if B.ndim == 2:
        return np.stack([impulse_response(A, column, C, t) for column in B.T], axis=-1)
    response = np.empty((t.size, *C.shape[:-1]))
    shift = A.trace() / len(A)
    deviation = A - shift * np.eye(len(A))
    size = np.linalg.norm(deviation, 1)
    state, now = B, 0.0
    common, pieces, advance = _common_step(deviation, shift, size, t)
    for i, time in enumerate(t):
        step = time - now
        if advance is not None and abs(step - common) <= _rounding(t):
            for _ in range(pieces):
                state = advance.dot(state)
            now = time
        elif step > 0:
            count = _pieces(step, size)
            decay = np.exp(shift * step / count)
            for _ in range(count):
                state = decay * _exponential_action(deviation, step / count, state)
            now = time
        response[i] = C @ state
    return response


def _common_step(deviation, shift, size, t):
    """Return the step that `t` takes most, its pieces, and the exponential of a piece.

    An exponential costs some products of matrices, and a Taylor series of its action some tens of
    products of a matrix with a vector, at every step. Where it saves no time it is None.
    """
    steps = np.diff(t)
    if not steps.size:
        return 0.0, 1, None
    common = np.median(steps)
    even = np.abs(steps - common) <= _rounding(t)
    pieces = _pieces(common, size)
    if common == 0 or pieces * np.count_nonzero(even) <= 8 + len(deviation) // 8:
        return 0.0, 1, None
    piece = common / pieces
    return common, pieces, np.exp(shift * piece) * expm(piece * deviation)


def _rounding(t):
    """Return by how much the steps of an even grid may differ, since its times are rounded."""
    return 4 * np.finfo(float).eps * t[-1]


def _pieces(step, size):
    """Return in how many pieces to go a step, for no term to grow large before they shrink."""
    return max(1, int(np.ceil(step * size / 3)))


def _exponential_action(A, t, state):
    """Return exp(A t) times `state`, by Taylor series.

    SciPy's `expm_multiply` would do, but estimates norms with NumPy's global random generator.
    """
    scale = np.abs(state).max()
    if scale == 0:
        return state
    state = state / scale  # so that squares neither overflow nor vanish
    term, k = state, 0
    while term.dot(term) > 1e-34 * state.dot(state):
        k += 1
        term = A.dot(term) * (t / k)
        state = state + term
    return scale * state


def simulate(A, B, C, x, dt):
    """Run the filter from rest on inputs held constant over steps of length `dt`.

    Exact for such inputs, for any dt: one step is multiplication by a block of the exponential of
    [[A, B], [0, 0]] dt. Sampled white noise of unit intensity has standard deviation dt**-0.5.

    Parameters
    ----------
    A : ndarray, shape (n, n)
    B : ndarray, shape (n,) or (n, p)
    C : ndarray, shape (n,) or (q, n)
    x : array_like, shape (steps,) or (trials, steps), with an axis of length p added if B has one
    dt : float

    Returns
    -------
    y : ndarray, shape (steps,) or (trials, steps), with an axis of length q added if C has one
        Output at the end of each step.
    h : ndarray, shape (steps, n) or (trials, steps, n)
        State at the end of each step.
    """
    dt = real_number(dt, "dt", 0, strict=True)
    inputs = B.shape[1:]
    axes = max(1, min(np.ndim(x) - len(inputs), 2))
    n, p = len(A), inputs[0] if inputs else 1
    x = finite_array(x, "x", (None,) * axes + inputs).reshape(*np.shape(x)[:axes], p)
    augmented = np.zeros((n + p, n + p))
    augmented[:n, :n], augmented[:n, n:] = A * dt, B.reshape(n, p) * dt
    step = expm(augmented)
    advance, drive = step[:n, :n].T, step[:n, n:].T
    h = np.zeros((*x.shape[:-1], n))
    state = np.zeros((*x.shape[:-2], n))
    for k in range(x.shape[-2]):
        state = state @ advance + x[..., k, :] @ drive
        h[..., k, :] = state
    return h @ C.T, h
