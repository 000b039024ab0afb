"""Figures: what is drawn is what was given, and every axis says what it is."""

import re
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

import rnnbook as rb
from rnnbook import plots
from rnnbook.plots import style

pytestmark = pytest.mark.usefixtures("book_style")


@pytest.fixture(scope="module")
def run():
    """A small training run with its spectrum."""
    rnn = rb.ginibre(12, 0.1, np.random.default_rng(0))
    return rb.gradient_flow(rnn, rb.exponential(0.5), np.linspace(0, 2, 5), eigenvalues=True)


def assert_labelled(*axes):
    for ax in axes:
        assert ax.get_ylabel()
    assert axes[-1].get_xlabel()
    plt.gcf().canvas.draw()  # mathtext is parsed only when drawn


def test_trajectories_are_drawn_as_recorded(run):
    axes = run.plot(label="network")
    np.testing.assert_array_equal(axes[0].lines[0].get_ydata(), run.loss)
    np.testing.assert_array_equal(axes[1].lines[0].get_ydata(), 1 - run.outlier.real)
    run.plot(axes)
    assert len(axes[0].lines) == 2
    assert_labelled(*axes)


def test_theory_and_networks_share_a_colour_and_a_scale(run):
    theory = rb.integrator.solve(run.s, c_star=0.5)
    pairs = {"$c^*$ = 0.5": (theory, run), "again": (theory, run)}
    axes = plots.plot_theory_and_networks(pairs, normalise=True)
    line, markers = axes[0].lines[:2]
    assert line.get_color() == markers.get_color() != axes[0].lines[3].get_color()
    assert line.get_ydata()[0] == markers.get_ydata()[0] == 1
    assert_labelled(*axes)


def test_a_pair_alone_has_the_colours_of_theory_and_network(run):
    theory = rb.integrator.solve(run.s, c_star=0.5)
    for ax in plots.plot_theory_and_networks({"one": (theory, run)}):
        assert [line.get_color() for line in ax.lines[:2]] == [plots.THEORY, plots.NETWORK]
        assert ax.lines[0].get_linestyle() == "--"


def test_curves_have_the_colour_of_the_role_that_their_label_names():
    t = np.arange(3.0)
    lines = plots.plot_lines(
        t, {"network": t, "target $f^*$": t, "theory, exact": t}, "x", "y"
    ).lines
    assert [line.get_color() for line in lines] == [plots.NETWORK, plots.TARGET, plots.THEORY]
    assert [line.get_linestyle() for line in lines] == ["-", "--", "--"]


def test_a_legend_stands_above_the_curves_and_within_the_figure():
    for count, width in ((2, 6.4), (5, 6.4), (5, 4.3)):
        _, ax = plt.subplots(figsize=(width, 4))
        for k in range(count):
            ax.plot([0, 1], [k, k], label=f"quite a long label {k}")
        ax.set_title("title")
        legend = plots.legend_above(ax)
        ax.figure.canvas.draw()
        box, whole = legend.get_window_extent(), ax.figure.bbox
        assert box.y0 >= ax.bbox.y1
        assert whole.x0 <= box.x0
        assert box.x1 <= whole.x1
        assert ax.title.get_window_extent().y0 >= box.y1
        assert [text.get_text() for text in legend.get_texts()][-1].endswith(str(count - 1))


def test_panels_share_one_legend_above_all():
    figure, axes = plt.subplots(2, 2)
    for ax in axes.flat:
        ax.plot([0, 1], label="a")
        ax.set_title("title")
    plots.legend_above(axes)
    figure.canvas.draw()
    assert len(figure.legends) == 1
    assert figure.legends[0].get_window_extent().y0 >= axes[0, 0].title.get_window_extent().y1


def test_markers_of_a_long_run_show_both_points_of_a_cycle_of_two():
    theory = rb.integrator.descend(0.001, 200, initial=(0.9, 0.2), c_star=0.1)
    axes = plots.plot_theory_and_networks({"one": (theory, theory), "two": (theory, theory)})
    markers = axes[1].lines[1]
    stride = markers.get_markevery()
    assert stride % 2 == 1
    assert 20 <= markers.get_xdata()[::stride].size <= 80
    assert axes[0].lines[1].get_marker() != axes[0].lines[4].get_marker()
    assert axes[0].lines[0].get_linestyle() != axes[0].lines[3].get_linestyle()


