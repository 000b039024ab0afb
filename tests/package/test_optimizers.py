"""Optimisers: what a step is, which family of networks it keeps, and how far it has to go."""

import dataclasses
import runpy
from pathlib import Path

import numpy as np
import pytest
from references import relative_error
from scipy.integrate import quad
from scipy.linalg import polar

import rnnbook as rb
from rnnbook.optimizers import (
    Adam,
    GradientDescent,
    Optimizer,
    SignDescent,
    SpectralDescent,
    newton_schulz,
    polar_factor,
)

ALL = [
    GradientDescent(0.1),
    GradientDescent(0.1, momentum=0.8),
    SignDescent(0.1),
    Adam(0.1),
    SpectralDescent(0.1),
    SpectralDescent(0.1, momentum=0.8),
    SpectralDescent(0.1, schulz=5),
]
by_optimizer = pytest.mark.parametrize("optimizer", ALL, ids=str)
TARGET = rb.exponential(0.1)


def gradients(count, n=4, seed=0):
    rng = np.random.default_rng(seed)
    return [{"W": rng.normal(size=(n, n)), "v": rng.normal(size=n)} for _ in range(count)]


def changes(optimizer, slopes):
    """What each of a sequence of gradients adds to the weights."""
    state, found = None, []
    for slope in slopes:
        change, state = optimizer.update(slope, state)
        found.append(change)
    return found


def test_momentum_is_polyaks_heavy_ball():
    slopes = gradients(5)
    eta, keep = 0.1, 0.7
    last = {"W": 0.0, "v": 0.0}
    for slope, change in zip(slopes, changes(GradientDescent(eta, keep), slopes), strict=True):
        last = {x: keep * last[x] - eta * slope[x] for x in slope}
        for name in slope:
            np.testing.assert_allclose(change[name], last[name], rtol=1e-13)


def test_adam_is_that_of_its_paper():
    slopes = gradients(30, seed=1)
    found = changes(Adam(0.1, keep_mean=0.8, keep_square=0.95, floor=1e-3), slopes)
    for name, size in (("W", 4), ("v", 2)):
        row = np.array([slope[name] for slope in slopes])
        for k in (0, 1, 7, 29):
            # Weighted means over all that was, whose weights add up to one after the correction.
            ages = np.arange(k, -1, -1)
            mean, square = (
                np.tensordot(keep**ages / np.sum(keep**ages), values[: k + 1], axes=1)
                for keep, values in ((0.8, row), (0.95, row**2))
            )
            wanted = -0.1 / size * mean / (np.sqrt(square) + 1e-3)
            np.testing.assert_allclose(found[k][name], wanted, rtol=1e-10)


def test_a_sign_step_is_eta_over_n_an_entry_of_w_and_eta_over_root_n_one_of_v():
    (slope,) = gradients(1, n=9)
    (change,) = changes(SignDescent(0.3), [slope])
    np.testing.assert_allclose(change["W"], -0.3 / 9 * np.sign(slope["W"]))
    np.testing.assert_allclose(change["v"], -0.3 / 3 * np.sign(slope["v"]))


def test_a_spectral_step_is_the_polar_factor_and_a_unit_vector():
    (slope,) = gradients(1, n=6)
    (change,) = changes(SpectralDescent(0.3, cutoff=1e-9), [slope])
    np.testing.assert_allclose(change["W"], -0.3 * polar(slope["W"])[0], atol=1e-12)
    np.testing.assert_allclose(change["v"], -0.3 * slope["v"] / np.linalg.norm(slope["v"]))


def test_a_zero_gradient_makes_no_step():
    nothing = {"W": np.zeros((3, 3)), "v": np.zeros(3)}
    for optimizer in ALL:
        (change,) = changes(optimizer, [nothing])
        assert not any(part.any() for part in change.values())


