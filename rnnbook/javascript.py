"""JavaScript out of SymPy, for what the live figures compute in the browser."""

import json

import sympy as sp


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
    """
    # One list for SymPy, which looks for shared parts; the shape comes back below.
    flat = list(sp.flatten([value]))
    shared, results = sp.cse(flat, symbols=sp.numbered_symbols("shared"))
    code = iter([sp.jscode(result) for result in results])
    lines = [
        f"export function {name}({arguments}) {{",
        *(f"  const {symbol} = {sp.jscode(part)};" for symbol, part in shared),
        f"  return {_array(value, code)};",
        "}",
    ]
    return "\n".join(lines)


def constant(name, value):
    """Return the source of an exported constant, anything that JSON can hold."""
    return f"export const {name} = {json.dumps(value)};"


def names(symbols):
    """Return the names of symbols, between commas."""
    return ", ".join(symbol.name for symbol in symbols)


def module(*parts):
    """Return an ES module of parts that the functions above have made."""
    head = "// Generated from SymPy by rnnbook; change the formula there."
    return "\n".join([head, *parts]) + "\n"


def _array(value, code):
    """Nested lists as nested arrays, with the next piece of code for each entry."""
    if not isinstance(value, list):
        return next(code)
    return "[" + ", ".join(_array(entry, code) for entry in value) + "]"
