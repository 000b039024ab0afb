"""JavaScript out of SymPy: what comes out is run in node, and what cannot is refused by name."""

import json

import numpy as np
import pytest
import sympy as sp
from javascript import evaluate, node

import rnnbook as rb
from rnnbook import javascript as js

x, y = sp.symbols("x y", real=True)
n = sp.Symbol("n", integer=True)


def call(tmp_path, source, *arguments):
    """What the function `f` of a module returns."""
    given = ", ".join(map(json.dumps, arguments))
    script = f"import {{ f }} from './f.mjs'; console.log(JSON.stringify(f({given})));"
    return node(tmp_path, script, f=js.module(source))


def test_nested_lists_keep_their_shape_and_every_entry(tmp_path):
    value = [[x, [y, 2]], [], sp.exp(x * y), [0.5]]
    found = call(tmp_path, js.function("f", "x, y", value), 3.0, 0.25)
    assert found == [[3, [0.25, 2]], [], pytest.approx(np.exp(0.75), rel=1e-14), [0.5]]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (sp.Piecewise((x, x > 1), (y, True)) + 1, 1.25),
        (sp.Max(x, y) + sp.sign(-x) * sp.Abs(y), 0.5),
        (sp.UnevaluatedExpr(x - 1) + sp.pi, np.pi - 0.25),
        (sp.Rational(1, 3) * x**-2, 1 / 3 / 0.75**2),
        (sp.Float("1.5e-30") * y, 0.375e-30),
    ],
)
def test_what_is_translated_has_the_value_that_it_has_in_sympy(expression, wanted, tmp_path):
    found = call(tmp_path, js.function("f", "x, y", expression), 0.75, 0.25)
    assert found == pytest.approx(wanted, rel=1e-14)


def test_shared_parts_do_not_take_the_name_of_an_argument(tmp_path):
    shared = sp.Symbol("shared0", real=True)
    value = [sp.exp(x + y) * shared, sp.exp(x + y)]
    found = call(tmp_path, js.function("f", "x, y, shared0", value), 0.0, 0.0, 5.0)
    assert found == [5, 1]


@pytest.mark.parametrize(
    "value",
    [
        (x, y),
        [(x, y)],
        [[x], (y,)],
        sp.Tuple(x, y),
        {x},
        {"x": x},
        np.array([1.0, 2.0]),
        sp.Matrix([x, y]),
        iter([x]),
        x > 0,
        "x",
        None,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_neither_an_expression_nor_a_list_is_refused(value):
    with pytest.raises(TypeError, match=r"(?s)speed returns a .*make it a list"):
        js.function("speed", "x, y", value)


@pytest.mark.parametrize(
    "expression",
    [
        sp.Derivative(sp.Function("g")(x), x),
        sp.Function("g")(x),
        sp.Integral(sp.exp(-(x**2)), (x, 0, y)),
        sp.Sum(x**n, (n, 0, 5)),
        sp.Product(x + n, (n, 1, 3)),
        sp.Limit(sp.sin(x) / x, x, 0),
        sp.Piecewise((x, x > 0)),
        sp.I * x,
        sp.sqrt(sp.Integer(-2)) * x,
        sp.nan,
        sp.zoo,
        sp.re(sp.Symbol("x")),
        sp.besselj(0, x),
        sp.gamma(x),
        sp.EulerGamma * x,
        sp.CRootOf(x**3 - x + 1, 0),
        sp.IndexedBase("x")[n],
    ],
    ids=repr,
)
@pytest.mark.parametrize("wrapped", [False, True], ids=["alone", "shared"])
def test_what_javascript_cannot_compute_is_refused(expression, wrapped):
    value = [sp.exp(expression + 1), sp.sin(expression + 1)] if wrapped else expression
    with pytest.raises(ValueError, match=r"speed (has a part|is given no argument)"):
        js.function("speed", "x, y, n", value)


def test_a_symbol_that_is_no_argument_is_refused():
    with pytest.raises(ValueError, match=r"speed is given no argument c_star"):
        js.function("speed", "[x], {y}", x * y * rb.lazy.C_STAR)


@pytest.mark.parametrize("name", ["c^*", "new", "2x", "a b", r"\lambda", "Math"])
def test_a_name_that_is_no_variable_in_javascript_is_refused(name):
    symbol = sp.Symbol(name, positive=True)
    with pytest.raises(ValueError, match="cannot be a variable in JavaScript"):
        js.listed([x, symbol])
    flow = rb.ReducedFlow((symbol,), symbol**2, (1,), {}, symbol)
    with pytest.raises(ValueError, match="cannot be a variable in JavaScript"):
        flow.javascript()


def test_a_model_that_cannot_be_translated_is_refused():
    flow = rb.ReducedFlow((x,), sp.besselj(0, x), (1,), {}, x)
    with pytest.raises(ValueError, match=r"flow has a part that JavaScript cannot compute"):
        flow.javascript()


ROOTS = [sp.sqrt(x), 1 / (2 + sp.sqrt(x)), x ** sp.Rational(-3, 2), y - 3 * sp.sqrt(x * y - 1)]


@pytest.mark.parametrize("expression", ROOTS, ids=str)
@pytest.mark.parametrize("values", [(0.3, -2.0), (-0.3, 1.7), (5.0, 1.1)])
def test_real_and_imaginary_parts_are_those_of_complex_arithmetic(expression, values, tmp_path):
    found = call(tmp_path, js.function("f", "x, y", js.complex_parts(expression)), *values)
    wanted = complex(expression.subs(dict(zip((x, y), values, strict=True))).evalf())
    assert found == pytest.approx([wanted.real, wanted.imag], rel=1e-12, abs=1e-14)


def test_a_root_of_a_root_is_refused():
    with pytest.raises(ValueError, match="root"):
        js.complex_parts(sp.sqrt(1 + sp.sqrt(x)))


@pytest.mark.parametrize("trainable", [("W",), ("W", "v"), ("W", "u", "v")], ids="".join)
def test_the_outlier_in_the_browser_is_the_rightmost_eigenvalue(trainable, tmp_path):
    flow = rb.oscillator_flow(trainable)
    rng = np.random.default_rng(3)
    states = rng.uniform(-0.6, 0.6, (30, len(flow.variables)))
    given = {symbol.name: 0.8 for symbol in flow.parameters}
    found = np.array(evaluate(tmp_path, flow, states, given)["outlier"])
    names = [symbol.name for symbol in flow.variables]
    for state, (real, imaginary) in zip(states, found, strict=True):
        at = dict(zip(names, state, strict=True))
        if "p" in at:
            W = [[at["p"], at["q"]], [-at["q"], at["r"]]]
        else:
            W = [[at["w11"], at["w12"]], [at["w21"], at["w22"]]]
        wanted = rb.LinearRNN(W, [1.0, 0.0], [1.0, 0.0]).outlier
        assert [real, imaginary] == pytest.approx([wanted.real, wanted.imag], abs=1e-7)
    assert 3 < np.count_nonzero(found[:, 1]) < 27  # pairs, and real eigenvalues
