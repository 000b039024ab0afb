"""Several inputs and outputs: against dense Lyapunov equations, single channels and slopes."""

import inspect
import re

import numpy as np
import pytest
from references import random_filter, relative_error
from scipy.linalg import expm

import rnnbook as rb


def case(n, p, q, seed=0, sigma=0.6):
    rng = np.random.default_rng(seed)
    W = rng.normal(0, sigma / np.sqrt(n), (n, n))
    u, v = rng.normal(size=(n, p)) / np.sqrt(n), rng.normal(size=(n, q)) / np.sqrt(n)
    W *= 0.6 / max(0.6, np.abs(np.linalg.eigvals(W)).max())
    W += 0.3 * np.outer(u[:, 0], u[:, 0]) / (u[:, 0] @ u[:, 0])
    A = random_filter(seed)[0]
    B, C = rng.normal(size=(len(A), p)), rng.normal(size=(q, len(A)))
    return rb.LinearRNN(W, u, v), rb.Filter(A, B, C)


def pairs(rnn, target):
    """All pairs of an input and an output, as single channels."""
    for j in range(rnn.inputs):
        for i in range(rnn.outputs):
            one = rb.LinearRNN(rnn.W, rnn.u[:, j], rnn.v[:, i])
            yield j, i, one, rb.Filter(target.A, target.B[:, j], target.C[i])


def errors(found, wanted):
    parts = [[np.array(loss), x.W, x.u, x.v] for loss, x in (found, wanted)]
    return np.array([relative_error(a, b) for a, b in zip(*parts, strict=True)])


@pytest.mark.parametrize("channels", [(1, 1), (2, 1), (1, 3), (2, 3)])
@pytest.mark.parametrize("n", [3, 30, 60, 120])
def test_loss_and_gradient_are_the_dense_ones(n, channels):
    rnn, target = case(n, *channels, seed=n)
    found, wanted = rb.loss_and_gradient(rnn, target), rb.dense_loss_and_gradient(rnn, target)
    assert found[1].u.shape == rnn.u.shape
    assert found[1].v.shape == rnn.v.shape
    # rtol is 1e-10, and dense solves round at 1e-12.
    assert errors(found, wanted).max() < 1e-9
    assert rb.population_loss(rnn, target) == pytest.approx(wanted[0], rel=1e-9)


@pytest.mark.parametrize("differentiate", [rb.loss_and_gradient, rb.dense_loss_and_gradient])
@pytest.mark.parametrize("n", [8, 50])
def test_the_loss_is_the_sum_over_pairs(n, differentiate):
    rnn, target = case(n, 2, 3, seed=1)
    loss, W = 0.0, np.zeros((n, n))
    u, v = np.zeros((n, 2)), np.zeros((n, 3))
    for j, i, one, single in pairs(rnn, target):
        part, gradient = rb.loss_and_gradient(one, single, rtol=1e-12)
        loss, W = loss + part, W + gradient.W
        u[:, j] += gradient.u
        v[:, i] += gradient.v
    assert errors(differentiate(rnn, target), (loss, rb.Gradient(W, u, v))).max() < 1e-9


def test_a_single_column_is_a_vector():
    rnn, target = case(60, 1, 1)
    ((_, _, one, single),) = pairs(rnn, target)
    loss, gradient = rb.loss_and_gradient(rnn, target)
    alone, of_alone = rb.loss_and_gradient(one, single)
    assert loss == pytest.approx(alone, rel=1e-9)
    np.testing.assert_allclose(gradient.u[:, 0], of_alone.u, rtol=1e-6, atol=1e-9)
    # A matrix on one side only will do as well.
    mixed = rb.loss_and_gradient(rb.LinearRNN(rnn.W, one.u, rnn.v), target)
    assert mixed[0] == pytest.approx(alone, rel=1e-9)
    assert mixed[1].u.shape == (60,)


