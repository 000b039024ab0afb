"""Learning in two numbers, and its phase portrait."""

import json

from ...reduced import integrator_flow
from ..controls import choice, log_slider, slider, with_controls
from ..explorer import Explorer

_TRAINED = {
    "W and v": ("W", "v"),
    "W": ("W",),
    "v": ("v",),
    "W, u and v": ("W", "u", "v"),
}


def reduced_flow():
    """Return learning in two numbers and its phase portrait: c*, the start, and what is trained."""
    modules = {
        f"flow{k}": integrator_flow(trained).javascript()
        for k, trained in enumerate(_TRAINED.values())
    }
    listed = [f"{{ name: {json.dumps(name)}, ...flow{k} }}" for k, name in enumerate(_TRAINED)]
    imports = [f'import * as {name} from "./{name}.js";' for name in modules]
    modules["models"] = "\n".join([*imports, f"export const models = [{', '.join(listed)}];"])
    figure = Explorer(
        "reduced_flow",
        {"c_star": 0.1, "a_start": 0.0, "c_start": 1.0, "trained": 0, "guess": 2.0},
        constants={"duration": 3.0},
        modules=modules,
    )
    return with_controls(
        figure,
        trained=choice("what is trained", list(_TRAINED)),
        c_star=log_slider("target rate c*", -1.7, 0),
        a_start=slider("start a(0)", -0.8, 2.2, 0.01),
        c_start=slider("start c(0)", 0.05, 1.5, 0.01),
    )
