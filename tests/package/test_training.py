"""Gradient flow: what it follows, what it conserves, what it records, and how it ends."""

import tracemalloc

import numpy as np
import pytest
from interrupting import interrupt_after
from references import relative_error
from scipy.integrate import solve_ivp
from scipy.linalg import expm

import rnnbook as rb
from rnnbook.objective import Objective
from rnnbook.training import flow

SUBSETS = [("W",), ("u",), ("v",), ("W", "u"), ("W", "v"), ("u", "v"), ("W", "u", "v")]
by_subset = pytest.mark.parametrize("trainable", SUBSETS, ids="".join)

# At the default rtol = 1e-6: each step may be wrong by a tenth of that, and some tens of them, or a
# hundred, add up.
ACCURACY = 1e-5


def network(n=5, sigma=0.4, seed=0, v_scale=0.7):
    return rb.ginibre(n, sigma, np.random.default_rng(seed), v_scale)


def flat(rnn):
    return np.concatenate([rnn.W.ravel(), rnn.u, rnn.v])


def unflat(y, n):
    return rb.LinearRNN(y[: n * n].reshape(n, n), y[n * n : -n], y[-n:])


def reference_flow(rnn, target, s, trainable):
    """Weights at the times s: SciPy's DOP853 at tight tolerance on all of them, dense gradients."""
    n = rnn.n
    moves = np.repeat([float(name in trainable) for name in ("W", "u", "v")], [n * n, n, n])

    def slope(_, y):
        _, gradient = rb.dense_loss_and_gradient(unflat(y, n), target)
        return -moves * np.concatenate([gradient.W.ravel(), gradient.u, gradient.v])

    solution = solve_ivp(
        slope, (0, s[-1]), flat(rnn), t_eval=s, method="DOP853", rtol=1e-9, atol=1e-11
    )
    assert solution.success
    return solution.y.T


@by_subset
def test_gradient_flow_is_the_flow_of_all_weights_that_learn(trainable):
    rnn, target, s = network(), rb.damped_cosine(0.4, 0.8), np.array([0.0, 0.3, 1.0, 4.0])
    found = rb.gradient_flow(rnn, target, s, trainable)
    wanted = reference_flow(rnn, target, s, trainable)
    assert np.linalg.norm(flat(found.final) - wanted[-1]) < ACCURACY
    for k, y in enumerate(wanted):
        reference = unflat(y, rnn.n)
        loss, _ = rb.dense_loss_and_gradient(reference, target)
        assert found.loss[k] == pytest.approx(loss, abs=ACCURACY)
        assert found.outlier[k] == pytest.approx(reference.outlier, abs=10 * ACCURACY)


def test_the_decay_rate_is_right_through_a_sharp_transition():
    rnn, target, s = network(6, 0.3, v_scale=0.0), rb.exponential(0.1), np.linspace(0, 2, 21)
    found = rb.gradient_flow(rnn, target, s)
    wanted = [unflat(y, rnn.n).outlier.real for y in reference_flow(rnn, target, s, ("W", "v"))]
    assert np.ptp(wanted) > 0.6  # it is learned meanwhile
    assert np.abs(found.outlier.real - wanted).max() < ACCURACY


@pytest.mark.parametrize("rtol", [1e-3, 1e-5, 1e-7])
def test_rtol_sets_the_accuracy(rtol):
    rnn, target = network(), rb.exponential(0.3)
    found = flat(rb.gradient_flow(rnn, target, [2.0], rtol=rtol).final)
    wanted = reference_flow(rnn, target, [2.0], ("W", "v"))[-1]
    # Errors of steps of third order, each a tenth of rtol, add up to second order.
    assert np.linalg.norm(found - wanted) < rtol ** (2 / 3)


@by_subset
def test_what_does_not_learn_stays_and_the_loss_falls(trainable):
    rnn, target = network(8, seed=3), rb.exponential(0.3)
    found = rb.gradient_flow(rnn, target, np.linspace(0, 2, 21), trainable, rtol=1e-4)
    for name in ("W", "u", "v"):
        before, after = getattr(rnn, name), getattr(found.final, name)
        if name in trainable:
            assert np.linalg.norm(after - before) > 1e-3
        else:
            np.testing.assert_array_equal(after, before)
    assert np.all(np.diff(found.loss) < 0)


