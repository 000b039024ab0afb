"""Lazy learning: closed forms against quadrature, high precision and networks of finite size.

The kernels are typed here again with SciPy's Bessel functions; "Nystroem" replaces an integral
operator by a matrix, by Gauss-Legendre quadrature.
"""

import mpmath
import numpy as np
import pytest
import sympy as sp
from references import relative_error
from scipy.integrate import quad
from scipy.linalg import expm, solve_continuous_lyapunov
from scipy.special import iv

import rnnbook as rb
from rnnbook import lazy

SUBSETS = [("v",), ("u",), ("W",), ("u", "v"), ("W", "v"), ("W", "u", "v")]
by_subset = pytest.mark.parametrize("trainable", SUBSETS, ids=map("".join, SUBSETS))
TARGETS = [(0.4, 0.0), (0.15, 0.0), (1.7, 0.0), (0.3, 0.8)]


def typed_kernel(t, t2, sigma, trainable=("v",)):
    x = np.sqrt(t * t2)
    reservoir = np.exp(-t - t2) * iv(0, 2 * sigma * x)
    recurrent = np.exp(-t - t2) * x / sigma * iv(1, 2 * sigma * x)
    return len(set(trainable) & {"u", "v"}) * reservoir + ("W" in trainable) * recurrent


def nystroem(sigma, trainable=("v",), end=60.0, nodes=300):
    """Nodes, and the kernel as a symmetric matrix on functions times the root of the weights."""
    x, weights = np.polynomial.legendre.leggauss(nodes)
    t, root = end * (x + 1) / 2, np.sqrt(end * weights / 2)
    return t, root, root[:, None] * typed_kernel(t[:, None], t, sigma, trainable) * root


def target(t, c_star, omega_star=0.0):
    return np.exp(-c_star * t) * np.cos(omega_star * t)


# Kernels


@by_subset
@pytest.mark.parametrize("sigma", [0.05, 0.6, 0.95])
def test_kernels_are_the_typed_formulas(trainable, sigma):
    t = np.linspace(0, 20, 9)
    found = lazy.tangent_kernel(t[:, None], t, sigma, trainable)
    # A few dozen operations on numbers of one sign.
    np.testing.assert_allclose(found, typed_kernel(t[:, None], t, sigma, trainable), rtol=1e-12)
    np.testing.assert_array_equal(found, found.T)


def test_the_reservoir_kernel_is_the_tangent_kernel_of_a_read():
    t = np.linspace(0, 9, 5)
    found = lazy.reservoir_kernel(t[:, None], t, 0.7)
    np.testing.assert_array_equal(found, lazy.tangent_kernel(t[:, None], t, 0.7))
    np.testing.assert_array_equal(found, lazy.tangent_kernel(t[:, None], t, 0.7, "u"))
    assert lazy.reservoir_kernel(1.0, 2.0, 0.7).shape == ()


def test_kernels_do_not_overflow():
    t = np.array([0.0, 1.0, 1e3, 1e7])
    for sigma in (1e-8, 0.5, 0.999999):
        found = lazy.tangent_kernel(t[:, None], t, sigma, ("W", "u", "v"))
        assert np.isfinite(found).all()
    # At long equal times e^{-2t} I_0(2 sigma t) -> e^{-2 (1 - sigma) t} / sqrt(4 pi sigma t), to
    # relative order 1 / (16 sigma t).
    wanted = np.exp(-2e-6 * 1e6) / np.sqrt(4 * np.pi * 0.999999 * 1e6)
    assert lazy.reservoir_kernel(1e6, 1e6, 0.999999) == pytest.approx(wanted, rel=1e-6)


def test_the_kernel_of_weights_is_the_derivative_by_the_variance():
    t, sigma, step = np.linspace(0.1, 15, 7), 0.7, 1e-20
    x = 2 * np.sqrt(t[:, None] * t) * np.sqrt(sigma**2 + 1j * step)
    # A complex step differentiates without cancellation, so to rounding.
    wanted = (np.exp(-t[:, None] - t) * iv(0, x)).imag / step
    found = lazy.tangent_kernel(t[:, None], t, sigma, ("W",))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_the_kernel_is_the_overlap_of_activities_averaged_over_networks():
    n, sigma, t = 200, 0.7, np.array([0.0, 0.5, 1.5, 4.0])
    rng, overlaps = np.random.default_rng(1), []
    for _ in range(40):
        rnn = rb.ginibre(n, sigma, rng)
        h = expm(t[:, None, None] * (rnn.W - np.eye(n))) @ rnn.u
        overlaps.append(h @ h.T)
    found, error = np.mean(overlaps, axis=0), np.std(overlaps, axis=0) / np.sqrt(40)
    wanted = lazy.reservoir_kernel(t[:, None], t, sigma)
    # Statistical error, and terms of order 1/n relative to the kernel.
    assert np.all(np.abs(found - wanted) < 4 * error + wanted / n)
    assert np.all(error < 0.05)


