"""JavaScript out of SymPy, for what the live figures compute in the browser.

What JavaScript cannot compute is refused here, by name, and not left for the reader's browser to
stumble over.
"""

import json
import re
from numbers import Real

import sympy as sp
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.tensor.indexed import IndexException

_IDENTIFIER = re.compile(r"(?<![\w.$])[A-Za-z_$][\w$]*(?:\.\w+)*")
_RESERVED = re.findall(
    r"\w+",
    "arguments await break case catch class const continue debugger default delete do else enum "
    "eval export extends false finally for function if implements import in instanceof interface "
    "let new null package private protected public return static super switch this throw true try "
    "typeof var void while with yield Math Number",
)


def function(name, arguments, value):
    """Return the source of an exported function.

    Parameters
    ----------
    name : str
    arguments : str
        As they stand between the parentheses, such as "[a, c], {c_star}".
    value : sympy.Expr or nested list of sympy.Expr
        What it returns, in terms of symbols with the names of the arguments.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If `value` holds anything but expressions and lists, such as a tuple or a matrix.
    ValueError
        If an expression has a symbol that is no argument, or a part that JavaScript cannot compute,
        such as an imaginary unit or an integral that has not been evaluated.
    """
    # One list for SymPy, which looks for shared parts; the shape comes back below.
    flat = _flatten(name, value)
    taken = set().union(*(expression.free_symbols for expression in flat))
    shared, results = sp.cse(flat, symbols=sp.numbered_symbols("shared", exclude=taken))
    known = {*_IDENTIFIER.findall(arguments), *(symbol.name for symbol, _ in shared)}
    code = iter([_translate(name, result, known) for result in results])
    lines = [
        f"export function {name}({arguments}) {{",
        *(f"  const {symbol} = {_translate(name, part, known)};" for symbol, part in shared),
        f"  return {_array(value, code)};",
        "}",
    ]
    return "\n".join(lines)


def constant(name, value):
    """Return the source of an exported constant, anything that JSON can hold."""
    return f"export const {name} = {json.dumps(value)};"


def listed(symbols):
    """Return the names of symbols between commas, as they stand in an array or an object.

    Raises
    ------
    ValueError
        If a name cannot be that of a variable in JavaScript.
    """
    for symbol in symbols:
        if not _IDENTIFIER.fullmatch(symbol.name) or symbol.name in _RESERVED:
            raise ValueError(
                f"{symbol.name!r} cannot be a variable in JavaScript; give the symbol a name of "
                "letters, digits and underscores that is no word of the language."
            )
    return ", ".join(symbol.name for symbol in symbols)


def module(*sources):
    """Return an ES module of what the functions above have made."""
    head = "// Generated from SymPy by rnnbook; change the formula there."
    return "\n".join([head, *sources]) + "\n"


def complex_parts(expression):
    """Return the real and the imaginary part, as JavaScript has no complex numbers.

    Parameters
    ----------
    expression : sympy.Expr
        With real values for its symbols. Square roots may be of negative numbers.

    Returns
    -------
    list of sympy.Expr, length 2

    Raises
    ------
    ValueError
        If there is a square root inside another.
    """
    real = {symbol: sp.Dummy(real=True) for symbol in expression.free_symbols}
    back, roots = {dummy: symbol for symbol, dummy in real.items()}, {}

    def split(base, exponent):
        if base.has(sp.I):
            raise ValueError(f"{expression} has a root of a root, whose parts are not known here.")
        # One of the two is 0, the other the root of the modulus.
        above, below = sp.Dummy(real=True), sp.Dummy(real=True)
        roots[above], roots[below] = sp.sqrt(sp.Max(base, 0)), sp.sqrt(sp.Max(-base, 0))
        return (above + sp.I * below) ** (2 * exponent)

    whole = expression.xreplace(real).replace(
        lambda part: part.is_Pow and part.exp.is_Rational and part.exp.q == 2,
        lambda part: split(part.base, part.exp),
    )
    return [part.subs(roots).xreplace(back) for part in whole.as_real_imag()]


def _flatten(name, value):
    """The expressions in nested lists, in their order."""
    if isinstance(value, list):
        return [expression for entry in value for expression in _flatten(name, entry)]
    if isinstance(value, Real | sp.Expr):
        return [sp.sympify(value)]
    raise TypeError(
        f"{name} returns a {type(value).__name__}, {value!r}; only expressions and lists of them "
        "can be translated: make it a list (of a matrix, with .tolist())."
    )


def _translate(name, expression, known):
    """The code of an expression, in which only `known` names and those of JavaScript occur."""
    try:
        code = sp.jscode(expression, strict=True)
    except (PrintMethodNotImplementedError, IndexException, ValueError) as error:
        raise ValueError(
            f"{name} has a part that JavaScript cannot compute, in {expression}. Evaluate it "
            "first, with .doit() or by hand; a Piecewise needs a last case (expression, True)."
        ) from error
    # SymPy prints what it has no translation for, such as the imaginary unit, as it is.
    used = {word for word in _IDENTIFIER.findall(code) if not word.startswith(("Math.", "Number."))}
    if unknown := used - known:
        raise ValueError(
            f"{name} is given no argument {', '.join(sorted(unknown))}, and JavaScript has no such "
            f"number or function, in {expression}. Declare the symbol as an argument, or rewrite "
            "the expression in real numbers and elementary functions."
        )
    return code


def _array(value, code):
    """Nested lists as nested arrays, with the next piece of code for each entry."""
    if not isinstance(value, list):
        return next(code)
    return "[" + ", ".join(_array(entry, code) for entry in value) + "]"