def test_gradient_is_the_slope_of_the_loss():
    rnn, target = case(6, 2, 2, seed=4)
    gradient = rb.loss_and_gradient(rnn, target)[1]
    rng, step = np.random.default_rng(9), 1e-4
    for name in ("W", "u", "v"):
        direction = rng.normal(size=getattr(rnn, name).shape)

        def loss(k, name=name, direction=direction):
            weights = {"W": rnn.W, "u": rnn.u, "v": rnn.v}
            weights[name] = weights[name] + k * step * direction
            return rb.dense_loss_and_gradient(rb.LinearRNN(**weights), target)[0]

        slope = (8 * (loss(1) - loss(-1)) - loss(2) + loss(-2)) / (12 * step)
        # Truncation step^4, rounding 1e-15 / step.
        assert np.vdot(getattr(gradient, name), direction) == pytest.approx(slope, rel=1e-7)


def test_responses_are_those_of_pairs():
    rnn, target = case(20, 2, 3)
    t = np.array([0, 0.5, 0.5, 3])
    responses, wanted = rnn.impulse_response(t), target.impulse_response(t)
    assert responses.shape == wanted.shape == (4, 3, 2)
    for k, time in enumerate(t):
        exact = rnn.v.T @ expm((rnn.W - np.eye(20)) * time) @ rnn.u
        np.testing.assert_allclose(responses[k], exact, atol=1e-12)
    for j, i, one, single in pairs(rnn, target):
        np.testing.assert_allclose(responses[:, i, j], one.impulse_response(t), atol=1e-12)
        np.testing.assert_allclose(wanted[:, i, j], single.impulse_response(t), atol=1e-12)
    assert rb.LinearRNN(rnn.W, rnn.u[:, 0], rnn.v).impulse_response(t).shape == (4, 3)
    assert rb.LinearRNN(rnn.W, rnn.u, rnn.v[:, 0]).impulse_response(t).shape == (4, 2)


def test_a_simulation_adds_up_the_inputs():
    rnn, target = case(10, 2, 3)
    x = np.random.default_rng(0).normal(size=(4, 50, 2))
    y, h = rnn.simulate(x, 0.1, return_states=True)
    assert y.shape == (4, 50, 3)
    assert h.shape == (4, 50, 10)
    wanted, of_target = np.zeros((2, 4, 50, 3))
    for j, i, one, single in pairs(rnn, target):
        wanted[..., i] += one.simulate(x[..., j], 0.1)
        of_target[..., i] += single.simulate(x[..., j], 0.1)
    np.testing.assert_allclose(y, wanted, atol=1e-12)
    np.testing.assert_allclose(target.simulate(x, 0.1), of_target, atol=1e-12)
    np.testing.assert_allclose(rnn.simulate(x[0], 0.1), y[0], atol=1e-12)
    with pytest.raises(ValueError, match="x must have shape"):
        rnn.simulate(x[..., 0], 0.1)


def test_the_energy_of_independent_noises_is_the_loss():
    rnn, target = case(4, 2, 2, seed=3, sigma=0.3)
    dt, rng = 0.05, np.random.default_rng(5)
    x = rng.normal(0, dt**-0.5, (400, 3000, 2))
    error = (rnn.simulate(x, dt) - target.simulate(x, dt))[:, 1500:]
    by_trial = 0.5 * np.sum(error**2, axis=2).mean(axis=1)
    scatter = by_trial.std() / np.sqrt(len(by_trial))
    wanted = rb.population_loss(rnn, target)
    assert abs(by_trial.mean() - wanted) < 4 * scatter + 0.02 * wanted  # held input: order dt


def test_a_silent_network_has_half_the_energy_of_the_target():
    rnn, target = case(40, 2, 3)
    silent = rb.LinearRNN(rnn.W, rnn.u, np.zeros((40, 3)))
    assert rb.population_loss(silent, target) == pytest.approx(target.energy / 2, rel=1e-9)