def weight_derivative(rnn, t):
    """df(t)/dW, the integral of g(t - x) h(x)^T over x, from the block of one exponential."""
    n, A = rnn.n, rnn.W - np.eye(rnn.n)
    block = np.zeros((2 * n, 2 * n))
    block[:n, :n], block[n:, n:], block[:n, n:] = A.T, A.T, np.outer(rnn.v, rnn.u)
    return expm(t * block)[:n, n:]


def test_the_derivative_used_below_is_that_of_the_impulse_response():
    rnn = rb.ginibre(5, 0.7, np.random.default_rng(2), v_scale=1.0)
    found, step = weight_derivative(rnn, 1.3), 1e-5
    for i, j in [(0, 0), (1, 4), (3, 2)]:
        nudge = np.zeros((5, 5))
        nudge[i, j] = step
        up, down = (
            rb.LinearRNN(rnn.W + k * nudge, rnn.u, rnn.v).impulse_response([1.3])[0]
            for k in (1, -1)
        )
        assert found[i, j] == pytest.approx((up - down) / (2 * step), rel=1e-6, abs=1e-9)


def test_the_kernel_of_weights_is_that_of_networks():
    n, sigma, t = 60, 0.7, np.array([0.5, 1.5, 4.0])
    rng, kernels = np.random.default_rng(3), []
    for _ in range(40):
        rnn = rb.ginibre(n, sigma, rng, v_scale=1.0)
        slopes = np.array([weight_derivative(rnn, time).ravel() for time in t])
        kernels.append(slopes @ slopes.T)
    found, error = np.mean(kernels, axis=0), np.std(kernels, axis=0) / np.sqrt(40)
    wanted = lazy.tangent_kernel(t[:, None], t, sigma, ("W",))
    # Statistical error; terms of order 1/n, here of two kernels and the overlap of u with v.
    assert np.all(np.abs(found - wanted) < 4 * error + 3 * wanted / n)
    assert np.all(error < 0.1 * wanted.max())


# Diagonalisation


@pytest.mark.parametrize("sigma", [0.3, 0.8])
def test_eigenvalues_are_those_of_the_kernel_by_quadrature(sigma):
    count = 10 if sigma == 0.8 else 5  # at 0.3 the tenth is below the rounding error of the matrix
    found, _ = lazy.laguerre_spectrum(sigma, count)
    _, _, matrix = nystroem(sigma)
    wanted = np.linalg.eigvalsh(matrix)[::-1][:count]
    # Absolute rounding error 1e-16; the smallest of these is 2e-6.
    np.testing.assert_allclose(found, wanted, rtol=1e-8)


def test_the_sum_of_eigenvalues_is_the_trace():
    # The integral of e^{-2t} I_0(2 sigma t) is the Laplace transform 1 / sqrt(4 - 4 sigma^2).
    for sigma in (0.1, 0.6, 0.99):
        found, _ = lazy.laguerre_spectrum(sigma, 3000)
        assert found.sum() == pytest.approx(0.5 / np.sqrt(1 - sigma**2), rel=1e-12)


@pytest.mark.parametrize("sigma", [1e-8, 1e-4, 0.5, 0.999999])
def test_the_spectrum_is_right_to_the_last_digits_at_both_ends(sigma):
    found, gamma = lazy.laguerre_spectrum(sigma, 6)
    with mpmath.workdps(60):
        exact = mpmath.mpf(sigma)
        half = mpmath.sqrt(1 - exact**2)
        ratio = ((1 - half) / exact) ** 2
        wanted = [float((1 - ratio) * ratio**n / (2 * half)) for n in range(6)]
        assert gamma == pytest.approx(float(2 * half), rel=1e-14)
    np.testing.assert_allclose(found, wanted, rtol=1e-13)


