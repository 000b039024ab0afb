"""Nonlinear networks, one nonlinear neuron exactly, and the closure, against independent ones."""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad, solve_ivp
from scipy.special import erf

import rnnbook as rb
from rnnbook import saturation


def sat(h, gain):
    return erf(np.sqrt(np.pi) / 2 * gain * h) / gain


def network(n=4, gain=0.7):
    rng = np.random.default_rng(0)
    return rb.NonlinearRNN(
        rng.normal(size=(n, n)) / np.sqrt(n), rng.normal(size=n), rng.normal(size=n), gain
    )


def test_the_formulas_of_the_neuron_belong_together():
    h, gain = saturation.H, saturation.GAIN
    assert sp.simplify(sp.diff(saturation.SATURATION, h) - saturation.SLOPE) == 0
    assert sp.simplify(sp.diff(saturation.INTEGRAL, h) - saturation.SATURATION) == 0
    assert saturation.INTEGRAL.subs(h, 0) == 0
    assert sp.limit(saturation.SATURATION, h, sp.oo) == 1 / gain
    assert h**2 / 2 - saturation.WEIGHT * saturation.INTEGRAL == saturation.POTENTIAL
    typed = sp.lambdify((h, gain), saturation.INTEGRAL)
    points = np.linspace(-5, 5, 11)
    np.testing.assert_allclose(saturation.integral(points, 0.8), typed(points, 0.8), atol=1e-13)
    # Where the formula as it stands would lose all digits: h^2 / 2.
    np.testing.assert_allclose(saturation.integral(points, 1e-7), points**2 / 2, rtol=1e-12)


def test_a_network_saturates_as_much_in_any_size():
    for n in (1, 4, 100):
        rnn = rb.NonlinearRNN(np.zeros((n, n)), np.full(n, n**-0.5), np.zeros(n), 0.5)
        found = np.sqrt(n) * rnn.rates(np.full(n, 1.3 / np.sqrt(n)))
        np.testing.assert_allclose(found, sat(1.3, 0.5), rtol=1e-14)
    rnn, h = network(), np.linspace(-2, 2, 4)
    slopes = (rnn.rates(h + 1e-5) - rnn.rates(h - 1e-5)) / 2e-5
    np.testing.assert_allclose(rnn.slopes(h), slopes, atol=1e-9)
    assert (rnn.n, rnn.gain) == (4, 0.7)
    assert rnn.outlier == rb.LinearRNN(rnn.W, rnn.u, rnn.v).outlier
    np.testing.assert_array_equal(rnn.eigenvalues(), rnn.linearized.eigenvalues())


def test_bad_networks_are_refused_by_name():
    with pytest.raises(ValueError, match="gain must be greater than 0"):
        rb.NonlinearRNN([[0.0]], [1.0], [1.0], 0)
    with pytest.raises(ValueError, match="W must have shape"):
        rb.NonlinearRNN([0.0], [1.0], [1.0], 1)
    with pytest.raises(TypeError, match="rnn must be a LinearRNN; got NonlinearRNN"):
        rb.population_loss(network(), rb.exponential(0.1))
    with pytest.raises(ValueError, match="dt must be greater than 0"):
        network().simulate([0.0], 0.0)


def test_simulation_solves_the_equations_for_held_inputs():
    rnn, held = network(), np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])
    y, h = rnn.simulate(np.repeat(held, 200, axis=1), 0.005, return_states=True)
    assert y.shape == (2, 600)
    assert h.shape == (2, 600, 4)
    for trial, inputs in enumerate(held):
        state = np.zeros(4)
        for k, x in enumerate(inputs):
            state = solve_ivp(
                lambda _, h, x=x: -h + rnn.W @ sat(h, 0.7 * 2) + rnn.u * x, (0, 1), state, rtol=1e-9
            ).y[:, -1]
            # Heun: the error is of order dt^2.
            np.testing.assert_allclose(h[trial, 200 * k + 199], state, atol=1e-4)
    np.testing.assert_allclose(y, rnn.rates(h) @ rnn.v, atol=1e-14)
    np.testing.assert_allclose(rnn.simulate(np.repeat(held[0], 200), 0.005), y[0], atol=1e-14)
    # With hardly any gain the network is linear.
    tiny = rb.NonlinearRNN(rnn.W, rnn.u, rnn.v, 1e-6)
    x = rb.white_noise(2, 100, 0.01, np.random.default_rng(1))
    np.testing.assert_allclose(tiny.simulate(x, 0.01), rnn.linearized.simulate(x, 0.01), atol=3e-4)