def test_the_error_area_is_twice_the_loss():
    t = np.linspace(0, 60, 6001)
    axes = plots.plot_error_area(t, 0.7 * np.exp(-0.3 * t), np.exp(-0.1 * t))
    loss = rb.integrator.loss_at([0.7, 0.3], c_star=0.1)
    assert f"$L$ = {loss:.3f}" in axes[1].texts[0].get_text()
    assert_labelled(*axes)


def test_the_phase_portrait_draws_the_nullclines():
    path = rb.integrator.solve(np.linspace(0, 2, 20), c_star=0.1)
    ax = plots.plot_phase_portrait(rb.integrator, [path], c_star=0.1)
    contours = [c for c in ax.collections if hasattr(c, "levels")]  # a, then c
    c, a = np.concatenate(contours[0].get_paths()[0].to_polygons(closed_only=False)).T
    # The a-nullcline is a = 2c/(c + c*); contouring interpolates on a grid of 60 by 60.
    far = c > 0.2
    np.testing.assert_allclose(a[far], 2 * c[far] / (c[far] + 0.1), atol=0.02)
    assert_labelled(ax)


def test_spectra_need_eigenvalues(run):
    axes = plots.plot_spectra(run, [0, 2, 3, 4], radius=0.1)
    np.testing.assert_array_equal(axes.flat[1].lines[0].get_xdata(), run.eigenvalues[2].real)
    for ax, index in zip(axes.flat, [0, 2, 3, 4], strict=True):
        values = run.eigenvalues[index]
        large = ax.lines[-1]
        np.testing.assert_array_equal(large.get_xdata(), values.real[np.abs(values) > 0.15])
        assert large.get_color() == plots.OUTLIER
    assert large.get_xdata().size  # at last one has left
    without = rb.integrator.solve([0.0, 1.0], c_star=0.5)
    with pytest.raises(ValueError, match="eigenvalues=True"):
        plots.plot_spectra(without, [0], radius=0.1)


def test_clouds_are_drawn_side_by_side_with_their_bulk(run):
    axes = plots.plot_clouds({0.1: run, 0.2: run, 0.3: run})
    for ax, sigma in zip(axes.flat, (0.1, 0.2, 0.3), strict=False):
        np.testing.assert_array_equal(ax.lines[0].get_xdata(), run.eigenvalues[-1].real)
        np.testing.assert_allclose(np.hypot(*ax.lines[1].get_data()), sigma)
        assert f"{sigma}" in ax.get_title()
        (outlier,) = ax.lines[-1].get_xdata()
        assert outlier == run.outlier[-1].real
    plt.gcf().canvas.draw()


def test_what_lies_outside_a_bulk_has_another_colour():
    spectra = {"hidden": np.array([0.1, 0.3j]), "seen": np.array([0.1, 0.3j, 0.9])}
    axes = plots.plot_bulks(spectra, 0.3)
    assert axes[0].lines[0].get_color() == plots.BULK
    assert axes[0].lines[-1].get_xdata().size == 0
    assert axes[1].lines[-1].get_xdata() == [0.9]
    assert axes[1].lines[-1].get_color() == plots.OUTLIER
    plt.gcf().canvas.draw()
    without = rb.integrator.solve([0.0, 1.0], c_star=0.5)
    with pytest.raises(ValueError, match="eigenvalues=True"):
        plots.plot_clouds({0.1: without})


def test_theory_is_a_line_and_measurements_are_points_with_errors():
    x, y = np.arange(1.0, 4.0), np.array([2.0, 1.0, 0.5])
    ax = plots.plot_theory_and_points(
        {"theory": (x, y)}, {"a": (x, y, 0.1 * y), "b": (x, y, None)}, "x", "y", log=True
    )
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), y)
    bars = ax.containers[0].lines[2][0].get_segments()
    np.testing.assert_allclose([bar[:, 1] for bar in bars], np.stack([0.9 * y, 1.1 * y], 1))
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert_labelled(ax)


