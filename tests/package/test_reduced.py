"""Reduced models: symbols against typed formulas, and the numbers against independent solvers."""

import re

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp
from sympy.parsing.sympy_parser import (
    implicit_multiplication,
    parse_expr,
    standard_transformations,
)

import rnnbook as rb
from rnnbook.reduced import flow as flow_module

a, c, c_star = sp.symbols("a c c_star", positive=True)

# From the theory notes: L = a^2/(4c) - a/(c + c*) + 1/(4c*), and the slopes of a and c.
LOSS = a**2 / (4 * c) - a / (c + c_star) + 1 / (4 * c_star)
DA = 1 / (c + c_star) - a / (2 * c)
DC = a**2 / (4 * c**2) - a / (c + c_star) ** 2
FLOWS = {
    ("W",): {"c": DC},
    ("u",): {"a": DA},
    ("v",): {"a": DA},
    ("W", "u"): {"a": DA, "c": DC},
    ("W", "v"): {"a": DA, "c": DC},
    ("u", "v"): {"a": 2 * a * DA},
    ("W", "u", "v"): {"a": 2 * a * DA, "c": DC},
}
by_flow = pytest.mark.parametrize(("trainable", "slopes"), FLOWS.items(), ids=map("".join, FLOWS))


def plain(expression):
    """With plain positive symbols in place of the package's own, by name."""
    by_name = {"a": a, "c": c, "c_star": c_star}
    return expression.subs({symbol: by_name[symbol.name] for symbol in expression.free_symbols})


def numeric(slopes):
    """The typed formulas as a function of a state in their order and of the values of the rest."""
    return sp.lambdify(
        [[sp.Symbol(n, positive=True) for n in slopes], a, c, c_star], list(slopes.values())
    )


@by_flow
def test_the_symbolic_flow_is_that_of_the_theory(trainable, slopes):
    flow = rb.integrator_flow(trainable)
    assert [symbol.name for symbol in flow.variables] == list(slopes)
    assert {symbol.name for symbol in flow.parameters} == {"a", "c", "c_star"} - set(slopes)
    assert sp.simplify(plain(flow.loss) - LOSS) == 0
    assert sp.simplify(plain(flow.outlier) - (1 - c)) == 0
    for found, wanted in zip(flow.flow, slopes.values(), strict=True):
        assert sp.simplify(plain(found) - wanted) == 0


def test_w_alone_with_u_equal_to_v_has_the_slope_in_the_notes():
    (found,) = rb.integrator_flow(("W",)).flow
    wanted = 1 / (4 * c**2) - 1 / (c + c_star) ** 2
    assert sp.simplify(plain(found).subs(a, 1) - wanted) == 0


@by_flow
def test_the_flow_is_downhill_in_the_metric_of_the_weights(trainable, slopes):
    # Write the weights out (one neuron: W = 1 - c, and u, v of product a), differentiate the loss
    # by them, and push the slopes forward to a and c. No metric is involved.
    w, u, v = sp.symbols("w u v", positive=True)
    loss = LOSS.subs({a: u * v, c: 1 - w}, simultaneous=True)
    ds = {
        x: -sp.diff(loss, x) if x.name.upper() in trainable or x.name in trainable else 0
        for x in (w, u, v)
    }
    if {"u", "v"} <= set(trainable):
        start = {u: sp.sqrt(a), v: sp.sqrt(a)}  # balanced
    elif "u" in trainable:
        start = {u: a, v: 1}
    else:
        start = {u: 1, v: a}
    pushed = {"a": ds[u] * v + u * ds[v], "c": -ds[w]}
    flow = rb.integrator_flow(trainable)
    for symbol, found in zip(flow.variables, flow.flow, strict=True):
        wanted = pushed[symbol.name].subs({**start, w: 1 - c}, simultaneous=True)
        assert sp.simplify(plain(found) - wanted) == 0


def test_the_optimum_is_a_fixed_point_with_the_hessian_of_the_notes():
    flow = rb.integrator
    optimum = {a: 1, c: c_star}
    assert all(sp.simplify(plain(slope).subs(optimum)) == 0 for slope in flow.flow)
    hessian = flow.hessian.applyfunc(lambda entry: sp.simplify(plain(entry).subs(optimum)))
    wanted = sp.Matrix(
        [
            [1 / (2 * c_star), -1 / (4 * c_star**2)],
            [-1 / (4 * c_star**2), 1 / (4 * c_star**3)],
        ]
    )
    assert sp.simplify(hessian - wanted) == sp.zeros(2)
    assert sp.simplify(hessian.det() - 1 / (16 * c_star**4)) == 0