def test_laguerre_functions_are_orthonormal():
    x, weights = np.polynomial.legendre.leggauss(400)
    t = 75 * (x + 1)
    phi = lazy.laguerre_functions(t, 1.3, 30)
    # The last turns at gamma t = 4 n, t = 92; beyond t = 150 it is below 1e-12. NumPy's weights of
    # 400 nodes are right to some 1e-12.
    np.testing.assert_allclose((phi * 75 * weights) @ phi.T, np.eye(30), atol=1e-11)


def test_laguerre_functions_of_high_order_and_argument():
    # x = 3000: e^{-x/2} underflows and the polynomials overflow.
    found = lazy.laguerre_functions([0.0, 30.0, 3000.0], 1.0, 1001)
    assert found.shape == (1001, 3)
    with mpmath.workdps(900):
        for place, x in ((1, 30), (2, 3000)):
            wanted = float(mpmath.exp(-mpmath.mpf(x) / 2) * mpmath.laguerre(1000, 0, x))
            # Errors of a recurrence of a thousand steps.
            assert found[1000, place] == pytest.approx(wanted, rel=1e-10)
    np.testing.assert_allclose(found[:, 0], 1.0, rtol=1e-12)
    assert lazy.laguerre_functions(1.0, 2.0, 3).shape == (3,)


@pytest.mark.parametrize(("c_star", "omega_star"), TARGETS)
def test_coefficients_are_overlaps_with_the_target(c_star, omega_star):
    sigma = 0.6
    found = lazy.laguerre_coefficients(sigma, c_star, 6, omega_star)
    for n in range(6):
        wanted, _ = quad(
            lambda t, n=n: lazy.laguerre_functions(t, 1.6, 6)[n] * target(t, c_star, omega_star),
            0,
            80,
            limit=200,
            epsabs=1e-12,
        )
        assert found[n] == pytest.approx(wanted, abs=1e-10)


def test_the_expansion_gives_the_kernels_back():
    t, sigma = np.linspace(0, 25, 8), 0.8
    nu, gamma = lazy.laguerre_spectrum(sigma, 200)
    phi = lazy.laguerre_functions(t, gamma, 200)
    # r^200 is below 1e-100, so what is left is rounding.
    np.testing.assert_allclose((phi.T * nu) @ phi, typed_kernel(t[:, None], t, sigma), atol=1e-14)
    diagonal, beside = lazy.tangent_matrix(sigma, 200)
    matrix = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
    wanted = typed_kernel(t[:, None], t, sigma, ("W",))
    np.testing.assert_allclose(phi.T @ matrix @ phi, wanted, atol=1e-13)


# Learning curves


@by_subset
@pytest.mark.parametrize(("c_star", "omega_star"), TARGETS)
def test_learning_curves_are_those_of_the_kernel_by_quadrature(trainable, c_star, omega_star):
    sigma, s = 0.6, np.array([0.0, 0.3, 3.0, 100.0, 1e4])
    t, root, matrix = nystroem(sigma, trainable, end=130.0, nodes=500)
    rates, vectors = np.linalg.eigh(matrix)
    start = vectors.T @ (root * target(t, c_star, omega_star))
    wanted = [0.5 * np.sum((np.exp(-rates * now) * start) ** 2) for now in s]
    found = lazy.learning_curve(s, sigma, c_star, omega_star, trainable)
    # Rates have absolute errors of 1e-16, times s; the target is cut off at e^{-0.15 * 130}.
    np.testing.assert_allclose(found, wanted, rtol=1e-7, atol=1e-14)