@by_subset
def test_the_loss_falls_at_the_squared_norm_of_the_gradient(trainable):
    rnn, target, ds = network(6, seed=4), rb.damped_sine(0.5, 1.0), 0.02
    s = 0.5 + ds * np.arange(-2, 3)
    found = rb.gradient_flow(rnn, target, s, trainable, rtol=1e-7)
    middle = rb.gradient_flow(rnn, target, [0.5], trainable, rtol=1e-7).final
    _, gradient = rb.dense_loss_and_gradient(middle, target)
    wanted = -sum(np.linalg.norm(getattr(gradient, name)) ** 2 for name in trainable)
    loss = found.loss
    slope = (8 * (loss[3] - loss[1]) - (loss[4] - loss[0])) / (12 * ds)
    # Fourth order difference, ds^4 = 2e-7; interpolated losses err smoothly, by 1e-7 / ds or less.
    assert slope == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("trainable", [("u", "v"), ("W", "u", "v")], ids="".join)
@pytest.mark.parametrize("target", [rb.exponential(0.3), rb.damped_cosine(0.3, 1.0)])
def test_the_difference_of_the_squared_norms_of_u_and_v_is_conserved(trainable, target):
    rnn = network(6, seed=5, v_scale=0.4)
    final = rb.gradient_flow(rnn, target, [4.0], trainable).final
    before, after = (x.u @ x.u - x.v @ x.v for x in (rnn, final))
    assert abs(final.u @ final.u - rnn.u @ rnn.u) > 0.02  # it is not that nothing moves
    assert after == pytest.approx(before, abs=ACCURACY)


def test_training_everything_conserves_a_whole_matrix():
    # L is blind to changes of basis S; of the generators of S, the symmetric ones conserve
    # W W' - W' W + u u' - v v' (balancedness, as in deep linear networks).
    rnn, target = network(6, seed=6), rb.damped_cosine(0.3, 1.0)
    final = rb.gradient_flow(rnn, target, [4.0], ("W", "u", "v")).final

    def conserved(x):
        return x.W @ x.W.T - x.W.T @ x.W + np.outer(x.u, x.u) - np.outer(x.v, x.v)

    assert np.linalg.norm(np.outer(final.u, final.u) - np.outer(rnn.u, rnn.u)) > 0.05
    assert np.linalg.norm(conserved(final) - conserved(rnn)) < ACCURACY


def test_a_wide_network_with_small_weights_learns_like_the_two_variable_model():
    rnn = rb.ginibre(200, 1e-3, np.random.default_rng(0))
    s = np.linspace(0, 1.5, 31)
    found, theory = (
        rb.gradient_flow(rnn, rb.exponential(0.1), s),
        rb.integrator.solve(s, c_star=0.1),
    )
    # sigma = 1e-3 perturbs the outlier by that much; the transition is passed within s = 1.5.
    np.testing.assert_allclose(found.decay_rate, theory.decay_rate, atol=2e-3)
    np.testing.assert_allclose(found.loss / found.loss[0], theory.loss / theory.loss[0], atol=2e-3)
    assert found.decay_rate[-1] < 0.15


def test_a_slow_target_is_stiff_and_still_learned():
    c_star = 0.02  # curvature at the optimum: 1 / (4 c*^3) = 3e4
    rnn = rb.ginibre(10, 1e-3, np.random.default_rng(1))
    found = rb.gradient_flow(rnn, rb.exponential(c_star), np.linspace(0, 1.2, 13))
    assert found.decay_rate[-1] == pytest.approx(c_star, rel=0.02)
    assert found.loss[-1] < 1e-3 * found.loss[0]
    assert np.all(np.diff(found.loss) < 0)


def test_recording_more_times_changes_nothing_that_was_recorded_before():
    rnn, target = network(), rb.exponential(0.3)
    few = rb.gradient_flow(rnn, target, [0.0, 0.5, 1.0])
    many = rb.gradient_flow(rnn, target, np.linspace(0, 1, 201))
    np.testing.assert_array_equal(many.s[::100], few.s)
    np.testing.assert_array_equal(many.loss[::100], few.loss)
    np.testing.assert_array_equal(many.final.W, few.final.W)


