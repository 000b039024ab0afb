"""Gradient descent and SGD: steps of finite length, exact or from sampled noise."""

import numpy as np
import pytest
from interrupting import interrupt_after

import rnnbook as rb
from rnnbook.objective import Objective
from rnnbook.training import stochastic

SUBSETS = [("W",), ("u",), ("v",), ("W", "u"), ("W", "v"), ("u", "v"), ("W", "u", "v")]


def network(n=10, seed=0):
    return rb.ginibre(n, 0.3, np.random.default_rng(seed), v_scale=0.3)


def flat(rnn):
    return np.concatenate([rnn.W.ravel(), rnn.u, rnn.v])


TARGET = rb.exponential(0.5)


def quick_sgd(rnn=None, target=TARGET, eta=0.1, steps=5, seed=0, **options):
    options = {"batch": 4, "duration": 4.0, "dt": 0.1} | options
    rnn = network() if rnn is None else rnn
    return rb.sgd(rnn, target, eta, steps, np.random.default_rng(seed), **options)


@pytest.mark.parametrize("trainable", SUBSETS, ids="".join)
def test_a_step_of_gradient_descent_goes_down_the_gradient_of_what_learns(trainable):
    rnn, target = network(), rb.damped_cosine(0.4, 1.0)
    _, gradient = rb.dense_loss_and_gradient(rnn, target)
    final = rb.gradient_descent(rnn, target, 0.05, 1, trainable).final
    for name in ("W", "u", "v"):
        before = getattr(rnn, name)
        if name in trainable:
            wanted = before - 0.05 * getattr(gradient, name)
            # The gradient is exact to 1e-10 and times 0.05.
            np.testing.assert_allclose(getattr(final, name), wanted, rtol=0, atol=1e-11)
        else:
            np.testing.assert_array_equal(getattr(final, name), before)


@pytest.mark.parametrize("trainable", SUBSETS, ids="".join)
def test_a_step_of_sgd_goes_down_the_gradient_on_one_batch_of_noise(trainable):
    rnn = network()
    x = rb.white_noise(4, 40, 0.1, np.random.default_rng(7))
    _, gradient = rb.bptt(rnn, TARGET, x, 0.1, burn_in=2.0)  # half of the duration
    final = quick_sgd(rnn, steps=1, seed=7, trainable=trainable).final
    for name in ("W", "u", "v"):
        before = getattr(rnn, name)
        wanted = before - 0.1 * getattr(gradient, name) * (name in trainable)
        np.testing.assert_array_equal(getattr(final, name), wanted)


def test_sgd_draws_ten_time_constants_of_the_target_unless_told_otherwise(monkeypatch):
    drawn = []

    def noise(trials, steps, dt, rng):
        drawn.append((trials, steps, dt))
        return np.zeros((trials, steps))

    monkeypatch.setattr(stochastic, "white_noise", noise)
    rng = np.random.default_rng(0)
    target = rb.mixture([1, 1], [0.25, 3.0])  # the slowest mode counts: T* = 4
    rb.sgd(network(), target, 0.1, 2, rng)
    rb.sgd(network(), target, 0.1, 1, rng, batch=3, duration=1.0, dt=0.3)
    assert drawn == [(32, 800, 0.05), (32, 800, 0.05), (3, 4, 0.3)]


def test_gradient_descent_tends_to_gradient_flow_like_eta():
    rnn, s_end = network(), 2.0
    wanted = flat(rb.gradient_flow(rnn, TARGET, [s_end], rtol=1e-7).final)
    wrong = []
    for steps in (20, 40, 80):
        final = rb.gradient_descent(rnn, TARGET, s_end / steps, steps).final
        wrong.append(np.linalg.norm(flat(final) - wanted))
    # Euler's method is of first order: half the step, half the error, up to second order in eta.
    assert wrong[1] / wrong[0] == pytest.approx(0.5, abs=0.08)
    assert wrong[2] / wrong[1] == pytest.approx(0.5, abs=0.05)
    assert wrong[2] < 0.02


