"""Sliders and choices of the live figures."""

from ipywidgets import Dropdown, FloatLogSlider, FloatSlider, IntSlider, VBox, jslink

_STYLE = {
    "style": {"description_width": "8.5em"},
    "layout": {"width": "auto", "max_width": "30em"},
}


def slider(description, low, high, step):
    """Return a slider from `low` to `high`; `with_controls` sets its value."""
    return FloatSlider(
        min=low, max=high, step=step, description=description, readout_format=".2f", **_STYLE
    )


def log_slider(description, low, high):
    """Return a slider from 10**low to 10**high."""
    return FloatLogSlider(
        value=10.0**low,
        min=low,
        max=high,
        step=0.01,
        description=description,
        readout_format=".3g",
        **_STYLE,
    )


def count_slider(description, low, high):
    """Return a slider for whole numbers."""
    return IntSlider(value=low, min=low, max=high, description=description, **_STYLE)


def choice(description, options):
    """Return a choice among texts; the figure's value is the place of the chosen one, from 0."""
    return Dropdown(options=options, description=description, **_STYLE)


def with_controls(figure, **controls):
    """Put controls above a figure, each tied to its value of that name."""
    for name, control in controls.items():
        attribute = "index" if isinstance(control, Dropdown) else "value"
        setattr(control, attribute, getattr(figure, name))
        jslink((control, attribute), (figure, name))
    top = VBox(list(controls.values()))
    top.add_class("rnnbook-controls")
    box = VBox([top, figure])
    box.add_class("rnnbook-explorer")
    return box
