"""SymPy symbols that several of the book's formulas share."""

import sympy as sp


class StarSymbol(sp.Symbol):
    """A positive symbol of the target: named `c_star` in code, written c^* in formulas."""

    def _latex(self, printer):
        stem = self.name.removesuffix("_star")
        return f"{sp.latex(sp.Symbol(stem))}^*"


class GainSymbol(sp.Symbol):
    """The gain of a nonlinear neuron: named `gain` in code, written b in formulas."""

    def _latex(self, printer):
        return "b"


C_STAR = StarSymbol("c_star", positive=True)
OMEGA_STAR = StarSymbol("omega_star", real=True)
CHI = sp.Symbol("chi", positive=True)  # rate of the input
GAIN = GainSymbol("gain", positive=True)