def test_what_is_below_the_cutoff_is_dropped():
    rng = np.random.default_rng(2)
    left, right = (np.linalg.qr(rng.normal(size=(5, 5)))[0] for _ in range(2))
    matrix = left @ np.diag([4.0, 2.0, 0.5, 0.3, 0.0]) @ right
    for cutoff, kept in ((0.1, 3), (0.4, 2), (0.9, 1), (0.05, 4)):
        wanted = left[:, :kept] @ right[:kept]
        np.testing.assert_allclose(polar_factor(matrix, cutoff), wanted, atol=1e-12)


def test_newton_schulz_steps_act_on_singular_values_as_a_quintic():
    rng = np.random.default_rng(3)
    left, right = (np.linalg.qr(rng.normal(size=(4, 4)))[0] for _ in range(2))
    sizes = np.array([3.0, 1.0, 0.01, 1e-6])
    x = sizes / np.linalg.norm(sizes)
    for _ in range(5):
        x = 3.4445 * x - 4.7750 * x**3 + 2.0315 * x**5
    found = newton_schulz(left @ np.diag(sizes) @ right)
    np.testing.assert_allclose(found, left @ np.diag(x) @ right, atol=1e-12)
    assert np.all((x[:2] > 0.6) & (x[:2] < 1.3))


@pytest.mark.parametrize("optimizer", [*ALL[:2], *ALL[4:]], ids=str)
def test_what_commutes_with_rotations(optimizer):
    rng = np.random.default_rng(4)
    R = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    slopes = gradients(3, seed=5)
    rotated = [{"W": R @ slope["W"] @ R.T, "v": R @ slope["v"]} for slope in slopes]
    plain, turned = (changes(optimizer, what)[-1] for what in (slopes, rotated))
    np.testing.assert_allclose(turned["W"], R @ plain["W"] @ R.T, atol=1e-12)
    np.testing.assert_allclose(turned["v"], R @ plain["v"], atol=1e-12)


@by_optimizer
def test_an_update_changes_neither_gradient_nor_state(optimizer):
    first, second = gradients(2, seed=6)
    kept = {name: part.copy() for name, part in second.items()}
    _, state = optimizer.update(first)
    once, _ = optimizer.update(second, state)
    again, _ = optimizer.update(second, state)
    for name in second:
        np.testing.assert_array_equal(second[name], kept[name])
        np.testing.assert_array_equal(once[name], again[name])