@by_flow
def test_numpy_evaluates_the_typed_formulas(trainable, slopes):
    flow, rng = rb.integrator_flow(trainable), np.random.default_rng(1)
    rest = {"a": 0.7, "c": 0.4}
    given = {name: rest[name] for name in rest if name not in slopes}
    for _ in range(5):
        state = rng.uniform(0.05, 2, len(slopes))
        values = rest | dict(zip(slopes, state, strict=True))
        wanted = numeric(slopes)(state, values["a"], values["c"], 0.3)
        # Formulas of a dozen operations whose terms are at most a hundred times the result.
        np.testing.assert_allclose(
            flow.rhs(state, c_star=0.3, **given), wanted, rtol=1e-12, atol=1e-12
        )
        wanted = float(LOSS.subs({a: values["a"], c: values["c"], c_star: 0.3}))
        assert flow.loss_at(state, c_star=0.3, **given) == pytest.approx(wanted, rel=1e-12)


@by_flow
def test_the_slope_of_the_loss_along_the_flow_is_minus_the_squared_speed(trainable, slopes):
    flow, rng = rb.integrator_flow(trainable), np.random.default_rng(2)
    state = rng.uniform(0.3, 1.5, len(slopes))
    velocity, step = flow.rhs(state, c_star=0.3), 1e-3

    def loss(k):
        return flow.loss_at(state + k * step * velocity, c_star=0.3)

    slope = (8 * (loss(1) - loss(-1)) - (loss(2) - loss(-2))) / (12 * step)
    metric = np.ones(len(slopes))
    if {"u", "v"} <= set(trainable):
        metric[0] = 1 / (2 * state[0])
    # Fourth order difference: 1e-12, times derivatives of about 100.
    assert slope == pytest.approx(-np.sum(metric * velocity**2), rel=1e-8)


def test_evaluation_broadcasts_over_further_axes():
    state = np.random.default_rng(3).uniform(0.1, 1, (2, 3, 4))
    rates, losses = rb.integrator.rhs(state, c_star=0.2), rb.integrator.loss_at(state, c_star=0.2)
    assert rates.shape == (2, 3, 4)
    assert losses.shape == (3, 4)
    one = rb.integrator.rhs(state[:, 1, 2], c_star=0.2)
    assert one.shape == (2,)
    np.testing.assert_allclose(rates[:, 1, 2], one, rtol=1e-14)
    assert np.ndim(rb.integrator.loss_at([0.5, 0.5], c_star=0.2)) == 0


@by_flow
@pytest.mark.parametrize("value", [0.5, 0.05])
def test_solve_is_the_solution_of_the_typed_equations(trainable, slopes, value):
    s = np.array([0.0, 0.1, 0.25, 0.6, 0.6, 1.4])
    start = {"a": 0.2, "c": 1.0}
    initial = [start[name] for name in slopes]
    given = {name: start[name] for name in start if name not in slopes}
    found = rb.integrator_flow(trainable).solve(s, initial, c_star=value, **given)
    f = numeric(slopes)
    wanted = solve_ivp(
        lambda _, y: f(y, start["a"], start["c"], value),
        (0, 1.4),
        initial,
        method="DOP853",
        dense_output=True,
        rtol=1e-12,
        atol=1e-14,
    ).sol(s)
    # The package solves to 1e-9 a step; the transition to a slow target amplifies that.
    for name, row in zip(slopes, wanted, strict=True):
        np.testing.assert_allclose(found.variables[name], row, atol=1e-6)
    np.testing.assert_array_equal(found.s, s)
    decay = found.variables.get("c", np.ones(s.size))
    np.testing.assert_array_equal(found.decay_rate, 1 - (1 - decay))
    assert found.outlier.dtype == complex
    size = found.variables.get("a", np.full(s.size, 0.2))
    wanted = [LOSS.subs({a: x, c: y, c_star: value}) for x, y in zip(size, decay, strict=True)]
    np.testing.assert_allclose(found.loss, np.array(wanted, dtype=float), rtol=1e-9, atol=1e-12)
    assert not found.partial
    assert found.final is None


