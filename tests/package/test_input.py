"""Input that is not white: loss, gradient and learning behind a filter that shapes the noise."""

import numpy as np
import pytest
import sympy as sp
from references import frequency_domain, orthogonal, random_filter, relative_error
from scipy.linalg import solve_continuous_lyapunov

import rnnbook as rb

INPUTS = {
    "slow": rb.mixture([0.05], [0.05]),
    "fast": rb.mixture([3.0], [3.0]),
    "damped cosine": rb.damped_cosine(0.2, 1.3),
    "two rates": rb.mixture([1.0, -0.6], [0.4, 2.0]),
    "order 3": rb.Filter(*random_filter(8, order=3)),
}
TARGETS = {
    "exponential": rb.exponential(0.1),
    "damped sine": rb.damped_sine(0.3, 2.0),
    "order 4": rb.Filter(*random_filter(3)),
}
by_input = pytest.mark.parametrize("shape", INPUTS.values(), ids=INPUTS)
by_target = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)


def network(kind, n):
    rng = np.random.default_rng(n)
    G, (u, v) = rng.normal(size=(n, n)) / np.sqrt(n), rng.normal(size=(2, n)) / np.sqrt(n)
    if kind == "with an outlier":
        W = 0.3 * G + 0.6 * np.outer(u, u) / (u @ u)
    elif kind == "far from normal":
        Q = orthogonal(n, rng)
        W = Q @ (np.diag(rng.uniform(-0.5, 0.5, n)) + np.triu(2 * G, 1)) @ Q.T
    else:
        W = 0.6 * G
    return rb.LinearRNN(W, u, v)


by_kind = pytest.mark.parametrize("kind", ["ginibre", "with an outlier", "far from normal"])


def whole_system(rnn, target, shape):
    """Loss and gradient from two dense Lyapunov equations, the filter in front of both systems."""
    order = [shape.B.size, target.B.size, rnn.n]
    x, q, h = (slice(sum(order[:k]), sum(order[: k + 1])) for k in range(3))
    A = np.zeros((sum(order), sum(order)))
    A[x, x], A[q, q], A[h, h] = shape.A, target.A, rnn.W - np.eye(rnn.n)
    A[q, x], A[h, x] = np.outer(target.B, shape.C), np.outer(rnn.u, shape.C)
    B, C = np.zeros((2, sum(order)))
    B[x], C[q], C[h] = shape.B, target.C, -rnn.v
    P = solve_continuous_lyapunov(A, -np.outer(B, B))
    Q = solve_continuous_lyapunov(A.T, -np.outer(C, C))
    by_A = Q @ P  # the derivative by every entry of A; W and u are blocks of it
    return C @ P @ C / 2, rb.Gradient(by_A[h, h], by_A[h, x] @ shape.C, -P[h] @ C)


def errors(found, wanted):
    parts = [[np.array(loss), *vars(gradient).values()] for loss, gradient in (found, wanted)]
    return np.array([relative_error(a, b) for a, b in zip(*parts, strict=True)])


@by_input
@by_target
@by_kind
@pytest.mark.parametrize("n", [3, 80])
def test_loss_and_gradient_are_those_of_the_whole_system(kind, n, target, shape):
    # 80 neurons take the way through Krylov spaces, 3 that of the full equations.
    rnn = network(kind, n)
    wanted = whole_system(rnn, target, shape)
    assert errors(rb.loss_and_gradient(rnn, target, input=shape), wanted).max() < 1e-9
    assert rb.population_loss(rnn, target, input=shape) == pytest.approx(wanted[0], rel=1e-9)
    assert errors(rb.dense_loss_and_gradient(rnn, target, shape), wanted).max() < 1e-11


