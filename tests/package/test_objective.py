"""The exact loss and gradient against frequency-domain integrals, Gramians and python-control.

Accuracy is measured as the norm of the error over the norm of the part (loss, dL/dW, dL/du, dL/dv).
"""

from fractions import Fraction
from math import comb

import control
import numpy as np
import pytest
from references import frequency_domain, orthogonal, random_filter, relative_error
from scipy.linalg import block_diag, expm

import rnnbook as rb
from rnnbook import krylov, objective
from rnnbook.networks import unchecked

TARGETS = {
    "exponential": rb.exponential(0.1),
    "damped cosine": rb.damped_cosine(0.2, 1.0),
    "damped sine": rb.damped_sine(0.3, 2.0),
    "mixture": rb.mixture([1.0, -0.7, 0.5], [0.05, 0.4, 2.0]),
    "order 4": rb.Filter(*random_filter(3)),
}
by_target = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
some_targets = pytest.mark.parametrize(
    "target", [TARGETS["exponential"], TARGETS["order 4"]], ids=["exponential", "order 4"]
)


def network(kind, n, seed=0):
    """A network whose W has the given structure; u and v are in general position."""
    rng = np.random.default_rng(seed)
    G, Q = rng.normal(size=(n, n)) / np.sqrt(n), orthogonal(n, rng)
    u, v = rng.normal(size=(2, n)) / np.sqrt(n)
    if kind == "ginibre":
        W = 0.6 * G
    elif kind == "ginibre with an outlier":
        W = 0.4 * G + 0.7 * np.outer(u, u) / (u @ u)
    elif kind == "symmetric":
        W = 0.3 * (G + G.T)
    elif kind == "skew":
        W = 2.0 * (G - G.T)
    elif kind == "orthogonal":
        W = 0.9 * Q
    elif kind == "strongly inhibited":
        W = G - np.diag(rng.uniform(0, 30, n))
    elif kind == "rotated triangular":  # eigenvalues in (-0.5, 0.5), strong feedforward links
        W = Q @ (np.diag(rng.uniform(-0.5, 0.5, n)) + np.triu(3 * G, 1)) @ Q.T
    elif kind == "rotated chains":  # defective: Jordan blocks of up to twelve neurons
        links = 1.2 * np.eye(n, k=-1)
        links[::12] = 0
        W = Q @ (0.3 * np.eye(n) + links) @ Q.T
    return rb.LinearRNN(W, u, v)


NORMAL = ["symmetric", "skew", "orthogonal"]
GENERAL = ["ginibre", "ginibre with an outlier", "strongly inhibited"]
FAR_FROM_NORMAL = ["rotated triangular", "rotated chains"]


def errors(found, wanted):
    """Relative errors of loss, dL/dW, dL/du and dL/dv."""
    parts = []
    for loss, gradient in (found, wanted):
        parts.append([np.array(loss), gradient.W, gradient.u, gradient.v])
    return np.array([relative_error(a, b) for a, b in zip(*parts, strict=True)])


def reference(rnn, target):
    loss, *parts = frequency_domain(rnn.W, rnn.u, rnn.v, target.A, target.B, target.C)
    return loss, rb.Gradient(*parts)


@by_target
@pytest.mark.parametrize("kind", NORMAL + GENERAL + FAR_FROM_NORMAL)
def test_loss_and_gradient_are_those_of_the_frequency_domain(kind, target):
    rnn = network(kind, 30)
    found, wanted = rb.loss_and_gradient(rnn, target), reference(rnn, target)
    # rtol is 1e-10 by default; the reference is good to 1e-12 and better.
    assert errors(found, wanted).max() < 1e-10
    assert rb.population_loss(rnn, target) == pytest.approx(wanted[0], rel=1e-10)


@by_target
@pytest.mark.parametrize("kind", NORMAL + GENERAL + FAR_FROM_NORMAL)
@pytest.mark.parametrize("n", [2, 20, 100])
def test_krylov_gradient_is_the_dense_gradient(kind, n, target):
    rnn = network(kind, n, seed=n)
    found, wanted = rb.loss_and_gradient(rnn, target), rb.dense_loss_and_gradient(rnn, target)
    # rtol is 1e-10; on the far from normal networks dense rounding comes to a few 1e-12.
    assert errors(found, wanted).max() < 1e-10


