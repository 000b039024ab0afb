"""What runs in the reader's browser, run in node: generated formulas, solver, contours, ticks."""

import json

import numpy as np
import pytest
import sympy as sp
from javascript import LIVE, evaluate, node
from scipy import special
from scipy.integrate import solve_ivp

import rnnbook as rb
from rnnbook import lazy
from rnnbook.live.explorer import bundle
from rnnbook.live.laguerre import laguerre_module

NOTHING = "export const nothing = null;"
TRAINED = [("W",), ("v",), ("W", "v"), ("u", "v"), ("W", "u", "v")]
by_trained = pytest.mark.parametrize("trainable", TRAINED, ids="".join)


@by_trained
def test_generated_code_gives_the_numbers_of_numpy(trainable, tmp_path):
    flow = rb.integrator_flow(trainable)
    states = np.random.default_rng(6).uniform(0.05, 2, (20, len(flow.variables)))
    parameters = {"c_star": 0.15} | {x.name: 0.6 for x in flow.parameters if x.name != "c_star"}
    found = evaluate(tmp_path, flow, states, parameters)
    assert found["variables"] == [symbol.name for symbol in flow.variables]
    assert set(found["parameters"]) == set(parameters)
    positive = [k for k, name in enumerate(found["variables"]) if name == "c"]
    np.testing.assert_array_equal(found["domain"], states[:, positive])
    # The same formulas in the same arithmetic; terms cancel by a factor of 100 at most.
    close = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(found["flow"], flow.rhs(states.T, **parameters).T, **close)
    np.testing.assert_allclose(found["loss"], flow.loss_at(states.T, **parameters), **close)
    # The Jacobian against central differences of fourth order of the flow.
    for k in range(len(flow.variables)):
        step = 1e-3 * np.eye(len(flow.variables))[k][:, None]
        f = [flow.rhs(states.T + shift * step, **parameters) for shift in (-2, -1, 1, 2)]
        slope = (8 * (f[2] - f[1]) - (f[3] - f[0])) / (12 * 1e-3)
        found_column = np.array(found["jacobian"])[:, :, k]
        # Fifth derivatives grow like c^-7, and c is 0.05 or more: look where it is above 0.3.
        far = np.all(states > 0.3, axis=1)
        assert far.sum() >= 5
        np.testing.assert_allclose(found_column[far], slope.T[far], rtol=1e-5, atol=1e-7)


def test_generated_code_takes_functions_too(tmp_path):
    # exp is in both slopes, where it is computed once; sqrt is in one.
    x, y, k = sp.Symbol("x", real=True), sp.Symbol("y", real=True), sp.Symbol("k", positive=True)
    loss = y * sp.exp(-k * x) + sp.sqrt(1 + x**2)
    flow = rb.ReducedFlow((x, y), loss, (2, 1), {k: 1.0}, x)
    states = np.random.default_rng(7).uniform(-2, 2, (9, 2))
    found = evaluate(tmp_path, flow, states, {"k": 0.7})
    x, y = states.T
    wanted = y * np.exp(-0.7 * x) + np.sqrt(1 + x**2)
    np.testing.assert_allclose(found["loss"], wanted, rtol=1e-12, atol=1e-12)
    wanted = [(0.7 * y * np.exp(-0.7 * x) - x / np.sqrt(1 + x**2)) / 2, -np.exp(-0.7 * x)]
    np.testing.assert_allclose(np.transpose(found["flow"]), wanted, rtol=1e-12, atol=1e-12)
    assert found["domain"] == [[]] * 9


def solve(tmp_path, flow, cases, s, function="solve", **tail):
    """States of each case (start, parameters) by the solver of the live figures."""
    more = "".join(f", {json.dumps(value)}" for value in tail.values())
    script = (
        f"import {{solve, descend}} from {json.dumps((LIVE / 'ode.js').as_uri())};"
        "import * as model from './model.mjs';"
        f"const s = {json.dumps(list(s))}, cases = {json.dumps(cases)};"
        "console.log(JSON.stringify(cases.map(([start, given]) => "
        f"{function}(model, given, start{', s' if function == 'solve' else ''}{more}))));"
    )
    return [np.array(states) for states in node(tmp_path, script, model=flow.javascript())]


