"""Live figures: drawn in the browser, so that they move on a page with no Python behind it too.

Each function returns ipywidgets sliders above an `Explorer`, to which they are tied in the browser
(`jslink`). How a figure looks is in the folder `live`, in JavaScript; the equations that run there
are those that `ReducedFlow.javascript` generates.
"""

import json
import re
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from ipywidgets import Dropdown, FloatLogSlider, FloatSlider, IntSlider, VBox, jslink
from scipy.linalg import expm

from .checks import finite_array
from .filters import exponential
from .krylov import ArnoldiBasis
from .networks import LinearRNN, ginibre
from .noise import white_noise
from .objective import loss_and_gradient, projected_loss_and_gradient
from .reduced import integrator, integrator_flow

_LIVE = Path(__file__).parent / "live"


class Explorer(anywidget.AnyWidget):
    """A figure that the browser draws, and redraws whenever one of its values changes.

    Parameters
    ----------
    figure : str
        Which of the figures in `live/figures`.
    defaults : dict of str to (float or int)
        Values that the figure depends on, as they are at first; each becomes a trait of that name.
        A value that a slider moves must be one on which the slider can stand.
    constants : dict, optional
        Numbers and names that stay as they are.
    data : dict of str to array_like, optional
        Arrays that the browser cannot compute itself; sent once, in single precision.
    modules : dict of str to str, optional
        Sources of further ES modules that the figure imports, by name.

    Raises
    ------
    ValueError
        If there is no such figure, or data are not finite.
    """

    defaults = traitlets.Dict().tag(sync=True)
    constants = traitlets.Dict().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    figure = traitlets.Unicode().tag(sync=True)

    def __init__(self, figure, defaults, constants=None, data=None, modules=None):
        # anywidget takes the code from these two attributes, which it looks up when it starts.
        self._esm = bundle(figure, modules or {})
        self._css = (_LIVE / "explorer.css").read_text(encoding="utf-8")
        arrays = {name: np.asarray(array, dtype=float) for name, array in (data or {}).items()}
        for name, array in arrays.items():
            finite_array(array.ravel(), f"data[{name!r}]", (None,))
        super().__init__(
            figure=figure,
            defaults=defaults,
            constants=constants or {},
            data={name: array.astype("<f4").tobytes() for name, array in arrays.items()},
        )
        kinds = {int: traitlets.Int, float: traitlets.CFloat}
        self.add_traits(
            **{name: kinds[type(value)](value).tag(sync=True) for name, value in defaults.items()}
        )


def bundle(figure, modules):
    """Return one ES module, a widget, out of those that a figure imports.

    Parameters
    ----------
    figure : str
    modules : dict of str to str
        Sources of generated modules by name; the others are files of the folder `live`.

    Returns
    -------
    str
        Each module has become a function's scope, so names of one are not seen in another.

    Raises
    ------
    ValueError
        If there is no such figure.
    """
    path = _LIVE / "figures" / f"{figure}.js"
    if not path.is_file():
        known = sorted(file.stem for file in path.parent.glob("*.js"))
        raise ValueError(f"figure must be one of {known}; got {figure!r}.")
    parts = {}

    def add(name, source):
        for needed in re.findall(r'^import .* from "[./]*(\w+)\.js";$', source, re.M):
            if needed not in parts:
                text = modules.get(needed)
                add(needed, text or (_LIVE / f"{needed}.js").read_text(encoding="utf-8"))
        parts[name] = _scope(name, source)

    add("explorer", (_LIVE / "explorer.js").read_text(encoding="utf-8"))
    add("figure", path.read_text(encoding="utf-8"))
    return "\n".join([*parts.values(), "export default $explorer.explorer($figure.build);\n"])


def _scope(name, source):
    """Wrap a module into a function that returns what the module exports."""
    source = re.sub(
        r'^import \* as (\w+) from "[./]*(\w+)\.js";$', r"const \1 = $\2;", source, flags=re.M
    )
    source = re.sub(
        r'^import (\{.*\}) from "[./]*(\w+)\.js";$', r"const \1 = $\2;", source, flags=re.M
    )
    kinds = "function|const|class"
    exported = re.findall(rf"^export (?:{kinds}) (\w+)", source, re.M)
    source = re.sub(rf"^export (?={kinds})", "", source, flags=re.M)
    return f"const ${name} = (() => {{\n{source}\nreturn {{ {', '.join(exported)} }};\n}})();"


