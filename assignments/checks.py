"""What hidden tests call. Grading puts this file beside the notebook that it runs."""

import numpy as np
import sympy as sp

POINTS = 12  # where two expressions are compared; chance agreement at all of them does not happen
DIGITS = 30


class ExpectationError(AssertionError):
    """An answer is not as expected; the message is an idea for the student, not the answer."""


def expect(condition, idea):
    """Raise `ExpectationError` with the idea as feedback if the condition does not hold."""
    if not condition:
        raise ExpectationError(idea)


def _expression(value):
    """A SymPy expression from an expression, number or text; None for anything else."""
    try:
        value = sp.sympify(value)
    except (sp.SympifyError, TypeError, ValueError, SyntaxError, AttributeError):
        return None
    if isinstance(value, sp.Equality):  # "da/ds = ..." states the same
        value = value.rhs
    return value.doit() if isinstance(value, sp.Expr) else None


def equivalent(answer, expected, low=0.1, high=2.0, domain=None, rtol=1e-10):
    """Return whether two expressions are the same function of their symbols.

    They are compared at random points with 30 digits, so any form is accepted, also one that
    `simplify` does not bring to the other.

    Parameters
    ----------
    answer, expected : Expr, number or str
        Symbols are matched by name; their assumptions do not count.
    low, high : float
        Interval from which each symbol is drawn.
    domain : dict of str to (float, float), optional
        Other intervals, for symbols of these names.
    rtol : float
        Largest relative difference.

    Returns
    -------
    bool
        False also if the answer is no scalar expression, or has symbols that are not in `expected`
        and do not drop out.
    """
    answer, expected = _expression(answer), _expression(expected)
    if expected is None:
        raise TypeError("expected must be a scalar expression")
    if answer is None:
        return False
    names = sorted({symbol.name for symbol in answer.free_symbols | expected.free_symbols})
    rng, compared = np.random.default_rng(0), 0
    for _ in range(4 * POINTS):
        values = {}
        for name in names:
            bounds = (domain or {}).get(name, (low, high))
            values[name] = sp.Float(repr(rng.uniform(*bounds)), DIGITS)
        left, right = (
            sp.N(side.subs({symbol: values[symbol.name] for symbol in side.free_symbols}), DIGITS)
            for side in (answer, expected)
        )
        if not right.is_finite or not right.is_number:
            continue  # a point outside the domain of what is expected
        if not left.is_number or not left.is_finite:
            return False
        if abs(left - right) > rtol * max(abs(right), sp.Float("1e-12")):
            return False
        compared += 1
        if compared == POINTS:
            return True
    raise ValueError("the expected expression has no value at most points: give a domain")


def close(answer, expected, rtol=1e-6, atol=0.0):
    """Return whether numbers or arrays agree: |answer - expected| <= atol + rtol |expected|.

    False, and no error, for another shape, for what is not a number, and for values not finite.
    """
    expected = np.asarray(expected)
    try:
        answer = np.asarray(answer)
        if answer.dtype == object:  # SymPy numbers
            answer = answer.astype(complex if np.iscomplexobj(expected) else float)
        if answer.shape != expected.shape or not np.all(np.isfinite(answer)):
            return False
        return bool(np.all(np.abs(answer - expected) <= atol + rtol * np.abs(expected)))
    except (TypeError, ValueError):
        return False
