"""Sampled loss and its gradient by backpropagation through time."""

import numpy as np
import pytest

import rnnbook as rb


def network(n=4, seed=0):
    rng = np.random.default_rng(seed)
    return rb.LinearRNN(0.5 * rng.normal(size=(n, n)) / np.sqrt(n), *rng.normal(size=(2, n)))


def euler_outputs(A, B, C, x, dt):
    """Output after each step, as the sum over the powers of the one-step matrix."""
    steps = x.shape[1]
    advance = np.eye(len(A)) + dt * A
    kernel = dt * np.array([C @ np.linalg.matrix_power(advance, k) @ B for k in range(steps)])
    return np.array([np.convolve(trial, kernel)[:steps] for trial in x])


def sampled_loss(rnn, target, x, dt, skipped):
    y = euler_outputs(rnn.W - np.eye(rnn.n), rnn.u, rnn.v, x, dt)
    y_star = euler_outputs(target.A, target.B, target.C, x, dt)
    return 0.5 * np.mean((y - y_star)[:, skipped:] ** 2)


def expected_loss(rnn, target, dt, steps, skipped):
    """What `sampled_loss` is on average: each input sample is independent, of variance 1/dt."""
    impulse = np.zeros((1, steps))
    impulse[0, 0] = 1.0
    y = euler_outputs(rnn.W - np.eye(rnn.n), rnn.u, rnn.v, impulse, dt)
    y_star = euler_outputs(target.A, target.B, target.C, impulse, dt)
    variance = np.cumsum((y - y_star)[0] ** 2) / dt
    return 0.5 * variance[skipped:].mean()


# burn_in, and how many of the steps of 0.1 it leaves out: those before it, whole or in part.
BURN_IN = [(0.0, 0), (0.1, 1), (0.3, 3), (1.0, 10), (1.15, 12), (1.9, 19)]
by_target = pytest.mark.parametrize(
    "target",
    [rb.exponential(0.4), rb.damped_sine(0.5, 2.0), rb.mixture([1, -2], [0.5, 1.0])],
    ids=["exponential", "damped sine", "mixture"],
)


@by_target
@pytest.mark.parametrize(("burn_in", "skipped"), BURN_IN)
def test_loss_is_the_mean_square_over_trials_and_steps_after_burn_in(target, burn_in, skipped):
    rnn, x = network(), rb.white_noise(3, 20, 0.1, np.random.default_rng(1))
    loss, _ = rb.bptt(rnn, target, x, 0.1, burn_in)
    # The same sum in another order: rounding.
    assert loss == pytest.approx(sampled_loss(rnn, target, x, 0.1, skipped), rel=1e-12)


@by_target
@pytest.mark.parametrize(("burn_in", "skipped"), BURN_IN)
@pytest.mark.parametrize("n", [1, 4])
def test_gradient_is_the_slope_of_the_sampled_loss(target, burn_in, skipped, n):
    rnn, x = network(n), rb.white_noise(2, 20, 0.1, np.random.default_rng(2))
    _, gradient = rb.bptt(rnn, target, x, 0.1, burn_in)
    rng, step = np.random.default_rng(3), 1e-3
    for name in ("W", "u", "v"):
        direction = rng.normal(size=getattr(rnn, name).shape)

        def loss(k, name=name, direction=direction):
            weights = {"W": rnn.W, "u": rnn.u, "v": rnn.v}
            weights[name] = weights[name] + k * step * direction
            return sampled_loss(rb.LinearRNN(**weights), target, x, 0.1, skipped)

        # Fourth order central difference: truncation step^4 = 1e-12, rounding eps / step = 1e-13.
        slope = (8 * (loss(1) - loss(-1)) - (loss(2) - loss(-2))) / (12 * step)
        wanted = np.vdot(getattr(gradient, name), direction)
        size = np.linalg.norm(getattr(gradient, name)) * np.linalg.norm(direction)
        assert slope == pytest.approx(wanted, rel=0, abs=1e-9 * max(1, size))


def test_sampled_losses_scatter_about_their_expectation():
    rnn, target, dt, steps, skipped = network(), rb.exponential(0.5), 0.1, 100, 40
    x = rb.white_noise(400, steps, dt, np.random.default_rng(4))
    losses = [rb.bptt(rnn, target, trial[None], dt, skipped * dt)[0] for trial in x]
    standard_error = np.std(losses) / np.sqrt(len(losses))
    wanted = expected_loss(rnn, target, dt, steps, skipped)
    assert standard_error < 0.06 * wanted  # or the next line would say little
    assert np.mean(losses) == pytest.approx(wanted, abs=4 * standard_error)
    # All trials at once are the mean over trials.
    assert rb.bptt(rnn, target, x, dt, skipped * dt)[0] == pytest.approx(np.mean(losses), rel=1e-12)


