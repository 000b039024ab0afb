"""Decisions: formulas against quadrature and linear algebra, simulated trials against both."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.stats import norm

import rnnbook as rb
from rnnbook import evidence, plots


def output_moments(rnn, strength, duration, noise):
    """Mean and variance of the output from integrals over its responses, by quadrature."""
    A = rnn.W - np.eye(rnn.n)

    def reads(t):
        return rnn.v @ expm(A * t)

    mean = strength * quad(lambda t: reads(t) @ rnn.u, 0, duration, epsabs=1e-11)[0]
    shared = quad(lambda t: (reads(t) @ rnn.u) ** 2, 0, duration, epsabs=1e-11)[0]
    private = quad(lambda t: reads(t) @ reads(t), 0, duration, epsabs=1e-11)[0]
    return mean, shared + noise**2 * private


def learned(c, n=4, a=0.8):
    u = np.random.default_rng(1).normal(size=n)
    u /= np.linalg.norm(u)
    return rb.LinearRNN((1 - c) * np.outer(u, u), u, a * u)


@pytest.mark.parametrize("noise", [0.0, 0.7])
@pytest.mark.parametrize(("c", "duration"), [(1.0, 0.5), (0.1, 30.0), (0.01, 30.0), (1e-7, 9.0)])
def test_accuracy_is_that_of_the_output_of_a_learned_network(c, duration, noise):
    mean, variance = output_moments(learned(c), 0.3, duration, noise)
    wanted = norm.cdf(mean / np.sqrt(variance))
    assert rb.accuracy(c, 0.3, duration, noise) == pytest.approx(wanted, abs=1e-9)
    assert rb.accuracy(c, -0.3, duration, noise) == pytest.approx(1 - wanted, abs=1e-9)


def test_sensitivity_is_mean_over_deviation():
    formula = evidence.sensitivity_formula()
    x = {symbol.name: symbol for symbol in formula.free_symbols}
    c, duration = x["c"], x["duration"]
    mean = x["strength"] * (1 - sp.exp(-c * duration)) / c
    variance = (1 + x["noise"] ** 2) * (1 - sp.exp(-2 * c * duration)) / (2 * c)
    assert sp.simplify((formula**2 - mean**2 / variance).rewrite(sp.exp)) == 0
    # Without a leak all evidence counts.
    perfect = x["strength"] * sp.sqrt(duration / (1 + x["noise"] ** 2))
    assert sp.simplify(sp.limit(formula, c, 0) - perfect) == 0


@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_the_kernel_is_the_mean_evidence_before_a_positive_response(noise):
    # E[x(t) sgn y] = sqrt(2/pi) cov(x(t), y) / deviation of y, for numbers that are jointly normal.
    c, duration, age = 0.2, 6.0, np.array([0.0, 1.0, 5.0])
    rnn = learned(c)
    deviation = np.sqrt(output_moments(rnn, 0.0, duration, noise)[1])
    wanted = np.sqrt(2 / np.pi) * rnn.impulse_response(age) / deviation
    found = rb.psychophysical_kernel(c, age, duration, noise)
    np.testing.assert_allclose(found, wanted, rtol=1e-8)


def test_simulated_trials_have_the_moments_of_theory():
    rng = np.random.default_rng(4)
    rnn = rb.ginibre(6, 0.5, rng, v_scale=1.0)
    trials, dt = 20000, 0.05
    h, x = rb.evidence_trials(rnn, 0.4, 3.0, trials, rng, noise=0.5, dt=dt)
    assert h.shape == (trials, 6)
    assert x.shape == (trials, 60)
    mean, variance = output_moments(rnn, 0.4, 3.0, 0.5)
    y = h @ rnn.v
    # Five standard errors. Holding noise over a step changes the variance by dt^2 / 12, relatively.
    assert abs(y.mean() - mean) < 5 * np.sqrt(variance / trials)
    assert abs(y.var() / variance - 1) < 5 * np.sqrt(2 / trials) + dt**2
    # Without private noise it is the simulation of the network, and of its evidence.
    h, x = rb.evidence_trials(rnn, 0.4, 3.0, 3, rng, dt=dt)
    np.testing.assert_allclose(h @ rnn.v, rnn.simulate(x, dt)[:, -1], rtol=1e-10)
    assert abs(x.mean() - 0.4) < 5 / np.sqrt(3 * 3.0)


def test_choices_and_kernels_of_simulated_trials_agree_with_theory():
    rng, trials = np.random.default_rng(5), 4000
    rnn = learned(0.2, n=3)
    for noise in (0.0, 1.0):
        h, _ = rb.evidence_trials(rnn, 0.3, 8.0, trials, rng, noise=noise)
        wanted = rb.accuracy(0.2, 0.3, 8.0, noise)
        error = np.sqrt(wanted * (1 - wanted) / trials)
        assert abs((h @ rnn.v > 0).mean() - wanted) < 4 * error
    h, x = rb.evidence_trials(rnn, 0.0, 8.0, trials, rng)
    found = (x * np.sign(h @ rnn.v)[:, None]).reshape(trials, 8, 10).mean(axis=(0, 2))
    ages = 8.0 - (np.arange(80) + 0.5) * 0.1
    wanted = rb.psychophysical_kernel(0.2, ages, 8.0).reshape(8, 10).mean(axis=1)
    assert np.abs(found - wanted).max() < 4 / np.sqrt(trials)  # bins are one unit of time long


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rb.accuracy(0.0, 1.0, 1.0), "c must be greater than 0"),
        (lambda: rb.accuracy(0.1, 1.0, -1.0), "duration must not be negative"),
        (lambda: rb.accuracy(0.1, np.nan, 1.0), "strength must be finite"),
        (lambda: rb.psychophysical_kernel(0.1, 2.0, 1.0), "age must be at most duration"),
        (
            lambda: rb.evidence_trials(learned(0.1), 1.0, 0.01, 2, np.random.default_rng(0)),
            "duration must be at least 0.1",
        ),
        (
            lambda: rb.evidence_trials(learned(0.1), 1.0, 1.0, 0, np.random.default_rng(0)),
            "trials must be at least 1",
        ),
    ],
)
def test_bad_arguments_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.usefixtures("book_style")
def test_figures_show_what_they_are_given():
    x = np.arange(3.0)
    ax = plots.plot_theory_and_means({"one": (x, x**2, x, x + 1, x / 10)}, "the x", "the y")
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), x**2)
    assert ax.get_xlabel() == "the x"
    flow = rb.integrator_flow(input_rate=0.1)
    run = flow.solve([0, 1, 2], c_star=0.1)
    axes = plots.plot_landscapes({"slow": (flow, run), "again": (flow, run)}, 0.1, circle=True)
    assert [ax.get_title() for ax in axes] == ["slow", "again"]
    path = next(line for line in axes[0].lines if line.get_label() == "learning")
    np.testing.assert_array_equal(path.get_ydata(), run.variables["a"])
    plt.gcf().canvas.draw()
