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


def test_the_record_of_bulks_has_every_result_of_every_width():
    for case in rb.records.bulk()["cases"]:
        for width in case["widths"]:
            assert width["seeds"] >= 10
            assert set(width["mean"]) == set(width["std"]) == set(case["tree"])
            # Networks scatter around the tree: by four standard errors and 4 % for order 1/N.
            for name in ("halved", "along", "final", "largest"):
                error = width["std"][name] / np.sqrt(width["seeds"])
                tree = case["tree"][name]
                assert abs(width["mean"][name] - tree) < 4 * error + 0.04 * tree, (name, width)


def test_a_recorded_bulk_is_learned_today_as_it_was():
    (case,) = [case for case in rb.records.bulk()["cases"] if case["sigma"] == 0.3]
    start = rb.fock(5, 0.3)
    run = rb.gradient_flow(start, rb.exponential(0.1), [0, case["tree"]["halved"], 1.5], rtol=1e-4)
    assert abs(run.loss[1] / run.loss[0] - 0.5) < 0.05
    assert abs(run.outlier[-1].real - case["tree"]["final"]) < 1e-3
    along = start.u @ (run.final.W - start.W) @ start.u
    assert abs(along - case["tree"]["along"]) < 1e-2


def test_the_record_of_the_crossover_is_complete_and_reached_its_goals():
    record = rb.records.crossover()
    assert len(record["cases"]) == 32
    for case in record["cases"]:
        shapes = {np.shape(case[name]) for name in ("s", "left", "moved", "reach")}
        assert shapes == {(10, len(record["goals"]))}
        left, s = np.array(case["left"]), np.array(case["s"])
        assert np.all(left <= record["goals"])
        assert np.all(np.diff(s, axis=1) >= 0)
        assert np.all(np.array(case["moved"])[:, 0] == 0)


@pytest.mark.parametrize("index", [12, 15, 24])
def test_a_network_of_the_crossover_learns_as_it_does_today(index):
    record = rb.records.crossover()
    case = record["cases"][index]
    c_star, omega_star = case["c_star"], case["omega_star"]
    full = rb.damped_cosine(c_star, omega_star) if omega_star else rb.exponential(c_star)
    target = rb.Filter(full.A, full.B, full.C / record["kappa"])
    start = rb.ginibre(record["n"], case["sigma"], np.random.default_rng(3))
    run = rb.gradient_flow(start, target, [0.0, case["s"][3][1]], rtol=1e-4)
    # The record was made in many short runs with an error of 1e-3 each.
    assert run.loss[-1] / run.loss[0] == pytest.approx(case["left"][3][1], rel=0.02)
    moved = np.linalg.norm(run.final.W - start.W)
    assert moved == pytest.approx(case["moved"][3][1], rel=0.01)
    pole = complex(1 - c_star, omega_star)
    reach = (np.linalg.eigvals(run.final.W) * np.conj(pole) / abs(pole)).real.max()
    assert reach == pytest.approx(case["reach"][3][1], abs=5e-3)


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


def test_the_record_of_small_starts_is_complete_and_its_first_network_is_that_of_today(monkeypatch):
    record = rb.records.small_start()
    for case in record["cases"]:
        for name in ("decay_rate", "loss", "time_constant", "ahead", "beside_shifted"):
            assert len(case[name]) == 12
    assert [len(case["lead"]) for case in record["leads"]] == [12, 12, 6]
    script = Path(__file__).parents[2] / "benchmarks" / "small_start.py"
    monkeypatch.syspath_prepend(script.parent)
    (case,) = [c for c in record["cases"] if (c["n"], c["c_star"]) == (100, 0.2)]
    for name, found in runpy.run_path(str(script))["measure"](100, 0.2, 0).items():
        assert found == pytest.approx(case[name][0], rel=0.05, abs=2e-5)


def test_the_record_of_lazy_draws_is_complete_and_its_quickest_run_is_that_of_today(monkeypatch):
    record = rb.records.lazy_draws()
    assert np.shape(record["everything"]["loss"]) == (12, len(record["everything"]["s"]))
    assert len(record["everything"]["moved"]) == 12
    assert np.shape(record["two_clocks"]["reached"]) == (len(record["two_clocks"]["kappa"]), 12)
    script = Path(__file__).parents[2] / "benchmarks" / "lazy_draws.py"
    monkeypatch.syspath_prepend(script.parent)
    found = runpy.run_path(str(script))["two_clocks"](1, 0)
    assert found == pytest.approx(record["two_clocks"]["reached"][0][0], rel=0.01)


def test_the_record_of_stairs_is_complete_and_its_plateaus_are_those_of_today():
    record = rb.records.stairs()
    for case in record["cases"]:
        left, heights = np.array(case["left"]), np.array(case["heights"])
        assert left.shape == heights.shape == (6, 2)
        assert np.all(np.diff(left, axis=1) > 0)
        assert len(case["s"]) == len(case["loss"])
        target = rb.mixture(case["amplitudes"], case["rates"])
        for poles, found in enumerate(heights.T, 1):
            best = rb.best_decays(target, poles)[2]
            np.testing.assert_allclose(found, best, rtol=0.01)
    for power in record["powers"]:
        target = rb.mixture(power["amplitudes"], power["rates"])
        for poles, loss in enumerate(power["loss"], 1):
            assert loss == pytest.approx(rb.best_decays(target, poles)[2], rel=1e-3)
        first = rb.staircase(target, 1)[0]
        assert first.growth == pytest.approx(power["growth"][0], rel=1e-4)


def test_a_recorded_network_leaves_its_first_plateau_today_as_it_did():
    record = rb.records.stairs()
    case, script = record["cases"][1], Path(__file__).parents[2] / "benchmarks" / "stairs.py"
    target = rb.mixture(case["amplitudes"], case["rates"])
    found = runpy.run_path(str(script))["measure"](target, rb.staircase(target, 1), 0)
    assert found[2][0] == pytest.approx(case["left"][0][0], rel=0.01)
    assert found[3][0] == pytest.approx(case["heights"][0][0], rel=1e-3)