def test_the_solver_is_given_the_jacobian_of_the_flow(monkeypatch):
    given = {}

    def spy(*args, **options):
        given.update(options)
        return solve_ivp(*args, **options)

    monkeypatch.setattr(flow_module, "solve_ivp", spy)
    # All three trained: there the metric makes the matrix asymmetric.
    rb.integrator_flow(("W", "u", "v")).solve([1.0], [0.1, 1.0], c_star=0.3)
    state = np.array([0.7, 0.45])
    wanted = sp.Matrix([2 * a * DA, DC]).jacobian([a, c]).subs({a: 0.7, c: 0.45, c_star: 0.3})
    np.testing.assert_allclose(given["jac"](0.0, state), np.array(wanted, float), rtol=1e-12)


def test_a_very_slow_target_is_reached_whatever_its_stiffness():
    value = 1e-3  # curvature 1/(4 c*^3) = 2.5e8
    found = rb.integrator.solve([0.0, 5.0], c_star=value)
    assert found.variables["c"][-1] == pytest.approx(value, rel=1e-4)
    assert found.variables["a"][-1] == pytest.approx(1, rel=1e-4)
    assert found.loss[-1] < 1e-6 * found.loss[0]


@pytest.fixture(scope="module")
def slow_manifold():
    """The model whose amplitude follows at once, a = 2c/(c + c*), which minimises the loss."""
    loss = LOSS.subs(a, 2 * c / (c + c_star))
    return rb.ReducedFlow((c,), loss, (1,), {c_star: None}, 1 - c, initial=(1.0,))


def test_a_fast_readout_leaves_one_equation(slow_manifold):
    assert sp.solve(sp.diff(LOSS, a), a) == [2 * c / (c + c_star)]
    wanted = -(c - c_star) / (c + c_star) ** 3
    assert sp.simplify(slow_manifold.flow[0] - wanted) == 0


@pytest.mark.parametrize("value", [0.3, 0.05, 0.005])
def test_the_slow_manifold_follows_its_closed_form(slow_manifold, value):
    # With x = c - c*: ds = -(x + 2 c*)^3 / x dx.
    def time(decay):
        x = decay - value
        return -(x**3 / 3 + 3 * value * x**2 + 12 * value**2 * x + 8 * value**3 * np.log(x))

    s = np.linspace(0, 0.3, 31)
    found = slow_manifold.solve(s, c_star=value).variables["c"]
    # Solver tolerance 1e-9 a step, a few hundred steps.
    np.testing.assert_allclose(time(found) - time(1.0), s, atol=1e-6)


def test_an_ideal_integrator_is_learned_in_a_time_of_one_third(slow_manifold):
    # As c* -> 0 the closed form becomes c = (1 - 3 s)^(1/3).
    s = np.array([0.1, 0.2, 0.3])
    for value in (1e-3, 1e-4):
        found = slow_manifold.solve(s, c_star=value).variables["c"]
        # To first order c* delays it by 2 c* (1 - c^2), and c falls at 1/c^2: 7.3 c* at s = 0.3.
        np.testing.assert_allclose(found, np.cbrt(1 - 3 * s), rtol=0, atol=8 * value)
    late = slow_manifold.solve([1 / 3 - 1e-3, 1 / 3 + 1e-2], c_star=1e-4).variables["c"]
    assert late[0] > 0.1
    assert late[1] < 1e-2


@pytest.mark.parametrize("trainable", FLOWS, ids="".join)
def test_a_network_started_from_no_recurrence_learns_like_the_model(trainable):
    n, value, s = 4, 0.2, np.linspace(0, 1.5, 7)
    direction = np.random.default_rng(5).normal(size=n)
    direction /= np.linalg.norm(direction)
    u, v = {
        (False, False): (1.0, 1.0),
        (True, False): (0.0, 1.0),
        (False, True): (1.0, 0.0),
        (True, True): (0.3, 0.3),
    }["u" in trainable, "v" in trainable]
    rnn = rb.LinearRNN(np.zeros((n, n)), u * direction, v * direction)
    found = rb.gradient_flow(rnn, rb.exponential(value), s, trainable, rtol=1e-5)
    flow = rb.integrator_flow(trainable)
    initial = [0.09, 1.0][: len(flow.variables)] if {"u", "v"} <= set(trainable) else None
    theory = flow.solve(s, initial, c_star=value)
    # The network is solved to 1e-5 in third order, hence (1e-5)^(2/3) = 5e-4 in second.
    np.testing.assert_allclose(found.loss, theory.loss, atol=5e-4)
    np.testing.assert_allclose(found.decay_rate, theory.decay_rate, atol=1e-3)


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_descent_is_stable_up_to_two_over_the_largest_curvature(factor):
    value = 0.3
    hessian = [[1 / (2 * value), -1 / (4 * value**2)], [-1 / (4 * value**2), 1 / (4 * value**3)]]
    eta = factor * 2 / np.linalg.eigvalsh(hessian)[-1]
    start = [1.0, value + 1e-4]
    found = rb.integrator.descend(eta, 20, start, c_star=value)
    distance = np.hypot(found.variables["a"] - 1, found.variables["c"] - value)
    assert (distance[-1] < 0.3 * distance[0]) if factor < 1 else (distance[-1] > 3 * distance[0])
    np.testing.assert_allclose(found.s, eta * np.arange(21), rtol=1e-14)


