"""The network that is trained in the page: what the browser computes of it, against the package."""

import json

import numpy as np
import pytest
from drawn_rich import drawn_network
from javascript import LIVE, node
from scipy.optimize import linear_sum_assignment

import rnnbook as rb


def run(tmp_path, script, **imports):
    """Run a script with functions of modules of the folder `live`, given as module="a, b"."""
    lines = [
        f"import {{ {names} }} from {json.dumps((LIVE / f'{module}.js').as_uri())};"
        for module, names in imports.items()
    ]
    floats = (
        "const floats = ({ W, u, v }) => ({"
        " W: Float64Array.from(W.flat()), u: Float64Array.from(u), v: Float64Array.from(v) });"
    )
    return node(tmp_path, "\n".join([*lines, floats, script]))


def written(rnn):
    return {name: getattr(rnn, name).tolist() for name in ("W", "u", "v")}


def matched(found, wanted):
    """The largest distance between two sets of numbers, each paired with one of the other."""
    distance = np.abs(np.subtract.outer(found, wanted))
    return distance[linear_sum_assignment(distance)].max()


RNG = np.random.default_rng(3)
MATRICES = {
    "one": np.array([[3.0]]),
    "two real": np.array([[1.0, 2.0], [3.0, -1.0]]),
    "two complex": np.array([[1.0, -2.0], [3.0, 1.0]]),
    "a triangle": np.triu(RNG.normal(size=(9, 9))),
    "nothing": np.zeros((5, 5)),
    "symmetric": (lambda G: G + G.T)(RNG.normal(size=(20, 20))),
    # Francis's shifts leave a permutation as it is: the exceptional shift is needed.
    "a cycle": np.roll(np.eye(8), 1, axis=0),
    "a network": RNG.normal(size=(60, 60)) / np.sqrt(60),
    "small": 1e-9 * RNG.normal(size=(30, 30)),
}


@pytest.mark.parametrize("name", MATRICES)
def test_eigenvalues_are_those_of_numpy(name, tmp_path):
    matrix = MATRICES[name]
    n = len(matrix)
    script = f"console.log(JSON.stringify(eigenvalues({matrix.ravel().tolist()}, {n})));"
    found = np.array(run(tmp_path, script, eigenvalues="eigenvalues")) @ [1, 1j]
    wanted = np.linalg.eigvals(matrix)
    # Backward stable: rounding of the matrix, times the condition of an eigenvalue, 1000 at most.
    assert matched(found, wanted) <= 1e-12 * np.linalg.norm(matrix)
    assert np.all(np.diff(found.real) <= 0)  # the rightmost first


def random_networks():
    """Networks of several sizes, some near instability, with what they learn."""
    rng = np.random.default_rng(5)
    for n, sigma, c_star, learned in (
        (60, 0.3, 0.1, 0.8),
        (60, 0.8, 0.05, 0.9),
        (60, 0.0, 0.1, 0.5),
        (60, 0.7, 0.02, 0.95),
        (40, 0.6, 0.3, 0.5),
        (7, 0.5, 0.2, 0.6),
        (1, 0.0, 0.2, 0.4),
    ):
        drawn = rb.ginibre(n, sigma, rng, v_scale=1.0)
        W = drawn.W + learned * np.outer(drawn.u, drawn.u)
        yield rb.LinearRNN(W, drawn.u, drawn.u + drawn.v), c_star


def test_loss_gradient_and_response_are_those_of_the_package(tmp_path):
    cases = list(random_networks())
    given = json.dumps([[written(rnn), c_star] for rnn, c_star in cases])
    script = (
        f"console.log(JSON.stringify({given}.map(([network, c_star]) => {{"
        " const { loss, W, v } = lossAndGradient(floats(network), c_star);"
        " const record = lossAndResponse(floats(network), c_star, 0.4, 101);"
        " return [loss, record.loss, [...W], [...v], record.response]; })));"
    )
    found = run(tmp_path, script, network_gradient="lossAndGradient, lossAndResponse")
    for (rnn, c_star), (loss, again, W, v, response) in zip(cases, found, strict=True):
        wanted, gradient = rb.loss_and_gradient(rnn, rb.exponential(c_star))
        assert [loss, again] == pytest.approx([wanted, wanted], rel=1e-6)
        for part, reference in ((W, gradient.W), (v, gradient.v)):
            off = np.linalg.norm(part - reference.ravel())
            assert off <= 1e-6 * np.linalg.norm(reference)
        exact = rnn.impulse_response(0.4 * np.arange(101))
        np.testing.assert_allclose(response, exact, atol=1e-6 * np.abs(exact).max())


def test_a_network_that_reads_nothing_moves_its_readout_only(tmp_path):
    rnn = drawn_network(0.4, 1)
    script = (
        f"const {{ loss, W, v }} = lossAndGradient(floats({json.dumps(written(rnn))}), 0.1);"
        "console.log(JSON.stringify([loss, Math.max(...W.map(Math.abs)), [...v]]));"
    )
    loss, by_w, by_v = run(tmp_path, script, network_gradient="lossAndGradient")
    assert (loss, by_w) == (2.5, 0)
    gradient = rb.loss_and_gradient(rnn, rb.exponential(0.1))[1]
    np.testing.assert_allclose(by_v, gradient.v, atol=1e-7)


