"""The widget of a live figure, and how its JavaScript becomes one module."""

import re
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from ..checks import finite_array

_LIVE = Path(__file__).parent


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
        Arrays that the browser cannot compute itself; sent once, in 16 bits a number, which is a
        hundredth of a pixel in any chart.
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
    ranges = traitlets.Dict().tag(sync=True)
    figure = traitlets.Unicode().tag(sync=True)

    def __init__(self, figure, defaults, constants=None, data=None, modules=None):
        # anywidget takes the code from these two attributes, which it looks up when it starts.
        self._esm = bundle(figure, modules or {})
        self._css = (_LIVE / "explorer.css").read_text(encoding="utf-8")
        arrays = {}
        for name, array in (data or {}).items():
            array = np.asarray(array, dtype=float).ravel()
            arrays[name] = finite_array(array, f"data[{name!r}]", (None,))
        super().__init__(
            figure=figure,
            defaults=defaults,
            constants=constants or {},
            data={name: _in_16_bits(array) for name, array in arrays.items()},
            ranges={name: [array.min(), array.max()] for name, array in arrays.items()},
        )
        kinds = {int: traitlets.Int, float: traitlets.CFloat}
        self.add_traits(
            **{name: kinds[type(value)](value).tag(sync=True) for name, value in defaults.items()}
        )


def _in_16_bits(array):
    """Numbers as shares of the way from the least to the greatest, in 16 bits each."""
    least, most = array.min(), array.max()
    shares = (array - least) / ((most - least) or 1.0)
    return np.round(shares * (2**16 - 1)).astype("<u2").tobytes()


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
    kinds = r"function\*?|const|class"
    exported = re.findall(rf"^export (?:{kinds}) (\w+)", source, re.M)
    source = re.sub(rf"^export (?={kinds})", "", source, flags=re.M)
    return f"const ${name} = (() => {{\n{source}\nreturn {{ {', '.join(exported)} }};\n}})();"