@by_flow
def test_a_step_of_descent_is_a_step_along_the_typed_slope(trainable, slopes):
    rest = {"a": 0.4, "c": 0.8}
    initial = {name: rest[name] for name in slopes}
    given = {name: rest[name] for name in rest if name not in slopes}
    found = rb.integrator_flow(trainable).descend(0.05, 1, initial, c_star=0.3, **given)
    rates = numeric(slopes)(list(initial.values()), 0.4, 0.8, 0.3)
    for name, rate in zip(slopes, rates, strict=True):
        assert found.variables[name][1] == pytest.approx(rest[name] + 0.05 * rate, rel=1e-13)


def test_descent_ends_before_a_step_into_instability():
    found = rb.integrator.descend(0.3, 50, c_star=0.1)
    assert found.partial
    assert len(found.s) == len(found.loss) == len(found.variables["c"]) <= 50
    assert np.all(found.variables["c"] > 0)
    last = np.array([found.variables["a"][-1], found.variables["c"][-1]])
    assert (last + 0.3 * rb.integrator.rhs(last, c_star=0.1))[1] <= 0
    assert not rb.integrator.descend(1e-3, 50, c_star=0.1).partial


def read_latex(text):
    """Parse the fractions, powers and products that a reduced flow's LaTeX is made of."""
    text = text.replace("c^*", " c_star ").replace(r"\left(", "(").replace(r"\right)", ")")
    group = r"\{([^{}]*)\}"
    while r"\frac" in text or "^{" in text:
        before = text
        text = re.sub(r"\^" + group, r"**(\1)", text)
        text = re.sub(r"\\frac" + group + group, r"((\1)/(\2))", text)
        assert text != before, f"cannot read {text}"
    return parse_expr(
        text,
        {"a": a, "c": c, "c_star": c_star},
        transformations=(*standard_transformations, implicit_multiplication),
    )


@by_flow
def test_latex_says_what_the_formulas_say(trainable, slopes):
    flow = rb.integrator_flow(trainable)
    text = flow.latex()
    assert text.startswith(r"\begin{aligned}")
    assert text.endswith(r"\end{aligned}")
    assert "star" not in text
    assert "^*^" not in text  # a double superscript, which TeX refuses
    lines = text.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}").split(r" \\ ")
    for (name, slope), line in zip(slopes.items(), lines, strict=True):
        left, right = line.split(" &= ")
        assert left == rf"\frac{{d{name}}}{{ds}}"
        assert sp.simplify(read_latex(right) - slope) == 0
    assert text in flow._repr_latex_()
    assert flow._repr_latex_().startswith("$")


def test_the_same_flow_is_the_same_object_in_any_order_and_collection():
    assert rb.integrator_flow() is rb.integrator
    assert rb.integrator_flow(["v", "W"]) is rb.integrator_flow(("W", "v")) is rb.integrator
    assert rb.integrator_flow("W") is rb.integrator_flow(("W",))


