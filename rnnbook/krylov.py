"""Orthonormal bases of Krylov spaces, grown one vector at a time by Arnoldi's method."""

import numpy as np

# A new direction this much shorter than the product it came from is rounding error: the space has
# closed. Deflating there perturbs W by about this fraction of its norm.
_CLOSURE = 1e-14


class ArnoldiBasis:
    """Basis U of span{b, M b, M^2 b, ...} and the projection H = U M U^T of M on it.

    The rows of `vectors` are orthonormal. After m calls of `extend`,
    M U^T = U^T H + residual * (next vector) e_m^T, so `residual` says how far the first m vectors
    are from spanning a space that M maps into itself. It is 0 once the space has closed, which
    happens after n vectors at the latest, and earlier when b lies in an invariant subspace
    ("happy breakdown").

    Parameters
    ----------
    start : ndarray, shape (n,)
        The vector b; if it is zero the basis is empty and closed.
    """

    def __init__(self, start):
        self.norm = float(np.linalg.norm(start))
        self.size = 0
        self.closed = self.norm == 0
        self.residual = 0.0
        self._vectors = np.empty((16, start.size))
        self._hessenberg = np.zeros((16, 16))
        if not self.closed:
            self._vectors[0] = start / self.norm

    @property
    def vectors(self):
        """The basis as rows, shape (size, n)."""
        return self._vectors[: self.size]

    @property
    def hessenberg(self):
        """The projection of M, shape (size, size)."""
        return self._hessenberg[: self.size, : self.size]

    @property
    def direction(self):
        """The vector whose product with M `extend` expects next, shape (n,)."""
        return self._vectors[self.size]

    def extend(self, product):
        """Take in `product`, which is M times `direction`."""
        m = self.size + 1
        if m == self._vectors.shape[0]:
            self._vectors = np.concatenate([self._vectors, np.empty_like(self._vectors)])
            self._hessenberg = np.pad(self._hessenberg, (0, m))
        basis = self._vectors[:m]
        remainder = product
        # Gram-Schmidt twice: once loses orthogonality when the remainder is short.
        for _ in range(2):
            overlap = basis @ remainder
            remainder = remainder - overlap @ basis
            self._hessenberg[:m, m - 1] += overlap
        length = float(np.linalg.norm(remainder))
        self.size = m
        if m == product.size or length <= _CLOSURE * np.linalg.norm(product):
            self.closed, self.residual = True, 0.0
        else:
            self._hessenberg[m, m - 1] = self.residual = length
            self._vectors[m] = remainder / length


def grow(W, right, left, size):
    """Grow the basis `right` of K(W, u) and `left` of K(W^T, v) to `size` vectors, or to closure.

    Both products are taken in one sweep over blocks of rows of W that fit in the processor's
    cache, so W is read from memory once instead of twice; memory traffic is what limits the speed.

    Parameters
    ----------
    W : ndarray, shape (n, n)
    right, left : ArnoldiBasis
    size : int
    """
    n = W.shape[0]
    rows = max(64, 2**16 // n)
    while True:
        sides = [basis for basis in (right, left) if not basis.closed and basis.size < size]
        if not sides:
            return
        ahead = right.direction if right in sides else None
        back = left.direction if left in sides else None
        W_ahead, W_back = np.empty(n), np.zeros(n)
        for start in range(0, n, rows):
            block = slice(start, start + rows)
            if ahead is not None:
                W_ahead[block] = W[block] @ ahead
            if back is not None:
                W_back += back[block] @ W[block]
        if ahead is not None:
            right.extend(W_ahead)
        if back is not None:
            left.extend(W_back)
