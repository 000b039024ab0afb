"""Plateau and onset, against cubic equations, networks, and finite differences of the gradient."""

import numpy as np
import pytest
import sympy as sp
from references import random_filter
from scipy.integrate import solve_ivp

import rnnbook as rb
from rnnbook.reduced import onset

CHOICES = (("W",), ("W", "v"), ("W", "u", "v"))
by_choice = pytest.mark.parametrize("trainable", CHOICES, ids="".join)
# Three that oscillate and two that do not: e^(-c* t) cosh(kappa t) is a mixture of two decays.
FIVE = {
    "slow": rb.damped_cosine(0.2, 1.0),
    "fast": rb.damped_cosine(0.2, 2.0),
    "strongly damped": rb.damped_cosine(0.3, 0.3),
    "two decays": rb.mixture([0.5, 0.5], [0.1, 0.6]),
    "two close decays": rb.mixture([0.5, 0.5], [0.2, 0.4]),
}
SLOW = [(0.3, 0.25), (0.6, 0.2), (1.5, 0.4)]
by_target = pytest.mark.parametrize("target", FIVE.values(), ids=FIVE)


def cubic_plateau(c, w):
    """Plateau for the cosine: with x = alpha + c, x^3 - 2 c x^2 - 3 w^2 x + 2 c w^2 = 0."""
    x = max(np.roots([1, -2 * c, -3 * w**2, 2 * c * w**2]).real)
    return 2 * (x - c) * x / (x**2 + w**2), x - c


@pytest.mark.parametrize(
    ("c", "w"), [(0.2, 1.0), (0.1, 0.5), (0.3, 0.3), (0.02, 0.02), (1.0, 5.0), (1e-3, 0.01)]
)
def test_the_plateau_of_the_cosine_solves_its_cubic(c, w):
    # Newton's method ends at rounding error, which the curvature of order 1 cannot amplify.
    wanted = cubic_plateau(c, w)
    assert rb.plateau(rb.damped_cosine(c, w)) == pytest.approx(wanted, rel=1e-11)
    assert rb.plateau(rb.damped_cosine(c, w), ("W", "u", "v")) == pytest.approx(wanted, rel=1e-11)
    assert 1 < wanted[0] < 1.5


@pytest.mark.parametrize(("c", "w"), [(0.2, 1.0), (0.1, 0.3), (1.0, 0.2)])
def test_the_plateau_of_the_sine_has_a_closed_form(c, w):
    alpha = (np.sqrt(4 * c**2 + 3 * w**2) - c) / 3
    found = rb.plateau(rb.damped_sine(c, w))
    assert found == pytest.approx((w / (2 * (c + alpha)), alpha), rel=1e-11)


@pytest.mark.parametrize(("c", "w"), [(0.2, 1.0), (0.1, 0.5), (0.3, 0.3), (0.8, 0.1)])
def test_the_plateau_of_w_alone_is_where_its_loss_is_flat(c, w):
    a, alpha = rb.plateau(rb.damped_cosine(c, w), "W")
    x = alpha + c
    assert a == 1
    assert 4 * alpha**2 * (x**2 - w**2) == pytest.approx((x**2 + w**2) ** 2, rel=1e-11)


@pytest.mark.parametrize("trainable", CHOICES[:2], ids="".join)
@pytest.mark.parametrize("name", ["slow", "two decays"])
def test_a_network_of_one_neuron_rests_on_the_plateau(trainable, name):
    neuron = rb.LinearRNN([[0.0]], [1.0], [0.0 if "v" in trainable else 1.0])
    rest = rb.gradient_flow(neuron, FIVE[name], [300.0], trainable, rtol=1e-5).final
    a, alpha = rb.plateau(FIVE[name], trainable)
    # Errors of the solver die out at rest; what is left of the distance is below 1e-4.
    assert 1 - rest.W[0, 0] == pytest.approx(alpha, rel=1e-3)
    assert rest.u[0] * rest.v[0] == pytest.approx(a, rel=1e-3)


@pytest.mark.parametrize(
    ("target", "trainable", "message"),
    [
        (rb.mixture([-1.0], [0.3]), "W", "without end"),  # a is 1, and the target is negative
        (rb.mixture([1.0, -2.0], [1.0, 3.0]), ("W", "v"), "does not start"),  # F*(1) = 0
    ],
)
def test_targets_without_a_plateau_are_refused(target, trainable, message):
    for call in (rb.plateau, rb.onset_rate):
        with pytest.raises(ValueError, match=message):
            call(target, trainable)


def typed_rate(target, trainable):
    """The theory notes' mu for a plateau with a at rest, and what v and u add to it."""
    a, alpha = rb.plateau(target, trainable)

    def error(z):
        return a / (z + alpha) - target.transfer(z).real

    if trainable == ("W",):
        return (error(1) - error(alpha)) / (1 - alpha) ** 2
    mu = a * error(1) / (1 - alpha) ** 2
    ratio = (1 - alpha) ** 2 / a
    return mu * (1 + ratio if "u" in trainable else np.sqrt(1 + ratio / a))