def test_sgd_tends_to_gradient_flow():
    rnn, s_end = network(), 2.0
    flow = rb.gradient_flow(rnn, TARGET, [s_end])
    wanted, moved = flat(flow.final), np.linalg.norm(flat(flow.final) - flat(rnn))

    def error(eta, batch, dt, seeds):
        options = {"batch": batch, "dt": dt, "duration": 12.0}
        ends = [
            flat(quick_sgd(rnn, TARGET, eta, round(s_end / eta), seed, **options).final)
            for seed in range(seeds)
        ]
        return np.sqrt(np.mean(np.sum((np.array(ends) - wanted) ** 2, axis=1))) / moved

    # The noise in the weights goes like sqrt(eta / batch), the biases like eta and dt: with a
    # quarter of eta and dt and four times the batch every part falls to a quarter. Half leaves room
    # for the draw: the root mean square over few seeds of weights in 110 dimensions.
    coarse = error(0.2, 4, 0.2, seeds=5)
    middle = error(0.05, 16, 0.05, seeds=4)
    fine = error(0.02, 100, 0.03, seeds=1)
    assert middle < 0.5 * coarse
    assert fine < 0.6 * middle
    assert fine < 0.03


def test_sgd_is_a_function_of_its_generator():
    first, again, other = quick_sgd(seed=1), quick_sgd(seed=1), quick_sgd(seed=2)
    np.testing.assert_array_equal(flat(first.final), flat(again.final))
    np.testing.assert_array_equal(first.loss, again.loss)
    assert np.linalg.norm(flat(first.final) - flat(other.final)) > 1e-3


def test_each_step_of_sgd_draws_fresh_noise_from_the_generator_it_is_given():
    rng = np.random.default_rng(3)
    options = {"batch": 4, "duration": 4.0, "dt": 0.1}
    halfway = rb.sgd(network(), TARGET, 0.1, 2, rng, **options).final
    final = rb.sgd(halfway, TARGET, 0.1, 3, rng, **options).final
    np.testing.assert_array_equal(flat(final), flat(quick_sgd(steps=5, seed=3).final))


def gradient_descent(rnn=None, target=TARGET, eta=0.1, steps=5, **options):
    rnn = network() if rnn is None else rnn
    return rb.gradient_descent(rnn, target, eta, steps, **options)


both = pytest.mark.parametrize("train", [gradient_descent, quick_sgd])


@both
@pytest.mark.parametrize(
    ("steps", "record_every", "wanted"),
    [
        (5, 1, [0, 1, 2, 3, 4, 5]),
        (5, 2, [0, 2, 4, 5]),
        (5, 100, [0, 5]),
        (1, None, [0, 1]),
        (3, None, [0, 1, 2, 3]),
    ],
)
def test_first_and_last_step_and_every_so_many_between_are_recorded(
    train, steps, record_every, wanted
):
    rnn = network()
    found = train(rnn, steps=steps, record_every=record_every, eigenvalues=True)
    np.testing.assert_allclose(found.s, 0.1 * np.array(wanted), rtol=1e-15)
    assert found.eigenvalues.shape == (len(wanted), rnn.n)
    assert not found.partial
    # What is recorded is the exact loss.
    assert found.loss[0] == rb.population_loss(rnn, TARGET)
    wanted_loss, _ = rb.dense_loss_and_gradient(found.final, TARGET)
    assert found.loss[-1] == pytest.approx(wanted_loss, rel=1e-9)
    assert found.outlier[-1] == found.final.outlier


def test_about_a_hundred_records_are_kept_by_default():
    found = gradient_descent(network(3), steps=777, eta=0.01)
    assert 100 <= len(found.s) <= 200
    assert found.s[-1] == pytest.approx(7.77)


@both
def test_steps_that_are_too_long_carry_what_has_been_computed(train):
    rnn = network()
    with pytest.raises(rb.UnstableTrainingError, match="smaller eta") as caught:
        train(rnn, eta=20.0, steps=50, record_every=1)
    found = caught.value.trajectory
    assert found.partial
    assert 1 <= len(found.s) <= 50
    assert len(found.s) == len(found.loss) == len(found.outlier)
    assert found.s[0] == 0.0
    assert found.loss[0] == rb.population_loss(rnn, TARGET)