@by_trained
def test_the_solver_follows_the_flow_also_where_it_is_stiff(trainable, tmp_path):
    flow, s = rb.integrator_flow(trainable), np.linspace(0, 3, 61)
    symbols = *flow.variables, *flow.parameters
    # On plain numbers, since the reference takes many steps.
    slope, jacobian = (
        sp.lambdify(symbols, formulas.tolist(), "math", cse=True)
        for formulas in (flow.flow.T, flow.jacobian)
    )
    cases, wanted = [], []
    for c_star in (0.02, 0.3, 1.0):
        for start in ({"a": 0.01, "c": 1.0}, {"a": 2.2, "c": 0.05}, {"a": 0.8, "c": 1.5}):
            names = [symbol.name for symbol in flow.variables]
            initial = [start[name] for name in names]
            fixed = {name: start[name] for name in start if name not in names}
            cases.append((initial, {"c_star": c_star, **fixed}))
            # An implicit Runge-Kutta method of order 5, unlike the package's multistep method.
            found = solve_ivp(
                lambda _, y, *given: slope(*y, *given)[0],
                (0, 3),
                initial,
                method="Radau",
                t_eval=s,
                jac=lambda _, y, *given: jacobian(*y, *given),
                rtol=1e-9,
                atol=1e-11,
                args=[cases[-1][1][symbol.name] for symbol in flow.parameters],
            )
            assert found.success
            wanted.append(found.y.T)
    for states, reference in zip(solve(tmp_path, flow, cases, s), wanted, strict=True):
        # Steps are right to 1e-7; a plateau magnifies an error by the growth along it, about 100.
        np.testing.assert_allclose(states, reference, rtol=2e-5, atol=2e-6)


# A spiral onto a circle: its angle is the time, the square of its radius follows a logistic curve.
SPIRAL = """
const counted = { flows: 0 };
const model = {
    domain: () => [],
    flow: ([x, y]) => {
        counted.flows++;
        const inside = 1 - x * x - y * y;
        return [x * inside - y, y * inside + x];
    },
    jacobian: ([x, y]) => {
        const inside = 1 - x * x - y * y;
        return [[inside - 2 * x * x, -1 - 2 * x * y], [1 - 2 * x * y, inside - 2 * y * y]];
    },
};
const found = [1e-5, 1e-9].map((tolerance) => {
    counted.flows = 0;
    const states = solve(model, {}, [0.5, 0], s, tolerance, tolerance);
    return [states, counted.flows];
});
console.log(JSON.stringify(found));
"""


def test_the_solver_is_of_fourth_order(tmp_path):
    s = np.linspace(0, 5, 51)
    script = (
        f"import {{solve}} from {json.dumps((LIVE / 'ode.js').as_uri())};"
        f"const s = {s.tolist()};{SPIRAL}"
    )
    (rough, few), (fine, many) = node(tmp_path, script)
    wanted = np.exp(1j * s) / np.sqrt(1 + 3 * np.exp(-2 * s))
    errors = [np.abs(np.array(states) @ [1, 1j] - wanted) for states in (rough, fine)]
    for error in (at[-1] for at in errors), (at.max() for at in errors):
        before, after = error
        assert np.log(before / after) / np.log(many / few) > 3.5
        assert after < 3e-9


def test_the_solver_says_so_when_it_cannot_go_on(tmp_path):
    # dx/ds = -1/x arrives at zero, which x must not reach, at s = 1/2.
    x = sp.Symbol("x", positive=True)
    flow = rb.ReducedFlow((x,), sp.log(x), (1,), {}, x)
    script = (
        f"import {{solve}} from {json.dumps((LIVE / 'ode.js').as_uri())};"
        "import * as model from './model.mjs'; let said = null;"
        "try { solve(model, {}, [1], [0, 2]); } catch (error) { said = error.message; }"
        "console.log(JSON.stringify(said));"
    )
    assert "cannot be followed" in node(tmp_path, script, model=flow.javascript())