def test_arrows_of_the_tree_are_the_weights_of_the_fock_network():
    ax = plots.plot_tree(3, labels=True)
    place = {}
    for text in ax.texts:
        if text.get_text():
            place[text.get_position()] = int(text.get_text())
    arrows = {(place[a.xyann], place[a.xy]) for a in ax.texts if hasattr(a, "xyann")}
    W = rb.fock(3, 1.0).W
    assert arrows == {(j, i) for i, j in zip(*np.nonzero(W), strict=True)}
    assert_labelled(ax)


def test_chains_of_input_and_output_have_a_circle_for_each_pattern():
    ax = plots.plot_two_chains(3)
    names = {text.get_text(): text.get_position() for text in ax.texts}
    for k in range(3):
        (x, above), (same, below) = names[f"$u_{k}$"], names[f"$v_{k}$"]
        assert x == same == k
        assert above > below
    plt.gcf().canvas.draw()


def test_families_share_a_colour_and_a_dash():
    x, curves = np.arange(4.0), np.arange(8.0).reshape(2, 4)
    ax = plots.plot_families(x, {"a": curves, "b": curves + 1}, "x", "y")
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), curves[1])
    assert ax.lines[0].get_color() == ax.lines[2].get_color() != ax.lines[3].get_color()
    assert_labelled(ax)


def test_what_finite_width_adds_is_drawn_for_each_width():
    s = np.arange(3.0)
    widths = {n: (s, s / n, 0.1 * s) for n in (100, 1000)}
    titles = ("one", "two", "three", "four")
    axes = plots.plot_infinite_width(dict.fromkeys(titles, widths))
    for ax, title in zip(axes.flat, titles, strict=True):
        assert ax.get_title() == title
        assert [bar.get_label() for bar in ax.containers] == ["$N$ = 100", "$N$ = 1000"]
        np.testing.assert_array_equal(ax.containers[1].lines[0].get_ydata(), s / 1000)
    assert axes[0, 0].get_ylabel()
    assert axes[1, 1].get_xlabel()
    plt.gcf().canvas.draw()


def test_state_space_is_for_two_neurons():
    two = rb.LinearRNN(0.9 * np.outer([0.6, 0.8], [0.6, 0.8]), [0.6, 0.8], [0.6, 0.8])
    ax = plots.plot_state_space(two, [(1.0, 0.0)], duration=3)
    path = np.array(ax.lines[0].get_data())
    # Across the slow direction activity decays at rate 1, along it at rate 0.1.
    across = np.array([0.8, -0.6]) @ path
    np.testing.assert_allclose(across[-1], 0.8 * np.exp(-3), rtol=1e-10)
    assert_labelled(ax)
    with pytest.raises(ValueError, match="two neurons"):
        plots.plot_state_space(rb.ginibre(3, 0.1, np.random.default_rng(0)), [(1, 0)], 1)


def test_simple_figures_are_labelled():
    t = np.linspace(0, 5, 50)
    curve = np.exp(-t)
    assert_labelled(plots.plot_impulse_responses(t, {"one": curve}, target=curve))
    assert_labelled(*plots.plot_noise_response(t, curve, curve, curve))
    assert_labelled(plots.plot_eigenvalues({"a": np.array([0.5 + 0j]), "b": np.array([0.1j])}, 0.3))
    assert_labelled(plots.plot_monte_carlo(t + 1, curve, 0.1 * curve, 0.5))
    assert_labelled(plots.plot_convergence(t, {"e": curve}, "size $m$", reference=1e-3))
    assert_labelled(*plots.plot_states(t, [np.stack([curve, curve], 1)], ["$h(t)$"]))
    assert_labelled(plots.plot_lines(t + 1, {"theory": curve, "x": curve}, "x", "y", log=True))
    three = {"a": curve, "b": curve, "c": curve}
    lines = plots.plot_lines(t, three, "x", "y").lines
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in lines}) == 3
    lines = plots.plot_lines(t + 1, three, "x", "y", log=True).lines
    assert len({line.get_marker() for line in lines}) == 3
    path = rb.integrator.descend(0.005, 20, initial=(0.9, 0.2), c_star=0.1)
    assert_labelled(plots.plot_descent(rb.integrator, {"path": path}, c_star=0.1))