@by_input
def test_the_loss_is_that_of_network_and_target_with_a_filter_inside_each(shape):
    # The filter as neurons that hear the noise and drive the others: an integral over frequencies.
    rnn, target = network("ginibre", 6), TARGETS["damped sine"]

    def behind(A, B, C):
        m = shape.B.size
        joined = np.block([[shape.A, np.zeros((m, B.size))], [np.outer(B, shape.C), A]])
        zeros = np.zeros(B.size)
        return joined, np.append(shape.B, zeros), np.append(np.zeros(m), C)

    A, u, v = behind(rnn.W - np.eye(6), rnn.u, rnn.v)
    wanted, dW, _, dv = frequency_domain(
        A + np.eye(len(A)), u, v, *behind(target.A, target.B, target.C)
    )
    loss, gradient = rb.loss_and_gradient(rnn, target, input=shape)
    m = shape.B.size
    assert loss == pytest.approx(wanted, rel=1e-10)
    assert relative_error(gradient.W, dW[m:, m:]) < 1e-10
    assert relative_error(gradient.u, dW[m:, :m] @ shape.C) < 1e-10
    assert relative_error(gradient.v, dv[m:]) < 1e-10


def test_a_very_fast_filter_is_white_noise():
    # e^(-2 c / chi) and the like: the deviation falls like 1/chi.
    rnn, target = network("with an outlier", 60), TARGETS["exponential"]
    white = rb.loss_and_gradient(rnn, target)
    deviations = [
        errors(rb.loss_and_gradient(rnn, target, input=rb.mixture([chi], [chi])), white).max()
        for chi in (1e3, 1e4, 1e5)
    ]
    assert deviations[-1] < 1e-3
    assert np.allclose(np.divide(deviations[:-1], deviations[1:]), 10, rtol=0.02)


@by_input
def test_what_rtol_asks_for_is_kept_and_costs_no_more_vectors_than_white_noise(shape):
    rnn, target = network("ginibre", 80), TARGETS["order 4"]
    wanted = whole_system(rnn, target, shape)
    for rtol in (1e-3, 1e-6):
        found = rb.loss_and_gradient(rnn, target, rtol=rtol, input=shape)
        assert errors(found, wanted).max() < rtol
    sizes = []
    for input_ in (None, shape):
        objective = rb.objective.Objective(target, 1e-8, input_)
        objective.loss_and_gradient(rnn)
        sizes.append(objective._size)
    assert sizes[1] <= 1.3 * sizes[0]


def test_networks_learn_down_the_loss_of_their_input():
    shape, target = INPUTS["damped cosine"], TARGETS["exponential"]
    start = rb.ginibre(40, 0.3, np.random.default_rng(5), v_scale=0.2)
    flow = rb.gradient_flow(start, target, [0.0, 0.4], ("W", "u", "v"), rtol=1e-7, input=shape)
    for s, rnn, loss in ((0, start, flow.loss[0]), (1, flow.final, flow.loss[-1])):
        assert loss == pytest.approx(whole_system(rnn, target, shape)[0], rel=1e-8), s
    eta = 2e-3
    descent = rb.gradient_descent(start, target, eta, 200, ("W", "u", "v"), input=shape)
    assert descent.loss[-1] == pytest.approx(
        whole_system(descent.final, target, shape)[0], rel=1e-8
    )
    # Euler's method: the deviation from the flow is of order eta.
    assert relative_error(descent.final.W, flow.final.W) < 5 * eta
    by_hand = start
    for _ in range(200):
        gradient = whole_system(by_hand, target, shape)[1]
        weights = zip("Wuv", (by_hand.W, by_hand.u, by_hand.v), strict=True)
        by_hand = rb.LinearRNN(*(x - eta * getattr(gradient, name) for name, x in weights))
    assert relative_error(descent.final.W, by_hand.W) < 1e-8


def test_a_wrong_input_is_refused_by_name():
    rnn, target = network("ginibre", 3), TARGETS["exponential"]
    calls = [
        lambda: rb.population_loss(rnn, target, input=0.3),
        lambda: rb.loss_and_gradient(rnn, target, input=0.3),
        lambda: rb.gradient_flow(rnn, target, [1.0], input=0.3),
        lambda: rb.gradient_descent(rnn, target, 0.1, 1, input=0.3),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="input must be a Filter"):
            call()
    with pytest.raises(rb.UnstableNetworkError):
        rb.loss_and_gradient(rb.LinearRNN([[1.2]], [1.0], [1.0]), target, input=INPUTS["slow"])


# The reduced model.