def sampled_loss(rnn, target, x, dt, skipped):
    """The loss of `bptt`, trial by trial and step by step."""
    total, b = 0.0, rnn.gain * np.sqrt(rnn.n)
    for trial in x:
        h, z = np.zeros(rnn.n), np.zeros(target.B.size)
        for k, value in enumerate(trial):
            h = h + dt * (-h + rnn.W @ sat(h, b) + rnn.u * value)
            z = z + dt * (target.A @ z + target.B * value)
            if k >= skipped:
                total += (rnn.v @ sat(h, b) - target.C @ z) ** 2 / 2
    return total / (len(x) * (x.shape[1] - skipped))


@pytest.mark.parametrize("n", [1, 4])
def test_backpropagation_gives_the_slope_of_the_sampled_loss(n):
    rnn, target = network(n), rb.damped_cosine(0.5, 1.0)
    x = rb.white_noise(3, 30, 0.1, np.random.default_rng(2))
    loss, gradient = rb.bptt(rnn, target, x, 0.1, burn_in=0.5)
    assert loss == pytest.approx(sampled_loss(rnn, target, x, 0.1, 5), rel=1e-12)
    rng, step = np.random.default_rng(3), 1e-3
    for name in ("W", "u", "v"):
        direction = rng.normal(size=getattr(rnn, name).shape)

        def at(k, name=name, direction=direction):
            weights = {"W": rnn.W, "u": rnn.u, "v": rnn.v}
            weights[name] = weights[name] + k * step * direction
            return sampled_loss(rb.NonlinearRNN(**weights, gain=0.7), target, x, 0.1, 5)

        # Fourth order central difference: truncation of about step^4, rounding of eps / step.
        slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)
        assert slope == pytest.approx(np.vdot(getattr(gradient, name), direction), abs=1e-9)


def test_a_network_with_equal_read_in_weights_learns_like_one_neuron():
    n, target = 9, rb.exponential(0.5)
    signs = np.sign(np.random.default_rng(4).normal(size=n))
    many = rb.NonlinearRNN(np.zeros((n, n)), signs / np.sqrt(n), np.zeros(n), 0.8)
    one = rb.NonlinearRNN([[0.0]], [1.0], [0.0], 0.8)
    options = {"eta": 0.2, "steps": 10, "batch": 4, "duration": 5.0, "dt": 0.1, "record_every": 2}
    runs = [rb.sgd(rnn, target, rng=np.random.default_rng(5), **options) for rnn in (many, one)]
    w, a = runs[1].final.W[0, 0], runs[1].final.v[0]
    assert w > 0.1
    # The same noise: equal up to rounding.
    np.testing.assert_allclose(runs[0].final.W, w * np.outer(many.u, many.u), atol=1e-14)
    np.testing.assert_allclose(runs[0].final.v, a * many.u, atol=1e-14)
    np.testing.assert_allclose(runs[0].loss, runs[1].loss, rtol=1e-12)
    np.testing.assert_allclose(runs[0].outlier, runs[1].outlier, atol=1e-14)
    assert isinstance(runs[0].final, rb.NonlinearRNN)
    assert runs[0].final.gain == 0.8
    assert runs[0].loss[-1] < runs[0].loss[0]


def test_the_recorded_loss_is_that_on_noise_kept_aside():
    rnn, target = network(), rb.exponential(0.5)
    options = {"batch": 3, "duration": 4.0, "burn_in": 1.0, "dt": 0.1}
    found = rb.sgd(rnn, target, 1e-9, 1, np.random.default_rng(6), **options)
    kept = rb.white_noise(12, 40, 0.1, np.random.default_rng(6))
    wanted = sampled_loss(rnn, target, kept, 0.1, 10)
    np.testing.assert_allclose(found.loss, wanted, rtol=1e-6)
    with pytest.raises(ValueError, match="response_times must be None"):
        rb.sgd(rnn, target, 0.1, 1, np.random.default_rng(6), response_times=[0.0])


# a, w, gain, c*; the last two neurons have two stable states.
NEURONS = [(0.7, 0.5, 0.6, 0.3), (1.2, -0.8, 2.0, 0.5), (1.7, 1.2, 0.6, 0.3), (1.5, 1.3, 1.0, 0.25)]


@pytest.mark.parametrize(("a", "w", "gain", "c_star"), NEURONS)
def test_the_exact_loss_and_gradient_are_those_of_long_simulations(a, w, gain, c_star):
    rnn, target, dt = rb.NonlinearRNN([[w]], [1.0], [a], gain), rb.exponential(c_star), 0.04
    rng, samples = np.random.default_rng(7), []
    for _ in range(8):
        x = rb.white_noise(400, 750, dt, rng)
        loss, gradient = rb.bptt(rnn, target, x, dt, burn_in=16.0)
        samples.append([loss, gradient.v[0], gradient.W[0, 0]])
    loss, (by_a, by_w) = rb.neuron_loss_and_gradient(a, w, gain, c_star)
    error = np.std(samples, axis=0, ddof=1) / np.sqrt(len(samples))
    # What dt changes is of relative size dt, of terms that are larger than the sums.
    allowed = 4 * error + dt / 2 * np.array([1 / (2 * c_star), 1.0, 1.0])
    assert np.all(np.abs(np.mean(samples, axis=0) - [loss, by_a, by_w]) < allowed)
    assert np.all(allowed < [0.06 / c_star, 0.2, 0.3])  # or this would say little