def integration():
    """Return the leaky integrator on noise beside the exact integral, with a slider for c."""
    dt = 0.2
    figure = Explorer(
        "integration",
        {"c": 0.1},
        constants={"dt": dt},
        data={"noise": white_noise(1, 500, dt, np.random.default_rng(0))[0]},
    )
    return _with_sliders(figure, c=_log_slider("decay rate c", -2, 0))


def one_mode():
    """Return one mode against its target, with the loss as an area, and sliders for a, c and c*."""
    figure = Explorer(
        "one_mode",
        {"a": 1.0, "c": 10**-0.52, "c_star": 0.1},
        modules={"model": integrator.javascript()},
    )
    return _with_sliders(
        figure,
        a=_slider("amplitude a", -0.5, 2, 0.01),
        c=_log_slider("decay rate c", -2, 0),
        c_star=_log_slider("target rate c*", -1.5, 0),
    )


def krylov():
    """Return what m Krylov vectors miss, with sliders for m and for the radius of the bulk."""
    sigmas = [round(0.1 * k, 1) for k in range(1, 10)]
    sizes = [1, 2, 3, 4, 6, 8, 12, 16, 20, 25, 30]
    duration, times = 25.0, 126
    activity, missed, errors = zip(
        *(krylov_record(sigma, sizes, duration, times) for sigma in sigmas), strict=True
    )
    figure = Explorer(
        "krylov",
        {"m": 3, "sigma": 0.8},
        constants={"duration": duration, "times": times, "sizes": sizes, "sigmas": sigmas},
        data={"activity": activity, "missed": missed, "errors": np.log10(errors)},
    )
    return _with_sliders(
        figure,
        m=IntSlider(min=sizes[0], max=sizes[-1], description="vectors m"),
        sigma=_slider("bulk σ", sigmas[0], sigmas[-1], 0.1),
    )


def krylov_record(sigma, sizes, duration, times):
    """Return how well Krylov vectors describe a network of 200 neurons with an outlier at 0.8.

    Parameters
    ----------
    sigma : float
        Radius of its bulk.
    sizes : sequence of int
        Numbers of Krylov vectors at which to measure the gradient.
    duration : float
    times : int
        The activity after a pulse is recorded at so many times from 0 to `duration`.

    Returns
    -------
    activity : ndarray, shape (times,)
        Norm of the activity.
    missed : ndarray, shape (max(sizes), times)
        Norm of what 1, 2, 3, ... Krylov vectors miss of it.
    errors : ndarray, shape of `sizes`
        Relative errors that they leave in dL/dW, for the target with c* = 0.1.
    """
    bulk = ginibre(200, sigma, np.random.default_rng(0))
    rnn = LinearRNN(bulk.W + 0.8 * np.outer(bulk.u, bulk.u), bulk.u, bulk.u)
    dt = duration / (times - 1)
    activity = _relax(rnn.W, rnn.u, dt, times)
    basis, missed = ArnoldiBasis(rnn.u), []
    while len(missed) < max(sizes):
        basis.extend(rnn.W @ basis.direction)
        small = _relax(basis.hessenberg, np.eye(basis.size)[0], dt, times)
        missed.append(np.linalg.norm(activity - small @ basis.vectors, axis=1))
    target = exponential(0.1)
    exact = loss_and_gradient(rnn, target, 1e-13)[1].W
    found = [projected_loss_and_gradient(rnn, target, size)[1].W for size in sizes]
    errors = np.array([np.linalg.norm(W - exact) for W in found]) / np.linalg.norm(exact)
    return np.linalg.norm(activity, axis=1), np.array(missed), errors


