"""Networks: responses and simulation against matrix exponentials; random and unstable networks."""

import mpmath
import numpy as np
import pytest
from references import orthogonal
from scipy.linalg import expm, expm_cond

import rnnbook as rb

UNEVEN = np.array([0.0, 1e-6, 0.2, 0.2, 1.0, 3.5, 10.0])


def network(kind, seed=0):
    rng = np.random.default_rng(seed)
    n = 12
    W = {
        "random": 0.5 * rng.normal(size=(n, n)) / np.sqrt(n),
        "symmetric": (lambda S: 0.3 * (S + S.T) / np.sqrt(n))(rng.normal(size=(n, n))),
        "skew": (lambda S: 3 * (S - S.T) / np.sqrt(n))(rng.normal(size=(n, n))),
        "defective": 0.5 * np.eye(n) + np.eye(n, k=-1),
        "nilpotent": np.triu(3 * rng.normal(size=(n, n)), 1),
        "strongly inhibited": -20 * np.eye(n) + rng.normal(size=(n, n)),
        "unstable": 1.1 * np.eye(n),
        "zero": np.zeros((n, n)),
    }[kind]
    Q = orthogonal(n, rng)
    return rb.LinearRNN(Q @ W @ Q.T, *rng.normal(size=(2, n)))


KINDS = [
    "random",
    "symmetric",
    "skew",
    "defective",
    "nilpotent",
    "strongly inhibited",
    "unstable",
    "zero",
]


@pytest.mark.parametrize("kind", KINDS)
def test_impulse_response_is_the_matrix_exponential(kind):
    rnn = network(kind)
    A = rnn.W - np.eye(rnn.n)
    found = rnn.impulse_response(UNEVEN)
    for t, f in zip(UNEVEN, found, strict=True):
        E = expm(A * t)
        # No method can do better than rounding W would allow: the condition number of the
        # exponential says how far that goes (1e5 for the rotated nilpotent network).
        condition = max(1.0, expm_cond(A * t)) if t > 0 else 1.0
        scale = np.linalg.norm(E) * np.linalg.norm(rnn.u) * np.linalg.norm(rnn.v)
        assert abs(f - rnn.v @ E @ rnn.u) <= 20 * np.finfo(float).eps * condition * scale


def test_impulse_response_keeps_its_digits_on_a_defective_network():
    # One Jordan block, excited at its head and read at its foot: f = t^7 / 7! e^(-t / 2), exactly.
    n, t = 8, np.linspace(0, 60, 31)
    head, foot = np.eye(n)[0], np.eye(n)[-1]
    rnn = rb.LinearRNN(0.5 * np.eye(n) + np.eye(n, k=-1), head, foot)
    wanted = [float(mpmath.mpf(x) ** 7 / mpmath.factorial(7) * mpmath.exp(-x / 2)) for x in t]
    np.testing.assert_allclose(rnn.impulse_response(t), wanted, rtol=1e-12)  # 31 steps of rounding


def test_impulse_response_does_not_depend_on_what_other_times_are_asked_for():
    rnn = network("random", 1)
    at_once = rnn.impulse_response(np.linspace(0, 5, 51))
    # Fifty steps instead of one; each costs a few units of rounding.
    np.testing.assert_allclose(rnn.impulse_response([5])[0], at_once[-1], rtol=1e-12)


@pytest.mark.parametrize("kind", ["random", "skew", "defective", "nilpotent"])
@pytest.mark.parametrize("dt", [0.05, 1.0])
def test_simulate_is_the_convolution_with_the_impulse_response(kind, dt):
    rnn, steps = network(kind, 2), 8
    x = np.random.default_rng(5).normal(size=(3, steps))
    # The integral of f over each step; ten Gauss-Legendre nodes a twentieth of a step: rounding.
    nodes, weights = np.polynomial.legendre.leggauss(10)
    panels = np.arange(20 * steps) * dt / 20
    times = (panels[:, None] + (nodes + 1) * dt / 40).ravel()
    A = rnn.W - np.eye(rnn.n)
    f = np.array([rnn.v @ expm(A * t) @ rnn.u for t in times])
    kernel = (f.reshape(steps, -1, 10) @ weights * dt / 40).sum(axis=1)
    wanted = np.array([np.convolve(trial, kernel)[:steps] for trial in x])
    scale = np.abs(kernel).max() * np.abs(x).sum(axis=1).max()
    np.testing.assert_allclose(rnn.simulate(x, dt), wanted, rtol=0, atol=1e-12 * scale)


