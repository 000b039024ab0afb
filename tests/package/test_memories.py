"""Two memories in one network: the reduced model against exact gradients and networks."""

import numpy as np
import pytest

import rnnbook as rb

FLOW = rb.two_memories_flow()


def target(c1, c2):
    return rb.Filter(np.diag([-c1, -c2]), np.eye(2), np.eye(2))


def read_ins(overlap):
    along, across = np.sqrt((1 + overlap) / 2), np.sqrt((1 - overlap) / 2)
    return np.array([[along, along], [across, -across]])


@pytest.mark.parametrize("overlap", [0.0, 0.6, -0.3])
def test_loss_and_flow_are_those_of_two_neurons(overlap):
    state = np.random.default_rng(3).uniform(-0.4, 0.4, 8)
    given = {"c1_star": 0.1, "c2_star": 0.4, "overlap": overlap}
    # Column i of v is the read-out of memory i.
    rnn = rb.LinearRNN(state[4:].reshape(2, 2), read_ins(overlap), state[:4].reshape(2, 2).T)
    loss, gradient = rb.dense_loss_and_gradient(rnn, target(0.1, 0.4))
    assert FLOW.loss_at(state, **given) == pytest.approx(loss, rel=1e-10)
    wanted = -np.concatenate([gradient.v.T.ravel(), gradient.W.ravel()])
    np.testing.assert_allclose(FLOW.rhs(state, **given), wanted, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(("overlap", "rates"), [(0.5, (0.4, 0.4)), (0.7, (0.3, 0.6))])
def test_a_network_learns_as_the_model_says(overlap, rates):
    n, s, rng = 40, np.linspace(0, 4, 17), np.random.default_rng(4)
    axes = np.linalg.qr(rng.normal(size=(n, 2)))[0]
    W = rng.normal(0, 1e-3 / np.sqrt(n), (n, n))
    start = rb.LinearRNN(W, axes @ read_ins(overlap), np.zeros((n, 2)))
    run = rb.gradient_flow(start, target(*rates), s, rtol=1e-4)
    theory = FLOW.solve(s, c1_star=rates[0], c2_star=rates[1], overlap=overlap)
    np.testing.assert_allclose(run.loss, theory.loss, rtol=0, atol=0.01 * run.loss[0])
    np.testing.assert_allclose(run.decay_rate[1:], theory.decay_rate[1:], atol=0.01)


def test_equal_memories_are_two_integrators_with_read_ins_of_other_lengths():
    overlap, rate, s = 0.6, 0.2, np.linspace(0, 8, 33)
    both = FLOW.solve(s, c1_star=rate, c2_star=rate, overlap=overlap)
    loss, slow = 0.0, []
    for squared in (1 + overlap, 1 - overlap):
        # v.u moves |u|^2 times as fast as for a read-in of length one.
        flow = rb.ReducedFlow(
            rb.integrator.variables,
            rb.integrator.loss,
            (1 / squared, 1),
            dict.fromkeys(rb.integrator.parameters),
            rb.integrator.outlier,
            rb.integrator.initial,
        )
        run = flow.solve(s, c_star=rate)
        loss, slow = loss + run.loss, [*slow, run.decay_rate]
    np.testing.assert_allclose(both.loss, loss, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(1 - both.variables["w11"], slow[0], atol=1e-6)
    np.testing.assert_allclose(1 - both.variables["w22"], slow[1], atol=1e-6)
