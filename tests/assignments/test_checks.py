"""The numbers of a course, and the comparisons that hidden tests make."""

import numpy as np
import pytest
import sympy as sp

from assignments import numbers
from assignments.checks import ExpectationError, close, equivalent, expect

a, c = sp.symbols("a c")


def values(
    seed, source='x = draw(1, 6, 1)  # a die\ny = draw(0.1, 0.3, 0.1)\nz = draw(["a", "b"])'
):
    found = {}
    exec(numbers.drawn(source, seed, "name"), found)
    return {name: value for name, value in found.items() if name in "xyz"}


def test_numbers_depend_on_the_seed_and_on_nothing_else():
    assert values("one") == values("one")
    drawn = [values(f"seed {k}") for k in range(200)]
    # A value that is one of six is missed by 200 draws with probability 1e-16 each.
    assert {v["x"] for v in drawn} == set(range(1, 7))
    assert {v["y"] for v in drawn} == {0.1, 0.2, 0.3}
    assert {v["z"] for v in drawn} == {"a", "b"}
    assert all(isinstance(v["x"], int) for v in drawn)


def test_a_number_does_not_move_when_another_is_added():
    assert values("s", "y = draw(0.1, 0.9, 0.1)") == {
        "y": values("s", "x = draw(1, 6, 1)\ny = draw(0.1, 0.9, 0.1)")["y"]
    }


def test_equal_calls_give_numbers_of_their_own_and_comments_stay():
    text = numbers.drawn("x = draw(1, 1000, 1)  # one\ny = draw(1, 1000, 1)  # two", "s", "n")
    assert "# one\n" in text
    assert text.endswith("# two")
    found = {}
    exec(text, found)
    assert found["x"] != found["y"]


@pytest.mark.parametrize(
    "source",
    ["x = 3", "import os", "x = draw(1, 2)", "x = draw([])", "x = draw(2, 1, 1)", "draw(1, 2, 1)"],
)
def test_a_cell_of_numbers_has_nothing_else(source):
    with pytest.raises(ValueError, match="draw"):
        numbers.drawn(source, "seed", "name")


SAME = [
    ((a + c) ** 2, a**2 + 2 * a * c + c**2),
    (sp.sqrt(a**2), sp.Symbol("a", positive=True)),
    ("1/(a + c) - 1/a", -c / (a * (a + c))),
    (sp.Integral(sp.exp(-c * sp.Symbol("t", real=True)), (sp.Symbol("t", real=True), 0, a)), None),
    (sp.Eq(sp.Symbol("L"), a / 2), a / 2),
    (0.5, sp.Rational(1, 2)),
    (np.float64(2), 2),
    (a - a + 3 + sp.sin(c) ** 2 + sp.cos(c) ** 2, 4),
]
OTHER = [
    (a / 2, a),
    (-a, a),
    (a + sp.Rational(1, 10**8), a),
    (a, c),
    ("a +", a),
    (None, a),
    ([a], a),
    (sp.Matrix([a]), a),
    (sp.nan, a),
    (sp.zoo, a),
    (lambda x: x, a),
    (a + sp.Symbol("k"), a),
]


@pytest.mark.parametrize(("answer", "expected"), SAME)
def test_equivalent_forms_are_equivalent(answer, expected):
    expected = (1 - sp.exp(-a * c)) / c if expected is None else expected
    assert equivalent(answer, expected)


@pytest.mark.parametrize(("answer", "expected"), OTHER)
def test_other_expressions_are_not_equivalent(answer, expected):
    assert equivalent(answer, expected) is False


def test_expressions_are_compared_where_they_are_defined():
    root = sp.sqrt(a - 1)
    assert equivalent(root**2, a - 1, domain={"a": (1.2, 3)})
    assert equivalent(sp.log(a), sp.log(a), low=1.5, high=4)
    with pytest.raises(ValueError, match="domain"):
        equivalent(a, 1 / (a - a + sp.Symbol("c")) / 0)


def test_numbers_and_arrays_are_close_or_not():
    assert close(1 + 1e-9, 1)
    assert close([1, 2], np.array([1.0, 2.0]))
    assert close(sp.Rational(1, 3), 1 / 3)
    assert close(1 + 2j, 1 + 2j)
    for wrong in (1.1, [1, 1], "one", None, np.nan, np.inf, {}, lambda: 1, a):
        assert close(wrong, 1) is False


def test_an_expectation_carries_an_idea():
    expect(True, "nothing")
    with pytest.raises(ExpectationError, match="think of it"):
        expect(False, "think of it")