def test_simulated_states_are_what_the_readout_reads():
    rnn, x = network("random"), np.random.default_rng(6).normal(size=(2, 5))
    y, h = rnn.simulate(x, 0.3, return_states=True)
    assert h.shape == (2, 5, rnn.n)
    np.testing.assert_array_equal(y, rnn.simulate(x, 0.3))
    np.testing.assert_allclose(h @ rnn.v, y, rtol=1e-14, atol=1e-14)
    # The equation itself, by finite differences: under a held input dh/dt = A h + u x.
    _, fine = rnn.simulate(np.repeat(x[0], 1000), 3e-4, return_states=True)
    np.testing.assert_allclose(fine[999], h[0, 0], rtol=1e-10, atol=1e-12)
    slope = (fine[501] - fine[499]) / 6e-4  # central difference: error about dt^2 / 6 = 2e-8
    np.testing.assert_allclose(
        slope, (rnn.W - np.eye(rnn.n)) @ fine[500] + rnn.u * x[0, 0], atol=1e-6
    )


def test_simulation_of_one_trial_returns_one_trial():
    rnn, x = network("random"), np.random.default_rng(7).normal(size=6)
    y, h = rnn.simulate(x, 0.3, return_states=True)
    assert y.shape == (6,)
    assert h.shape == (6, rnn.n)


def test_eigenvalues_come_rightmost_first_and_the_upper_one_of_a_pair_first():
    W = np.zeros((5, 5))
    W[:2, :2] = [[0.6, -2.0], [2.0, 0.6]]
    W[2, 2], W[3, 3], W[4, 4] = -0.3, 0.9, 0.1
    rnn = rb.LinearRNN(W, np.ones(5), np.ones(5))
    wanted = [0.9, 0.6 + 2j, 0.6 - 2j, 0.1, -0.3]
    np.testing.assert_allclose(rnn.eigenvalues(), wanted, rtol=1e-14, atol=1e-15)
    assert rnn.outlier == pytest.approx(0.9, rel=1e-14)
    assert rnn.spectral_abscissa == pytest.approx(0.9, rel=1e-14)


@pytest.mark.parametrize("omega", [1e-3, 1.0, -4.0])
def test_the_outlier_of_a_pair_has_positive_imaginary_part(omega):
    rnn = rb.LinearRNN([[0.2, -omega], [omega, 0.2]], [1, 0], [1, 0])
    assert type(rnn.outlier) is complex
    assert rnn.outlier == pytest.approx(0.2 + 1j * abs(omega), rel=1e-13)


def test_pairs_of_equal_real_part_are_ordered_from_above():
    frequencies = np.random.default_rng(0).permutation(np.arange(1.0, 31.0))
    W = np.kron(np.diag(frequencies), [[0, -1], [1, 0]]) + 0.25 * np.eye(60)
    found = rb.LinearRNN(W, np.ones(60), np.ones(60)).eigenvalues()
    # A 2 x 2 block has its eigenvalues exactly, so real parts tie and imaginary parts decide.
    np.testing.assert_allclose(found.real, 0.25, rtol=1e-15)
    np.testing.assert_allclose(found.imag, [*range(30, 0, -1), *range(-1, -31, -1)], rtol=1e-14)