def test_gradient_flow_and_descent_learn_several_channels():
    rnn, _ = case(40, 2, 2, sigma=0.01)
    target = rb.Filter(np.diag([-0.3, -0.5]), np.eye(2), np.eye(2))
    silent = rb.LinearRNN(0.01 * rnn.W, rnn.u / np.linalg.norm(rnn.u, axis=0), 0 * rnn.v)
    run = rb.gradient_flow(
        silent, target, np.linspace(0, 6, 4), rtol=1e-3, response_times=[0, 1, 2]
    )
    assert run.loss[-1] < 0.05 * run.loss[0]
    assert run.responses.shape == (4, 3, 2, 2)
    assert run.final.u.shape == (40, 2)
    steps = rb.gradient_descent(silent, target, 0.02, 5)
    assert np.all(np.diff(steps.loss) < 0)


def test_an_unstable_network_is_refused():
    for n in (4, 60):
        rnn, target = case(n, 2, 2)
        grown = rb.LinearRNN(rnn.W + np.eye(n), rnn.u, rnn.v)
        with pytest.raises(rb.UnstableNetworkError, match="unstable"):
            rb.loss_and_gradient(grown, target)


def test_channels_must_match():
    rnn, target = case(4, 2, 3)
    wrong = rb.Filter(target.A, target.B[:, 0], target.C)
    for function in (rb.loss_and_gradient, rb.dense_loss_and_gradient):
        with pytest.raises(ValueError, match="as many"):
            function(rnn, wrong)
    with pytest.raises(ValueError, match="v must have shape"):
        rb.LinearRNN(rnn.W, rnn.u, np.zeros((3, 2)))
    with pytest.raises(ValueError, match="no columns"):
        rb.LinearRNN(rnn.W, np.zeros((4, 0)), rnn.v)
    with pytest.raises(ValueError, match="C, transposed, must have shape"):
        rb.Filter(target.A, target.B, np.zeros((2, 7)))


def test_what_knows_one_channel_only_says_so():
    rnn, target = case(4, 2, 2)
    rng = np.random.default_rng(0)
    calls = {
        "bptt": lambda: rb.bptt(rnn, target, np.zeros((2, 9)), 0.1),
        "sgd": lambda: rb.sgd(rnn, target, 0.1, 1, rng),
        "descend": lambda: rb.descend(rnn, target, rb.optimizers.SignDescent(0.1), 1),
        "evidence": lambda: rb.evidence_trials(rnn, 0.1, 1.0, 2, rng),
        "projected": lambda: rb.projected_loss_and_gradient(rnn, target, 2),
        "plateau": lambda: rb.plateau(target),
        "onset_rate": lambda: rb.onset_rate(target),
        "seed": lambda: rb.oscillator_seed(rnn),
        "readout": lambda: rb.lazy.readout_curve(rnn, target, [0, 1]),
        "silence": lambda: rb.lazy.silence(rnn),
        "staircase": lambda: rb.staircase(target, 1),
        "best_decays": lambda: rb.best_decays(target, 1),
        "coupling_growth": lambda: rb.coupling_growth(rnn, target),
        "transfer": lambda: target.transfer(1.0),
    }
    for call in calls.values():
        with pytest.raises(ValueError, match="several inputs or outputs"):
            call()


def test_no_function_that_takes_a_network_or_a_target_is_forgotten():
    """Each public function that takes one either supports several channels or is tested above."""
    able = {"loss_and_gradient", "population_loss", "dense_loss_and_gradient"}
    able |= {"gradient_flow", "gradient_descent"}
    source = inspect.getsource(test_what_knows_one_channel_only_says_so)
    for module, names in ((rb, rb.__all__), (rb.lazy, rb.lazy.__all__)):
        for name in names:
            function = getattr(module, name)
            if inspect.isfunction(function) and name not in able:
                taken = set(inspect.signature(function).parameters)
                if taken & {"rnn", "target"} and name != "oscillator_flow":
                    assert re.search(rf"\.{name}\(", source), name