@pytest.mark.parametrize("eta", [0.01, 0.3])
def test_descent_takes_the_steps_of_python(eta, tmp_path):
    case = [([0.0, 1.0], {"c_star": 0.1})]
    tail = {"eta": eta, "steps": 50}
    (found,) = solve(tmp_path, rb.integrator, case, [], "descend", **tail)
    wanted = rb.integrator.descend(eta, 50, c_star=0.1)
    assert wanted.partial == (eta == 0.3)  # it ends before instability
    np.testing.assert_allclose(found.T, list(wanted.variables.values()), rtol=1e-9)


def follow(tmp_path, start, times):
    """Two eigenvalues x +- sqrt(x - 0.3) while x falls at the rate one."""
    x = sp.Symbol("x", real=True)
    flow = rb.ReducedFlow((x,), x, (1,), {}, x)
    spectrum = "export const spectrum = ([x]) => [x, x - 0.3];"
    script = (
        f"import {{follow}} from {json.dumps((LIVE / 'eigenpair.js').as_uri())};"
        "import * as model from './model.mjs'; import {spectrum} from './spectrum.mjs';"
        f"console.log(JSON.stringify(follow(model, spectrum, {{}}, [{start}], {times})));"
    )
    return node(tmp_path, script, model=flow.javascript(), spectrum=spectrum)


def test_the_birth_of_a_pair_is_found_between_two_times(tmp_path):
    times = [0, 0.25, 0.5, 0.75, 1]
    found = follow(tmp_path, 0.9, times)
    # x = 0.3 at s = 0.6, which is solved to 1e-9.
    assert found["birth"] == 3
    s = np.array([0, 0.25, 0.5, 0.6, 0.75, 1])
    np.testing.assert_allclose(found["s"], s, atol=1e-8)
    x = 0.9 - s
    np.testing.assert_allclose(found["loss"], x, atol=1e-8)
    apart = np.sqrt((x - 0.3 + 0j).round(12))
    # The root of an error of 1e-9.
    close = {"atol": 1e-4}
    np.testing.assert_allclose(found["upper"], x + apart.real, **close)
    np.testing.assert_allclose(found["lower"], x - apart.real, **close)
    np.testing.assert_allclose(found["imaginary"], apart.imag, **close)


@pytest.mark.parametrize("start", [0.2, 5.0], ids=["a pair always", "real always"])
def test_no_birth_is_reported_where_there_is_none(start, tmp_path):
    found = follow(tmp_path, start, [0, 0.5, 1])
    assert found["birth"] == -1
    assert found["s"] == [0, 0.5, 1]
    assert (np.array(found["imaginary"]) > 0).all() == (start == 0.2)


def test_numbers_are_rounded_and_written_as_a_reader_expects(tmp_path):
    script = (
        f"import {{roundUp, digits}} from {json.dumps((LIVE / 'eigenpair.js').as_uri())};"
        f"import {{fixed, power, raised}} from {json.dumps((LIVE / 'numbers.js').as_uri())};"
        "console.log(JSON.stringify(["
        "[1, 1.1, 36.1, 801, 0.03, 9.9e6].map(roundUp),"
        "[[0.001, 2], [1404.9, 3], [-0.41236, 3], [1e-6, 2]].map((x) => digits(...x)),"
        "[[-0.004], [-1.254], [0.5], [-0.04, 1], [-2.5, 0]].map((x) => fixed(...x)),"
        "[raised('−0.465'), power(-12)]]));"
    )
    rounded, written, decimals, exponents = node(tmp_path, script)
    np.testing.assert_allclose(rounded, [1, 1.2, 40, 1000, 0.03, 1e7], rtol=1e-12)
    assert written == ["0.001", "1400", "−0.412", "0.000001"]
    assert decimals == ["0.00", "−1.25", "0.50", "0.0", "−3"]
    assert exponents == ["⁻⁰·⁴⁶⁵", "10⁻¹²"]


