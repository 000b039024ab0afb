"""Answers as plain data: what goes out comes back, and what is none of ours is refused."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
import sympy as sp

import rnnbook as rb
from assignments import plain

a, t = sp.symbols("a t", positive=True)
k = sp.Symbol("k", integer=True)
SAME = [
    *(None, True, False, 3, -(10**30), 0.1, 1e-300, 2 - 3j, "text ü\n", ""),
    *([1, [2.5, "x"]], (1, (2,)), {"a": 1, (1, 2): [3]}),
    *(a, sp.Symbol("c^*"), sp.pi, sp.I, sp.oo, sp.Rational(1, 3), sp.Float("0.1", 40)),
    *(a**2 * sp.exp(-a * t) + sp.sqrt(t), sp.Eq(a, t), sp.Piecewise((a, t > 1), (0, True))),
    *(sp.Sum(a**k, (k, 0, 5)), sp.Integral(sp.sin(t), (t, 0, a)), sp.Function("f")(t).diff(t)),
    *(sp.Matrix([[a, 1], [0, t]]), sp.besselj(2, t), sp.Symbol("n", even=True)),
]
ARRAYS = [
    np.arange(6.0).reshape(2, 3).T,
    np.array([True, False]),
    np.array(3),
    np.array([1 + 2j, 3]),
    np.zeros((0, 4)),
    np.arange(3, dtype=np.int8),
    np.array([1.5, 2], dtype=np.float32),
]


def there_and_back(value):
    return plain.decode(plain.read(plain.write({"value": plain.encode(value)}))["value"])


@pytest.mark.parametrize("value", SAME, ids=str)
def test_what_goes_out_comes_back(value):
    back = there_and_back(value)
    assert back == value
    assert isinstance(back, type(value)) or isinstance(value, sp.MatrixBase)


@pytest.mark.parametrize("value", ARRAYS, ids=str)
def test_arrays_come_back_with_shape_and_kind(value):
    back = there_and_back(value)
    np.testing.assert_array_equal(back, value)
    assert back.shape == value.shape
    assert back.dtype.kind == value.dtype.kind
    back[...] = 0  # it can be changed, as any array


def test_arrays_of_formulas_come_back():
    back = there_and_back(np.array([[a, t], [1, 2]], dtype=object))
    assert back.shape == (2, 2)
    assert back[0, 1] == t


def test_networks_and_filters_come_back():
    net = rb.LinearRNN(np.eye(2) / 2, np.ones(2), np.array([1.0, 2]))
    goal = rb.damped_sine(0.2, 0.7)
    back, back_goal = there_and_back((net, goal))
    for name in ("W", "u", "v"):
        np.testing.assert_array_equal(getattr(back, name), getattr(net, name))
    for name in ("A", "B", "C"):
        np.testing.assert_array_equal(getattr(back_goal, name), getattr(goal, name))


def test_a_random_generator_draws_the_same():
    rng = np.random.default_rng(3)
    rng.normal(size=7)
    back = there_and_back(rng)
    np.testing.assert_array_equal(back.normal(size=5), rng.normal(size=5))


def test_a_figure_answers_the_same_questions():
    figure, axes = plt.subplots()
    axes.semilogy([1, 2, 3], [1, 10, 100], label="loss")
    axes.set(xlabel="s", ylabel="L", title="Learning")
    axes.legend()
    back = there_and_back(figure).axes[0]
    plt.close(figure)
    assert (back.get_xlabel(), back.get_ylabel(), back.get_title()) == ("s", "L", "Learning")
    assert (back.get_xscale(), back.get_yscale()) == ("linear", "log")
    np.testing.assert_array_equal(back.lines[0].get_xydata(), [[1, 1], [2, 10], [3, 100]])
    assert [text.get_text() for text in back.get_legend().get_texts()] == ["loss"]


def test_what_has_no_form_stays_and_is_told_by_a_number():
    kept = []

    def keep(value):
        kept.append(value)
        return len(kept) - 1

    data = json.loads(json.dumps(plain.encode([len, object, 1], keep)))
    back = plain.decode(data)
    assert kept == [len, object]
    assert [back[0].number, back[1].number, back[2]] == [0, 1, 1]
    with pytest.raises(TypeError):
        plain.encode(len)


REFUSED = [
    *(3, [], {}, {"eval": "1"}, {"int": "9" * 5000}, {"int": "1", "float": "1"}),
    *({"objects": [10**7], "of": [None]}, {"array": [2], "kind": "<f8", "data": ""}),
    *({"array": [1], "kind": "|O", "data": "AAAAAAAAAAA="}, {"array": [-1], "kind": "<f8"}),
    *({"formula": ["Symbol", "exit()", {}]}, {"formula": ["Function", "eval", ["pi"]]}),
    *({"formula": ["Float", "exit()", 53]}, {"formula": ["Float", "1", 10**9]}),
    *({"formula": ["Symbol", "a", {"positive": "exit()"}]}, {"formula": ["sympify", "1"]}),
    *({"formula": ["Add"] + [["pi"]] * (plain.MAX_NODES + 1)}, {"rng": "exit()"}),
]


@pytest.mark.parametrize("data", REFUSED, ids=lambda data: str(data)[:40])
def test_what_is_none_of_ours_is_refused(data):
    with pytest.raises(plain.UnreadableError):
        plain.decode(data)


@pytest.mark.parametrize("line", [b"", b"3", b"[]", b"\xff", b"[" * 10**5, b"9" * 5000])
def test_a_line_that_is_no_message_is_refused(line):
    with pytest.raises(plain.UnreadableError):
        plain.read(line)


def test_a_text_is_read_as_a_formula_without_running_anything():
    assert plain.parse("2*a^2 + sqrt(4) - sin(pi)") == 2 * sp.Symbol("a") ** 2 + 2
    for text in ("exit()", "a.b", "[1]", "a if a else a", "lambda: 1", "'x'", "f'{a}'", "(a := 1)"):
        with pytest.raises(SyntaxError):
            plain.parse(text)