@pytest.mark.parametrize(("a", "w", "gain", "c_star"), NEURONS)
def test_the_exact_gradient_is_the_slope_of_the_exact_loss(a, w, gain, c_star):
    gradient = rb.neuron_loss_and_gradient(a, w, gain, c_star)[1]
    for k, step in enumerate(1e-4 * np.eye(2)):
        ends = [np.array([a, w]) + sign * step for sign in (1, -1)]
        up, down = (rb.neuron_loss_and_gradient(*end, gain, c_star)[0] for end in ends)
        assert (up - down) / 2e-4 == pytest.approx(gradient[k], abs=1e-6)


def test_without_weight_the_neuron_is_gaussian_and_the_closure_exact():
    flow = rb.nonlinear_integrator
    for gain, c_star in ((0.3, 0.1), (1.5, 0.4)):
        values = {"gain": gain, "c_star": c_star}
        wanted = float(flow.loss_at([0.9, 1.0], **values))
        assert rb.neuron_loss_and_gradient(0.9, 0.0, **values)[0] == pytest.approx(wanted, rel=1e-9)


def test_with_little_gain_neuron_and_closure_are_the_integrator():
    s, values = np.linspace(0, 4, 9), {"gain": 1e-4, "c_star": 0.25}
    linear = rb.integrator.solve(s, c_star=0.25)
    closure, exact = rb.nonlinear_integrator.solve(s, **values), rb.neuron_flow(s, **values)
    for found, accuracy in ((closure, 1e-6), (exact, 1e-5)):
        for name in ("loss", "outlier"):
            wanted = getattr(linear, name)
            np.testing.assert_allclose(getattr(found, name), wanted, atol=accuracy)
        np.testing.assert_allclose(
            found.variables["a"], linear.variables["a"], atol=accuracy, rtol=0
        )
    np.testing.assert_allclose(closure.variables["c"], linear.variables["c"], atol=1e-6)


@pytest.mark.parametrize(("w", "gain"), [(-1.0, 0.5), (0.9, 0.3), (1.5, 1.0), (3.0, 2.0)])
def test_the_density_is_normalised_and_at_rest(w, gain):
    def mean(of):
        density = lambda h: rb.neuron_density([h], w, gain)[0]  # noqa: E731
        return quad(lambda h: density(h) * of(h), -14, 14, limit=200, points=[0])[0]

    assert mean(lambda h: 1.0) == pytest.approx(1, abs=1e-8)
    # The mean of h^2 is constant: 2 E[h dh/dt] + 1 = 0.
    assert mean(lambda h: 2 * h * (w * sat(h, gain) - h)) == pytest.approx(-1, abs=1e-7)
    # And it peaks where the drift vanishes.
    h = np.linspace(0, 5, 5001)
    top = h[np.argmax(rb.neuron_density(h, w, gain))]
    assert abs(w * sat(top, gain) - top) < 2e-3


@pytest.mark.parametrize(("c", "gain"), [(0.05, 0.3), (0.4, 1.0), (1.5, 2.0)])
def test_the_averages_of_the_closure_are_those_of_a_gaussian(c, gain):
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    h, weights = nodes * np.sqrt(1 / (2 * c)), weights / weights.sum()
    slope = weights @ np.exp(-np.pi * (gain * h) ** 2 / 4)
    square = weights @ sat(h, gain) ** 2
    flow, values = rb.nonlinear_integrator, {"gain": gain, "c_star": 0.2}
    a = np.array([0.0, 1.0, 2.0])
    loss = flow.loss_at([a, np.full(3, c)], **values)
    # A Gaussian neuron whose output is slope times a linear one, as far as the target sees.
    np.testing.assert_allclose(loss, a**2 * square / 2 - a * slope / (c + 0.2) + 1.25, rtol=1e-6)
    w = flow.solve([0.0], [0.0, c], **values).outlier[0].real
    assert 1 - w * slope == pytest.approx(c, abs=1e-6)


