"""Live figures of the part "Rich learning", and of the front page."""

import json

import numpy as np

from .. import records
from ..filters import exponential
from ..reduced import integrator, integrator_flow
from .controls import choice, log_slider, slider, with_controls
from .explorer import Explorer

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
        {"c_star": 0.1, "a_start": 0.0, "c_start": 1.0, "trained": 0},
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


def descent():
    """Return gradient descent with a finite step, with sliders for eta over its limit and c*."""
    figure = Explorer(
        "descent",
        {"share": 1.1, "c_star": 10**-0.7},
        constants={"steps": 60, "a_start": 0.85, "c_start": 1.5},
        modules={"model": integrator.javascript()},
    )
    return with_controls(
        figure,
        share=slider("η / limit", 0.2, 2, 0.01),
        c_star=log_slider("target rate c*", -1.5, 0),
    )


def training_runs(runs, c_star, duration, initial=0):
    """Return recorded training runs, with a slider through learning time and a choice of the bulk.

    Beside each stands the reduced model `integrator`, which knows nothing of the bulk.

    Parameters
    ----------
    runs : dict of float to Trajectory
        Runs of networks of equal size by the radius of their initial bulk, with eigenvalues and
        responses recorded, at the same learning times and times.
    c_star : float
        Decay rate of the target.
    duration : float
        The responses were recorded at equal steps from 0 to this time.
    initial : int
        Which run to show first.

    Returns
    -------
    ipywidgets.VBox

    Raises
    ------
    ValueError
        If there is no run, a run lacks eigenvalues or responses, or runs do not fit together.
    """
    if not runs:
        raise ValueError("runs is empty; give at least one run.")
    first = next(iter(runs.values()))
    for run in runs.values():
        if run.eigenvalues is None or run.responses is None:
            raise ValueError(
                "a run has no eigenvalues or responses; record them with eigenvalues=True and "
                "response_times=..."
            )
        shapes = run.eigenvalues.shape, run.responses.shape
        if shapes != (first.eigenvalues.shape, first.responses.shape) or np.any(run.s != first.s):
            raise ValueError("runs must have the same size, learning times and response times.")
    times = first.responses.shape[1]
    eigenvalues = np.stack([run.eigenvalues for run in runs.values()])
    last = float(first.s[-1])
    figure = Explorer(
        "training_runs",
        {"run": initial, "s": float(first.s[first.s.size // 2])},
        constants={
            "neurons": first.eigenvalues.shape[1],
            "times": times,
            "duration": float(duration),
            "c_star": float(c_star),
            "radii": [float(radius) for radius in runs],
        },
        data={
            "s": first.s,
            "eigenvalues": np.stack([eigenvalues.real, eigenvalues.imag], axis=-1),
            "responses": [run.responses for run in runs.values()],
            "target": exponential(c_star).impulse_response(np.linspace(0, duration, times)),
            "theory": integrator.solve(first.s, c_star=c_star).decay_rate,
        },
    )
    s = slider("learning time s", 0, last, last / (first.s.size - 1))
    if len(runs) == 1:
        return with_controls(figure, s=s)
    return with_controls(figure, run=choice("bulk radius σ", [f"{x:g}" for x in runs]), s=s)


def infinite_width():
    """Return learning of infinitely wide networks, as trees, with sliders for sigma and depth."""
    record = records.trees()
    c_star, s, trees = record["c_star"], record["s"], record["trees"]
    sigmas = sorted({tree["sigma"] for tree in trees})
    depths = sorted({tree["depth"] for tree in trees})
    without = integrator.solve(s, c_star=c_star)
    figure = Explorer(
        "infinite_width",
        {"sigma": 0.6, "depth": 3},
        constants={"sigmas": sigmas, "depths": depths, "c_star": c_star},
        data={
            "s": s,
            "losses": [tree["loss"] for tree in trees],
            "outliers": [tree["outlier"] for tree in trees],
            "loss0": without.loss,
            "rate0": without.decay_rate,
        },
    )
    return with_controls(
        figure,
        sigma=slider("bulk radius σ", sigmas[0], sigmas[-1], 0.1),
        depth=choice("depth of the tree", [str(depth) for depth in depths]),
    )


def teach():
    """Return a network that learns at the press of a button, with sliders for s and T*."""
    dt, duration = 0.5, 1.5
    # Three brief inputs, a longer opposite one, and silence: what an integrator makes of them is
    # seen at a glance.
    values = np.zeros(120)
    for start, stop, value in ((6, 10, 1.0), (24, 28, 1.0), (44, 48, 1.0), (70, 80, -0.8)):
        values[start:stop] = value
    figure = Explorer(
        "teach",
        {"s": 0.0, "T_star": 10**1.3},
        constants={"dt": dt, "duration": duration},
        data={"input": values},
        modules={"model": integrator.javascript()},
    )
    return with_controls(
        figure,
        s=slider("learning time s", 0, duration, 0.01),
        T_star=log_slider("memory wanted", 0.3, 1.7),
    )