@by_choice
@by_target
def test_the_rate_is_that_of_the_notes(trainable, target):
    # Subtracting values that agree to (1 - alpha)^2 loses three digits here.
    assert rb.onset_rate(target, trainable) == pytest.approx(
        typed_rate(target, trainable), rel=1e-10
    )


@by_choice
@by_target
def test_the_rate_is_the_growth_that_the_exact_gradient_linearises_to(trainable, target):
    a, alpha = rb.plateau(target, trainable)
    root = np.sqrt(a)
    u1, v1 = (root, root) if "u" in trainable else (1.0, a)
    size = 2 + ("v" in trainable) + ("u" in trainable)  # w12, w21, v2, u2
    step = 1e-4

    def slope(k):
        w12, w21, v2, u2 = step * np.eye(4)[k]
        rnn = rb.LinearRNN([[1 - alpha, w12], [w21, 0.0]], [u1, u2], [v1, v2])
        gradient = rb.loss_and_gradient(rnn, target, rtol=1e-13)[1]
        return -np.array([gradient.W[0, 1], gradient.W[1, 0], gradient.v[1], gradient.u[1]])

    growth = np.array([slope(k) for k in range(size)])[:, :size] / step
    values, vectors = np.linalg.eigh((growth + growth.T) / 2)
    # The gradient is odd in the coupling, so the difference quotient is right to step^2 = 1e-8,
    # times a ratio of derivatives below 10.
    found = rb.onset_rate(target, trainable)
    assert abs(found) == pytest.approx(values[-1], rel=1e-6)
    w12, w21 = vectors[:2, -1]
    assert np.sign(found) == -np.sign(w12 * w21)  # antisymmetric if positive


@by_choice
@pytest.mark.parametrize("name", ["cosine", "sine"])
def test_the_rate_is_the_growth_that_the_reduced_flow_shows(trainable, name):
    star = {"c_star": 0.2, "omega_star": 1.0}
    target = {"cosine": rb.damped_cosine, "sine": rb.damped_sine}[name](**star)
    a, alpha = rb.plateau(target, trainable)
    flow = rb.oscillator_flow(trainable, name)
    u1, v1 = (np.sqrt(a), np.sqrt(a)) if "u" in trainable else (1.0, a)
    start = {"p": 1 - alpha, "w11": 1 - alpha, "u1": u1, "v1": v1}
    # The mixture that grows: (w12, v2) = -(v1, alpha - 1), (w21, u2) = (u1, alpha - 1), either
    # scaled to the other's length; without u2 the second has one entry.
    ahead, back = np.array([u1, alpha - 1]), np.array([v1, alpha - 1])
    ahead = ahead if "u" in trainable else np.array([1.0, 0.0])
    start["w21"], start["u2"] = 1e-6 * ahead / np.linalg.norm(ahead)
    start["w12"], start["v2"] = -1e-6 * back / np.linalg.norm(back)
    start["q"] = 1e-6
    rate = rb.onset_rate(target, trainable)
    s = np.array([0.0, 1.0]) * np.log(100) / abs(rate)
    start = [start.get(symbol.name, 0.0) for symbol in flow.variables]
    coupling = flow.solve(s, start, **star).variables["q" if trainable == ("W",) else "w21"]
    # The solver is accurate to 1e-12 absolutely, 1e-6 of the seed; the seed ends at 1e-4, whose
    # square changes the rate by less than 1e-6.
    assert np.log(coupling[1] / coupling[0]) / s[1] == pytest.approx(rate, rel=1e-6)


def test_the_formula_is_the_rate_of_an_antisymmetric_coupling():
    formula = rb.onset_formula()
    by_name = {symbol.name: symbol for symbol in formula.free_symbols}
    assert set(by_name) == {"a", "alpha", "c_star", "omega_star"}
    for name, make in {"cosine": rb.damped_cosine, "sine": rb.damped_sine}.items():
        flow = rb.oscillator_flow(("W",), name)
        p, q, r = flow.variables
        growth = -sp.diff(flow.loss, q, 2).subs({q: 0, r: 0, p: 1 - by_name["alpha"]}) / 2
        for c, w in ((0.2, 1.0), (0.1, 0.5), (0.3, 0.3), (1.5, 0.4)):
            a, alpha = rb.plateau(make(c, w))
            values = {"a": a, "alpha": alpha, "c_star": c, "omega_star": w}
            values = {by_name[key]: value for key, value in values.items()}
            # The plateau is known to 1e-12.
            assert float(formula.subs(values)) == pytest.approx(
                float(growth.subs(values)), rel=1e-9
            )