def test_the_state_may_be_given_by_name_and_times_alone_start_at_the_default():
    by_name = rb.integrator.solve([0.5], {"c": 0.9, "a": 0.1}, c_star=0.3)
    in_order = rb.integrator.solve([0.5], [0.1, 0.9], c_star=0.3)
    np.testing.assert_array_equal(by_name.loss, in_order.loss)
    start = rb.integrator.solve([0.0], c_star=0.3)
    assert (start.variables["a"][0], start.variables["c"][0]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: f.solve([1.0]), "c_star is missing"),
        (lambda f: f.solve([1.0], c_star=0.0), "c_star must be greater than 0"),
        (lambda f: f.solve([1.0], c_star=-1), "c_star must be greater than 0"),
        (lambda f: f.solve([1.0], c_star=np.nan), "c_star must be one finite"),
        (lambda f: f.solve([1.0], c_star=[0.1, 0.2]), "c_star must be one finite"),
        (lambda f: f.solve([1.0], c_star=0.1, omega=1.0), r"unknown parameters \['omega'\]"),
        (lambda f: f.solve([], c_star=0.1), "s is empty"),
        (lambda f: f.solve([1.0, 0.5], c_star=0.1), "s must be sorted"),
        (lambda f: f.solve([-1.0], c_star=0.1), "s must be sorted and start at 0"),
        (lambda f: f.solve([np.inf], c_star=0.1), "s must be finite"),
        (lambda f: f.solve([1.0], [0.0, 0.0], c_star=0.1), "c must be greater than 0"),
        (lambda f: f.solve([1.0], [0.0, -1.0], c_star=0.1), "c must be greater than 0"),
        (lambda f: f.solve([1.0], [0.0], c_star=0.1), "initial must have shape"),
        (lambda f: f.solve([1.0], [np.nan, 1.0], c_star=0.1), "initial must be finite"),
        (lambda f: f.solve([1.0], {"a": 1.0}, c_star=0.1), "initial must name a, c"),
        (lambda f: f.rhs([0.0, 0.0], c_star=0.1), "c must be greater than 0"),
        (lambda f: f.rhs([0.5], c_star=0.1), "state must have 2 rows, a, c"),
        (lambda f: f.rhs(0.5, c_star=0.1), "state must have 2 rows"),
        (lambda f: f.loss_at([0.5, 1.0]), "c_star is missing"),
        (lambda f: f.descend(0, 5, c_star=0.1), "eta must be greater than 0"),
        (lambda f: f.descend(np.nan, 5, c_star=0.1), "eta must be one finite"),
        (lambda f: f.descend(0.1, 0, c_star=0.1), "steps must be at least 1"),
        (lambda f: f.descend(0.1, 1.5, c_star=0.1), "steps must be a whole number"),
        (lambda f: f.descend(0.1, 5, [0.0, -1.0], c_star=0.1), "c must be greater than 0"),
    ],
)
def test_bad_arguments_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call(rb.integrator)


def test_balanced_weights_of_size_zero_are_no_place_to_start():
    flow = rb.integrator_flow(("W", "u", "v"))
    with pytest.raises(ValueError, match="initial must be given"):
        flow.solve([1.0], c_star=0.1)
    for size in (0.0, -0.5):
        with pytest.raises(ValueError, match="metric is not positive"):
            flow.solve([1.0], [size, 1.0], c_star=0.1)


@pytest.mark.parametrize("trainable", [(), "Wv", ("a",), ["W", "x"]])
def test_only_weights_can_learn(trainable):
    with pytest.raises(ValueError, match='at least one of "W", "u", "v"'):
        rb.integrator_flow(trainable)


@pytest.mark.parametrize(
    ("loss", "metric", "outlier", "message"),
    [
        (a * c, (1,), 1 - c, "not declared: {a}"),
        (c**2, (a,), 1 - c, "not declared: {a}"),
        (c**2, (1,), 1 - a, "not declared: {a}"),
        (c**2, (1, 1), 1 - c, "invertible 1 x 1"),
        (c**2, (0,), 1 - c, "invertible 1 x 1"),
        (c**2, sp.zeros(1, 2), 1 - c, "invertible 1 x 1"),
    ],
)
def test_an_ill_posed_model_is_refused(loss, metric, outlier, message):
    with pytest.raises(ValueError, match=message):
        rb.ReducedFlow((c,), loss, metric, {}, outlier)


def test_a_domain_is_held_to_and_declared():
    x, limit = sp.symbols("x limit", real=True)
    flow = rb.ReducedFlow((x,), x, (1,), {limit: 1.0}, x, domain=(limit - x, x + 2))
    np.testing.assert_array_equal(flow.rhs([[0.0, 0.5]]), [[-1, -1]])
    for state, which in ((1.5, "limit - x"), (-3.0, r"x \+ 2")):
        with pytest.raises(ValueError, match=f"{which} must be greater than 0"):
            flow.loss_at([state])
    assert flow.loss_at([1.5], limit=2.0) == 1.5
    with pytest.raises(ValueError, match=r"x \+ 2 must be greater than 0"):
        flow.solve([0.0, 5.0], [0.0])  # leaves the domain at s = 2
    assert flow.descend(0.5, 10, [0.0]).s.tolist() == [0.0, 0.5, 1.0, 1.5]
    with pytest.raises(ValueError, match=r"not declared: \{c\}"):
        rb.ReducedFlow((x,), x, (1,), {}, x, domain=(c,))


