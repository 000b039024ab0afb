"""The staircase of plateaus: against searches without learning, exact gradients, and networks."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brute

import rnnbook as rb

THREE = rb.mixture([0.2, 0.3, 0.5], [0.03, 0.2, 0.9])
FOUR = rb.mixture([0.1, 0.2, 0.3, 0.4], [0.02, 0.1, 0.4, 1.2])
TARGETS = {"three decays": THREE, "four decays": FOUR}


@pytest.fixture(scope="module", params=TARGETS)
def case(request):
    target = TARGETS[request.param]
    return target, rb.staircase(target, 2)


def test_plateaus_are_the_best_decays(case):
    target, stairs = case
    for poles, stair in enumerate(stairs, 1):
        rates, amplitudes, loss = rb.best_decays(target, poles)
        np.testing.assert_allclose(stair.rates, rates, rtol=1e-4)
        np.testing.assert_allclose(stair.amplitudes, amplitudes, rtol=1e-4)
        assert stair.loss == pytest.approx(loss, rel=1e-6)
        assert stair.network.n == poles


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_no_two_decays_on_a_grid_are_better(target):
    found = rb.best_decays(target, 2)

    def loss(logs):
        """Least squares on a grid of the states: no formula of the package."""
        rates = np.exp(logs)
        overlap = (target.C / (rates[:, None] - target.A.diagonal())).sum(axis=1)
        gram = 1 / (rates[:, None] + rates) + 1e-14 * np.eye(2)
        return 0.5 * (target.energy - overlap @ np.linalg.solve(gram, overlap))

    span = np.log([0.02, 1.2])
    grid = brute(loss, [span, span + 1e-3], Ns=60, full_output=True, finish=None)
    assert found[2] <= grid[1] * (1 + 1e-9)
    assert found[2] == pytest.approx(grid[1], rel=0.05)


def test_a_small_coupling_grows_at_the_rate_of_the_formula(case):
    """To second order the loss is (w12, v2) M w21: M by exact gradients, without the formula."""
    target, stairs = case
    for stair in stairs:
        net, n, eps = stair.network, stair.network.n, 1e-4
        M = np.zeros((n + 1, n))
        for j in range(n):
            W = np.zeros((n + 1, n + 1))
            W[:n, :n], W[n, j] = net.W, eps
            bordered = rb.LinearRNN(W, np.append(net.u, 0), np.append(net.v, 0))
            gradient = rb.dense_loss_and_gradient(bordered, target)[1]
            M[:n, j], M[n, j] = gradient.W[:n, n] / eps, gradient.v[n] / eps
        sizes = np.linalg.svd(M)[1]
        assert abs(stair.growth) == pytest.approx(sizes[0], rel=1e-5)
        assert np.all(sizes[1:] < 1e-5 * sizes[0])  # one mixture alone grows


def test_with_one_pole_the_growth_is_that_of_the_onset():
    for target in (THREE, rb.damped_cosine(0.1, 0.4), rb.damped_sine(0.3, 2.0)):
        (stair,) = rb.staircase(target, 1)
        assert stair.growth == pytest.approx(rb.onset_rate(target), rel=1e-8)
        assert stair.rates[0].real == pytest.approx(rb.plateau(target)[1])


def test_the_staircase_ends_at_the_target():
    stairs = rb.staircase(rb.mixture([0.5, 0.5], [0.1, 0.6]), 5)
    assert len(stairs) == 2
    assert stairs[-1].growth == 0
    np.testing.assert_allclose(stairs[-1].rates, [0.1, 0.6], rtol=1e-4)
    np.testing.assert_allclose(stairs[-1].amplitudes, [0.5, 0.5], rtol=1e-3)


def test_a_seed_needs_the_predicted_time():
    """Three neurons with a seed of each coupling; the time between seeds tells the rate alone."""
    stairs = rb.staircase(THREE, 2)
    lengths = 1 / np.abs([stair.growth for stair in stairs])
    u = np.array([1.0, 0, 0])

    def at(y):
        return rb.loss_and_gradient(rb.LinearRNN(y[3:].reshape(3, 3), u, y[:3]), THREE)

    def slope(_, y):
        gradient = at(y)[1]
        return -np.concatenate([gradient.v, gradient.W.ravel()])

    def half_gone(stair):
        return lambda _, y: at(y)[0] - 0.5 * stair.loss

    left = []
    for seed in (1e-3, 1e-5):
        start = np.zeros(12)
        start[[6, 10]] = seed  # from neuron 1 to 2, and from 2 to 3
        events = [half_gone(stair) for stair in stairs]
        events[1].terminal = True
        run = solve_ivp(slope, (0, 1e4), start, "LSODA", events=events, rtol=1e-6, atol=1e-10)
        left.append([times[0] for times in run.t_events])
    difference = np.subtract(left[1], left[0])
    # What else a length depends on, constants, is the same for both seeds up to order seed.
    assert difference[0] == pytest.approx(np.log(100) * lengths[0], rel=0.01)
    assert difference[1] - difference[0] == pytest.approx(np.log(100) * lengths[1], rel=0.02)


def test_power_laws_are_approximated_geometrically():
    """Rates from 1/100 to 1: Zolotarev's condenser says exp(-2 pi^2 / ln 400) a pole."""
    rates = np.geomspace(0.01, 1, 37)
    target = rb.mixture(rates**0.5, rates)
    losses = np.array([rb.best_decays(target, n)[2] for n in range(2, 7)])
    factors = losses[:-1] / losses[1:]
    assert np.ptp(factors) < 0.1 * factors.mean()  # geometric, and not slower and slower
    assert np.log(factors.mean()) == pytest.approx(2 * np.pi**2 / np.log(400), rel=0.03)


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="positive amplitudes"):
        rb.best_decays(rb.damped_cosine(0.1, 0.4), 1)
    with pytest.raises(ValueError, match="poles must be below"):
        rb.best_decays(THREE, 3)
    with pytest.raises(ValueError, match="poles must be at least"):
        rb.staircase(THREE, 0)
    with pytest.raises(ValueError, match="singular"):
        rb.coupling_growth(rb.LinearRNN([[0.0]], [1.0], [0.0]), THREE)
    several = rb.Filter(THREE.A, np.ones((3, 2)), np.ones(3))
    for call in (
        lambda: rb.staircase(several, 1),
        lambda: rb.best_decays(several, 1),
        lambda: rb.coupling_growth(rb.LinearRNN([[0.5]], [1], [1]), several),
    ):
        with pytest.raises(ValueError, match="several inputs or outputs"):
            call()