@pytest.mark.parametrize("kind", [*NORMAL, *GENERAL, *FAR_FROM_NORMAL])
def test_krylov_gradient_is_the_dense_gradient_on_two_hundred_neurons(kind):
    rnn, target = network(kind, 200), TARGETS["order 4"]
    found, wanted = rb.loss_and_gradient(rnn, target), rb.dense_loss_and_gradient(rnn, target)
    assert errors(found, wanted).max() < 1e-10


@pytest.mark.parametrize("kind", FAR_FROM_NORMAL)
def test_the_far_from_normal_networks_deserve_the_name(kind):
    A = network(kind, 20, seed=20).W - np.eye(20)
    growth = max(np.linalg.norm(expm(A * t), 2) for t in np.linspace(0, 20, 41))
    assert growth > 10  # a normal stable network never grows above 1


@by_target
@pytest.mark.parametrize("kind", NORMAL + GENERAL + FAR_FROM_NORMAL)
def test_dense_loss_is_half_the_squared_h2_norm_in_python_control(kind, target):
    # Few neurons, or python-control doubts the Gramian: rounding makes an eigenvalue negative.
    rnn = network(kind, 2)
    error = control.ss(
        block_diag(rnn.W - np.eye(rnn.n), target.A),
        np.concatenate([rnn.u, target.B])[:, None],
        np.concatenate([rnn.v, -target.C])[None, :],
        0,
    )
    wanted = 0.5 * control.norm(error, 2) ** 2
    # Lyapunov equations of order 6 at most: rounding.
    assert rb.dense_loss_and_gradient(rnn, target)[0] == pytest.approx(wanted, rel=1e-12)
    assert rb.population_loss(rnn, target) == pytest.approx(wanted, rel=1e-12)


@some_targets
@pytest.mark.parametrize("kind", NORMAL + GENERAL + FAR_FROM_NORMAL)
@pytest.mark.parametrize("differentiate", [rb.loss_and_gradient, rb.dense_loss_and_gradient])
def test_gradient_is_the_slope_of_the_loss(kind, target, differentiate):
    rnn, n = network(kind, 6), 6
    _, gradient = differentiate(rnn, target)
    rng = np.random.default_rng(9)
    step = 1e-3
    for name in ("W", "u", "v"):
        for _ in range(3):
            direction = rng.normal(size=(n, n) if name == "W" else n)
            direction /= np.linalg.norm(direction)

            def loss(k, name=name, direction=direction):
                weights = {"W": rnn.W, "u": rnn.u, "v": rnn.v}
                weights[name] = weights[name] + k * step * direction
                return frequency_domain(*weights.values(), target.A, target.B, target.C)[0]

            # Sixth order central difference: truncation step^6, rounding 1e-15 / step, times
            # derivatives of the loss, which reach a few hundred here.
            slope = (45 * (loss(1) - loss(-1)) - 9 * (loss(2) - loss(-2)) + loss(3) - loss(-3)) / (
                60 * step
            )
            wanted = np.vdot(getattr(gradient, name), direction)
            scale = np.linalg.norm(getattr(gradient, name))
            assert slope == pytest.approx(wanted, rel=0, abs=1e-8 * max(scale, 1))


def delay_line(n, gain, c_star):
    """Loss and gradient of a chain (u at its head, v at its foot), in exact rational arithmetic.

    Neuron k responds with h_k = gain^k t^k e^-t / k!, the adjoint with the same, reversed, so every
    entry is an integral of t^m e^-(2 t) or t^m e^-(1 + c*) t.
    """
    gain, c_star = Fraction(gain), Fraction(c_star)

    def overlap(j, k):  # of h_j and h_k
        return gain ** (j + k) * Fraction(comb(j + k, j), 2 ** (j + k + 1))

    def with_target(k):  # of h_k and e^(-c* t)
        return gain**k / (1 + c_star) ** (k + 1)

    def adjoint(j, k):
        # int int h_{n-1-j}(tau) h_k(t) (f - f*)(t + tau): f splits by the binomial theorem.
        i = n - 1 - j
        of_f = sum(overlap(i, p) * overlap(k, n - 1 - p) for p in range(n))
        return of_f - with_target(i) * with_target(k)

    loss = (overlap(n - 1, n - 1) - 2 * with_target(n - 1) + 1 / (2 * c_star)) / 2
    dW = [[float(adjoint(j, k)) for k in range(n)] for j in range(n)]
    du = [float(overlap(n - 1 - j, n - 1) - with_target(n - 1 - j)) for j in range(n)]
    dv = [float(overlap(k, n - 1) - with_target(k)) for k in range(n)]
    return float(loss), rb.Gradient(np.array(dW), np.array(du), np.array(dv))


