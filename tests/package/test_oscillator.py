"""Reduced models of oscillations, against the exact loss and gradient of networks."""

import numpy as np
import pytest
import sympy as sp
from javascript import evaluate
from references import orthogonal

import rnnbook as rb

CHOICES = (("W",), ("W", "v"), ("W", "u", "v"))
TARGETS = {"cosine": rb.damped_cosine, "sine": rb.damped_sine}
by_choice = pytest.mark.parametrize("trainable", CHOICES, ids="".join)
by_target = pytest.mark.parametrize("target", TARGETS)
STAR = {"c_star": 0.15, "omega_star": 0.7}


def names(flow):
    return [symbol.name for symbol in flow.variables]


def network(flow, state, a=1.0):
    """The two neurons that a state stands for."""
    x = dict(zip(names(flow), state, strict=True))
    if "p" in x:
        return rb.LinearRNN([[x["p"], x["q"]], [-x["q"], x["r"]]], [1.0, 0.0], [a, 0.0])
    return rb.LinearRNN(
        [[x["w11"], x["w12"]], [x["w21"], x["w22"]]],
        [x.get("u1", 1.0), x.get("u2", 0.0)],
        [x["v1"], x["v2"]],
    )


def stable_states(flow, count, seed):
    rng, found = np.random.default_rng(seed), []
    while len(found) < count:
        state = rng.normal(0, 0.6, len(flow.variables))
        if network(flow, state).spectral_abscissa < 0.9:
            found.append(state)
    return found


@by_choice
@by_target
def test_the_loss_is_that_of_the_network_of_two_neurons(trainable, target):
    flow = rb.oscillator_flow(trainable, target)
    exact = TARGETS[target](**STAR)
    for state in stable_states(flow, 12, 1):
        wanted = rb.population_loss(network(flow, state), exact, rtol=1e-12)
        # Both lose digits to 1 - abscissa >= 0.1; the energies are at most about 10.
        assert flow.loss_at(state, **STAR) == pytest.approx(wanted, rel=1e-9, abs=1e-11)


@by_choice
@by_target
def test_the_flow_is_the_exact_gradient_of_the_network(trainable, target):
    flow = rb.oscillator_flow(trainable, target)
    exact = TARGETS[target](**STAR)
    for state in stable_states(flow, 12, 2):
        gradient = rb.loss_and_gradient(network(flow, state), exact, rtol=1e-12)[1]
        (w11, w12), (w21, w22) = -gradient.W
        # A change dq moves two entries, so q follows their mean.
        slopes = {"p": w11, "q": (w12 - w21) / 2, "r": w22}
        slopes |= {"w11": w11, "w12": w12, "w21": w21, "w22": w22}
        slopes |= dict(zip(("u1", "u2", "v1", "v2"), (*-gradient.u, *-gradient.v), strict=True))
        wanted = [slopes[name] for name in names(flow)]
        np.testing.assert_allclose(flow.rhs(state, **STAR), wanted, rtol=1e-8, atol=1e-9)


@by_target
def test_an_antisymmetric_coupling_stays_antisymmetric(target):
    flow = rb.oscillator_flow(("W",), target)
    for state in stable_states(flow, 5, 3):
        gradient = rb.loss_and_gradient(network(flow, state), TARGETS[target](**STAR), 1e-12)[1]
        assert gradient.W[0, 1] == pytest.approx(-gradient.W[1, 0], rel=1e-9, abs=1e-12)


@by_choice
def test_a_plane_of_a_large_network_is_invariant(trainable):
    flow = rb.oscillator_flow(trainable)
    (state,) = stable_states(flow, 1, 4)
    two = network(flow, state)
    plane = orthogonal(9, np.random.default_rng(5))[:, :2]
    large = rb.LinearRNN(plane @ two.W @ plane.T, plane @ two.u, plane @ two.v)
    found = rb.loss_and_gradient(large, rb.damped_cosine(**STAR))[1]
    small = rb.loss_and_gradient(two, rb.damped_cosine(**STAR))[1]
    np.testing.assert_allclose(found.W, plane @ small.W @ plane.T, atol=1e-9)
    np.testing.assert_allclose(found.v, plane @ small.v, atol=1e-9)


@by_choice
@by_target
def test_without_coupling_nothing_off_the_axis_moves(trainable, target):
    flow = rb.oscillator_flow(trainable, target)
    off = {"q", "r", "w12", "w21", "w22", "u2", "v2"}
    state = [0.0 if name in off else 0.4 for name in names(flow)]
    rates = dict(zip(names(flow), flow.rhs(state, **STAR), strict=True))
    assert all(abs(rates[name]) < 1e-12 for name in off & set(rates))  # rounding
    assert all(abs(rates[name]) > 1e-4 for name in set(rates) - off)


def test_one_neuron_and_no_frequency_are_the_integrator():
    for p, a in ((0.0, 1.0), (0.6, 0.4), (-0.5, 1.3)):
        found = rb.oscillator.loss_at([p, 0.0, 0.3], a=a, c_star=0.2, omega_star=0.0)
        wanted = rb.integrator.loss_at([a, 1 - p], c_star=0.2)
        assert found == pytest.approx(wanted, rel=1e-12)