@pytest.mark.parametrize(
    "s", [[0.0], [1.0], [0.7, 1.0], [0.0, 0.0], [0.5, 0.5, 0.5], [0, 1, 1], [0, 1e-12], [0, 1, 2]]
)
def test_any_sorted_times_may_be_asked_for(s):
    rnn, target = network(), rb.exponential(0.3)
    found = rb.gradient_flow(rnn, target, s)
    np.testing.assert_array_equal(found.s, s)
    assert len(found.loss) == len(found.outlier) == len(s)
    assert not found.partial
    assert found.eigenvalues is found.variables is None
    # Every record is the exact loss at its time, whoever asks for it.
    last = rb.gradient_flow(rnn, target, [s[-1]])
    assert found.loss[-1] == pytest.approx(last.loss[0], rel=1e-12)
    assert found.loss[-1] == pytest.approx(rb.population_loss(found.final, target), rel=1e-9)
    if s[0] == 0:
        assert found.loss[0] == rb.population_loss(rnn, target)
        assert found.outlier[0] == rnn.outlier
    if s[-1] == 0:
        np.testing.assert_array_equal(flat(found.final), flat(rnn))


def test_eigenvalues_are_recorded_on_request():
    rnn, target, s = network(7), rb.exponential(0.3), [0.0, 0.5, 1.0, 1.5]
    found = rb.gradient_flow(rnn, target, s, eigenvalues=True)
    assert found.eigenvalues.shape == (4, 7)
    assert found.eigenvalues.dtype == complex
    np.testing.assert_array_equal(found.eigenvalues[0], rnn.eigenvalues())
    np.testing.assert_allclose(found.eigenvalues[-1], found.final.eigenvalues(), atol=1e-9)
    np.testing.assert_array_equal(found.eigenvalues[:, 0], found.outlier)
    np.testing.assert_array_equal(found.decay_rate, 1 - found.outlier.real)


def test_the_outlier_is_left_out_on_request():
    rnn, target, s = network(7), rb.exponential(0.3), [0.0, 0.5, 1.0]
    plain = rb.gradient_flow(rnn, target, s)
    steps = {"eta": 0.1, "steps": 3, "outlier": False}
    for found in (
        rb.gradient_flow(rnn, target, s, outlier=False),
        rb.gradient_descent(rnn, target, **steps),
        rb.descend(rnn, target, rb.optimizers.Adam(0.1), 3, outlier=False),
        rb.sgd(rnn, target, rng=np.random.default_rng(0), **steps),
    ):
        assert found.outlier is None
        assert found.loss.size >= 3
        with pytest.raises(ValueError, match="recorded without outlier"):
            _ = found.decay_rate
    found = rb.gradient_flow(rnn, target, s, outlier=False)
    np.testing.assert_array_equal(found.loss, plain.loss)
    np.testing.assert_array_equal(found.final.W, plain.final.W)


@pytest.mark.parametrize("learn", ["flow", "descent", "sgd"])
def test_impulse_responses_are_recorded_on_request(learn):
    rnn, target, times = network(7), rb.exponential(0.3), [0.0, 1.0, 1.0, 4.0]
    found = {
        "flow": lambda: rb.gradient_flow(rnn, target, [0.0, 0.5, 1.0], response_times=times),
        "descent": lambda: rb.gradient_descent(
            rnn, target, 0.1, 2, record_every=1, response_times=times
        ),
        "sgd": lambda: rb.sgd(
            rnn, target, 0.1, 2, np.random.default_rng(0), record_every=1, response_times=times
        ),
    }[learn]()
    assert found.responses.shape == (3, 4)
    # v^T expm(-(I - W) t) u, at the start and at the end.
    for row, net in ((0, rnn), (2, found.final)):
        wanted = [net.v @ expm(t * (net.W - np.eye(7))) @ net.u for t in times]
        np.testing.assert_allclose(found.responses[row], wanted, rtol=1e-8, atol=1e-10)
    assert rb.gradient_flow(rnn, target, [0.5]).responses is None
    with pytest.raises(ValueError, match="response_times must be sorted"):
        rb.gradient_flow(rnn, target, [0.5], response_times=[2.0, 1.0])


