"""Recorded results: complete, and what a run of today gives."""

import runpy
from pathlib import Path

import numpy as np
import pytest

import rnnbook as rb


def test_the_record_of_wide_networks_is_complete():
    record = rb.records.infinite_width()
    count = len(record["s"])
    for case in record["cases"]:
        assert case["widths"], case
        curves = [case["fock_loss"], case["fock_decay_rate"]]
        for width in case["widths"]:
            assert width["seeds"] > 1
            for name in ("loss", "decay_rate"):
                curves += [width[f"mean_{name}"], width[f"std_{name}"]]
        for curve in curves:
            assert len(curve) == count
            assert np.all(np.isfinite(curve))


def test_the_recorded_learning_of_a_fock_network_is_what_a_run_of_today_gives():
    record = rb.records.infinite_width()
    s = np.array(record["s"])[:6]
    case = record["cases"][0]
    start = rb.fock(case["depth"], case["sigma"], case["v_scale"])
    run = rb.gradient_flow(start, rb.exponential(case["c_star"]), s, rtol=1e-5)
    np.testing.assert_allclose(run.loss, case["fock_loss"][:6], rtol=1e-3)
    np.testing.assert_allclose(run.decay_rate, case["fock_decay_rate"][:6], rtol=1e-3)


def test_the_record_of_trees_has_every_depth_for_every_radius_in_order():
    record = rb.records.trees()
    found = [(tree["sigma"], tree["depth"]) for tree in record["trees"]]
    sigmas, depths = sorted({sigma for sigma, _ in found}), sorted({depth for _, depth in found})
    assert found == [(sigma, depth) for sigma in sigmas for depth in depths]
    for tree in record["trees"]:
        assert len(tree["loss"]) == len(tree["outlier"]) == len(record["s"])


@pytest.mark.parametrize(("sigma", "depth"), [(0.0, 5), (0.3, 2), (0.6, 3)])
def test_recorded_trees_learn_as_they_learn_today(sigma, depth):
    record = rb.records.trees()
    (tree,) = [t for t in record["trees"] if (t["sigma"], t["depth"]) == (sigma, depth)]
    # Every fifth time, and ten times as accurately as the record, which is right to 1e-3.
    run = rb.gradient_flow(
        rb.fock(depth, sigma), rb.exponential(record["c_star"]), record["s"][::5], rtol=1e-5
    )
    start = tree["loss"][0]
    np.testing.assert_allclose(tree["loss"][::5], run.loss, rtol=0, atol=1e-3 * start)
    np.testing.assert_allclose(tree["outlier"][::5], run.outlier.real, rtol=0, atol=2e-3)


def test_the_record_of_pairs_is_complete_and_its_shortest_run_is_that_of_today():
    record = rb.records.pair()
    for case in record["cases"]:
        for name in ("loss", "eigenvalues", "path", "equations"):
            mean, largest = (np.array(case[name][of]) for of in ("mean", "largest"))
            assert mean.size == largest.size == record["seeds"]
            assert np.all(mean <= largest)
    script = Path(__file__).parents[2] / "benchmarks" / "pair.py"
    (case,) = [c for c in record["cases"] if c["trainable"] == ["W"] and c["c_star"] == 0.3]
    end, path, found = runpy.run_path(str(script))["measure"](("W",), 0.3, 0.3, 0)
    np.testing.assert_allclose(end, case["loss_at_end"][0], rtol=0.1)
    np.testing.assert_allclose(path.imag, case["path_of_first"]["imag"], atol=5e-3)
    for name, (mean, largest) in found.items():
        np.testing.assert_allclose(mean, case[name]["mean"][0], rtol=0.1)
        np.testing.assert_allclose(largest, case[name]["largest"][0], rtol=0.1)