def test_an_outlier_may_turn_complex():
    x = sp.Symbol("x", real=True)
    flow = rb.ReducedFlow((x,), -x, (1,), {}, 1 - sp.sqrt(-x), initial=(-1.0,))
    found = flow.solve([0.0, 1.0, 5.0]).outlier
    np.testing.assert_allclose(found, [0, 1, 1 + 2j], atol=1e-4)  # a root at a solver's zero


def test_a_metric_with_off_diagonal_entries_is_inverted():
    x, y = sp.symbols("x y", real=True)
    metric = sp.Matrix([[2, 1], [1, 3]])
    flow = rb.ReducedFlow((x, y), x**2 + 3 * y, metric, {}, x, initial=(1, 1))
    # By Cramer's rule: the inverse is [[3, -1], [-1, 2]] / 5.
    assert flow.flow.applyfunc(sp.simplify) == sp.Matrix([(3 - 6 * x) / 5, (2 * x - 6) / 5])


@pytest.mark.parametrize("trainable", [("W",), ("W", "v"), ("W", "u", "v")], ids="".join)
def test_the_jacobian_is_how_the_flow_changes_with_the_state(trainable):
    flow = rb.integrator_flow(trainable)
    assert flow.jacobian is flow.jacobian  # derived once
    state = np.array([0.8, 0.6])[-len(flow.variables) :]
    values = {"c_star": 0.15} | {x.name: 1.1 for x in flow.parameters if x.name != "c_star"}
    numbers = {x: values[x.name] for x in flow.parameters} | dict(
        zip(flow.variables, state, strict=True)
    )
    found = np.array(flow.jacobian.subs(numbers).tolist(), dtype=float)
    for k, step in enumerate(1e-5 * np.eye(state.size)):
        slope = (flow.rhs(state + step, **values) - flow.rhs(state - step, **values)) / 2e-5
        np.testing.assert_allclose(found[:, k], slope, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    "model",
    [
        lambda: rb.integrator,
        lambda: rb.oscillator_flow(("W",)),
        lambda: rb.nonlinear_integrator,
    ],
    ids=["integrator", "pair", "nonlinear"],
)
def test_the_solver_gets_the_derivatives_that_sympy_finds(model, monkeypatch):
    flow, given = model(), {}

    def spy(*args, **options):
        given.update(options)
        return solve_ivp(*args, **options)

    monkeypatch.setattr(flow_module, "solve_ivp", spy)
    values = {
        symbol.name: 0.2 + 0.1 * k
        for k, symbol in enumerate(flow.parameters)
        if flow.defaults[symbol] is None
    }
    rng = np.random.default_rng(8)
    state = 0.3 * rng.uniform(0.2, 1, len(flow.variables))
    flow.solve([0.1], state, **values)
    numbers = {x: values.get(x.name, flow.defaults[x]) for x in flow.parameters}
    numbers |= dict(zip(flow.variables, state, strict=True))
    wanted = np.array(flow.jacobian.subs(numbers).evalf().tolist(), dtype=float)
    np.testing.assert_allclose(given["jac"](0.0, state), wanted, rtol=1e-10, atol=1e-12)


def test_a_loss_that_is_not_analytic_is_solved_as_well():
    x = sp.Symbol("x", real=True)
    flow = rb.ReducedFlow((x,), sp.Abs(x) ** 3 / 3 + x**2 / 2, (1,), {}, x, initial=(-1.0,))
    # dx/ds = -x |x| - x, so 1/|x| + 1 doubles its excess over one like exp(s).
    s = np.array([0.0, 0.5, 2.0])
    np.testing.assert_allclose(flow.solve(s).variables["x"], -1 / (2 * np.exp(s) - 1), rtol=1e-7)


def test_one_state_is_evaluated_like_many_even_where_numbers_fail():
    x, y = sp.symbols("x y", real=True)
    flow = rb.ReducedFlow((x, y), x**2 * y + 1 / y + sp.sqrt(x), (1, 1), {}, x, initial=(1, 1))
    with np.errstate(all="ignore"):
        for state in ([0.5, 2.0], [-1.0, 1.0], [1.0, 0.0], [1e200, 3.0]):
            many = flow.rhs(np.array([state, [0.3, 0.4]]).T)[:, 0]
            np.testing.assert_allclose(flow.rhs(state), many, rtol=1e-14)
