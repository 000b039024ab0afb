"""Three neurons that learn decays in the page: the flow and its derivatives, and the staircase."""

import json

import drawn_beyond_mem
import numpy as np
import pytest
from javascript import LIVE, node

import rnnbook as rb
from rnnbook import live

AMPLITUDES, RATES = [0.2, 0.3, 0.5], [0.03, 0.2, 0.9]


def run(tmp_path, names, script):
    address = json.dumps((LIVE / "decays.js").as_uri())
    return node(tmp_path, f"import {{ {names} }} from {address};\n{script}")


def test_flow_and_derivatives_are_those_of_the_package(tmp_path):
    target = rb.mixture(AMPLITUDES, RATES)
    states = np.random.default_rng(9).uniform(-0.2, 0.4, (4, 12))
    given = states.tolist(), {"amplitudes": AMPLITUDES, "rates": RATES}
    script = (
        f"const [states, target] = {json.dumps(given)};"
        "const model = decays(3);"
        "console.log(JSON.stringify(states.map((state) => ['flow', 'jacobian', 'loss', 'domain']"
        ".map((name) => model[name](state, target)))));"
    )

    def learned(y):
        rnn = rb.LinearRNN(y[3:].reshape(3, 3), [1, 0, 0], y[:3])
        loss, gradient = rb.loss_and_gradient(rnn, target)
        return loss, -np.concatenate([gradient.v, gradient.W.ravel()])

    found = run(tmp_path, "decays", script)
    for state, (flow, jacobian, loss, domain) in zip(states, found, strict=True):
        wanted, slope = learned(state)
        assert loss == pytest.approx(wanted, rel=1e-9)
        np.testing.assert_allclose(flow, slope, rtol=1e-9, atol=1e-11)
        h = 1e-3
        for k, step in enumerate(h * np.eye(12)):
            f = [learned(state + shift * step)[1] for shift in (-2, -1, 1, 2)]
            difference = (8 * (f[2] - f[1]) - (f[3] - f[0])) / (12 * h)
            # Differences of fourth order; fifth derivatives are some thousands here.
            np.testing.assert_allclose(np.array(jacobian)[:, k], difference, atol=1e-7)
        slowest = np.linalg.eigvals(state[3:].reshape(3, 3)).real.max()
        assert domain == pytest.approx([1 - slowest], rel=1e-9)


def test_the_staircase_is_that_of_python(tmp_path):
    figure = live.staircase().children[1]
    state, constants = figure.defaults, figure.constants
    weight, share = state["weight"], constants["share"]
    target = {
        "rates": [state["slow"], state["middle"], constants["fast"]],
        "amplitudes": [share * (1 - weight), weight, (1 - share) * (1 - weight)],
    }
    places = np.linspace(-1, constants["end"], 201)
    job = {"target": target, "seed": state["seed"], "s": [0, *(10**places).tolist()]}
    job |= {name: constants[name] for name in ("small", "tolerance")}
    script = f"console.log(JSON.stringify([...climb({json.dumps(job)})]));"
    theory, learned = run(tmp_path, "climb", script)
    wanted = {mark: y for _, mark, _, y in drawn_beyond_mem.staircase(state)}
    heights = [np.log10(plateau["loss"] / theory["start"]) for plateau in theory["plateaus"]]
    np.testing.assert_allclose(heights, wanted["predicted"][[0, 2]], rtol=1e-6)
    loss = np.log10(np.maximum(np.array(learned["loss"][1:]) / theory["start"], 1e-12))
    seen = wanted["loss"] > drawn_beyond_mem.LOWEST
    # A quarter of what is allowed in the page, at most.
    np.testing.assert_allclose(loss[seen], wanted["loss"][seen], rtol=0, atol=1e-4)
    for k, rates in enumerate(np.log10(learned["modes"][1:]).T):
        np.testing.assert_allclose(rates, wanted[f"mode {k}"], rtol=0, atol=2e-5)