def test_small_and_large_numbers_are_written_with_a_power_of_ten(tmp_path):
    script = (
        f"import {{written}} from {json.dumps((LIVE / 'numbers.js').as_uri())};"
        "console.log(JSON.stringify(["
        "[0.6, 1], [6e-7, 1], [5.31e-16, 2], [-0.0123, 2], [0.001, 2], [1404.9, 3], [3.2e7], [0]]"
        ".map((x) => written(...x))));"
    )
    wanted = ["0.6", "6 × 10⁻⁷", "5.3 × 10⁻¹⁶", "−0.012", "0.001", "1400", "3.2 × 10⁷", "0"]
    assert node(tmp_path, script) == wanted


def run_grid(tmp_path, expression):
    script = (
        f"import * as grid from {json.dumps((LIVE / 'grid.js').as_uri())};"
        f"import {{ticks}} from {json.dumps((LIVE / 'chart.js').as_uri())};"
        f"console.log(JSON.stringify({expression}));"
    )
    return node(tmp_path, script)


def test_a_contour_that_closes_is_one_ring(tmp_path):
    xs = "grid.linspace(-2, 2, 81)"
    curves = run_grid(tmp_path, f"grid.contour((x, y) => x * x + y * y, {xs}, {xs}, 1)")
    (ring,) = map(np.array, curves)
    # Linear interpolation over a cell of 0.05 is off by its square, over 8, times the curvature.
    np.testing.assert_allclose(np.hypot(*ring.T), 1, atol=1e-3)
    np.testing.assert_array_equal(ring[0], ring[-1])
    angles = np.unwrap(np.arctan2(ring[:, 1], ring[:, 0]))
    assert abs(angles[-1] - angles[0]) == pytest.approx(2 * np.pi)
    assert np.all(np.diff(angles) * np.sign(angles[-1] - angles[0]) > -1e-12)


def test_contours_that_leave_the_grid_end_at_its_edge(tmp_path):
    xs = "grid.linspace(-2, 2, 81)"
    curves = run_grid(tmp_path, f"grid.contour((x, y) => y * y - x * x, {xs}, {xs}, 1)")
    assert len(curves) == 2  # the two branches of a hyperbola
    for curve in map(np.array, curves):
        np.testing.assert_allclose(np.abs(curve[:, 1]), np.hypot(1, curve[:, 0]), atol=1e-3)
        ends = curve[[0, -1]]
        np.testing.assert_allclose(np.abs(ends).max(axis=1), 2)
        assert np.abs(np.diff(curve, axis=0)).max() <= 0.0501
    assert run_grid(tmp_path, f"grid.contour((x, y) => 3, {xs}, {xs}, 1)") == []


@pytest.mark.parametrize(
    ("low", "high", "count", "wanted"),
    [
        (0, 1, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-0.5, 1.1, 4, ["−0.5", "0.0", "0.5", "1.0"]),
        (0, 60, 4, ["0", "20", "40", "60"]),
        (0.75, 1.15, 5, ["0.8", "0.9", "1.0", "1.1"]),
        (-4.6, 4.6, 4, ["−4", "−2", "0", "2", "4"]),
        (-15, 1, 4, ["−15", "−10", "−5", "0"]),
    ],
)
def test_ticks_are_round_numbers(low, high, count, wanted, tmp_path):
    found = run_grid(tmp_path, f"ticks({low}, {high}, {count})")
    assert [tick["text"] for tick in found] == wanted
    numbers = [float(text.replace("−", "-")) for text in wanted]
    np.testing.assert_allclose([tick["value"] for tick in found], numbers, atol=1e-12)


@pytest.mark.parametrize("name", sorted(path.stem for path in (LIVE / "figures").glob("*.js")))
def test_a_bundle_is_one_module_that_needs_no_other(name, tmp_path):
    modules = dict.fromkeys(
        ["models", "spectrum", "plateau", "decision", "white", "saturating"], NOTHING
    )
    modules |= {"model": rb.integrator.javascript(), "laguerre": laguerre_module()}
    source = bundle(name, modules)
    script = (
        "import widget from './bundle.mjs';"
        "console.log(JSON.stringify([typeof widget.render, Object.keys(widget)]));"
    )
    assert node(tmp_path, script, bundle=source) == ["function", ["render"]]
    lines = source.splitlines()
    assert not [line for line in lines if line.startswith("import ")]
    assert [line for line in lines if line.startswith("export ")] == lines[-1:]