def test_the_start_is_left_alone():
    rnn = network()
    before = flat(rnn).copy()
    rb.gradient_flow(rnn, rb.exponential(0.3), [0.5])
    np.testing.assert_array_equal(flat(rnn), before)


def test_an_optimum_is_not_left():
    rnn = rb.LinearRNN([[0.7]], [1.0], [1.0])
    found = rb.gradient_flow(rnn, rb.exponential(0.3), [0, 1, 100], ("W", "u", "v"))
    np.testing.assert_allclose(flat(found.final), [0.7, 1, 1], atol=1e-9)  # rounding
    assert np.all(found.loss < 1e-14)


def test_a_saddle_is_not_left():
    rnn = rb.LinearRNN(np.zeros((3, 3)), np.zeros(3), np.zeros(3))
    found = rb.gradient_flow(rnn, rb.exponential(0.3), [0, 10], ("W", "u", "v"))
    np.testing.assert_array_equal(flat(found.final), 0)


def test_memory_does_not_grow_with_the_number_of_recorded_times():
    rnn, target = rb.ginibre(60, 0.3, np.random.default_rng(2)), rb.exponential(0.5)
    one_matrix = rnn.W.nbytes

    def peak(count):
        tracemalloc.start()
        rb.gradient_flow(rnn, target, np.linspace(0, 0.2, count), rtol=1e-4)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(3)  # lets lazy imports happen
    few, many = peak(3), peak(300)
    assert few < 40 * one_matrix  # "about a dozen copies", of W and of what else is small
    assert many < few + 10 * one_matrix  # 297 more times than `few`


S = np.linspace(0, 3, 61)


@pytest.mark.parametrize(
    ("owner", "name", "calls"),
    [(Objective, "loss_and_gradient", k) for k in (1, 40, 90)] + [(flow, "population_loss", 9)],
)
@pytest.mark.parametrize("eigenvalues", [False, True])
def test_an_interrupt_returns_what_has_been_computed(monkeypatch, owner, name, calls, eigenvalues):
    rnn, target = network(), rb.exponential(0.3)
    whole = rb.gradient_flow(rnn, target, S, rtol=1e-4)
    interrupt_after(monkeypatch, owner, name, calls, KeyboardInterrupt())
    found = rb.gradient_flow(rnn, target, S, rtol=1e-4, eigenvalues=eigenvalues)
    assert found.partial
    assert 0 < len(found.s) < len(S)
    assert len(found.s) == len(found.loss) == len(found.outlier)
    assert not eigenvalues or found.eigenvalues.shape == (len(found.s), rnn.n)
    np.testing.assert_array_equal(found.loss, whole.loss[: len(found.s)])
    assert isinstance(found.final, rb.LinearRNN)
    if calls == 1:
        np.testing.assert_array_equal(flat(found.final), flat(rnn))
    # The end is the network at the last step: no older than what was recorded, up to one step.
    assert rb.dense_loss_and_gradient(found.final, target)[0] <= found.loss[-1] * 1.5


def test_an_instability_carries_what_has_been_computed(monkeypatch):
    rnn, target = network(), rb.exponential(0.3)
    whole = rb.gradient_flow(rnn, target, S, rtol=1e-4)
    error = rb.UnstableNetworkError("W is unstable.")
    interrupt_after(monkeypatch, Objective, "loss_and_gradient", 60, error)
    with pytest.raises(
        rb.UnstableTrainingError, match=r"stopped after s = .*W is unstable"
    ) as caught:
        rb.gradient_flow(rnn, target, S, rtol=1e-4)
    found = caught.value.trajectory
    assert found.partial
    assert 0 < len(found.s) < len(S)
    np.testing.assert_array_equal(found.loss, whole.loss[: len(found.s)])
    assert issubclass(rb.UnstableTrainingError, rb.UnstableNetworkError)