def _relax(W, start, dt, times):
    """Return the activity from `start` at `times` times, dt apart."""
    step = expm(dt * (W - np.eye(start.size)))
    states = [start]
    while len(states) < times:
        states.append(step @ states[-1])
    return np.array(states)


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
    trained = Dropdown(options=list(_TRAINED), description="what is trained", **_SLIDER)
    box = _with_sliders(
        figure,
        c_star=_log_slider("target rate c*", -1.7, 0),
        a_start=_slider("start a(0)", -0.8, 2.2, 0.01),
        c_start=_slider("start c(0)", 0.05, 1.5, 0.01),
    )
    jslink((trained, "index"), (figure, "trained"))
    controls = box.children[0]
    controls.children = (trained, *controls.children)
    return box


def descent():
    """Return gradient descent with a finite step, with sliders for eta over its limit and c*."""
    figure = Explorer(
        "descent",
        {"share": 1.1, "c_star": 10**-0.7},
        constants={"steps": 60, "a_start": 0.85, "c_start": 1.5},
        modules={"model": integrator.javascript()},
    )
    return _with_sliders(
        figure,
        share=_slider("η / limit", 0.2, 2, 0.01),
        c_star=_log_slider("target rate c*", -1.5, 0),
    )


def training_run(run, theory, c_star, radius, duration):
    """Return a recorded training run, with a slider through its learning time.

    Parameters
    ----------
    run : Trajectory
        Of a network, with eigenvalues and responses recorded.
    theory : Trajectory
        Of the reduced model, at the same learning times.
    c_star : float
        Decay rate of the target.
    radius : float
        Radius of the initial bulk.
    duration : float
        The responses were recorded at equal steps from 0 to this time.

    Returns
    -------
    ipywidgets.VBox

    Raises
    ------
    ValueError
        If the run lacks eigenvalues or responses, or the two do not share their learning times.
    """
    if run.eigenvalues is None or run.responses is None:
        raise ValueError(
            "run has no eigenvalues or responses; record them with eigenvalues=True and "
            "response_times=..."
        )
    if not np.array_equal(run.s, theory.s):
        raise ValueError("theory must be solved at the learning times of run, run.s.")
    times = run.responses.shape[1]
    eigenvalues = np.stack([run.eigenvalues.real, run.eigenvalues.imag], axis=-1)
    figure = Explorer(
        "training_run",
        {"s": float(run.s[run.s.size // 2])},
        constants={
            "neurons": run.eigenvalues.shape[1],
            "times": times,
            "duration": float(duration),
            "c_star": float(c_star),
            "radius": float(radius),
        },
        data={
            "s": run.s,
            "eigenvalues": eigenvalues,
            "responses": run.responses,
            "target": exponential(c_star).impulse_response(np.linspace(0, duration, times)),
            "theory": theory.decay_rate,
        },
    )
    last = float(run.s[-1])
    return _with_sliders(figure, s=_slider("learning time s", 0, last, last / (run.s.size - 1)))


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
    return _with_sliders(
        figure,
        s=_slider("learning time s", 0, duration, 0.01),
        T_star=_log_slider("memory wanted", 0.3, 1.7),
    )


_SLIDER = {
    "style": {"description_width": "8.5em"},
    "layout": {"width": "auto", "max_width": "30em"},
}


def _slider(description, low, high, step):
    return FloatSlider(
        min=low, max=high, step=step, description=description, readout_format=".2f", **_SLIDER
    )


def _log_slider(description, low, high):
    """A slider from 10**low to 10**high."""
    return FloatLogSlider(
        value=10.0**low,
        min=low,
        max=high,
        step=0.01,
        description=description,
        readout_format=".3g",
        **_SLIDER,
    )


def _with_sliders(figure, **sliders):
    """Put the sliders above the figure, each tied to the value of that name."""
    for name, slider in sliders.items():
        slider.value = getattr(figure, name)
        for key, value in _SLIDER.items():
            setattr(slider, key, value)
        jslink((slider, "value"), (figure, name))
    controls = VBox(list(sliders.values()))
    controls.add_class("rnnbook-controls")
    box = VBox([controls, figure])
    box.add_class("rnnbook-explorer")
    return box