@pytest.mark.parametrize("abscissa", [1.0, 1.2])
def test_an_unstable_network_may_exist_but_does_not_pass_for_stable(abscissa):
    rnn = rb.LinearRNN([[abscissa]], [1], [1])
    t = np.array([0.0, 2.0])
    np.testing.assert_allclose(rnn.impulse_response(t), np.exp((abscissa - 1) * t), rtol=1e-14)
    with pytest.raises(rb.UnstableNetworkError, match=f"abscissa is {abscissa:g}"):
        rnn.check_stable()
    assert issubclass(rb.UnstableNetworkError, ValueError)


def test_a_stable_network_passes_for_stable():
    assert rb.LinearRNN([[0.999]], [1], [1]).check_stable() is None


def test_a_network_cannot_be_changed():
    W = np.zeros((2, 2))
    rnn = rb.LinearRNN(W, [1, 0], [0, 1])
    W[0, 0] = 0.5
    assert rnn.W[0, 0] == 0
    for array in (rnn.W, rnn.u, rnn.v, rnn.eigenvalues()):
        assert array.dtype in (float, complex)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2
    with pytest.raises(AttributeError):
        rnn.W = W


@pytest.mark.parametrize(
    ("W", "u", "v", "message"),
    [
        ([[0, 0]], [1], [1], "W must have shape"),
        ([[0]], [1, 1], [1, 1], "W must have shape"),
        ([[0]], [[[1]]], [1], "u must have shape"),
        ([[0]], [1], [1, 1], "v must have shape"),
        ([[0]], [1], [[[1]]], "v must have shape"),
        (0, [1], [1], "W must have shape"),
        (np.zeros((0, 0)), [], [], "u is empty"),
        ([[np.nan]], [1], [1], "W must be finite"),
        ([[0]], [np.inf], [1], "u must be finite"),
        ([[0]], [1], [np.nan], "v must be finite"),
        ([[1j]], [1], [1], "W must be an array of real numbers"),
        ([["a"]], [1], [1], "W must be an array of real numbers"),
        (None, [1], [1], "W must be an array of real numbers"),
    ],
)
def test_a_bad_network_is_refused_by_name(W, u, v, message):
    with pytest.raises(ValueError, match=message):
        rb.LinearRNN(W, u, v)


@pytest.mark.parametrize("seed", [0, 1])
def test_ginibre_weights_have_the_promised_moments(seed):
    n, sigma = 400, 0.7
    rnn = rb.ginibre(n, sigma, np.random.default_rng(seed), v_scale=0.3)
    scaled = rnn.W * np.sqrt(n) / sigma  # should be standard normal, n^2 of them
    # Five standard errors each: 1/n of the mean, sqrt(2)/n of the variance, sqrt(96)/n of the
    # fourth moment (3 for a Gaussian).
    assert scaled.mean() == pytest.approx(0, abs=5 / n)
    assert scaled.var() == pytest.approx(1, abs=5 * np.sqrt(2) / n)
    assert (scaled**4).mean() == pytest.approx(3, abs=5 * np.sqrt(96) / n)
    # Independence across the diagonal, unlike a symmetric matrix.
    assert (scaled * scaled.T).mean() == pytest.approx(1 / n, abs=10 / n)
    assert np.linalg.norm(rnn.u) == pytest.approx(1, rel=1e-14)
    assert np.linalg.norm(rnn.v) == pytest.approx(0.3, rel=1e-14)
    # Independent directions: the cosine has standard deviation n^-1/2.
    assert abs(rnn.u @ rnn.v) / 0.3 < 5 / np.sqrt(n)
    assert abs(rnn.u.sum()) < 5  # u has no preferred direction: its sum is a standard normal