@pytest.mark.parametrize("c_star", [0.8, 0.8 + 1e-6, 0.81])
def test_a_target_near_the_first_eigenfunction_is_learned_through_many_modes(c_star):
    # With W trained the modes mix. In the functions b_m = e^{-t} t^m / m! instead, with overlaps
    # (m+k)!/(m! k!) / 2^(m+k+1), the kernel is diagonal and the target has parts (1 - c*)^m.
    sigma, s, count = mpmath.mpf("0.6"), np.array([1.0, 1e2, 1e4, 1e6]), 40
    with mpmath.workdps(50):
        weights = [2 * sigma ** (2 * m) + m * sigma ** (2 * m - 2) for m in range(count)]
        root = [mpmath.sqrt(weight) for weight in weights]
        overlaps = mpmath.matrix(
            [
                [mpmath.binomial(m + k, m) / mpmath.mpf(2) ** (m + k + 1) for k in range(count)]
                for m in range(count)
            ]
        )
        scale = mpmath.diag(root)
        rates, vectors = mpmath.eigsy(scale * overlaps * scale)
        start = mpmath.matrix([(1 - mpmath.mpf(c_star)) ** m / root[m] for m in range(count)])
        parts = vectors.T * start
        # The loss is e^T G e / 2, and e is the root of the weights times the sum over vectors.
        wanted = [
            float(sum(p**2 * r * mpmath.exp(-2 * r * x) for p, r in zip(parts, rates, strict=True)))
            / 2
            for x in s
        ]
    found = lazy.learning_curve(s, 0.6, c_star, trainable=("W", "u", "v"))
    # Eigenvalues are right to 1e-16 of the first, times s = 1e6.
    np.testing.assert_allclose(found, wanted, rtol=1e-8)


@by_subset
def test_weights_move_as_by_quadrature(trainable):
    sigma, s, c_star, omega_star = 0.6, np.array([0.0, 0.3, 3.0, 100.0]), 0.3, 0.5
    t, root, matrix = nystroem(sigma, trainable, end=100.0, nodes=400)
    rates, vectors = np.linalg.eigh(matrix)
    start = vectors.T @ (root * target(t, c_star, omega_star))
    found = lazy.weight_change(s, sigma, c_star, omega_star, trainable)
    assert set(found) == set(trainable)
    for name, change in found.items():
        _, _, part = nystroem(sigma, (name,), end=100.0, nodes=400)
        for now, value in zip(s, change, strict=True):
            time = np.array([quad(lambda x, k=k: np.exp(-k * x), 0, now)[0] for k in rates[-40:]])
            # The other modes have rates below 1e-6 and are not learned at these s.
            time = np.concatenate([np.full(rates.size - 40, now), time])
            total = vectors @ (time * start)
            wanted = np.sqrt(max(total @ part @ total, 0))
            assert value == pytest.approx(wanted, rel=1e-3, abs=1e-12)


def test_without_recurrence_one_mode_is_learned():
    # sigma -> 0: K = e^{-t} e^{-t'}, of eigenvalue 1/2; half of 2 / (1 + c*)^2 is learned.
    s, c_star = np.array([0.0, 0.5, 2.0, 1e3]), 0.3
    wanted = 1 / (4 * c_star) - (1 - np.exp(-s)) / (1 + c_star) ** 2
    # The next eigenvalue is sigma^2 / 8 = 1e-17.
    found = lazy.learning_curve(s, 1e-8, c_star)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    t = np.linspace(0, 5, 6)
    found = lazy.reservoir_kernel(t[:, None], t, 1e-8)
    np.testing.assert_allclose(found, np.exp(-t[:, None] - t), rtol=1e-13)
    # Theta_W -> t t' e^{-(t + t')}.
    found = lazy.tangent_kernel(t[:, None], t, 1e-8, ("W",))
    np.testing.assert_allclose(found, np.multiply.outer(t, t) * np.exp(-t[:, None] - t), rtol=1e-12)


@pytest.mark.parametrize("omega_star", [0.0, 0.7])
def test_near_the_edge_of_stability_the_sum_is_complete(omega_star):
    sigma, c_star, s = 0.999999, 0.4, [0.0, 1.0, 50.0, 1e4]
    found = lazy.learning_curve(s, sigma, c_star, omega_star)
    with mpmath.workdps(40):
        half = mpmath.sqrt(1 - mpmath.mpf(sigma) ** 2)
        z = mpmath.mpc(c_star, omega_star)
        rho, ratio = (z - half) / (z + half), (1 - half) / (1 + half)
        wanted = [mpmath.mpf(0)] * len(s)
        power, mu = 1 / (z + half), 1 / (1 + half)
        for _ in range(15000):  # |rho|^30000 is below 1e-80
            for i, now in enumerate(s):
                wanted[i] += half * mpmath.re(power) ** 2 * mpmath.exp(-2 * mu * now)
            power, mu = power * rho, mu * ratio
    # Rounding of rho^n with n up to 2e4.
    np.testing.assert_allclose(found, np.array(wanted, float), rtol=1e-9)