def test_oscillations_are_drawn_as_given():
    s, star = np.linspace(0, 40, 81), {"c_star": 0.1, "omega_star": 0.4}
    theory = rb.oscillator.solve(s, [0.0, 1e-2, 0.0], **star)
    axes = plots.plot_oscillations({"one": (theory, theory), "two": (theory, theory)})
    for ax, values in zip(
        axes, (theory.loss, theory.outlier.real, theory.outlier.imag), strict=True
    ):
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), values)
    assert axes[0].lines[1].get_marker() != axes[0].lines[4].get_marker()
    assert_labelled(*axes)
    pair = np.stack([theory.outlier, theory.outlier.conj()], axis=1)
    ax = plots.plot_eigenvalue_paths(pair, pair[::5], 0.26, 0.9 + 0.4j)
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), -theory.outlier.imag)
    assert_labelled(ax)


def test_the_largest_eigenvalues_need_eigenvalues(run):
    axes = plots.plot_largest_eigenvalues({"one": run, "two": run})
    for k, values in enumerate(run.eigenvalues):
        largest = sorted(values, key=lambda x: -abs(x))[:2]
        drawn = [axes[1].lines[i].get_ydata()[k] for i in (0, 1)]
        assert drawn == [x.real for x in largest]
    imaginary = axes[1].lines[2]  # no role: of a pair that repels there is one too
    assert (imaginary.get_color(), imaginary.get_linestyle()) == (plots.NETWORK, ":")
    assert_labelled(*axes)
    with pytest.raises(ValueError, match="eigenvalues=True"):
        plots.plot_largest_eigenvalues({"one": rb.integrator.solve([0.0, 1.0], c_star=0.5)})


def test_the_growth_map_takes_both_signs():
    x, y = np.linspace(0.1, 1, 9), np.linspace(-1, 1, 10)
    ax = plots.plot_growth_map(x, y, y[:, None] / x, "x", "y", {"here": (0.5, 0.5)})
    drawn = ax.collections[0]
    assert drawn.norm.vmin == -drawn.norm.vmax
    numbers = [text.get_text() for text in ax.texts]
    assert "−0.1" in numbers
    assert not {"0.001", "−0.001"} & set(numbers)  # too near to the change of sign


def test_points_are_laid_over_curves():
    x = np.geomspace(1, 100, 20)
    ax = plots.plot_theory_and_data({"a": (x, 1 / x, x[::5], 2 / x[::5])}, "time", "loss")
    line, markers = ax.lines[:2]
    np.testing.assert_array_equal(line.get_ydata(), 1 / x)
    np.testing.assert_array_equal(markers.get_ydata(), 2 / x[::5])
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert_labelled(ax)
    assert plots.plot_theory_and_data({"a": (x, x, x, x)}, "x", "y", False).get_xscale() == "linear"


def test_one_theory_has_its_line_and_the_data_their_points():
    x = np.geomspace(1, 100, 20)
    ax = plots.plot_one_theory(x, 1 / x, {"a": (x[::5], x[::5]), "b": (x, x)}, "time", "loss")
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), 1 / x)
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), x[::5])
    assert ax.lines[1].get_marker() != ax.lines[2].get_marker()
    assert_labelled(ax)


def test_the_phase_diagram_fills_markers_by_the_share_of_draws():
    ax = plots.plot_phase_diagram(
        np.array([0.2, 0.4, 0.8]),
        np.array([0.3, 0.4, 0.7]),
        np.array([0.5, 0.3, 0.1]),
        np.array([1.0, 0.3, 0.0]),
        rb.lazy.learning_exponent,
    )
    scatter = matplotlib.collections.PathCollection
    (markers,) = [c for c in ax.collections if isinstance(c, scatter)]
    np.testing.assert_allclose(markers.get_facecolor()[:, 3], [1.0, 0.3, 0.0])


