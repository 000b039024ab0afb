"""Live figures, from the side of Python: test_figures looks at what the reader sees."""

import dataclasses
import json

import numpy as np
import pytest
from ipywidgets import Dropdown

import rnnbook as rb
from rnnbook import explore
from rnnbook.live.figures.onset import two_pole_flow

FIGURES = ["integration", "one_mode", "krylov", "reduced_flow", "descent", "teach"]
FIGURES += ["reservoir", "tangent", "crossover", "pair", "onset", "network"]
FIGURES += ["coloured", "evidence"]
FIGURES += ["neuron"]
FIGURES += ["staircase"]


def parts(box):
    """The sliders of a figure, and the figure."""
    controls, figure = box.children
    return controls.children, figure


@pytest.fixture(scope="module")
def run():
    start = rb.ginibre(12, 0.1, np.random.default_rng(1))
    return rb.gradient_flow(
        start,
        rb.exponential(0.3),
        np.linspace(0, 1, 5),
        eigenvalues=True,
        response_times=np.linspace(0, 10, 11),
    )


@pytest.mark.parametrize("name", FIGURES)
def test_sliders_stand_on_the_values_of_the_figure(name):
    controls, figure = parts(getattr(explore, name)())
    values = [getattr(figure, key) for key in figure.defaults]
    assert values == list(figure.defaults.values())
    for control in controls:
        assert control.description
        if isinstance(control, Dropdown):
            assert control.index in values
            continue
        assert control.value in values
        # The browser puts a slider on its steps, and the value with it: it must be there already.
        exponential = hasattr(control, "base")
        place = np.log10(control.value) if exponential else control.value
        steps = (place - control.min) / control.step
        assert steps == pytest.approx(round(steps), abs=1e-6)
        assert control.min <= place <= control.max


@pytest.mark.parametrize(("name", "value"), [("teach", "s"), ("network", "s"), ("pair", "share")])
def test_what_is_played_or_trained_begins_at_the_beginning(name, value):
    _, figure = parts(getattr(explore, name)())
    assert figure.defaults[value] == getattr(figure, value) == 0


def test_sliders_are_tied_to_the_figure_in_the_browser(monkeypatch):
    links = []
    monkeypatch.setattr(explore.controls, "jslink", lambda *ends: links.append(ends))
    controls, figure = parts(explore.reduced_flow())
    for control, trait in zip(controls, ("trained", "c_star", "a_start", "c_start"), strict=True):
        attribute = "index" if isinstance(control, Dropdown) else "value"
        assert ((control, attribute), (figure, trait)) in links
    assert len(links) == 4


def received(figure, name):
    """What the browser makes of the numbers that a figure sends."""
    least, most = figure.ranges[name]
    return least + (most - least) * np.frombuffer(figure.data[name], "<u2") / 65535


def test_data_are_sent_to_a_hundred_thousandth_of_their_range():
    noise = np.random.default_rng(2).normal(size=(20, 5))
    figure = explore.Explorer("integration", {"c": 0.1}, data={"noise": noise, "flat": [2.5, 2.5]})
    off = np.abs(received(figure, "noise") - noise.ravel())
    assert off.max() <= 1e-5 * np.ptp(noise)
    np.testing.assert_array_equal(received(figure, "flat"), [2.5, 2.5])
    assert {"data", "ranges"} <= set(figure.keys)
    assert json.dumps(figure.constants) == "{}"


def test_what_cannot_be_drawn_is_refused(run):
    with pytest.raises(ValueError, match="figure must be one of"):
        explore.Explorer("histogram", {"c": 1.0})
    with pytest.raises(ValueError, match=r"data\['noise'\] must be finite"):
        explore.Explorer("integration", {"c": 1.0}, data={"noise": [1.0, np.nan]})
    plain = rb.gradient_flow(run.final, rb.exponential(0.3), run.s)
    with pytest.raises(ValueError, match="eigenvalues=True"):
        explore.training_runs({0.1: plain}, 0.3, 10)
    with pytest.raises(ValueError, match="runs is empty"):
        explore.training_runs({}, 0.3, 10)
    later = dataclasses.replace(run, s=run.s + 1)
    with pytest.raises(ValueError, match="must have the same"):
        explore.training_runs({0.1: run, 0.2: later}, 0.3, 10)


