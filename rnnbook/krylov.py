"""Orthonormal bases of Krylov spaces, grown one vector at a time by Arnoldi's method."""

from math import sqrt

import numpy as np

# A new direction this much shorter than the product it came from is rounding error: the space has
# closed. Deflating there perturbs W by about this fraction of its norm.
_CLOSURE = 1e-14


class WholeSpace:
    """The whole space in place of a Krylov space: nothing is left out, and nothing is saved.

    Attributes are those of an `ArnoldiBasis` that has closed.

    Parameters
    ----------
    M : ndarray, shape (n, n)
    start : ndarray, shape (n,)
    """

    closed, residual = True, 0.0

    def __init__(self, M, start):
        self.size = start.size
        self.vectors = np.eye(self.size)
        self.hessenberg = M
        self.start = start


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
        self._vectors = np.empty((32, start.size))
        self._hessenberg = np.zeros((32, 32))
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
    def start(self):
        """The vector b in this basis, shape (size,)."""
        start = np.zeros(self.size)
        start[:1] = self.norm
        return start

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
        # Gram-Schmidt twice: once loses orthogonality when the remainder is short. With `dot`, as
        # in `_length`: for the short vectors of small networks a call costs more than its work.
        overlap = basis.dot(product)
        remainder = product - overlap.dot(basis)
        correction = basis.dot(remainder)
        remainder -= correction.dot(basis)
        self._hessenberg[:m, m - 1] = overlap + correction
        length = _length(remainder)
        self.size = m
        if m == product.size or length <= _CLOSURE * _length(product):
            self.closed, self.residual = True, 0.0
        else:
            self._hessenberg[m, m - 1] = self.residual = length
            np.divide(remainder, length, out=self._vectors[m])


def _length(vector):
    return sqrt(vector.dot(vector))


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
    while True:
        ahead = not right.closed and right.size < size
        back = not left.closed and left.size < size
        if ahead and back:
            forwards, backwards = _both_products(W, right.direction, left.direction)
            right.extend(forwards)
            left.extend(backwards)
        elif ahead:
            right.extend(W.dot(right.direction))
        elif back:
            left.extend(left.direction.dot(W))
        else:
            return


def _both_products(W, ahead, back):
    """Return W times `ahead` and `back` times W."""
    n = W.shape[0]
    rows = max(64, 2**16 // n)
    if rows >= n:
        return W.dot(ahead), back.dot(W)
    forwards, backwards = np.empty(n), np.zeros(n)
    for start in range(0, n, rows):
        block = W[start : start + rows]
        block.dot(ahead, out=forwards[start : start + rows])
        backwards += back[start : start + rows].dot(block)
    return forwards, backwards