@pytest.mark.parametrize(
    "rnn",
    [
        rb.ginibre(50, 1.5, np.random.default_rng(3), 1.0),
        rb.LinearRNN([[1.0]], [1.0], [1.0]),
        rb.LinearRNN(np.diag([0.1, 1.1]), [1, 0], [1, 0]),
    ],
    ids=["ginibre", "marginal", "hidden"],
)
@pytest.mark.parametrize(
    "train",
    [
        lambda rnn, target: rb.gradient_flow(rnn, target, [1.0]),
        lambda rnn, target: rb.gradient_descent(rnn, target, 0.1, 3),
        lambda rnn, target: rb.sgd(rnn, target, 0.1, 3, np.random.default_rng(0)),
    ],
    ids=["gradient_flow", "gradient_descent", "sgd"],
)
def test_an_unstable_start_is_bad_input_rather_than_failed_training(rnn, train):
    with pytest.raises(rb.UnstableNetworkError) as caught:
        train(rnn, rb.exponential(0.3))
    assert type(caught.value) is rb.UnstableNetworkError


@pytest.mark.parametrize(
    ("s", "message"),
    [
        ([], "s is empty"),
        ([1.0, 0.5], "s must be sorted"),
        ([0.0, np.nan], "s must be finite"),
        ([0.0, np.inf], "s must be finite"),
        ([-1.0, 0.0], "start at 0 or later"),
        ([[0.0, 1.0]], "s must have shape"),
        (1.0, "s must have shape"),
        (["a"], "s must be an array of real numbers"),
    ],
)
def test_bad_times_are_refused(s, message):
    with pytest.raises(ValueError, match=message):
        rb.gradient_flow(network(), rb.exponential(0.3), s)


@pytest.mark.parametrize(
    "trainable", [(), [], "", "Wv", ("W", "w"), ("h",), ("W", None), {"W", "x"}]
)
@pytest.mark.parametrize(
    "train",
    [
        lambda **k: rb.gradient_flow(network(), rb.exponential(0.3), [0.1], **k),
        lambda **k: rb.gradient_descent(network(), rb.exponential(0.3), 0.1, 1, **k),
        lambda **k: rb.sgd(
            network(), rb.exponential(0.3), 0.1, 1, np.random.default_rng(0), batch=1, **k
        ),
    ],
    ids=["gradient_flow", "gradient_descent", "sgd"],
)
def test_trainable_names_weights(train, trainable):
    with pytest.raises(ValueError, match='at least one of "W", "u", "v"'):
        train(trainable=trainable)


@pytest.mark.parametrize("trainable", ["v", ["v"], ("v", "v"), {"v"}])
def test_trainable_may_be_any_collection_of_names(trainable):
    found = rb.gradient_flow(network(), rb.exponential(0.3), [0.1], trainable)
    wanted = rb.gradient_flow(network(), rb.exponential(0.3), [0.1], ("v",))
    np.testing.assert_array_equal(flat(found.final), flat(wanted.final))


@pytest.mark.parametrize("rtol", [0, -1, 1, 5.0, np.nan, "loose"])
def test_rtol_lies_between_0_and_1(rtol):
    with pytest.raises(ValueError, match="rtol must be"):
        rb.gradient_flow(network(), rb.exponential(0.3), [0.1], rtol=rtol)


def test_arguments_of_the_wrong_type_are_refused_by_name():
    with pytest.raises(TypeError, match="rnn must be a LinearRNN"):
        rb.gradient_flow(np.eye(2), rb.exponential(0.3), [0.1])
    with pytest.raises(TypeError, match="target must be a Filter"):
        rb.gradient_flow(network(), "integrator", [0.1])


@pytest.mark.parametrize("s_end", [0.0, 0.1, 0.7])
def test_progress_is_shown_on_stderr_and_only_on_request(capsys, s_end):
    rnn, target = network(), rb.exponential(0.3)
    rb.gradient_flow(rnn, target, [s_end])
    assert capsys.readouterr() == ("", "")
    rb.gradient_flow(rnn, target, [s_end], progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "gradient flow" in err
    assert s_end == 0 or "100%" in err


def test_outliers_of_conjugate_pairs_are_recorded_from_above():
    rnn = rb.LinearRNN([[0.1, -0.8], [0.8, 0.1]], [1, 0], [1, 0])
    found = rb.gradient_flow(rnn, rb.damped_cosine(0.3, 1.0), np.linspace(0, 3, 13))
    assert np.all(found.outlier.imag > 0)
    np.testing.assert_array_equal(found.decay_rate, 1 - found.outlier.real)
    assert relative_error(found.outlier[-1], 0.7 + 1j) < relative_error(found.outlier[0], 0.7 + 1j)