def test_ginibre_eigenvalues_fill_the_disc_of_radius_sigma():
    sigma, n = 0.6, 400
    eigenvalues = rb.ginibre(n, sigma, np.random.default_rng(4)).eigenvalues()
    # The largest modulus exceeds sigma by about sqrt(log n / n) = 12 % at most.
    assert np.abs(eigenvalues).max() == pytest.approx(sigma, rel=0.12)
    # Uniform on the disc: half within sigma / sqrt(2), half to the right, half above. The spectrum
    # is rigid, so counts deviate by less than the 5 % that independent points would (2 sd).
    assert np.mean(np.abs(eigenvalues) < sigma / np.sqrt(2)) == pytest.approx(0.5, abs=0.05)
    assert np.mean(eigenvalues.real > 0) == pytest.approx(0.5, abs=0.05)
    assert abs(eigenvalues.mean()) < 5 * sigma / n  # trace / n


def test_ginibre_is_a_function_of_its_generator():
    first, again = (rb.ginibre(5, 0.5, np.random.default_rng(8), 1.0) for _ in range(2))
    rng = np.random.default_rng(8)
    rb.ginibre(5, 0.5, rng, 1.0)
    other = rb.ginibre(5, 0.5, rng, 1.0)
    for name in ("W", "u", "v"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
        assert not np.allclose(getattr(first, name), getattr(other, name))


def test_ginibre_reads_out_nothing_by_default_and_may_have_no_recurrence():
    rnn = rb.ginibre(3, 0, np.random.default_rng(0))
    assert not rnn.v.any()
    assert not rnn.W.any()


@pytest.mark.parametrize(
    ("n", "sigma", "v_scale", "message"),
    [
        (0, 0.5, 0, "n must be at least 1"),
        (2.5, 0.5, 0, "n must be a whole number"),
        ("2", 0.5, 0, "n must be one finite"),
        (2, -0.5, 0, "sigma must be at least 0"),
        (2, np.nan, 0, "sigma must be one finite"),
        (2, 0.5, -1, "v_scale must be at least 0"),
        (2, 0.5, np.inf, "v_scale must be one finite"),
    ],
)
def test_a_bad_ginibre_network_is_refused_by_name(n, sigma, v_scale, message):
    with pytest.raises(ValueError, match=message):
        rb.ginibre(n, sigma, np.random.default_rng(0), v_scale)


@pytest.mark.parametrize("t", [[], [-1.0], [2.0, 1.0], [np.nan], 1.0])
def test_bad_times_are_refused(t):
    with pytest.raises(ValueError, match=r"^t "):
        network("random").impulse_response(t)


@pytest.mark.parametrize(("x", "dt"), [([1.0], 0), ([np.nan], 0.1), (1.0, 0.1), ([[[1.0]]], 0.1)])
def test_a_bad_simulation_is_refused(x, dt):
    with pytest.raises(ValueError, match=r"^(x|dt) must"):
        network("random").simulate(x, dt)


@pytest.mark.parametrize("kind", ["random", "defective"])
@pytest.mark.parametrize("times", [np.linspace(0, 40, 201), np.linspace(3, 9, 61), np.arange(30.0)])
def test_an_even_grid_gives_what_single_times_give(kind, times):
    if kind == "defective":
        W = 0.5 * np.eye(6) + np.diag(np.ones(5), 1)
        rnn = rb.LinearRNN(W, np.eye(6)[-1], np.ones(6))
    else:
        rnn = rb.ginibre(40, 0.7, np.random.default_rng(5), v_scale=1.0)
    found = rnn.impulse_response(times)
    alone = [rnn.v @ expm((rnn.W - np.eye(rnn.n)) * time) @ rnn.u for time in times]
    np.testing.assert_allclose(found, alone, rtol=1e-9, atol=1e-14)


def test_a_grid_with_some_even_steps_keeps_the_others():
    rnn = rb.ginibre(30, 0.5, np.random.default_rng(6), v_scale=1.0)
    times = np.r_[0, 0.3, np.linspace(1, 9, 81), 9, 12.5]
    alone = [rnn.v @ expm((rnn.W - np.eye(rnn.n)) * time) @ rnn.u for time in times]
    np.testing.assert_allclose(rnn.impulse_response(times), alone, rtol=1e-9, atol=1e-14)