def test_training_runs_are_sent_whole(run):
    double = dataclasses.replace(run, eigenvalues=2 * run.eigenvalues)
    controls, figure = parts(explore.training_runs({0.1: run, 0.2: double}, 0.3, 10))
    assert controls[0].options == ("0.1", "0.2")
    assert controls[1].max == run.s[-1]
    arrays = {name: received(figure, name) for name in figure.data}
    sent = {"rtol": 0, "atol": 1e-5 * 4}  # no range is wider than 4
    pairs = arrays["eigenvalues"].reshape(2, 5, 12, 2)
    found = pairs[..., 0] + 1j * pairs[..., 1]
    np.testing.assert_allclose(found, [run.eigenvalues, 2 * run.eigenvalues], **sent)
    responses = arrays["responses"].reshape(2, 5, 11)
    np.testing.assert_allclose(responses, [run.responses] * 2, **sent)
    theory = rb.integrator.solve(run.s, c_star=0.3)
    np.testing.assert_allclose(arrays["theory"], theory.decay_rate, **sent)
    target = np.exp(-0.3 * np.linspace(0, 10, 11))
    np.testing.assert_allclose(arrays["target"], target, **sent)


@pytest.mark.parametrize("square", [0.16, 1e-4, -0.01, -0.0625])
def test_one_flow_learns_oscillations_and_pairs_of_decays(square):
    flow, c = two_pole_flow(), 0.3
    root = np.sqrt(abs(square))
    decays = rb.mixture([0.5, 0.5], [c - root, c + root]) if square < 0 else None
    target = decays or rb.damped_cosine(c, root)
    state = np.random.default_rng(8).uniform(-0.4, 0.4, 6)
    rnn = rb.LinearRNN(state[2:].reshape(2, 2), [1, 0], state[:2])
    loss, gradient = rb.dense_loss_and_gradient(rnn, target)
    given = {"c_star": c, "omega_squared": square}
    # The same quantities from Lyapunov equations of size 4, which are solved to 1e-14.
    assert flow.loss_at(state, **given) == pytest.approx(loss, rel=1e-10)
    wanted = -np.concatenate([gradient.v, gradient.W.ravel()])
    np.testing.assert_allclose(flow.rhs(state, **given), wanted, atol=1e-10)


def test_krylov_vectors_miss_what_is_outside_of_their_span():
    sizes, times = [2, 5], 6
    activity, missed, errors = explore.krylov_record(0.5, sizes, 5.0, times)
    # Independently: h(t) by the eigenvectors, and the best that any vector of the span could do.
    bulk = rb.ginibre(200, 0.5, np.random.default_rng(0))
    W, u = bulk.W + 0.8 * np.outer(bulk.u, bulk.u), bulk.u
    values, vectors = np.linalg.eig(W)
    t = np.linspace(0, 5, times)
    parts = np.exp(np.outer(t, values - 1)) * np.linalg.solve(vectors, u.astype(complex))
    h = (parts @ vectors.T).real
    np.testing.assert_allclose(activity, np.linalg.norm(h, axis=1), rtol=1e-9)
    for m in sizes:
        powers = np.stack([np.linalg.matrix_power(W, k) @ u for k in range(m)], axis=1)
        q = np.linalg.qr(powers)[0]
        best = np.linalg.norm(h - h @ q @ q.T, axis=1)
        assert np.all(missed[m - 1] >= best - 1e-12)
        assert np.all(missed[m - 1] <= 5 * best + 1e-12)  # near the best, at these short times
    _, exact = rb.dense_loss_and_gradient(rb.LinearRNN(W, u, u), rb.exponential(0.1))
    found = [
        rb.projected_loss_and_gradient(rb.LinearRNN(W, u, u), rb.exponential(0.1), m)[1].W
        for m in sizes
    ]
    wanted = [np.linalg.norm(x - exact.W) / np.linalg.norm(exact.W) for x in found]
    np.testing.assert_allclose(errors, wanted, rtol=1e-6)
