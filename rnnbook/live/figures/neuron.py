"""One neuron that saturates: its potential, its density, and how it moves."""

import sympy as sp

from ... import javascript as js
from ...reduced import nonlinear_integrator
from ...saturation import POTENTIAL, SATURATION, WEIGHT
from ...symbols import GAIN
from ..controls import slider, with_controls
from ..explorer import Explorer


def neuron():
    """Return one nonlinear neuron on white noise, with sliders for its gain and its weight."""
    figure = Explorer("neuron", {"gain": 0.6, "w": 1.6}, modules={"saturating": _module()})
    return with_controls(
        figure, gain=slider("gain b", 0.4, 2, 0.01), w=slider("weight w", 0, 2, 0.01)
    )


def _module():
    """The module of the neuron; `bent` is the error function of `inner`, which figures compute."""
    (erf,) = SATURATION.atoms(sp.erf)
    bent = sp.Symbol("bent", real=True)
    gain = f"{{{GAIN.name}}}"
    return js.module(
        js.function("inner", f"h, {gain}", erf.args[0]),
        js.function("output", f"bent, {gain}", SATURATION.subs(erf, bent)),
        js.function(
            "potential", f"h, bent, {{{GAIN.name}, {WEIGHT.name}}}", POTENTIAL.subs(erf, bent)
        ),
        js.function("weight", f"c, {gain}", nonlinear_integrator.outlier),
    )