def test_the_loss_of_the_reduced_model_is_the_integral_over_frequencies():
    a, c, c_star, chi = 0.7, 0.4, 0.1, 0.25
    flow = rb.integrator_flow(input_rate=chi)
    w = sp.Symbol("w", real=True)

    def power(rate, other):
        """Covariance of two outputs: the real part of the cross-spectrum, over all frequencies."""
        shape = chi**2 / (chi**2 + w**2)
        cross = (rate * other + w**2) / ((rate**2 + w**2) * (other**2 + w**2))
        return float(sp.Integral(shape * cross / (2 * sp.pi), (w, -sp.oo, sp.oo)).evalf(15))

    wanted = a**2 * power(c, c) / 2 - a * power(c, c_star) + power(c_star, c_star) / 2
    assert flow.loss_at([a, c], c_star=c_star) == pytest.approx(wanted, rel=1e-9)
    assert flow.loss_at([a, c], c_star=c_star, chi=chi) == flow.loss_at([a, c], c_star=c_star)


@pytest.mark.parametrize("trainable", [("W",), ("v",), ("W", "v"), ("W", "u", "v")])
def test_white_noise_is_the_limit_of_the_reduced_model(trainable):
    coloured, white = rb.integrator_flow(trainable, 1.0), rb.integrator_flow(trainable)
    assert coloured.variables == white.variables
    assert coloured.metric == white.metric
    (chi,) = set(coloured.parameters) - set(white.parameters)
    assert sp.simplify(sp.limit(coloured.loss, chi, sp.oo) - white.loss) == 0


@pytest.mark.parametrize("chi", [0.03, 0.3, 3.0])
@pytest.mark.parametrize("trainable", [("W", "v"), ("W", "u", "v")])
def test_networks_that_start_at_zero_follow_the_reduced_model(trainable, chi):
    rng = np.random.default_rng(2)
    u = rng.normal(size=12)
    u /= np.linalg.norm(u)
    balanced = "u" in trainable
    initial = (0.04, 1.0) if balanced else (0.0, 1.0)
    scale = np.sqrt(initial[0])
    start = rb.LinearRNN(np.zeros((12, 12)), scale * u if balanced else u, scale * u)
    s, c_star = np.linspace(0, 4, 9), 0.25
    shape = rb.mixture([chi], [chi])
    found = rb.gradient_flow(start, rb.exponential(c_star), s, trainable, rtol=1e-7, input=shape)
    wanted = rb.integrator_flow(trainable, chi).solve(s, initial, c_star=c_star)
    assert np.allclose(found.outlier, wanted.outlier, atol=1e-4)
    assert np.allclose(found.loss, wanted.loss, atol=1e-4)


def test_the_rate_of_the_input_must_be_positive():
    with pytest.raises(ValueError, match="input_rate must be greater than 0"):
        rb.integrator_flow(input_rate=0.0)


# Recorded networks.


def test_the_record_of_coloured_inputs_is_complete_and_near_the_reduced_model():
    record = rb.records.coloured()
    assert record["draws"] >= 5
    assert {(case["sigma"], case["chi"]) for case in record["cases"]} == {
        (sigma, chi) for sigma in (0.001, 0.1) for chi in (None, 0.3, 0.1, 0.03)
    }
    for case in record["cases"]:
        model = rb.integrator_flow(input_rate=case["chi"]).solve(case["s"], c_star=record["c_star"])
        loss = np.array(case["mean_loss"])
        assert loss[0] == pytest.approx(model.loss[0], rel=1e-4)
        # Initial weights shift the course by a share of order sigma; its slope is a few L(0) long.
        # The end does not move.
        assert np.abs(loss - model.loss).max() < 5 * case["sigma"] * loss[0]
        assert abs(case["mean_decay_rate"][-1] - model.decay_rate[-1]) < 0.05 * case["sigma"]


def test_a_recorded_network_learns_today_as_it_did():
    record = rb.records.coloured()
    (case,) = [x for x in record["cases"] if (x["sigma"], x["chi"]) == (0.001, 0.1)]
    start = rb.ginibre(record["n"], 0.001, np.random.default_rng(0))
    target, shape = rb.exponential(record["c_star"]), rb.mixture([0.1], [0.1])
    place = 10
    run = rb.gradient_flow(start, target, [0, case["s"][place]], rtol=1e-4, input=shape)
    for name, found in (("decay_rate", run.decay_rate[-1]), ("loss", run.loss[-1])):
        error = abs(found - case[f"mean_{name}"][place])
        assert error < 4 * case[f"std_{name}"][place] + 1e-4 * found