def test_the_markers_of_the_phase_diagram_grow_with_the_distance_moved():
    sigma, c_star = np.array([0.2, 0.8]), np.array([0.3, 0.7])
    ax = plots.plot_phase_diagram(
        sigma, c_star, np.array([0.5, 0.1]), np.array([True, False]), rb.lazy.learning_exponent
    )
    scatter = matplotlib.collections.PathCollection
    (markers,) = [c for c in ax.collections if isinstance(c, scatter)]
    np.testing.assert_array_equal(markers.get_offsets(), [[0.2, 0.3], [0.8, 0.7]])
    np.testing.assert_array_equal(markers.get_facecolor()[:, 3], [1, 0])
    first, second = markers.get_sizes()
    assert first > second
    assert_labelled(ax)


def test_ratios_have_a_band_of_one_deviation_about_the_mean_of_logarithms():
    s, ratios = np.array([1.0, 10.0]), np.array([[0.5, 1.0], [2.0, 1.0], [4.0, 1.0]])
    (ax,) = plots.plot_ratios(s, {"few": {"slow": ratios}})
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [4 ** (1 / 3), 1])
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    spread = np.exp(np.std(np.log([0.5, 2, 4]), ddof=1))
    at_one = corners[corners[:, 0] == 1.0, 1]
    np.testing.assert_allclose(at_one.max(), 4 ** (1 / 3) * spread)
    np.testing.assert_allclose(at_one.min(), 4 ** (1 / 3) / spread)
    assert_labelled(ax)


def test_circles_of_equal_exponent():
    exponents = (0.5, 1, 2)
    circles = rb.lazy.exponent_circles(0.6, (*exponents, np.inf))
    ax = plots.plot_exponents(0.6, circles, targets={"slow": 0.8 + 0j})
    for exponent, line in zip(exponents, ax.lines, strict=False):
        place = (line.get_xdata() + 1j * line.get_ydata())[[0, 70, 150, 260]]
        for target in place[place.real < 1]:
            found = rb.lazy.learning_exponent(0.6, 1 - target.real, target.imag)
            assert found == pytest.approx(exponent, rel=1e-9)
    (stability,) = [line for line in ax.lines if line.get_label() == "edge of stability"]
    assert (stability.get_color(), stability.get_linestyle()) == (plots.MUTED, "--")
    edge = ax.lines[1]
    np.testing.assert_allclose(np.hypot(edge.get_xdata(), edge.get_ydata()), 0.6, rtol=1e-12)
    assert_labelled(ax)


def test_series_colours_have_contrast_with_white():
    # WCAG asks 3:1 for graphics; the lighter colours of the set are only for filled or thick marks.
    for color in (plots.NETWORK, plots.TARGET, plots.GOOD, plots.THEORY, plots.MUTED):
        rgb = np.array(matplotlib.colors.to_rgb(color))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        luminance = linear @ [0.2126, 0.7152, 0.0722]
        assert 1.05 / (luminance + 0.05) >= 3


def test_roles_have_the_same_colours_in_static_and_in_live_figures_in_the_dark():
    # In the light: tests/live/test_colours.py.
    sheet = Path(rb.__file__).with_name("live") / "explorer.css"
    text = sheet.read_text(encoding="utf-8")
    dark = re.search(r'html\[data-theme="dark"\] \.rnnbook-figure.*?\{(.*?)\}', text, re.S)[1]
    for role, (_, color) in style.ROLES.items():
        if role != "theory":  # it has the colour of the page's text
            assert re.findall(rf"--{role}: *(#\w+);", dark) == [color.lower()], role


def test_figures_are_there_from_the_package_itself():
    assert rb.plot_trajectory is plots.plot_trajectory
    assert rb.plots is plots
    with pytest.raises(AttributeError, match="plot_nothing"):
        _ = rb.plot_nothing


def test_staircases_are_drawn_with_the_steps_of_theory():
    s, loss = np.array([0, 1.0, 10.0, 100.0]), np.array([2.0, 1.0, 0.1, 0.01])
    heights, ends = np.array([0.5, 0.05]), np.array([5.0, 50.0])
    (ax,) = plots.plot_staircases({"a target": (s, loss, heights, ends)})
    network, first, second = ax.get_lines()
    np.testing.assert_array_equal(network.get_xydata(), np.c_[s, loss][1:])
    np.testing.assert_array_equal(first.get_xydata(), [[1, 0.5], [5, 0.5], [5, 0.05]])
    np.testing.assert_array_equal(second.get_xydata(), [[5, 0.05], [50, 0.05], [50, 0.01]])