@by_optimizer
def test_optimizers_are_frozen(optimizer):
    assert isinstance(optimizer, Optimizer)
    with pytest.raises(dataclasses.FrozenInstanceError):
        optimizer.eta = 1.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: GradientDescent(0), "eta must be greater than 0"),
        (lambda: SignDescent(-1), "eta must be greater than 0"),
        (lambda: Adam("fast"), "eta must be one finite"),
        (lambda: GradientDescent(0.1, 1), "momentum must be below 1"),
        (lambda: SpectralDescent(0.1, -0.1), "momentum must be at least 0"),
        (lambda: SpectralDescent(0.1, cutoff=0), "cutoff must be greater than 0"),
        (lambda: SpectralDescent(0.1, schulz=1.5), "schulz must be a whole number"),
        (lambda: Adam(0.1, keep_square=1), "keep_square must be below 1"),
        (lambda: Adam(0.1, floor=0), "floor must be greater than 0"),
        (lambda: polar_factor([1.0, 2.0]), "matrix must have shape"),
        (lambda: newton_schulz([[1.0]], 0), "steps must be at least 1"),
    ],
)
def test_bad_arguments_are_refused_by_name(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_only_an_optimizer_is_taken_for_one():
    with pytest.raises(TypeError, match="optimizer must be a Optimizer"):
        rb.descend(rb.ginibre(3, 0.1, np.random.default_rng(0)), TARGET, 0.1, 5)


def test_the_base_class_has_no_step():
    with pytest.raises(NotImplementedError):
        Optimizer(0.1).update({})


def test_descend_by_gradient_descent_is_gradient_descent():
    rnn = rb.ginibre(10, 0.3, np.random.default_rng(0))
    found = rb.descend(rnn, TARGET, GradientDescent(0.02), 20)
    wanted = rb.gradient_descent(rnn, TARGET, 0.02, 20)
    np.testing.assert_array_equal(found.loss, wanted.loss)
    np.testing.assert_array_equal(found.s, wanted.s)
    np.testing.assert_array_equal(found.final.W, wanted.final.W)


@pytest.mark.parametrize("optimizer", ALL[:-1], ids=str)
def test_a_reduced_model_is_a_network_of_one_neuron(optimizer):
    optimizer = dataclasses.replace(optimizer, eta=0.01)
    overlap = 0.8 if isinstance(optimizer, SignDescent | Adam) else 1.0
    flow = rb.sign_integrator if overlap < 1 else rb.integrator
    fixed = {"overlap": overlap} if overlap < 1 else {}
    neuron = rb.LinearRNN([[0.0]], [overlap], [0.0])
    network = rb.descend(neuron, rb.exponential(0.3), optimizer, 60)
    theory = flow.descend(optimizer, 60, c_star=0.3, **fixed)
    np.testing.assert_allclose(theory.decay_rate, network.decay_rate, atol=1e-9)
    np.testing.assert_allclose(theory.loss, network.loss, atol=1e-9)
    np.testing.assert_allclose(theory.s, network.s)


def test_a_reduced_model_asks_for_a_metric_in_which_lengths_are_the_same_everywhere():
    flow = rb.integrator_flow(("W", "u", "v"))
    with pytest.raises(ValueError, match="eta can be an Optimizer only if the metric"):
        flow.descend(SignDescent(0.1), 5, initial=(0.5, 1.0), c_star=0.1)


def start(sigma=1e-3, n=100, seed=0):
    return rb.ginibre(n, sigma, np.random.default_rng(seed))


@pytest.mark.parametrize("kind", [SpectralDescent, SignDescent])
def test_spectral_and_sign_descent_learn_at_unit_speed(kind):
    found = rb.descend(start(), TARGET, kind(0.005), 160, record_every=2)  # c = 2 c* at s = 0.8
    assert np.abs(found.decay_rate - (1 - found.s)).max() < 0.01
    u = start().u
    overlap = np.abs(u).sum() / 10 if kind is SignDescent else 1.0
    # The bulk of scale 0.001 is what v meets besides.
    assert found.final.v @ u == pytest.approx(0.8 * overlap, abs=0.002)


def test_without_momentum_one_singular_value_grows():
    found = rb.descend(start(), TARGET, SpectralDescent(0.01), 200)  # on, twice as far as needed
    first, second, *_ = np.linalg.svd(found.final.W)[1]
    assert second < 0.01 * first
    blown = rb.descend(start(), TARGET, SpectralDescent(0.01, cutoff=1e-14), 50)
    first, second, *_ = np.linalg.svd(blown.final.W)[1]
    assert second > 0.9 * first


def test_adam_learns_the_sign_of_u():
    rnn = start(seed=1)
    found = rb.descend(rnn, TARGET, Adam(0.01), 150)
    values, vectors = np.linalg.eig(found.final.W)
    leading = vectors[:, np.argmax(values.real)].real
    overlap = abs(leading @ np.sign(rnn.u)) / np.linalg.norm(leading) / 10
    assert overlap > 0.99
    assert found.loss[-1] < 0.02 * found.loss[0]
    first, second, *_ = np.linalg.svd(found.final.W)[1]
    assert second < 0.01 * first


def noise_at(a, c, c_star, ends=False):
    symbols = [*rb.integrator.variables, *rb.integrator.parameters]
    values = dict(zip(symbols, (a, c, c_star), strict=True))
    return np.array(rb.gradient_noise_formula(ends).subs(values), dtype=float)


@pytest.mark.parametrize("point", [(0.6, 0.5, 0.3), (1.2, 0.2, 0.1), (0.1, 1.0, 0.05)])
def test_the_noise_of_a_sampled_gradient_is_an_integral_over_frequencies(point):
    # Parseval: correlations are spectra, and the two products of Isserlis are integrals of
    # |E|^2 S_i S_j^* and of E^2 S_i^* S_j^*, over all frequencies.
    a, c, c_star = point

    def integrand(frequency, i, j):
        z = 1j * frequency
        error = a / (z + c) - 1 / (z + c_star)
        sensitivity = [1 / (z + c), -a / (z + c) ** 2]
        first = abs(error) ** 2 * sensitivity[i] * sensitivity[j].conjugate()
        second = error**2 * (sensitivity[i] * sensitivity[j]).conjugate()
        return (first + second).real / np.pi  # both signs of the frequency

    theory = noise_at(*point)
    for i, j in ((0, 0), (0, 1), (1, 1)):
        wanted, _ = quad(integrand, 0, np.inf, (i, j), limit=400, epsrel=1e-9)
        assert theory[i, j] == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("point", [(0.6, 0.5, 0.3), (0.9, 0.28, 0.3)])
def test_the_noise_of_a_sampled_gradient_is_that_of_single_trials(point):
    a, c, c_star = point
    dt, trials, burn_in, steps = 0.05, 1000, 400, 400
    x = rb.white_noise(trials, burn_in + steps, dt, np.random.default_rng(7))
    # Two neurons in a row: the second is the derivative of the first by its rate, with a minus.
    row = rb.LinearRNN([[1 - c, 0], [-1, 1 - c]], [1, 0], [1, 0])
    states = row.simulate(x, dt, return_states=True)[1][:, burn_in:]
    error = a * states[..., 0] - rb.exponential(c_star).simulate(x, dt)[:, burn_in:]
    measured = np.cov((error[..., None] * states * [1, a]).mean(axis=1).T)
    length = steps * dt
    theory = noise_at(*point) / length - noise_at(*point, ends=True) / length**2
    # Variances from 1000 draws are right to sqrt(2/999) = 4.5 %; a trial of 20 and dt cost 5 %
    # of what is far from being cancelled.
    np.testing.assert_allclose(np.diag(measured), np.diag(theory), rtol=0.2)
    size = np.sqrt(np.prod(np.diag(theory)))
    assert measured[0, 1] == pytest.approx(theory[0, 1], abs=0.2 * size)


def test_the_gradient_of_every_sample_lies_in_the_family():
    u, rng = np.array([0.6, -0.8]), np.random.default_rng(8)
    rnn = rb.LinearRNN(0.5 * np.outer(u, u), u, 0.6 * u)
    _, gradient = rb.bptt(rnn, TARGET, rb.white_noise(3, 200, 0.1, rng), 0.1)
    along = (u @ gradient.W @ u) * np.outer(u, u)
    assert relative_error(along, gradient.W) < 1e-12
    assert relative_error((u @ gradient.v) * u, gradient.v) < 1e-12


def test_the_noise_vanishes_at_the_target_with_the_square_of_the_error():
    a, c = rb.integrator.variables
    (c_star,) = rb.integrator.parameters
    noise = rb.gradient_noise_formula()

    def at(shift):
        return np.array(noise.subs({a: 1 + shift, c: 0.2 * (1 - 2 * shift), c_star: 0.2}), float)

    assert not np.array(noise.subs({a: 1, c: c_star}).applyfunc(lambda x: x.cancel())).any()
    np.testing.assert_allclose(at(1e-3), 4 * at(0.5e-3), rtol=0.01)


def test_recorded_counts_are_those_of_the_package():
    script = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "optimizers.py"))
    record = rb.records.optimizers()
    assert record["c_star"] == pytest.approx(script["C_STAR"])
    c_star = record["c_star"][0]
    for name in ("spectral", "sign", "Adam", "momentum"):
        optimizer, enough = script["descents"](c_star)[name]
        flow = rb.sign_integrator if name in ("sign", "Adam") else rb.integrator
        loss = flow.descend(optimizer, int(enough), c_star=c_star).loss
        assert script["settled"](loss) == record["steps"][name][0], name