@pytest.mark.parametrize(
    ("n", "gain"), [(1, 0), (2, 1), (5, 1), (12, 1), (12, "1/4"), (12, "3/2"), (40, 1), (20, "3/2")]
)
def test_a_delay_line_is_exact(n, gain):
    wanted = delay_line(n, gain, Fraction(3, 10))
    g = float(Fraction(gain))
    rnn = rb.LinearRNN(g * np.eye(n, k=-1), np.eye(n)[0], np.eye(n)[-1])
    found = rb.loss_and_gradient(rnn, rb.exponential(0.3))
    # The most sensitive of these (gain 3/2, twenty neurons) lets activity grow 350-fold; inverting
    # its Lyapunov operator could cost half of 16 digits, yet does not cost what rtol promises.
    assert errors(found, wanted).max() < 1e-10
    dense = rb.dense_loss_and_gradient(rnn, rb.exponential(0.3))
    assert errors(dense, wanted).max() < 1e-10


HAPPY = {
    "W = 0": lambda n, W, u, v: (0 * W, u, v),
    "v = 0": lambda n, W, u, v: (W, u, 0 * v),
    "u = 0": lambda n, W, u, v: (W, 0 * u, v),
    "u = v = 0": lambda n, W, u, v: (W, 0 * u, 0 * v),
    "everything 0": lambda n, W, u, v: (0 * W, 0 * u, 0 * v),
    "u an eigenvector": lambda n, W, u, v: (0.3 * (W + W.T), np.linalg.eigh(W + W.T)[1][:, 2], v),
    "v an eigenvector": lambda n, W, u, v: (0.3 * (W + W.T), u, np.linalg.eigh(W + W.T)[1][:, 0]),
    "u parallel to v": lambda n, W, u, v: (0.4 * W, u, -2 * u),
    "rank one": lambda n, W, u, v: (0.7 * np.outer(u, u) / (u @ u), u, v),
    "rank one of general position": lambda n, W, u, v: (np.outer(u, v) / 10, v, u),
    "multiple of identity": lambda n, W, u, v: (0.5 * np.eye(n), u, v),
    "blocks": lambda n, W, u, v: (
        block_diag(0.9 * orthogonal(n // 2, np.random.default_rng(1)), 0.2 * np.eye(n - n // 2)),
        np.r_[u[: n // 2], np.zeros(n - n // 2)],
        v,
    ),
    "u and v in different blocks": lambda n, W, u, v: (
        block_diag(0.4 * W[:4, :4], 0.4 * W[4:, 4:]),
        np.r_[u[:4], np.zeros(n - 4)],
        np.r_[np.zeros(4), v[4:]],
    ),
    "cyclic shift": lambda n, W, u, v: (0.9 * np.roll(np.eye(n), 1, axis=0), np.eye(n)[0], v),
    "idempotent": lambda n, W, u, v: (0.5 * np.diag(np.arange(n) % 2), u, v),
}


@some_targets
@pytest.mark.parametrize("case", HAPPY)
@pytest.mark.parametrize("n", [10, 50])  # the full equations, and Krylov spaces
def test_spaces_that_close_early_do_no_harm(case, n, target):
    rng = np.random.default_rng(12)
    W, (u, v) = rng.normal(size=(n, n)) / np.sqrt(n), rng.normal(size=(2, n))
    rnn = rb.LinearRNN(*HAPPY[case](n, W, u, v))
    found, wanted = rb.loss_and_gradient(rnn, target), rb.dense_loss_and_gradient(rnn, target)
    # Rounding only; parts that vanish exactly (u = 0, ...) are compared with 0 in absolute terms.
    assert errors(found, wanted).max() < 1e-12
    assert found[1].W.shape == (n, n)
    assert found[1].u.shape == found[1].v.shape == (n,)


@some_targets
@pytest.mark.parametrize(("w", "u", "v"), [(0.0, 1.0, 1.0), (0.9, 2.0, -1.0), (-30.0, 1.0, 0.0)])
def test_one_neuron_has_the_loss_and_gradient_of_the_closed_form(w, u, v, target):
    loss, gradient = rb.loss_and_gradient(rb.LinearRNN([[w]], [u], [v]), target)
    c, step = 1 - w, 1e-4

    def transfer(z):
        return target.transfer(z).real

    slope = (transfer(c + step) - transfer(c - step)) / (2 * step)
    assert loss == pytest.approx((u * v) ** 2 / (4 * c) - u * v * transfer(c) + target.energy / 2)
    # By the chain rule; the numerical derivative of the transfer function is good to 1e-8.
    by_product = u * v / (2 * c) - transfer(c)
    assert gradient.u[0] == pytest.approx(v * by_product, rel=1e-12)
    assert gradient.v[0] == pytest.approx(u * by_product, rel=1e-12)
    by_c = -((u * v) ** 2) / (4 * c**2) - u * v * slope
    assert gradient.W[0, 0] == pytest.approx(-by_c, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("c_star", [0.5, 0.1, 0.01])
@pytest.mark.parametrize("n", [1, 3, 50])
def test_at_the_optimum_the_loss_is_zero_and_the_gradient_vanishes(n, c_star):
    rng, target = np.random.default_rng(n), rb.exponential(c_star)
    u = rng.normal(size=n)
    u /= np.linalg.norm(u)
    rnn = rb.LinearRNN((1 - c_star) * np.outer(u, u), u, u)
    loss, gradient = rb.loss_and_gradient(rnn, target)
    # Rounding of numbers of the size of the energy 1/(2 c*), of the Gramians' products 1/(4 c*^2)
    # and of 1/(2 c*): a hundred units each, since rounding also moves the pole by eps / c*.
    unit = 100 * np.finfo(float).eps / c_star
    assert 0 <= loss < unit / 2
    assert rb.population_loss(rnn, target) >= 0
    assert np.linalg.norm(gradient.W) < unit / c_star
    assert np.linalg.norm(gradient.u) < unit
    assert np.linalg.norm(gradient.v) < unit


def test_rounding_never_makes_the_loss_negative():
    # Networks that are their target, in other coordinates: the loss is rounding, of either sign.
    for seed in range(40):
        A, B, C = random_filter(seed)
        Q = orthogonal(4, np.random.default_rng(seed))
        rnn, target = rb.LinearRNN(Q @ A @ Q.T + np.eye(4), Q @ B, Q @ C), rb.Filter(A, B, C)
        for loss in (rb.population_loss(rnn, target), rb.loss_and_gradient(rnn, target)[0]):
            assert 0 <= loss < 1e-12 * target.energy


@pytest.mark.parametrize("offset", [1e-2, 1e-4, 1e-6])
def test_near_the_optimum_the_loss_is_its_quadratic_approximation(offset):
    # v = (1 + offset) u: f - f* = offset f*, so the loss is offset^2 times half the energy.
    n, c_star, rng = 40, 0.2, np.random.default_rng(5)
    Q = orthogonal(n, rng)
    W = Q @ block_diag([[1 - c_star]], 0.5 * orthogonal(n - 1, rng)) @ Q.T
    rnn = rb.LinearRNN(W, Q[:, 0], (1 + offset) * Q[:, 0])
    found = rb.population_loss(rnn, rb.exponential(c_star))
    # Terms of size 2.5 cancel: 1e-14 absolute.
    assert found == pytest.approx(offset**2 / (4 * c_star), rel=1e-10, abs=1e-14)
    _, gradient = rb.loss_and_gradient(rnn, rb.exponential(c_star))
    np.testing.assert_allclose(gradient.v @ Q[:, 0], offset / (2 * c_star), atol=1e-13)


@pytest.mark.parametrize("rtol", [1e-2, 1e-4, 1e-6, 1e-8, 1e-12])
@pytest.mark.parametrize("kind", ["ginibre", "ginibre with an outlier", "orthogonal"])
def test_errors_stay_within_rtol(kind, rtol):
    for seed in range(3):
        rnn, target = network(kind, 150, seed), TARGETS["damped cosine"]
        wanted = rb.dense_loss_and_gradient(rnn, target)
        found = rb.loss_and_gradient(rnn, target, rtol)
        assert errors(found, wanted).max() < max(rtol, 1e-12)  # the reference's rounding


@pytest.mark.parametrize("compute", [rb.loss_and_gradient, rb.population_loss])
def test_a_looser_rtol_needs_fewer_products(compute, monkeypatch):
    rnn, target = network("ginibre with an outlier", 200), TARGETS["exponential"]
    products = 0
    extend = krylov.ArnoldiBasis.extend

    def counting(basis, product):
        nonlocal products
        products += 1
        extend(basis, product)

    monkeypatch.setattr(krylov.ArnoldiBasis, "extend", counting)
    counts = []
    for rtol in (1e-2, 1e-6, 1e-10):
        products = 0
        compute(rnn, target, rtol)
        counts.append(products)
    assert counts[0] < counts[1] < counts[2]
    sides = 2 if compute is rb.loss_and_gradient else 1
    assert counts[2] < 60 * sides  # theory: 30 vectors give 6e-11, 40 give 1e-14


def test_networks_in_a_row_have_the_gradients_they_have_alone_for_one_solve_each(monkeypatch):
    rnn, target = network("ginibre with an outlier", 100), TARGETS["damped cosine"]
    solved, project = 0, objective._Projection

    def counting(*arguments):
        nonlocal solved
        solved += 1
        return project(*arguments)

    monkeypatch.setattr(objective, "_Projection", counting)
    in_a_row, counts = objective.Objective(target, 1e-8), []
    for _ in range(10):
        solved = 0
        found = in_a_row.loss_and_gradient(rnn)
        counts.append(solved)
        assert errors(found, rb.dense_loss_and_gradient(rnn, target)).max() < 1e-8
        rnn = rb.LinearRNN(rnn.W - 0.01 * found[1].W, rnn.u, rnn.v - 0.01 * found[1].v)
    assert counts[0] > 1
    assert sum(counts[1:]) <= 12  # nine, but for a step or two at which the size is one too small


@pytest.mark.parametrize("n", [5, 60])
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("part", ["W", "u", "v"])
def test_weights_that_a_step_spoiled_are_refused(n, value, part):
    # Training passes its own weights on unchecked.
    rnn = network("ginibre", n)
    weights = {"W": rnn.W.copy(), "u": rnn.u.copy(), "v": rnn.v.copy()}
    weights[part].flat[-1] = value
    with pytest.raises(FloatingPointError, match="too large"):
        objective.Objective(TARGETS["exponential"]).loss_and_gradient(unchecked(**weights))


def test_projection_converges_geometrically_and_ends_exact():
    rng = np.random.default_rng(0)
    rnn, target = network("ginibre with an outlier", 200), rb.exponential(0.2)
    wanted = rb.dense_loss_and_gradient(rnn, target)

    def error(size):
        return errors(rb.projected_loss_and_gradient(rnn, target, size), wanted).max()

    # Measured for the theory notes, at sigma = 0.5: 3e-7, 6e-11 and 1e-14. A factor of 100 is room
    # for the draw; the last is limited by the dense reference.
    assert error(20) < 3e-5
    assert error(30) < 6e-9
    assert error(40) < 1e-12
    assert error(5) > error(10) > error(20) > error(30)
    small = rb.LinearRNN(0.5 * rng.normal(size=(7, 7)) / 3, *rng.normal(size=(2, 7)))
    full = rb.projected_loss_and_gradient(small, target, 7)
    more = rb.projected_loss_and_gradient(small, target, 100)
    assert errors(full, rb.dense_loss_and_gradient(small, target)).max() < 1e-12  # rounding
    np.testing.assert_array_equal(full[1].W, more[1].W)


def test_an_unstable_projection_of_a_stable_network_is_refused_or_overcome():
    # u' W u = 2 > 1, yet both eigenvalues of W are 0.
    rnn = rb.LinearRNN([[0, 4], [0, 0]], [1, 1], [1, -1])
    with pytest.raises(rb.UnstableNetworkError, match="take more"):
        rb.projected_loss_and_gradient(rnn, TARGETS["exponential"], 1)
    found = rb.loss_and_gradient(rnn, TARGETS["exponential"])
    assert errors(found, reference(rnn, TARGETS["exponential"])).max() < 1e-12  # rounding


def test_projections_that_pass_through_instability_still_converge():
    # A chain driven everywhere: u' W u > u' u, and nearly every projection is unstable.
    n, rng, target = 16, np.random.default_rng(3), TARGETS["exponential"]
    rnn = rb.LinearRNN(1.5 * np.eye(n, k=-1), np.ones(n), rng.normal(size=n))
    for size in (1, 8, 12):
        with pytest.raises(rb.UnstableNetworkError, match="take more"):
            rb.projected_loss_and_gradient(rnn, target, size)
    # Rounding, amplified by a Lyapunov operator with inverse of norm 1e5 and more.
    assert errors(rb.loss_and_gradient(rnn, target), reference(rnn, target)).max() < 1e-10


UNSTABLE = {
    "ginibre of radius 1.5": rb.ginibre(80, 1.5, np.random.default_rng(0), 1.0),
    "rank one of weight 1.2": rb.LinearRNN(1.2 * np.outer([0.6, 0.8], [0.6, 0.8]), [1, 0], [0, 1]),
    "abscissa exactly 1": rb.LinearRNN(np.eye(3), [1, 0, 0], [0, 1, 0]),
    "one neuron at 1": rb.LinearRNN([[1.0]], [1], [1]),
    "oscillation that grows": rb.LinearRNN([[1.1, -3], [3, 1.1]], [1, 0], [0, 1]),
    "hidden from u and v": rb.LinearRNN(np.diag([0.5, 1.2]), [1, 0], [1, 0]),
    "hidden from u": rb.LinearRNN(np.diag([0.5, 1.2]), [1, 0], [1, 1]),
    "hidden from v": rb.LinearRNN(np.diag([0.5, 1.2]), [1, 1], [1, 0]),
    "hidden from everything": rb.LinearRNN(np.diag([0.5, 1.2]), [0, 0], [0, 0]),
    "read only": rb.LinearRNN(np.diag([0.5, 1.2]), [0, 0], [1, 1]),
    "outlier of a large network": rb.LinearRNN(
        rb.ginibre(100, 0.3, np.random.default_rng(1)).W + 1.1 * np.full((100, 100), 0.01),
        np.ones(100),
        np.ones(100),
    ),
}


@pytest.mark.parametrize("rnn", UNSTABLE.values(), ids=UNSTABLE)
@pytest.mark.parametrize(
    "compute", [rb.population_loss, rb.loss_and_gradient, rb.dense_loss_and_gradient]
)
def test_an_unstable_network_has_no_loss(rnn, compute):
    with pytest.raises(rb.UnstableNetworkError):
        compute(rnn, rb.exponential(0.3))


@pytest.mark.parametrize(
    "rnn",
    [
        rb.LinearRNN(1.5 * np.eye(20, k=-1), np.eye(20)[0], np.eye(20)[-1]),
        network("rotated triangular", 100),
        rb.LinearRNN([[1 - 1e-6]], [1], [1]),
    ],
    ids=["grows 350-fold", "rotated triangular", "time constant of 1e6"],
)
def test_what_can_be_computed_well_brings_no_warning(rnn):
    rb.loss_and_gradient(rnn, rb.exponential(0.3))  # warnings are errors in this suite


@pytest.mark.parametrize(
    "rnn",
    [
        rb.LinearRNN(4.0 * np.eye(40, k=-1), np.eye(40)[0], np.eye(40)[-1]),
        rb.LinearRNN([[1 - 1e-11]], [1], [1]),
    ],
    ids=["far from normal", "close to instability"],
)
@pytest.mark.parametrize("compute", [rb.population_loss, rb.loss_and_gradient])
def test_what_rounding_spoils_brings_a_warning_that_points_at_the_caller(rnn, compute):
    with pytest.warns(RuntimeWarning, match="far from normal, or so close") as caught:
        compute(rnn, rb.exponential(0.3))
    assert caught[0].filename == __file__


@pytest.mark.parametrize("scale", [1e80, 1e160, 1e300])
@pytest.mark.parametrize("compute", [rb.population_loss, rb.loss_and_gradient])
def test_weights_whose_loss_overflows_are_refused(scale, compute):
    rnn = network("ginibre", 20)
    with pytest.raises(FloatingPointError, match="too large"):
        compute(rb.LinearRNN(rnn.W, rnn.u * scale, rnn.v * scale), rb.exponential(0.3))


@pytest.mark.parametrize("rtol", [0, -1e-3, 1, 2, np.nan, np.inf, "tight", None])
@pytest.mark.parametrize("compute", [rb.population_loss, rb.loss_and_gradient])
def test_rtol_lies_between_0_and_1(rtol, compute):
    with pytest.raises(ValueError, match="rtol must be"):
        compute(network("ginibre", 3), rb.exponential(0.3), rtol)


@pytest.mark.parametrize(
    "compute",
    [
        rb.population_loss,
        rb.loss_and_gradient,
        lambda rnn, target: rb.projected_loss_and_gradient(rnn, target, 3),
    ],
)
def test_arguments_of_the_wrong_type_are_refused_by_name(compute):
    rnn, target = network("ginibre", 3), rb.exponential(0.3)
    with pytest.raises(TypeError, match="rnn must be a LinearRNN; got ndarray"):
        compute(rnn.W, target)
    with pytest.raises(TypeError, match="target must be a Filter; got float"):
        compute(rnn, 0.3)


@pytest.mark.parametrize("size", [0, -1, 1.5, np.nan, "all"])
def test_projection_size_is_a_positive_whole_number(size):
    with pytest.raises(ValueError, match="size must be"):
        rb.projected_loss_and_gradient(network("ginibre", 3), rb.exponential(0.3), size)


@pytest.mark.parametrize("kind", ["ginibre", "rotated triangular"])
def test_rotating_the_network_rotates_the_gradient(kind):
    rnn, target, n = network(kind, 40), TARGETS["order 4"], 40
    Q = orthogonal(n, np.random.default_rng(77))
    rotated = rb.LinearRNN(Q @ rnn.W @ Q.T, Q @ rnn.u, Q @ rnn.v)
    loss, gradient = rb.loss_and_gradient(rnn, target)
    wanted = loss, rb.Gradient(Q @ gradient.W @ Q.T, Q @ gradient.u, Q @ gradient.v)
    assert errors(rb.loss_and_gradient(rotated, target), wanted).max() < 1e-10  # rtol of both


@pytest.mark.parametrize("kind", NORMAL + GENERAL + FAR_FROM_NORMAL)
def test_the_gradient_is_blind_to_changes_of_basis(kind):
    # L does not change under W -> S W S^-1, u -> S u, v -> S^-T v, so for every generator M of S
    # the slope along it is 0: dW W' - W' dW + du u' - v dv' = 0, a matrix identity.
    rnn = network(kind, 25)
    _, gradient = rb.loss_and_gradient(rnn, TARGETS["order 4"])
    terms = [
        gradient.W @ rnn.W.T,
        -rnn.W.T @ gradient.W,
        np.outer(gradient.u, rnn.u),
        -np.outer(rnn.v, gradient.v),
    ]
    size = max(np.linalg.norm(term) for term in terms)
    assert np.linalg.norm(sum(terms)) < 1e-9 * size  # rtol, four terms


def test_scaling_u_up_and_v_down_scales_their_gradients_the_other_way():
    rnn, target = network("ginibre", 15), TARGETS["damped sine"]
    loss, gradient = rb.loss_and_gradient(rnn, target)
    scaled = rb.loss_and_gradient(rb.LinearRNN(rnn.W, 1e4 * rnn.u, 1e-4 * rnn.v), target)
    wanted = loss, rb.Gradient(gradient.W, 1e-4 * gradient.u, 1e4 * gradient.v)
    assert errors(scaled, wanted).max() < 1e-9  # rtol


@pytest.mark.parametrize("n", [1, 2, 13, 60])
def test_the_bound_of_an_eigenvalue_is_one_and_is_near(n):
    X = np.random.default_rng(n).normal(size=(n, n))
    for matrix in (X @ X.T, np.eye(n), 1e-100 * np.eye(n), np.diag(np.geomspace(1, 1e9, n))):
        largest = np.linalg.eigvalsh(matrix)[-1]
        assert largest * (1 - 1e-12) <= objective._largest_eigenvalue(matrix) <= 1.3 * largest
    assert objective._largest_eigenvalue(np.zeros((n, n))) == 0