def test_the_expected_sampled_loss_tends_to_the_population_loss_like_dt():
    rnn, target, burn_in = network(), rb.exponential(0.5), 30.0
    exact = rb.population_loss(rnn, target)
    bias = []
    for dt in (0.2, 0.1, 0.05):
        steps = round((burn_in + 1) / dt)
        bias.append(expected_loss(rnn, target, dt, steps, round(burn_in / dt)) - exact)
    # First order: halving dt halves the bias, up to terms of second order in dt. What remains of
    # the transient is e^-30.
    assert bias[1] / bias[0] == pytest.approx(0.5, abs=0.1)
    assert bias[2] / bias[1] == pytest.approx(0.5, abs=0.05)
    assert abs(bias[2]) < 0.05 * exact


def test_sampled_gradients_scatter_about_the_exact_gradient():
    rnn, target, dt = network(), rb.exponential(0.5), 0.02
    rng = np.random.default_rng(5)
    _, exact = rb.loss_and_gradient(rnn, target)
    samples = []
    for _ in range(40):
        x = rb.white_noise(25, 1000, dt, rng)
        _, gradient = rb.bptt(rnn, target, x, dt, burn_in=12.0)
        samples.append(np.concatenate([gradient.W.ravel(), gradient.u, gradient.v]))
    samples, exact = np.array(samples), np.concatenate([exact.W.ravel(), exact.u, exact.v])
    standard_error = samples.std(axis=0) / np.sqrt(len(samples))
    # Four standard errors, and the bias of dt, of relative size dt.
    allowed = 4 * standard_error + 2 * dt * np.linalg.norm(exact)
    assert np.linalg.norm(allowed) < 0.5 * np.linalg.norm(exact)  # or this would say little
    assert np.all(np.abs(samples.mean(axis=0) - exact) < allowed)


def test_a_network_that_equals_the_target_has_no_loss_on_any_noise():
    c_star = 0.3
    rnn = rb.LinearRNN([[1 - c_star]], [1.0], [1.0])
    x = rb.white_noise(2, 50, 0.1, np.random.default_rng(6))
    loss, gradient = rb.bptt(rnn, rb.exponential(c_star), x, 0.1)
    assert loss < 1e-28  # squared rounding
    assert max(abs(gradient.W[0, 0]), abs(gradient.u[0]), abs(gradient.v[0])) < 1e-13


def test_activity_that_overflows_is_an_error():
    rnn = rb.LinearRNN([[50.0]], [1.0], [1.0])
    x = rb.white_noise(1, 1000, 0.1, np.random.default_rng(7))
    with pytest.raises(FloatingPointError, match="overflow"):
        rb.bptt(rnn, rb.exponential(0.3), x, 0.1)


@pytest.mark.parametrize(
    ("x", "dt", "burn_in", "message"),
    [
        (np.zeros(5), 0.1, 0, "x must have shape"),
        (np.zeros((1, 1, 5)), 0.1, 0, "x must have shape"),
        ([[np.nan]], 0.1, 0, "x must be finite"),
        (np.zeros((0, 5)), 0.1, 0, "x leaves nothing to average: 0 trials"),
        (np.zeros((2, 0)), 0.1, 0, "x leaves nothing to average: 2 trials of 0 steps"),
        (np.zeros((2, 5)), 0.1, 0.5, "burn_in drops 5"),
        (np.zeros((2, 5)), 0.1, 0.41, "burn_in drops 5"),
        (np.zeros((2, 5)), 0.1, -1, "burn_in must be at least 0"),
        (np.zeros((2, 5)), 0.1, np.nan, "burn_in must be one finite"),
        (np.zeros((2, 5)), 0.0, 0, "dt must be greater than 0"),
        (np.zeros((2, 5)), np.inf, 0, "dt must be one finite"),
    ],
)
def test_bad_noise_and_times_are_refused_by_name(x, dt, burn_in, message):
    with pytest.raises(ValueError, match=message):
        rb.bptt(network(), rb.exponential(0.3), x, dt, burn_in)


def test_arguments_of_the_wrong_type_are_refused_by_name():
    with pytest.raises(TypeError, match="rnn must be a LinearRNN"):
        rb.bptt("rnn", rb.exponential(0.3), np.zeros((1, 5)), 0.1)
    with pytest.raises(TypeError, match="target must be a Filter"):
        rb.bptt(network(), network(), np.zeros((1, 5)), 0.1)