def test_learning_starts_from_half_the_energy_of_the_target():
    for sigma in (1e-8, 0.5, 0.999):
        for c_star, omega_star in [*TARGETS, (1e-4, 0.0), (50.0, 3.0)]:
            energy = rb.damped_cosine(c_star, omega_star).energy
            found = lazy.learning_curve([0.0], sigma, c_star, omega_star)[0]
            assert found == pytest.approx(energy / 2, rel=1e-9)


def test_readers_share_the_work():
    s = np.array([0.1, 5.0, 300.0])
    one = lazy.learning_curve(2 * s, 0.7, 0.2)
    np.testing.assert_allclose(lazy.learning_curve(s, 0.7, 0.2, 0.0, ("u", "v")), one, rtol=1e-12)
    assert lazy.learning_curve(1.0, 0.5, 0.5).shape == ()
    assert lazy.learning_curve(np.ones((2, 3)), 0.5, 0.5).shape == (2, 3)


# Networks of finite size


def test_a_network_with_a_trained_readout_by_dense_equations():
    n, s = 40, np.array([0.0, 1.0, 30.0, 1e3])
    rnn = rb.ginibre(n, 0.7, np.random.default_rng(4), v_scale=0.3)
    goal = rb.damped_cosine(0.3, 0.5)
    found = lazy.readout_curve(rnn, goal, s)
    A = np.zeros((n + 2, n + 2))
    A[:n, :n], A[n:, n:] = rnn.W - np.eye(n), goal.A
    B = np.concatenate([rnn.u, goal.B])
    P = solve_continuous_lyapunov(A, -np.outer(B, B))
    for now, loss in zip(s, found, strict=True):
        # Gradient flow on the dense parabola, through one exponential of the augmented matrix.
        flow = np.zeros((n + 1, n + 1))
        flow[:n, :n], flow[:n, n] = -P[:n, :n], P[:n, n:] @ goal.C
        v = expm(now * flow)[:n] @ np.append(rnn.v, 1.0)
        e = np.concatenate([v, -goal.C])
        # The loss is a difference of energies of order 1.
        assert loss == pytest.approx(0.5 * e @ P @ e, abs=1e-10)


def test_training_the_readout_by_gradient_flow_gives_the_same():
    rnn, goal = rb.ginibre(20, 0.6, np.random.default_rng(5)), rb.exponential(0.3)
    s = [0.0, 2.0, 5.0]
    run = rb.gradient_flow(rnn, goal, s, trainable=("v",), rtol=1e-6)
    # Gradient flow is solved to 1e-6 a step.
    np.testing.assert_allclose(lazy.readout_curve(rnn, goal, s), run.loss, atol=1e-5)


@pytest.mark.parametrize("c_star", [0.2, 0.4])
def test_learning_curves_are_the_limit_of_wide_networks(c_star):
    s, sigma = np.array([1.0, 10.0, 100.0]), 0.6
    means, errors = [], []
    for n in (100, 200):
        curves = [
            lazy.readout_curve(
                rb.ginibre(n, sigma, np.random.default_rng(seed)), rb.exponential(c_star), s
            )
            for seed in range(100)
        ]
        means.append(np.mean(curves, axis=0))
        errors.append(np.std(curves, axis=0) / 10)
    # The mean over networks differs from the limit by about b/n with an unknown b. Twice the mean
    # at 2n minus that at n is free of it; its statistical error follows from the spread.
    limit, error = 2 * means[1] - means[0], np.hypot(2 * errors[1], errors[0])
    wanted = lazy.learning_curve(s, sigma, c_star)
    assert np.all(np.abs(limit - wanted) < 3 * error)
    assert np.all(error < [0.02, 0.1, 0.2] * wanted)


def test_a_silent_network_has_no_output_but_the_same_kernel():
    rnn = rb.ginibre(300, 0.5, np.random.default_rng(6), v_scale=2.0)
    found = lazy.silence(rnn)
    t = np.linspace(0, 20, 41)
    assert np.abs(rnn.impulse_response(t)).max() > 0.05
    # What is neglected is below 1e-8 of u, and |v| = 2.
    assert np.abs(found.impulse_response(t)).max() < 1e-7
    assert np.linalg.norm(found.v) == pytest.approx(2.0, rel=1e-12)
    # Some 30 of 300 directions were removed.
    assert found.v @ rnn.v > 0.9 * 4
    np.testing.assert_array_equal(found.W, rnn.W)


# Exponent and norm


