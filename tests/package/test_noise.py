"""White noise of unit intensity, and where randomness comes from."""

import numpy as np
import pytest

import rnnbook as rb


@pytest.mark.parametrize("dt", [0.01, 0.5, 2.0])
def test_white_noise_has_intensity_one_at_every_step_length(dt):
    trials, steps = 400, 250
    x = rb.white_noise(trials, steps, dt, np.random.default_rng(1))
    assert x.shape == (trials, steps)
    count = x.size
    # Five standard errors each, of 1e5 Gaussian samples of variance 1/dt.
    assert x.mean() * np.sqrt(dt) == pytest.approx(0, abs=5 / np.sqrt(count))
    assert x.var() * dt == pytest.approx(1, abs=5 * np.sqrt(2 / count))
    # The integral over a trial is Brownian motion: its variance is the trial's length.
    length = steps * dt
    integrals = dt * x.sum(axis=1)
    assert integrals.var() == pytest.approx(length, rel=5 * np.sqrt(2 / trials))
    # White: neighbouring samples, and neighbouring trials, are uncorrelated.
    for a, b in ((x[:, 1:], x[:, :-1]), (x[1:], x[:-1])):
        assert dt * np.mean(a * b) == pytest.approx(0, abs=5 / np.sqrt(count))


@pytest.mark.parametrize("dt", [0.02, 0.5])
def test_white_noise_drives_a_filter_to_the_variance_that_is_its_energy(dt):
    target = rb.exponential(0.5)
    x = rb.white_noise(4000, int(20 / dt), dt, np.random.default_rng(2))
    # Input held over steps only smooths it: the variance is energy * tanh(c dt / 2) / (c dt / 2).
    wanted = target.energy * np.tanh(0.25 * dt) / (0.25 * dt)
    found = target.simulate(x, dt)[:, -1].var()
    assert found == pytest.approx(wanted, rel=5 * np.sqrt(2 / 4000))  # five standard errors


@pytest.mark.parametrize("rng", [0, None, np.random, np.random.RandomState(0), "seed"])
@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rb.ginibre(3, 0.5, rng),
        lambda rng: rb.white_noise(2, 2, 0.1, rng),
        lambda rng: rb.sgd(
            rb.LinearRNN([[0.0]], [1.0], [0.0]), rb.exponential(1.0), 0.1, 1, rng, batch=1
        ),
    ],
    ids=["ginibre", "white_noise", "sgd"],
)
def test_randomness_comes_from_a_generator_and_nothing_else(draw, rng):
    with pytest.raises(TypeError, match=r"numpy.random.default_rng\(0\)"):
        draw(rng)


@pytest.mark.parametrize(
    ("trials", "steps", "dt", "message"),
    [
        (0, 1, 0.1, "trials must be at least 1"),
        (1, 0, 0.1, "steps must be at least 1"),
        (1.5, 1, 0.1, "trials must be a whole number"),
        (1, 1, 0, "dt must be greater than 0"),
        (1, 1, np.nan, "dt must be one finite"),
    ],
)
def test_bad_white_noise_is_refused_by_name(trials, steps, dt, message):
    with pytest.raises(ValueError, match=message):
        rb.white_noise(trials, steps, dt, np.random.default_rng(0))


def test_nothing_moves_numpys_global_random_state():
    def snapshot():
        name, keys, *rest = np.random.get_state()  # noqa: NPY002 - what must not move
        return name, keys.tobytes(), *rest

    before = snapshot()
    rng = np.random.default_rng(3)
    rnn, target = rb.ginibre(200, 0.5, rng, v_scale=1.0), rb.damped_cosine(0.3, 1.0)
    rnn.impulse_response([0.1, 100.0])  # a long step too: norm estimates draw random signs
    rnn.simulate(rb.white_noise(2, 3, 0.1, rng), 0.1)
    target.impulse_response([100.0])
    rb.population_loss(rnn, target)
    rb.loss_and_gradient(rnn, target)
    small = rb.ginibre(5, 0.5, rng)
    rb.sgd(small, target, 0.1, 2, rng, batch=2, duration=2.0)
    rb.gradient_flow(small, target, [0.1])
    rb.integrator.solve([0.1], c_star=0.5)
    assert snapshot() == before