def run_modes(tmp_path, expression):
    source = (
        (LIVE / "modes.js").read_text(encoding="utf-8").replace("./laguerre.js", "./laguerre.mjs")
    )
    script = f"import * as modes from './modes.mjs'; console.log(JSON.stringify({expression}));"
    return node(tmp_path, script, modes=source, laguerre=laguerre_module())


def falling(n, factor):
    return factor ** np.arange(n), 0.3 * factor ** np.arange(n - 1)


MATRICES = {
    "one": (np.array([3.0]), np.array([])),
    "random": tuple(np.random.default_rng(1).normal(size=n) for n in (40, 39)),
    "equal": (np.ones(9), np.ones(8)),
    "in two": (np.arange(6.0), np.array([1.0, 2, 0, 1, 2])),
    "nothing": (np.zeros(5), np.zeros(4)),
    "falling": falling(60, 0.1),
    "below the least number": falling(150, 0.002),
}


@pytest.mark.parametrize("name", MATRICES)
def test_a_matrix_of_three_diagonals_is_diagonalised(name, tmp_path):
    diagonal, beside = MATRICES[name]
    vector = np.random.default_rng(2).normal(size=diagonal.size)
    arguments = ", ".join(json.dumps(part.tolist()) for part in (diagonal, beside, vector))
    found = run_modes(tmp_path, f"modes.diagonalise({arguments})")
    rates, parts = np.array(found["rates"]), np.array(found["coefficients"])
    matrix = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
    scale = np.abs(matrix).max() or 1.0
    # Rounding, at some hundred rotations an eigenvalue.
    np.testing.assert_allclose(np.sort(rates), np.linalg.eigvalsh(matrix), atol=1e-13 * scale)
    # The parts along eigenvectors give back v^T M^k v, whatever their order and signs.
    power = vector
    for k in range(5):
        moment = vector @ power / scale**k
        bound = 1e-12 * (1 + np.abs(rates / scale).max() ** k) * (vector @ vector)
        assert parts**2 @ (rates / scale) ** k == pytest.approx(moment, abs=bound)
        power = matrix @ power


@pytest.mark.parametrize("omega_star", [0.0, 0.9])
@pytest.mark.parametrize("sigma", [0.1, 0.6, 0.95])
def test_lazy_learning_in_the_browser_is_that_of_the_package(sigma, omega_star, tmp_path):
    target = {"sigma": sigma, "c_star": 0.1, "omega_star": omega_star}
    s = [0.0, 0.5, 30.0, 1e4]
    calls = ("readoutModes(t)", "tangentModes(t, 1, 300)", "tangentModes(t, 2, 300)")
    found = run_modes(
        tmp_path,
        f"((t, s) => [...[{', '.join(f'modes.{call}' for call in calls)}].map((m) =>"
        " s.map((x) => modes.loss(m, x))), s.map((x) =>"
        f" modes.readoutLength(modes.readoutModes(t), x))])({json.dumps(target)}, {s})",
    )
    given = sigma, 0.1, omega_star
    energy = lazy.learning_curve(0.0, *given)
    for curve, trained in zip(found, [("v",), ("W", "v"), ("W", "u", "v")], strict=False):
        wanted = lazy.learning_curve(s, *given, trainable=trained)
        # What is left out of the sums; eigenvalues with errors of 1e-16, times s = 1e4.
        np.testing.assert_allclose(curve, wanted, rtol=1e-7, atol=1e-11 * energy)
    length = lazy.weight_change(s, *given)["v"]
    np.testing.assert_allclose(found[3], length, rtol=1e-7)


def test_the_error_function_is_right_to_rounding(tmp_path):
    x = np.concatenate([np.linspace(-8, 8, 161), [1e-12, 5.999, 6.001]])
    script = (
        f"import {{ erf }} from './erf.mjs'; console.log(JSON.stringify({x.tolist()}.map(erf)));"
    )
    found = node(tmp_path, script, erf=(LIVE / "erf.js").read_text(encoding="utf-8"))
    np.testing.assert_allclose(found, special.erf(x), rtol=1e-13, atol=1e-300)