def test_the_default_is_the_model_with_w_alone():
    assert rb.oscillator is rb.oscillator_flow() is rb.oscillator_flow("W", "cosine")
    assert names(rb.oscillator) == ["p", "q", "r"]
    assert rb.oscillator_flow(("v", "W")) is rb.oscillator_flow(["W", "v"])
    assert rb.oscillator.metric == sp.diag(1, 2, 1)


@by_choice
def test_the_outlier_is_the_rightmost_eigenvalue(trainable):
    flow = rb.oscillator_flow(trainable)
    kinds = set()
    for state in stable_states(flow, 20, 6):
        found = flow.solve([0.0], state, **STAR).outlier[0]
        wanted = network(flow, state).outlier
        kinds.add(wanted.imag > 0)
        # Both are exact to rounding, but for the root of a small difference.
        assert found == pytest.approx(wanted, abs=1e-7)
        assert found.imag >= 0
    assert kinds == {True, False}


@by_choice
@pytest.mark.parametrize("diagonal", [(1.2, 0.0), (1.2, 1.3), (1.5, 0.9)])
def test_an_unstable_state_is_refused(trainable, diagonal):
    flow = rb.oscillator_flow(trainable)
    given = {"p": diagonal[0], "r": diagonal[1], "w11": diagonal[0], "w22": diagonal[1]}
    state = [given.get(name, 0.1) for name in names(flow)]
    assert network(flow, state).spectral_abscissa > 1
    for call in (flow.rhs, flow.loss_at):
        with pytest.raises(ValueError, match="must be greater than 0 in every state"):
            call(state, **STAR)
    with pytest.raises(ValueError, match="must be greater than 0 in every state"):
        flow.solve([0.0, 1.0], state, **STAR)


def test_stability_is_exactly_the_domain():
    rng = np.random.default_rng(7)
    stable = []
    for state in rng.uniform(-2, 2, (200, 3)):
        stable.append(network(rb.oscillator, state).spectral_abscissa < 1)
        if stable[-1]:
            assert rb.oscillator.loss_at(state, **STAR) >= 0
        else:
            with pytest.raises(ValueError, match="unstable"):
                rb.oscillator.loss_at(state, **STAR)
    assert 20 < sum(stable) < 180


def test_descent_ends_before_a_step_into_instability():
    found = rb.oscillator.descend(3.0, 500, [0.8, 0.3, 0.8], c_star=0.05, omega_star=0.3)
    assert found.partial
    last = [found.variables[name][-1] for name in "pqr"]
    slope = rb.oscillator.rhs(last, c_star=0.05, omega_star=0.3)
    assert network(rb.oscillator, last).spectral_abscissa < 1
    assert network(rb.oscillator, last + 3.0 * slope).spectral_abscissa >= 1


def read_in_and_out(start, trainable):
    if trainable == ("W",):
        return rb.LinearRNN(start.W, start.u, start.u)
    if trainable == ("W", "v"):
        return start
    return rb.LinearRNN(start.W, 0.3 * start.u, 0.3 * start.u)


@by_choice
def test_networks_of_a_hundred_neurons_go_through_the_exceptional_point_like_the_model(trainable):
    star = {"c_star": 0.1, "omega_star": 0.4}
    start = rb.ginibre(100, 1e-3, np.random.default_rng(8))
    start = read_in_and_out(start, trainable)
    flow = rb.oscillator_flow(trainable)
    s = np.linspace(0, 60, 61)
    theory = flow.solve(s, rb.oscillator_seed(start, flow, **star), **star)
    found = rb.gradient_flow(start, rb.damped_cosine(**star), s, trainable, rtol=3e-6)
    assert theory.outlier[10].imag == 0
    assert theory.outlier[-1] == pytest.approx(0.9 + 0.4j, abs=1e-3)
    # What the model leaves out is of order sigma = 1e-3. It shifts the end of the plateau by that
    # over the growth rate of 0.25, where L falls by up to 0.4 and the eigenvalue moves by 0.3 per
    # unit of s. The solver, whose error is relative to 1 and not to the seed, adds as much.
    np.testing.assert_allclose(found.loss, theory.loss, atol=1e-2)
    np.testing.assert_allclose(found.outlier, theory.outlier, atol=1e-2)


@by_target
def test_the_damped_sine_is_learned_by_turning_the_read_out(target):
    star = {"c_star": 0.2, "omega_star": 0.8}
    flow = rb.oscillator_flow(("W", "v"), target)
    start = {"v1": 0, "v2": 0, "w11": 0, "w12": 1e-3, "w21": 2e-3, "w22": 0}
    theory = flow.solve([0.0, 400.0], start, **star)
    assert theory.loss[-1] < 1e-6
    # f(0) = u.v, and u is the first axis.
    assert theory.variables["v1"][-1] == pytest.approx({"cosine": 1, "sine": 0}[target], abs=1e-3)


