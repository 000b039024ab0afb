"""Independent references that several test files share. None of them calls the code under test.

They take plain arrays (A, B, C) of a filter dh/dt = A h + B x, y = C h; a network has A = W - I.
"""

import numpy as np
from scipy.integrate import quad_vec


def relative_error(found, wanted):
    """Norm of the difference over the norm of `wanted` (over 1 if `wanted` is zero)."""
    return np.linalg.norm(found - wanted) / (np.linalg.norm(wanted) or 1.0)


def random_filter(seed, order=4, abscissa=-0.2):
    """Entries normal, then shifted so that the rightmost pole has the given real part."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(order, order))
    A -= (np.linalg.eigvals(A).real.max() - abscissa) * np.eye(order)
    return A, rng.normal(size=order), rng.normal(size=order)


def orthogonal(n, rng):
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


def modal_response(A, B, C, t):
    """f(t) as a sum of exponentials, from the eigenvectors of a diagonalisable A."""
    poles, vectors = np.linalg.eig(A)
    weights = (C @ vectors) * np.linalg.solve(vectors, B.astype(complex))
    return (np.exp(np.multiply.outer(t, poles)) @ weights).real


def laplace_transform(f, z, decay):
    """The integral of f(t) e^(-z t) over t >= 0, for f that decays at least like e^(-decay t)."""
    end = 40 / (decay + z.real)  # e^-40 is far below every tolerance
    value, _ = quad_vec(lambda t: f(t) * np.exp(-z * t), 0, end, epsabs=1e-13, epsrel=1e-13)
    return value


def frequency_domain(W, u, v, A_star, B_star, C_star):
    """Loss and gradient by Plancherel's theorem: no Gramian, no Lyapunov equation.

    With E = F - F* and the resolvent R = (i w - A)^-1,

        L = int |E|^2 dw / (4 pi),   dF/dW = (R^T v)(R u)^T,   dF/du = R^T v,   dF/dv = R u.

    On w = tan(theta / 2) the integrands are rational and periodic in theta, so the trapezoidal
    rule converges geometrically. Points are doubled until nothing moves.
    """
    A, size = W - np.eye(len(W)), len(W)

    def at(points):
        theta = -np.pi + (np.arange(points) + 0.5) * 2 * np.pi / points
        w = np.tan(theta / 2)
        weights = (1 + w**2) / (2 * points)  # dw / (2 pi)
        z = 1j * w[:, None, None]
        ahead = np.linalg.solve(z * np.eye(size) - A, u[:, None].astype(complex))[..., 0]
        back = np.linalg.solve(z * np.eye(size) - A.T, v[:, None].astype(complex))[..., 0]
        state = np.linalg.solve(z * np.eye(len(A_star)) - A_star, B_star[:, None].astype(complex))
        error = ahead @ v - state[..., 0] @ C_star
        loss = 0.5 * weights @ np.abs(error) ** 2
        slope = (weights * error.conj())[:, None]
        return [
            loss,
            ((slope * back).T @ ahead).real,
            (slope * back).sum(axis=0).real,
            (slope * ahead).sum(axis=0).real,
        ]

    points, now = 64, at(32)
    while points <= 2**13:
        last, now = now, at(points)
        if all(relative_error(a, b) < 1e-13 for a, b in zip(last, now, strict=True)):
            break
        points *= 2
    return now