@pytest.mark.parametrize(
    ("c", "w", "mu"), [(0.2, 1, 0.083863), (0.2, 2, 0.026795), (0.3, 0.3, 0.060211)]
)
def test_the_formula_gives_the_numbers_in_the_notes(c, w, mu):
    a, alpha = rb.plateau(rb.damped_cosine(c, w))
    values = {"a": a, "alpha": alpha, "c_star": c, "omega_star": w}
    formula = rb.onset_formula()
    found = formula.subs({symbol: values[symbol.name] for symbol in formula.free_symbols})
    assert float(found) == pytest.approx(mu, abs=6e-7)  # six decimals are given


def test_the_growth_formula_gives_the_rate_with_a_read_out_that_learns():
    formula = rb.growth_formula()
    targets = [(make(c, w), w**2) for make in (rb.damped_cosine, rb.damped_sine) for c, w in SLOW]
    targets += [(rb.mixture([0.5, 0.5], [c - w, c + w]), -(w**2)) for c, w in SLOW]
    for (target, square), (c, _) in zip(targets, 3 * SLOW, strict=True):
        a, alpha = rb.plateau(target)
        values = {"a": a, "alpha": alpha, "c_star": c, "omega_star": sp.sqrt(square)}
        found = formula.subs({symbol: values[symbol.name] for symbol in formula.free_symbols})
        # The plateau is known to 1e-12.
        assert float(found) == pytest.approx(rb.onset_rate(target), rel=1e-9)


def test_two_poles_attract_unless_the_plateau_lies_between_them():
    signs = []
    for seed in range(40):
        A, B, C = random_filter(seed, order=2)
        target = rb.Filter(A, B, C)
        _, alpha = rb.plateau(target)
        characteristic = np.poly(A)  # D*(z), the target's denominator
        rate = rb.onset_rate(target)
        assert np.sign(rate) == np.sign(np.polyval(characteristic, -alpha))
        signs.append((np.iscomplex(target.poles[0]), rate > 0))
    assert {(True, True), (False, True), (False, False)} == set(signs)


@by_choice
def test_a_target_with_one_pole_leaves_nothing_to_grow(trainable):
    assert rb.onset_rate(rb.exponential(0.3), trainable) == pytest.approx(0, abs=1e-12)


def test_a_plateau_at_the_decay_rate_of_a_neuron_is_no_special_case():
    # For the sine alpha = 1 at w^2 = ((3 + c)^2 - 4 c^2) / 3, where the notes' formula is 0/0.
    c = 0.2
    w = np.sqrt(((3 + c) ** 2 - 4 * c**2) / 3)
    assert rb.plateau(rb.damped_sine(c, w))[1] == pytest.approx(1, abs=1e-12)
    nearby = [rb.onset_rate(rb.damped_sine(c, w + shift)) for shift in (-1e-4, 1e-4)]
    assert rb.onset_rate(rb.damped_sine(c, w)) == pytest.approx(np.mean(nearby), rel=1e-6)


@pytest.mark.parametrize("call", [rb.plateau, rb.onset_rate])
def test_bad_arguments_are_refused_by_name(call):
    with pytest.raises(TypeError, match="target must be a Filter"):
        call((0.1, 0.5))
    with pytest.raises(ValueError, match="trainable must be"):
        call(rb.damped_cosine(0.1, 0.5), ("v",))


def end_of_learning(gains, rates, trainable):
    """Amplitude and decay rate of one neuron after long learning of a sum of exponentials."""

    def velocity(_, state):
        a, c = state
        F, minus_slope = np.sum(gains / (c + rates)), np.sum(gains / (c + rates) ** 2)
        da = 0.0 if trainable == ("W",) else F - a / (2 * c)
        return da, a**2 / (4 * c**2) - a * minus_slope

    def runaway(_, state):
        return state[1] - 50

    runaway.terminal = True
    start = [float(trainable == ("W",)), 1.0]
    flow = solve_ivp(
        velocity, (0, 1e6), start, method="LSODA", events=runaway, rtol=1e-9, atol=1e-12
    )
    return flow.y[:, -1]


@pytest.mark.parametrize("trainable", CHOICES[:2], ids="".join)
@pytest.mark.parametrize("seed", range(12))
def test_the_flow_leads_to_the_plateau_of_any_target(seed, trainable):
    rng = np.random.default_rng(seed)
    # Gains of both signs: several decay rates may be at rest.
    gains, rates = [1.0, *rng.uniform(-5, 5, 4)], rng.uniform(0.05, 3, 5)
    target = rb.mixture(gains, rates)
    wanted = end_of_learning(gains, rates, trainable)
    if wanted[1] > 49:
        with pytest.raises(ValueError, match="without end"):
            rb.plateau(target, trainable)
    else:
        assert rb.plateau(target, trainable) == pytest.approx(wanted, rel=1e-5)


def test_scans_of_oscillations_need_no_flow(monkeypatch):
    def refuse(*_):
        raise AssertionError("the flow was followed, which takes thirty times as long")

    monkeypatch.setattr(onset, "_end_of_flow", refuse)
    for c in np.linspace(0.05, 0.9, 12):
        for w in np.linspace(0.1, 3, 12):
            rb.plateau(rb.damped_cosine(c, w))
            rb.plateau(rb.damped_sine(c, w))