@by_choice
def test_the_seed_does_not_depend_on_how_neurons_are_numbered(trainable):
    flow, star = rb.oscillator_flow(trainable), {"c_star": 0.2, "omega_star": 0.5}
    start = read_in_and_out(rb.ginibre(8, 1e-3, np.random.default_rng(9), 1e-3), trainable)
    R = orthogonal(8, np.random.default_rng(10))
    turned = rb.LinearRNN(R @ start.W @ R.T, R @ start.u, R @ start.v)
    first, second = (rb.oscillator_seed(x, flow, **star) for x in (start, turned))
    # The second axis is known up to its sign.
    for name in names(flow):
        assert abs(first[name]) == pytest.approx(abs(second[name]), rel=1e-6, abs=1e-12)


def test_the_seed_of_w_alone_is_its_antisymmetric_part_at_u():
    start = rb.ginibre(30, 1e-3, np.random.default_rng(11))
    start = rb.LinearRNN(start.W, start.u, start.u)
    found = rb.oscillator_seed(start)
    assert found["q"] == pytest.approx(np.linalg.norm((start.W - start.W.T) @ start.u) / 2)
    assert found["p"] == pytest.approx(start.u @ start.W @ start.u)


@by_choice
def test_a_network_of_two_neurons_is_its_own_seed(trainable):
    flow, star = rb.oscillator_flow(trainable), {"c_star": 0.2, "omega_star": 0.5}
    given = {"p": 0.01, "q": 2e-3, "r": 3e-3, "v1": 0.2, "v2": 1e-3, "u1": 0.7, "u2": 0.0}
    given |= {"w11": 0.01, "w12": 1e-3, "w21": -2e-3, "w22": 3e-3}
    state = [given[name] for name in names(flow)]
    found = rb.oscillator_seed(network(flow, state), flow, **star)
    # The second axis is known up to its sign.
    sign = np.sign(found["w12"]) if "w12" in found else 1
    for name in names(flow):
        flips = name in ("w12", "w21", "v2")
        assert found[name] == pytest.approx(given[name] * (sign if flips else 1), rel=1e-9)


def test_the_coupling_that_grows_is_found_off_the_antisymmetric_direction():
    # W, v: three neurons, of which one is driven by w12 and the other by w21. Only the model with
    # the right mixture of both follows the network.
    star = {"c_star": 0.2, "omega_star": 0.8}
    W = np.zeros((3, 3))
    W[0, 1], W[2, 0] = 1e-3, 1e-3
    start = rb.LinearRNN(W, [1.0, 0, 0], [0.0, 0, 0])
    flow = rb.oscillator_flow(("W", "v"))
    s = np.linspace(0, 120, 41)
    theory = flow.solve(s, rb.oscillator_seed(start, flow, **star), **star)
    found = rb.gradient_flow(start, rb.damped_cosine(**star), s, rtol=1e-6)
    assert theory.loss[-1] < 1e-3
    np.testing.assert_allclose(found.loss, theory.loss, atol=5e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rb.oscillator_flow(("v",)), 'must be ."W",., ."W", "v". or'),
        (lambda: rb.oscillator_flow(("W", "u")), 'must be ."W",., ."W", "v". or'),
        (lambda: rb.oscillator_flow(("W", "x")), 'at least one of "W", "u", "v"'),
        (lambda: rb.oscillator_flow(target="tangent"), 'target must be "cosine" or "sine"'),
        (lambda: rb.oscillator.solve([1.0], **STAR), "initial must be given"),
        (lambda: rb.oscillator.solve([1.0], [0, 1e-3, 0], c_star=0.1), "omega_star is missing"),
        (
            lambda: rb.oscillator_seed(rb.ginibre(5, 0.1, np.random.default_rng(0), 1.0)),
            "v must be along u",
        ),
        (
            lambda: rb.oscillator_seed(rb.LinearRNN(np.eye(3), np.zeros(3), np.zeros(3))),
            "u is zero",
        ),
        (
            lambda: rb.oscillator_seed(rb.LinearRNN(np.zeros((2, 2)), [1.0, 0], [1.0, 0])),
            "no coupling",
        ),
        (
            lambda: rb.oscillator_seed(
                rb.ginibre(5, 0.1, np.random.default_rng(0)), rb.oscillator_flow(("W", "v"))
            ),
            "c_star is missing",
        ),
    ],
)
def test_bad_arguments_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_seed_is_read_off_a_network():
    with pytest.raises(TypeError, match="rnn must be a LinearRNN"):
        rb.oscillator_seed(np.eye(2))


@by_choice
def test_javascript_gives_the_numbers_of_numpy(trainable, tmp_path):
    flow = rb.oscillator_flow(trainable)
    states = np.array(stable_states(flow, 10, 12))
    fixed = {x.name: 1.0 for x in flow.parameters} | STAR
    found = evaluate(tmp_path, flow, states, fixed)
    # The same formulas in the same arithmetic, in which terms cancel.
    flows = flow.rhs(states.T, **STAR)
    np.testing.assert_allclose(np.transpose(found["flow"]), flows, rtol=1e-10, atol=1e-10)
    losses = flow.loss_at(states.T, **STAR)
    np.testing.assert_allclose(found["loss"], losses, rtol=1e-10, atol=1e-10)