def test_the_exponent_is_one_on_the_threshold():
    assert lazy.learning_exponent(0.6, 0.4) == pytest.approx(1, abs=1e-12)
    for sigma in (0.05, 0.3, 0.6, 0.9, 0.99):
        for angle in (0.0, 0.7, 2.0, np.pi):
            w = sigma * np.exp(1j * angle)
            found = lazy.learning_exponent(sigma, 1 - w.real, w.imag)
            # The target's place is rounded to 1e-16, at c* as small as 0.01.
            assert found == pytest.approx(1, abs=1e-12)
            inside = lazy.learning_exponent(sigma, 1 - 0.98 * w.real, 0.98 * w.imag)
            outside = lazy.learning_exponent(sigma, 1 - 1.009 * w.real, 1.009 * w.imag)
            assert inside > 1 > outside


def test_the_exponent_is_two_where_the_target_is_a_single_neuron():
    for sigma in (1e-8, 1e-3, 0.5, 0.999, 0.999999):
        assert lazy.learning_exponent(sigma, 1.0) == pytest.approx(2, rel=1e-12)


def test_the_exponent_is_infinite_for_an_eigenfunction():
    # gamma / 2 is rounded, so instead of ln 0 there is the logarithm of 1e-32 or less.
    for sigma in (0.3, 0.6, 0.9):
        assert lazy.learning_exponent(sigma, lazy.laguerre_spectrum(sigma, 1)[1] / 2) > 15
    assert lazy.learning_exponent(0.5, np.sqrt(0.75)) > 15


@pytest.mark.parametrize(("sigma", "c_star"), [(0.6, 0.4), (0.6, 0.2), (0.8, 0.5), (0.5, 1.8)])
def test_the_exponent_is_the_slope_of_the_learning_curve(sigma, c_star):
    # The curve has a ripple with a factor of 1/r in s as its period, which drops out over periods.
    period = 1 / lazy.laguerre_spectrum(sigma, 2)[0][1] * lazy.laguerre_spectrum(sigma, 1)[0][0]
    s = 1e6 * np.array([1.0, period**4])
    loss = lazy.learning_curve(s, sigma, c_star)
    slope = -np.log(loss[1] / loss[0]) / np.log(s[1] / s[0])
    # Corrections fall like another power of s and are below 1e-4 here.
    assert slope == pytest.approx(lazy.learning_exponent(sigma, c_star), abs=1e-4)


@pytest.mark.parametrize(("c_star", "omega_star"), [(0.7, 0.0), (1.3, 0.0), (0.8, 0.3)])
def test_the_norm_is_where_the_readout_ends(c_star, omega_star):
    sigma = 0.6
    found = lazy.rkhs_norm_squared(sigma, c_star, omega_star)
    # In the basis e^{-t} t^m / m!, which K weights by sigma^(2m), the target has Re w^m.
    w = 1 - c_star + 1j * omega_star
    m = np.arange(2000)
    assert found == pytest.approx(np.sum(np.real((w / sigma) ** m) ** 2), rel=1e-12)
    end = lazy.weight_change(1e12, sigma, c_star, omega_star)["v"]
    beta = lazy.learning_exponent(sigma, c_star, omega_star)
    # What is still to come falls like s^(1 - beta).
    assert end**2 == pytest.approx(found, rel=100 * 1e12 ** (1 - beta) + 1e-8)


def test_outside_the_threshold_the_norm_is_infinite_and_the_readout_grows():
    assert lazy.rkhs_norm_squared(0.6, 0.39) == np.inf
    assert lazy.rkhs_norm_squared(0.6, 0.9, 0.7) == np.inf
    growth = lazy.weight_change(np.array([1e6, 1e8]), 0.6, 0.2)["v"]
    beta = lazy.learning_exponent(0.6, 0.2)
    # |v|^2 ~ s^(1 - beta), with a ripple of some per cent.
    assert np.log(growth[1] / growth[0]) / np.log(100) == pytest.approx((1 - beta) / 2, abs=0.02)


