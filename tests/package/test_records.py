"""Recorded results: complete, and what a run of today gives."""

import numpy as np

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