def test_the_same_draw_is_the_same_network(tmp_path):
    script = (
        "const draws = [1, 1, 2].map((draw) => drawNetwork(60, 0.4, draw));"
        "console.log(JSON.stringify(draws.map(({ W, u, v }) => [[...W], [...u], [...v]])));"
    )
    (first, u, v), again, (other, *_) = run(tmp_path, script, random="drawNetwork")
    assert [first, u, v] == again
    assert first[:5] != other[:5]
    wanted = drawn_network(0.4, 1)
    np.testing.assert_allclose(first, wanted.W.ravel(), rtol=1e-9)
    np.testing.assert_allclose(u, wanted.u, rtol=1e-9)
    assert not np.any(v)
    # As random matrices are: mean and variance of 3600 numbers, within four standard deviations.
    numbers = np.array(first) * np.sqrt(60) / 0.4
    assert abs(numbers.mean()) < 4 / 60
    assert abs(numbers.var() - 1) < 4 * np.sqrt(2) / 60


@pytest.mark.parametrize(("sigma", "c_star"), [(0.0, 0.1), (0.3, 0.1), (0.6, 0.2), (0.3, 0.05)])
def test_learning_is_the_gradient_flow_of_the_package(sigma, c_star, tmp_path):
    s, t = np.linspace(0, 1.5, 31), np.linspace(0, 40, 101)
    rnn = drawn_network(sigma, 2)
    job = {"c_star": c_star, "s": s.tolist(), "step": 0.4, "times": 101}
    script = (
        f"const network = floats({json.dumps(written(rnn))});"
        f"const records = [...train({{ network, ...{json.dumps(job)} }})].filter(Boolean);"
        "console.log(JSON.stringify(records));"
    )
    found = run(tmp_path, script, network_flow="train")
    # Errors of the steps add up to a delay, which is far below a pixel of the figure (0.004).
    delay = 0.0005
    times = np.concatenate([np.maximum(s + shift, 0) for shift in (-delay, 0, delay)])
    order, back = np.unique(times, return_inverse=True)
    exact = rb.gradient_flow(
        rnn, rb.exponential(c_star), order, rtol=1e-7, eigenvalues=True, response_times=t
    )
    early, now, late = back.reshape(3, -1)
    np.testing.assert_array_equal([record["s"] for record in found], s)
    loss = np.array([record["loss"] for record in found])
    assert np.all(loss <= exact.loss[early] * (1 + 1e-4))
    assert np.all(loss >= exact.loss[late] * (1 - 1e-4))
    outlier = np.array([record["eigenvalues"][0][0] for record in found])
    steady = (
        np.abs(exact.outlier[late] - exact.outlier[early]) < 2e-3
    )  # and not in the steepest transition
    assert steady.mean() > 0.8
    assert np.abs(outlier - exact.outlier.real[now])[steady].max() < 2e-3
    response = np.array([record["response"] for record in found])
    np.testing.assert_allclose(response[steady], exact.responses[now][steady], atol=1e-2)
    final = np.array(found[-1]["eigenvalues"]) @ [1, 1j]
    assert matched(final, exact.eigenvalues[now[-1]]) < 1e-3


def test_learning_says_so_when_it_cannot_go_on(tmp_path):
    rnn = rb.LinearRNN([[1.01]], [1.0], [0.0])
    script = (
        f"const network = floats({json.dumps(written(rnn))});"
        "let said; try { [...train({ network, c_star: 0.1, s: [0.1, 1], step: 1, times: 3 })]; }"
        "catch (error) { said = error.message; } console.log(JSON.stringify(said));"
    )
    assert "unstable" in run(tmp_path, script, network_flow="train")


# Node has no workers of the web, so all is done in slices, as in a browser that refuses workers.
IN_SLICES = """
globalThis.addEventListener = () => {};
const steps = (number) => function* ({ failing }) {
    for (let k = 1; k <= number; k++) yield k % 2 ? { k } : null;
    if (failing) throw new Error("as a test");
};
const run = (number, job, stopAt) => new Promise((done) => {
    const taken = [];
    const stop = inBackground({
        source: "", name: "steps", generator: steps(number), job,
        take: ({ k }) => {
            taken.push(k);
            if (k === stopAt) { stop(); setTimeout(() => done([taken, "stopped"]), 20); }
        },
        end: (message = "") => done([taken, message]),
    });
});
const runs = [await run(5, {}), await run(3, { failing: true }), await run(1e9, {}, 7)];
console.log(JSON.stringify(runs));
"""


def test_without_workers_the_work_is_done_in_slices(tmp_path):
    whole, failed, stopped = run(tmp_path, IN_SLICES, background="inBackground")
    assert whole == [[1, 3, 5], ""]
    assert failed == [[1, 3], "as a test"]
    assert stopped == [[1, 3, 5, 7], "stopped"]
