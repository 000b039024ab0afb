"""Recorded training runs, gone through in learning time."""

import numpy as np

from ...filters import exponential
from ...reduced import integrator
from ..controls import choice, slider, with_controls
from ..explorer import Explorer


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
