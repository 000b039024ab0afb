"""The infinite-width network: moments against counting and random matrices; learning against both.

The reference for moments is a count of pairings, which knows nothing of trees: the limit of the
mean of u^T M u, with M a product of factors W and W^T, is sigma^length times the number of
non-crossing pairings of the factors in which each W is paired with a W^T.
"""

from itertools import product

import numpy as np
import pytest
from references import relative_error

import rnnbook as rb
from rnnbook.krylov import ArnoldiBasis


def pairings(places):
    """All ways to pair up a tuple of places, each a list of pairs (i, j) with i < j."""
    if not places:
        yield []
        return
    first, *rest = places
    for k, partner in enumerate(rest):
        for others in pairings((*rest[:k], *rest[k + 1 :])):
            yield [(first, partner), *others]


def crosses(pairing):
    return any(i < k < j < m for i, j in pairing for k, m in pairing)


def count(word):
    """Non-crossing pairings of each 0 (for W) with a 1 (for W^T)."""
    if len(word) % 2:
        return 0
    return sum(
        not crosses(pairing) and all(word[i] != word[j] for i, j in pairing)
        for pairing in pairings(tuple(range(len(word))))
    )


def moment(rnn, word, left=None, right=None):
    """left^T M right, with M the product that `word` spells; by default both are u."""
    left, state = (rnn.u if x is None else x for x in (left, right))
    for letter in reversed(word):
        state = (rnn.W.T if letter else rnn.W) @ state
    return left @ state


def words(length):
    return list(product((0, 1), repeat=length))


def test_the_count_is_right_where_it_can_be_done_by_hand():
    assert count((0, 1)) == count((1, 0)) == 1
    assert count((0, 0)) == count((0, 0, 1)) == 0
    assert count((0, 1, 0, 1)) == 2  # two neighbours, or one pair around the other
    assert count((0, 0, 1, 1)) == 1
    # (W W^T)^k has the Catalan numbers, the moments of the Marchenko-Pastur law.
    assert [count((0, 1) * k) for k in range(5)] == [1, 1, 2, 5, 14]


@pytest.mark.parametrize("depth", [0, 1, 2, 3, 4])
def test_moments_are_counts_of_pairings_up_to_twice_the_depth(depth):
    sigma = 0.7
    rnn = rb.fock(depth, sigma)
    for length in range(2 * depth + 2):
        for word in words(length):
            # Products of small powers of sigma: exact but for rounding.
            assert moment(rnn, word) == pytest.approx(sigma**length * count(word), abs=1e-14)


def test_beyond_twice_the_depth_moments_are_lost():
    # W^T W^T W^T W W W u climbs three levels and comes back.
    assert moment(rb.fock(2, 1.0), (1, 1, 1, 0, 0, 0)) == 0
    assert count((1, 1, 1, 0, 0, 0)) == 1


def test_moments_are_the_limit_of_those_of_random_networks():
    n, samples = 100, 300
    limit = rb.fock(3, 1.0)
    rng = np.random.default_rng(0)
    networks = [rb.ginibre(n, 1.0, rng) for _ in range(samples)]
    for length in range(1, 7):
        for word in words(length):
            found = np.array([moment(rnn, word) for rnn in networks])
            # Wick: the mean over matrices is a sum over all pairings, of which those that cross or
            # pair W with W have at most a weight of 1/n. And 5 standard errors for 126 words.
            pairs = np.prod(np.arange(length - 1, 0, -2))
            allowed = pairs / n + 5 * found.std(ddof=1) / np.sqrt(samples)
            assert abs(found.mean() - moment(limit, word)) < allowed, word


def test_a_second_root_is_a_second_direction_independent_of_the_first():
    sigma, scale = 0.7, 1.5
    one, two = rb.fock(3, sigma), rb.fock(3, sigma, v_scale=scale)
    assert two.n == 2 * one.n
    for length in range(7):
        for word in words(length):
            same = moment(one, word)
            assert moment(two, word) == same
            assert moment(two, word, two.v, two.v) == pytest.approx(scale**2 * same, abs=1e-14)
            assert moment(two, word, two.u, two.v) == 0