def test_formulas_are_there_as_symbols_and_as_javascript():
    values = {lazy.SIGMA: 0.6, lazy.C_STAR: 0.2, lazy.OMEGA_STAR: 0, lazy.INDEX: 3}
    found = [
        float(formula.doit().subs(values))
        for formula in (lazy.GAMMA, lazy.RATIO, lazy.EIGENVALUE, lazy.TARGET_RATIO, lazy.EXPONENT)
    ]
    # gamma/2 = 0.8: r = (0.6/1.8)^2, mu_3 = r^3 / 1.8, q = (0.6/1.0)^2.
    wanted = [1.6, 1 / 9, 1 / 9**3 / 1.8, 0.36, np.log(0.36) / np.log(1 / 9)]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    for formula in (lazy.GAMMA, lazy.RATIO, lazy.EIGENVALUE, lazy.TARGET_RATIO, lazy.EXPONENT):
        assert "Not supported" not in sp.jscode(formula)


# Bad input

WITH_SIGMA = {
    "reservoir_kernel": lambda sigma: lazy.reservoir_kernel(1.0, 1.0, sigma),
    "tangent_kernel": lambda sigma: lazy.tangent_kernel(1.0, 1.0, sigma),
    "laguerre_spectrum": lambda sigma: lazy.laguerre_spectrum(sigma, 3),
    "laguerre_coefficients": lambda sigma: lazy.laguerre_coefficients(sigma, 0.3, 3),
    "learning_curve": lambda sigma: lazy.learning_curve([1.0], sigma, 0.3),
    "weight_change": lambda sigma: lazy.weight_change([1.0], sigma, 0.3),
    "tangent_matrix": lambda sigma: lazy.tangent_matrix(sigma, 3),
    "learning_exponent": lambda sigma: lazy.learning_exponent(sigma, 0.3),
    "rkhs_norm_squared": lambda sigma: lazy.rkhs_norm_squared(sigma, 0.3),
}
WITH_TARGET = {
    "laguerre_coefficients": lambda c, w: lazy.laguerre_coefficients(0.5, c, 3, w),
    "learning_curve": lambda c, w: lazy.learning_curve([1.0], 0.5, c, w),
    "weight_change": lambda c, w: lazy.weight_change([1.0], 0.5, c, w),
    "learning_exponent": lambda c, w: lazy.learning_exponent(0.5, c, w),
    "rkhs_norm_squared": lambda c, w: lazy.rkhs_norm_squared(0.5, c, w),
}


@pytest.mark.parametrize("call", WITH_SIGMA.values(), ids=WITH_SIGMA)
@pytest.mark.parametrize("sigma", [0.0, 1.0, -0.3, 1.7, np.nan, np.inf, "large", [0.5]])
def test_sigma_must_lie_between_zero_and_one(call, sigma):
    with pytest.raises(ValueError, match="sigma"):
        call(sigma)


@pytest.mark.parametrize("call", WITH_TARGET.values(), ids=WITH_TARGET)
def test_the_target_must_be_stable(call):
    for c_star in (0.0, -0.1, np.nan, None):
        with pytest.raises(ValueError, match="c_star"):
            call(c_star, 0.0)
    with pytest.raises(ValueError, match="omega_star"):
        call(0.3, np.inf)


@pytest.mark.parametrize("times", [-1.0, [1.0, -2.0], [np.nan], [[1.0], [np.inf]]])
def test_times_must_not_be_negative(times):
    for call in (
        lambda s: lazy.learning_curve(s, 0.5, 0.3),
        lambda s: lazy.weight_change(s, 0.5, 0.3),
        lambda s: lazy.readout_curve(rb.ginibre(5, 0.5, np.random.default_rng(0)), GOAL, s),
    ):
        with pytest.raises(ValueError, match=r"^s must"):
            call(times)
    with pytest.raises(ValueError, match=r"^t must"):
        lazy.reservoir_kernel(times, 1.0, 0.5)
    with pytest.raises(ValueError, match=r"^t2 must"):
        lazy.tangent_kernel(1.0, times, 0.5)
    with pytest.raises(ValueError, match=r"^t must"):
        lazy.laguerre_functions(times, 1.0, 2)


GOAL = rb.exponential(0.3)


def test_other_bad_arguments_are_named():
    with pytest.raises(ValueError, match="gamma"):
        lazy.laguerre_functions(1.0, 0.0, 2)
    for call in (
        lambda count: lazy.laguerre_functions(1.0, 1.0, count),
        lambda count: lazy.laguerre_spectrum(0.5, count),
        lambda count: lazy.laguerre_coefficients(0.5, 0.3, count),
        lambda count: lazy.tangent_matrix(0.5, count),
    ):
        for count in (0, 1.5):
            with pytest.raises(ValueError, match="count"):
                call(count)
    for call in (
        lambda names: lazy.tangent_kernel(1.0, 1.0, 0.5, names),
        lambda names: lazy.learning_curve([1.0], 0.5, 0.3, 0.0, names),
        lambda names: lazy.weight_change([1.0], 0.5, 0.3, 0.0, names),
    ):
        for names in ((), ("w",)):
            with pytest.raises(ValueError, match="trainable"):
                call(names)