@both
def test_a_readout_that_diverges_ends_in_an_error_too(train):
    # W does not learn, so the network stays stable while v grows until its loss overflows.
    with pytest.raises(rb.UnstableTrainingError, match=r"overflow.* smaller eta") as caught:
        train(eta=1e3, steps=400, trainable=("v",), record_every=1)
    assert len(caught.value.trajectory.s) > 10


def test_eta_must_stay_below_two_over_the_largest_curvature():
    # At the optimum of one neuron the curvatures are the eigenvalues of [[1/(2c), -1/(4c^2)],
    # [-1/(4c^2), 1/(4c^3)]] in v and 1 - W.
    c = 0.3
    hessian = [[1 / (2 * c), -1 / (4 * c**2)], [-1 / (4 * c**2), 1 / (4 * c**3)]]
    limit = 2 / np.linalg.eigvalsh(hessian)[-1]
    near = rb.LinearRNN([[1 - c - 1e-3]], [1.0], [1.0])
    start = rb.population_loss(near, rb.exponential(c))
    below = rb.gradient_descent(near, rb.exponential(c), 0.95 * limit, 60)
    above = rb.gradient_descent(near, rb.exponential(c), 1.05 * limit, 30, record_every=1)
    assert below.loss[-1] < 0.1 * start
    assert above.loss[-1] > 2 * start
    assert not above.partial


@both
@pytest.mark.parametrize("calls", [1, 2, 4])
def test_an_interrupt_returns_what_has_been_computed(train, calls, monkeypatch):
    whole = train(record_every=1)
    sampled = train is quick_sgd
    owner, name = (stochastic, "bptt") if sampled else (Objective, "loss_and_gradient")
    interrupt_after(monkeypatch, owner, name, calls, KeyboardInterrupt())
    found = train(record_every=1)
    assert found.partial
    np.testing.assert_array_equal(found.loss, whole.loss[:calls])
    np.testing.assert_array_equal(found.s, whole.s[:calls])
    assert rb.population_loss(found.final, TARGET) == found.loss[-1]


@both
def test_progress_is_shown_on_stderr_and_only_on_request(train, capsys):
    train()
    assert capsys.readouterr() == ("", "")
    train(progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "100%" in err
    assert "5/5" in err


@both
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"eta": 0}, "eta must be greater than 0"),
        ({"eta": -1}, "eta must be greater than 0"),
        ({"eta": np.nan}, "eta must be one finite"),
        ({"eta": "fast"}, "eta must be one finite"),
        ({"steps": 0}, "steps must be at least 1"),
        ({"steps": 1.5}, "steps must be a whole number"),
        ({"record_every": 0}, "record_every must be at least 1"),
        ({"record_every": 0.5}, "record_every must be"),
    ],
)
def test_bad_steps_are_refused_by_name(train, options, message):
    with pytest.raises(ValueError, match=message):
        train(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch": 0}, "batch must be at least 1"),
        ({"batch": 2.5}, "batch must be a whole number"),
        ({"dt": 0}, "dt must be greater than 0"),
        ({"dt": np.inf}, "dt must be one finite"),
        ({"duration": 0.01}, "duration must be at least 0.1"),
        ({"duration": np.nan}, "duration must be one finite"),
        ({"burn_in": -1.0}, "burn_in must be at least 0"),
        ({"burn_in": 4.0}, "burn_in must be shorter than duration"),
        ({"burn_in": np.nan}, "burn_in must be one finite"),
    ],
)
def test_bad_noise_is_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        quick_sgd(**options)


@both
def test_arguments_of_the_wrong_type_are_refused_by_name(train):
    with pytest.raises(TypeError, match="rnn must be a LinearRNN"):
        train(np.eye(2))
    with pytest.raises(TypeError, match="target must be a Filter"):
        train(target="integrator")