def test_the_tree_is_that_of_the_docstring():
    W = rb.fock(2, 0.5).W
    links = {(0, 1), (1, 3), (2, 5), (2, 0), (4, 1), (6, 2)}  # from, to: 0 -> 1 -> 3, 2 -> 0, ...
    assert {(j, i) for i, j in zip(*np.nonzero(W), strict=True)} == links
    assert set(W[W != 0]) == {0.5}
    # Second children send to their parent, first children receive from it.
    assert all(i == 2 * j + 1 if i > j else j == 2 * i + 2 for j, i in links)


@pytest.mark.parametrize("v_scale", [0.0, 1.0])
@pytest.mark.parametrize("feedback", [0.0, 0.6])
def test_the_gradient_is_exact_though_krylov_spaces_close_early(v_scale, feedback):
    start = rb.fock(4, 0.6, v_scale)
    rnn = rb.LinearRNN(start.W + feedback * np.outer(start.u, start.u), start.u, start.v)
    basis = ArnoldiBasis(start.u)
    while not basis.closed:
        basis.extend(start.W @ basis.direction)
    assert basis.size == 5  # depth + 1, of 31 or 62 neurons
    target = rb.exponential(0.2)
    loss, found = rb.loss_and_gradient(rnn, target)
    exact_loss, exact = rb.dense_loss_and_gradient(rnn, target)
    # Both are right to about 1e-10: the one by its rtol, the other by its condition.
    assert loss == pytest.approx(exact_loss, rel=1e-9)
    for name in ("W", "u", "v"):
        assert relative_error(getattr(found, name), getattr(exact, name)) < 1e-8


def learn(start, c_star, s, rtol=1e-5):
    return rb.gradient_flow(start, rb.exponential(c_star), s, rtol=rtol)


def test_learning_converges_in_depth():
    s = np.linspace(0, 1, 11)
    runs = {d: learn(rb.fock(d, 0.3), 0.1, s).loss for d in (5, 7)}
    assert np.abs(runs[5] - runs[7]).max() < 1e-3
    # With a bulk twice as large it takes more levels, but each pair of them helps by a factor.
    s = np.linspace(0, 0.6, 7)
    runs = {d: learn(rb.fock(d, 0.6), 0.2, s).loss for d in (2, 4, 6)}
    errors = [np.abs(runs[d] - runs[d + 2]).max() for d in (2, 4)]
    assert errors[1] < 0.03
    assert errors[0] > 3 * errors[1]


@pytest.mark.parametrize("sigma", [0.0, 1e-3])
def test_without_a_bulk_it_is_the_two_dimensional_flow(sigma):
    s = np.linspace(0, 2, 11)
    found = learn(rb.fock(2, sigma), 0.2, s, rtol=1e-7)
    reduced = rb.integrator.solve(s, c_star=0.2)
    # The bulk changes L at order sigma^2, and the integrator is right to about 1e-6.
    np.testing.assert_allclose(found.loss, reduced.loss, atol=2e-5)


@pytest.mark.parametrize("v_scale", [0.0, 1.0])
def test_seed_means_agree_and_fluctuations_fall_with_width(v_scale):
    s = np.array([0.3, 0.6])
    limit = learn(rb.fock(4, 0.3, v_scale), 0.2, s).loss
    spread = {}
    seeds = 20
    for n in (30, 120):
        rng = np.random.default_rng(n)
        starts = [rb.ginibre(n, 0.3, rng, v_scale) for _ in range(seeds)]
        losses = np.array([learn(start, 0.2, s, rtol=1e-3).loss for start in starts])
        spread[n] = losses.std(axis=0, ddof=1)
        error = np.abs(losses.mean(axis=0) - limit)
        # Four standard errors. The bias of the mean, of order 1/n, hides below them.
        assert np.all(error < 4 * spread[n] / np.sqrt(seeds)), n
    # A standard deviation from 20 samples is right to 16 %, a ratio of two to 23 %.
    np.testing.assert_allclose(spread[30] / spread[120], 2, rtol=0.6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 0.3), "depth must be at least 0"),
        ((2.5, 0.3), "depth must be a whole number"),
        ((13, 0.3), "depth must be at most 12; got 13, which makes 16383 neurons"),
        (("deep", 0.3), "depth must be one finite real number"),
        ((3, -0.1), "sigma must be at least 0"),
        ((3, np.nan), "sigma must be one finite real number"),
        ((3, 0.3, -1), "v_scale must be at least 0"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        rb.fock(*arguments)
