"""The two eigenvalues of a model with a pair, as a module for the browser."""

from .. import javascript as js


def spectrum_module(flow):
    """The module of `spectrum`: the mean of two eigenvalues, and their half distance squared."""
    (root,) = (term for term in flow.outlier.args if term.is_Pow)
    arguments = f"[{js.listed(flow.variables)}], {{{js.listed(flow.parameters)}}}"
    return js.module(js.function("spectrum", arguments, [flow.outlier - root, root**2]))