def test_too_many_modes_are_refused():
    with pytest.raises(ValueError, match="close to 1"):
        lazy.learning_curve([1.0], 1 - 1e-14, 0.3)
    with pytest.raises(ValueError, match="close to 1"):
        lazy.learning_curve([1.0], 0.999999, 10.0, trainable=("W", "v"))


def test_networks_that_cannot_be_silenced_are_refused():
    rng = np.random.default_rng(7)
    with pytest.raises(TypeError, match="LinearRNN"):
        lazy.silence(GOAL)
    with pytest.raises(ValueError, match="v = 0"):
        lazy.silence(rb.ginibre(50, 0.5, rng))
    with pytest.raises(ValueError, match="larger network"):
        lazy.silence(rb.ginibre(20, 0.9, rng, v_scale=1.0))
    for tolerance in (0.0, 1.0):
        with pytest.raises(ValueError, match="tolerance"):
            lazy.silence(rb.ginibre(200, 0.5, rng, v_scale=1.0), tolerance)


def test_the_readout_of_odd_networks():
    goal, rng = GOAL, np.random.default_rng(8)
    unstable = rb.LinearRNN(1.5 * np.eye(2), [1.0, 0.0], [1.0, 0.0])
    with pytest.raises(rb.UnstableNetworkError):
        lazy.readout_curve(unstable, goal, [1.0])
    with pytest.raises(TypeError, match="LinearRNN"):
        lazy.readout_curve(goal, goal, [1.0])
    # Without input there is nothing to learn; without recurrence one mode is.
    deaf = rb.LinearRNN(rb.ginibre(4, 0.5, rng).W, np.zeros(4), np.ones(4))
    np.testing.assert_allclose(lazy.readout_curve(deaf, goal, [0.0, 9.0]), goal.energy / 2)
    bare = rb.LinearRNN(np.zeros((3, 3)), [1.0, 0.0, 0.0], np.zeros(3))
    found = lazy.readout_curve(bare, goal, [2.0])
    wanted = lazy.learning_curve([2.0], 1e-8, 0.3)
    assert relative_error(found, wanted) < 1e-12


@pytest.mark.thorough
def test_recurrent_weights_alone_learn_like_one_over_the_logarithm_of_time():
    count, rate = 50, mpmath.mpf("0.6")
    with mpmath.workdps(100):
        half = mpmath.sqrt(1 - mpmath.mpf(1) / 4)
        ratio = (1 - half) / (1 + half)
        nu = [ratio**n / (1 + half) for n in range(count)]
        matrix = mpmath.zeros(count)
        for n in range(count):
            matrix[n, n] = nu[n] * (4 * n / half + 1 / (2 * half * (1 + half)))
            if n:
                matrix[n, n - 1] = matrix[n - 1, n] = -n * (nu[n - 1] - nu[n]) / (4 * half**2)
        rates, vectors = mpmath.eigsy(matrix)
        factor = (rate - half) / (rate + half)
        goal = mpmath.matrix(
            [mpmath.sqrt(2 * half) * factor**n / (rate + half) for n in range(count)]
        )
        parts = vectors.T * goal
        rest = 1 / (4 * rate) - sum(x**2 for x in goal) / 2
        losses = {
            power: rest
            + sum(mpmath.exp(-2 * rates[i] * 10**power) * parts[i] ** 2 for i in range(count)) / 2
            for power in (8, 48)
        }
        found = [float(losses[power] * power * mpmath.log(10)) for power in (8, 48)]
        limit = float(-mpmath.log(ratio) / (4 * half))
    by_package = lazy.learning_curve(1e8, 0.5, 0.6, trainable=("W",)) * 8 * np.log(10)
    assert found[0] == pytest.approx(by_package, rel=1e-6)
    assert found[1] == pytest.approx(0.717, abs=5e-4)  # the chapter says so
    assert found[0] < found[1] < limit