def test_the_exact_flow_is_gradient_descent_in_the_limit():
    state, eta = np.zeros(2), 0.005
    for _ in range(400):
        state = state - eta * rb.neuron_loss_and_gradient(*state, 0.6, 0.25)[1]
    found = rb.neuron_flow([0.0, 2.0, 2.0], 0.6, 0.25)
    assert found.s.tolist() == [0.0, 2.0, 2.0]
    np.testing.assert_allclose(
        [found.variables["a"][-1], found.variables["w"][-1]], state, atol=1e-2
    )
    np.testing.assert_array_equal(found.outlier, found.variables["w"])
    loss = rb.neuron_loss_and_gradient(found.variables["a"][-1], found.outlier[-1].real, 0.6, 0.25)
    assert found.loss[-1] == pytest.approx(loss[0], rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rb.neuron_density([0.0], 1.0, 0.0), "gain must be greater than 0"),
        (lambda: rb.neuron_density(0.0, 1.0, 1.0), "h must have shape"),
        (lambda: rb.neuron_loss_and_gradient(1.0, np.nan, 1.0, 0.1), "w must be one finite"),
        (lambda: rb.neuron_loss_and_gradient(1.0, 1.0, 1.0, 0.0), "c_star must be greater than 0"),
        (lambda: rb.neuron_flow([1.0, 0.0], 1.0, 0.1), "s must be sorted"),
        (lambda: rb.neuron_flow([1.0], 1.0, 0.1, [0.0]), "initial must have shape"),
        (lambda: rb.nonlinear_integrator.solve([0.0], c_star=0.1), "gain is missing"),
    ],
)
def test_bad_arguments_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Four standard errors, and what is of the first order in dt = 0.05 and eta = 0.02. Random initial
# weights make networks a little slower. A Gaussian read-in has no exact neuron to compare with.
ALLOWED = {"one": {"a": 0.03, "w": 0.02}, "sign": {"a": 0.04, "w": 0.05}, "gaussian": {}}


def test_the_record_is_complete_and_learning_by_sgd_follows_the_exact_neuron():
    record = rb.records.nonlinear()
    for case in record["cases"]:
        exact = rb.neuron_flow(case["s"], case["gain"], case["c_star"])
        for name, allowed in ALLOWED[case["kind"]].items():
            error = 4 * np.array(case[name]["std"]) / np.sqrt(record["seeds"]) + allowed
            off = np.abs(np.array(case[name]["mean"]) - exact.variables[name])
            assert np.all(off < error), (case["kind"], case["gain"], name)
        loss = np.array(case["loss"]["mean"])
        assert np.all(np.isfinite(loss))
        assert loss[-1] < 0.3 * loss[0]
    kinds = [case["kind"] for case in record["cases"]]
    assert set(kinds) == set(ALLOWED)
    assert kinds.count("one") == 4


def test_the_recorded_errors_of_the_closure_are_those_of_today():
    table = rb.records.nonlinear()["closure"]
    i, j = table["c_star"].index(0.25), table["gain"].index(0.6)
    s = np.linspace(0, 30, 61)
    exact = rb.neuron_flow(s, 0.6, 0.25)
    w = exact.outlier.real
    closure = rb.nonlinear_integrator.solve(s, gain=0.6, c_star=0.25).outlier.real
    seen = w > 0.02
    off = np.abs(closure[seen] / w[seen] - 1)
    assert table["w"][i][j] == pytest.approx(w[-1], abs=1e-4)
    assert table["left"][i][j] == pytest.approx(exact.loss[-1] / exact.loss[0], abs=1e-4)
    # Seen at every twentieth of the record's times.
    assert off.max() <= table["error_to_end"][i][j] + 1e-4
    assert off.max() == pytest.approx(table["error_to_end"][i][j], abs=2e-3)


@pytest.mark.usefixtures("book_style")
def test_figures_draw_what_they_are_given():
    import matplotlib.pyplot as plt

    from rnnbook import plots

    exact = rb.neuron_flow([0.0, 1.0], 0.5, 0.5)
    closure = rb.nonlinear_integrator.solve([0.0, 1.0], gain=0.5, c_star=0.5)
    row = {"mean": np.array([0.0, 0.1]), "std": np.array([0.0, 0.02])}
    measured = {"one": (np.array([0.0, 1.0]), row, row)}
    axes = plots.plot_neuron_learning({"one": exact}, {"one": closure}, measured)
    np.testing.assert_array_equal(axes[0].lines[0].get_ydata(), exact.outlier.real)
    np.testing.assert_array_equal(axes[1].lines[0].get_ydata(), exact.loss / exact.loss[0])
    np.testing.assert_array_equal(axes[0].lines[1].get_ydata(), closure.outlier.real)
    assert all(ax.get_ylabel() for ax in axes)
    assert axes[1].get_xlabel()
    h = np.linspace(-2, 2, 5)
    axes = plots.plot_potentials(h, {"one": (h**2, h**0, h, h), "two": (h**2, h**0, h, h)})
    np.testing.assert_array_equal(axes[0, 1].lines[0].get_ydata(), h**2)
    assert [line.get_ydata().tolist() for line in axes[1, 0].lines] == [[1] * 5, h.tolist()]
    assert axes[1, 1].get_xlabel()
    plt.gcf().canvas.draw()
