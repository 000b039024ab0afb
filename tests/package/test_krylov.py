"""Arnoldi bases: what spans the space, when it closes, and that grouping rows changes nothing."""

import numpy as np
import pytest
from references import orthogonal, relative_error

import rnnbook as rb
from rnnbook.krylov import ArnoldiBasis, grow


def bases(W, u, v, size):
    right, left = ArnoldiBasis(u), ArnoldiBasis(v)
    grow(W, right, left, size)
    return right, left


def matrix(kind, n, rng):
    G, Q = rng.normal(size=(n, n)) / np.sqrt(n), orthogonal(n, rng)
    return {
        "ginibre": G,
        "strongly non-normal": np.triu(20 * G, 1) + 0.3 * np.eye(n),
        # Products that all point along their factor: what is new in them is one part in 1e9.
        "nearly a multiple of the identity": np.eye(n) + 1e-9 * G,
        # Few clusters: directions that Arnoldi has found come back as rounding errors.
        "clustered": Q
        @ np.diag(np.repeat([0.9, -0.5, 0.1], n)[::3] + 1e-7 * rng.normal(size=n))
        @ Q.T,
    }[kind]


@pytest.mark.parametrize(
    "kind", ["ginibre", "strongly non-normal", "nearly a multiple of the identity", "clustered"]
)
@pytest.mark.parametrize(("n", "size"), [(5, 3), (60, 8), (60, 40), (60, 60), (60, 500), (700, 9)])
def test_the_basis_is_orthonormal_and_obeys_arnoldis_relation(kind, n, size):
    rng = np.random.default_rng(n + size)
    W, u, v = matrix(kind, n, rng), *rng.normal(size=(2, n))
    for basis, M, start in zip(bases(W, u, v, size), (W, W.T), (u, v), strict=True):
        U, H, m = basis.vectors, basis.hessenberg, basis.size
        assert m == len(U) == len(H) <= min(n, size)
        np.testing.assert_allclose(U @ U.T, np.eye(m), atol=1e-13)  # twice is enough: rounding
        np.testing.assert_allclose(U[0] * np.linalg.norm(start), start, rtol=1e-13)
        np.testing.assert_allclose(np.tril(H, -2), 0)
        beyond = M @ U.T - U.T @ H
        size_of_M = np.linalg.norm(M, 2)
        np.testing.assert_allclose(beyond[:, :-1], 0, atol=1e-13 * size_of_M)
        if basis.closed:
            assert basis.residual == 0
            # Closed means: nothing is left but rounding, of a part in 1e14 by definition.
            assert np.linalg.norm(beyond[:, -1]) < 1e-13 * size_of_M
        else:
            assert m == size
            assert basis.residual == pytest.approx(np.linalg.norm(beyond[:, -1]), rel=1e-6)
            np.testing.assert_allclose(
                beyond[:, -1], basis.residual * basis.direction, atol=1e-13 * size_of_M
            )


def test_growing_in_turns_gives_what_growing_at_once_gives():
    rng = np.random.default_rng(1)
    W, u, v = matrix("ginibre", 50, rng), *rng.normal(size=(2, 50))
    at_once = bases(W, u, v, 30)
    in_turns = bases(W, u, v, 7)
    for size in (8, 8, 21, 30):
        grow(W, *in_turns, size)
    for one, other in zip(at_once, in_turns, strict=True):
        np.testing.assert_array_equal(one.vectors, other.vectors)
        np.testing.assert_array_equal(one.hessenberg, other.hessenberg)


@pytest.mark.parametrize(
    ("case", "sizes"),
    {
        "zero matrix": (1, 1),
        "zero vectors": (0, 0),
        "rank one": (2, 2),
        "orthogonal projection": (2, 2),
        "eigenvector of a symmetric matrix": (1, 1),
        "three distinct eigenvalues": (3, 3),
        "chain entered at its fifth from the end": (5, 200),
        "blocks": (4, 196),
    }.items(),
)
def test_spaces_close_when_they_are_complete(case, sizes):
    n, rng = 200, np.random.default_rng(2)
    u, v = rng.normal(size=(2, n))
    Q = orthogonal(n, rng)
    # In exact arithmetic; the chain's adjoint space and one of the blocks are whole.
    W = np.zeros((n, n))
    if case == "zero vectors":
        W, u, v = Q, 0 * u, 0 * v
    elif case == "rank one":
        W = np.outer(rng.normal(size=n), rng.normal(size=n)) / n
    elif case == "orthogonal projection":
        W = Q[:, :50] @ Q[:, :50].T
    elif case == "eigenvector of a symmetric matrix":
        W, u, v = Q @ np.diag(rng.uniform(-1, 1, n)) @ Q.T, Q[:, 3], Q[:, 7]
    elif case == "three distinct eigenvalues":
        W = Q @ np.diag(np.resize([0.9, -0.4, 0.2], n)) @ Q.T
    elif case == "chain entered at its fifth from the end":
        W, u, v = np.eye(n, k=-1), np.eye(n)[n - 5], np.eye(n)[-1]
    elif case == "blocks":
        W[:4, :4], W[4:, 4:] = rng.normal(size=(4, 4)), orthogonal(n - 4, rng)
        u, v = np.r_[u[:4], np.zeros(n - 4)], np.r_[np.zeros(4), v[4:]]
    found = bases(W, u, v, n)
    assert tuple(basis.size for basis in found) == sizes
    assert all(basis.closed for basis in found)


@pytest.mark.parametrize("strength", [1e-3, 1e-7, 1e-11])
def test_a_weak_link_is_not_taken_for_the_end_of_the_space(strength):
    # One neuron drives the next by almost nothing, and v makes up for it: f = t e^-t.
    rnn = rb.LinearRNN([[0, 0], [strength, 0]], [1, 0], [0, 1 / strength])
    c_star = 0.3
    found = rb.population_loss(rnn, rb.exponential(c_star))
    wanted = (1 / 4 - 2 / (1 + c_star) ** 2 + 1 / (2 * c_star)) / 2
    # Closure is declared below 1e-14 of the product, here of a self-product of size 0.
    assert found == pytest.approx(wanted, rel=1e-10)
    # With a self-connection the product is of size 1/2, and the link is a part in 1/strength of it.
    rnn = rb.LinearRNN([[0.5, 0], [strength, 0.5]], [1, 0], [0, 1 / strength])
    found = rb.population_loss(rnn, rb.exponential(c_star))
    wanted = (2 - 2 / (0.5 + c_star) ** 2 + 1 / (2 * c_star)) / 2
    assert found == pytest.approx(wanted, rel=1e-15 / strength + 1e-12)  # rounding of the product


def test_blocks_of_rows_change_nothing():
    # 700 neurons are taken in eight blocks; products must be those of the whole matrix.
    n, rng = 700, np.random.default_rng(3)
    W, u, v = matrix("ginibre", n, rng), *rng.normal(size=(2, n))
    right, left = bases(W, u, v, 2)
    for basis, product in ((right, W @ u), (left, W.T @ v)):
        spanned = basis.vectors.T @ (basis.vectors @ product)
        assert relative_error(spanned, product) < 1e-13  # rounding
