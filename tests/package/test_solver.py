"""The solver of gradient flow, and its two methods, on problems with known solutions."""

import itertools

import numpy as np
import pytest
from references import orthogonal
from scipy.integrate import solve_ivp

import rnnbook as rb
from rnnbook.training import chebyshev, dormand_prince
from rnnbook.training.solver import integrate


class Linear:
    """dy/dt = -H (y - y_rest), with H symmetric of given eigenvalues; counts its evaluations."""

    def __init__(self, rates, seed=0):
        rng = np.random.default_rng(seed)
        n = len(rates)
        self.rates, self.Q = np.asarray(rates, dtype=float), orthogonal(n, rng)
        self.H = self.Q @ np.diag(self.rates) @ self.Q.T
        self.rest, self.start = rng.normal(size=(2, n))
        self.calls = 0

    def slope(self, y):
        self.calls += 1
        return -self.H @ (y - self.rest)

    def exact(self, t):
        decay = self.Q @ np.diag(np.exp(-self.rates * t)) @ self.Q.T
        return self.rest + decay @ (self.start - self.rest)


def run(problem, t_end, tolerance):
    return list(integrate(problem.slope, problem.start, t_end, tolerance))


@pytest.mark.parametrize("t_end", [1e-9, 0.3, 1.0, 7.7, 1e4])
def test_steps_form_a_chain_from_zero_to_exactly_the_end(t_end):
    problem = Linear([0.5, 3.0, 40.0])
    taken = run(problem, t_end, 1e-4)
    assert taken[0].t == 0.0
    assert taken[-1].t_next == t_end
    np.testing.assert_array_equal(taken[0].y, problem.start)
    for now, following in itertools.pairwise(taken):
        assert now.t < now.t_next == following.t
        np.testing.assert_array_equal(now.y_next, following.y)
    for step in taken:
        np.testing.assert_array_equal(step.slope, problem.slope(step.y))
        np.testing.assert_array_equal(step.slope_next, problem.slope(step.y_next))


def test_the_end_is_met_exactly_however_times_round():
    for t_end in np.random.default_rng(0).uniform(0.1, 3, 60):
        assert run(Linear([0.5, 3.0]), t_end, 1e-3)[-1].t_next == t_end


def test_no_time_takes_no_step():
    assert run(Linear([1.0]), 0.0, 1e-4) == []


@pytest.mark.parametrize("stiffness", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-5, 1e-7])
def test_the_end_of_a_linear_problem_is_right_to_the_tolerance(stiffness, tolerance):
    problem = Linear([0.2, 1.0, 5.0, stiffness])
    end = run(problem, 2.0, tolerance)[-1].y_next
    # Local errors of third order add up to a global one of second: tolerance^(2/3).
    assert np.linalg.norm(end - problem.exact(2.0)) < tolerance ** (2 / 3)


def one_step(method, problem, h):
    """A step of length h from the start of a problem."""
    start, f = problem.start, problem.slope(problem.start)
    if method is chebyshev:
        return chebyshev.advance(problem.slope, 0.0, start, f, h, h, curvature=problem.rates[-1])
    return dormand_prince.advance(problem.slope, 0.0, start, f, h, h)


@pytest.mark.parametrize(("method", "order"), [(chebyshev, 2), (dormand_prince, 5)])
def test_a_step_has_the_order_of_its_method(method, order):
    problem, lengths = Linear([0.3, 1.0, 2.0]), 0.4 / 2.0 ** np.arange(4)
    steps = [one_step(method, problem, h) for h in lengths]
    wrong = [np.linalg.norm(step.y_next - problem.exact(step.h)) for step in steps]
    # The error of one step is of one order more than the method. (Terms of higher order bend this.)
    assert np.polyfit(np.log(lengths), np.log(wrong), 1)[0] == pytest.approx(order + 1, abs=0.3)
    told = [step.error() for step in steps]
    assert np.polyfit(np.log(lengths), np.log(told), 1)[0] == pytest.approx(steps[0].POWER, abs=0.3)
    # What is told of the error is of its size, or (for the method of order five) above it.
    assert np.all(np.divide(told, wrong) > 0.5)


@pytest.mark.parametrize("method", [chebyshev, dormand_prince])
def test_within_a_step_the_state_is_as_accurate_as_at_its_end(method):
    problem = Linear([0.3, 1.0, 2.0])
    step = one_step(method, problem, 0.3)
    np.testing.assert_allclose(step.interpolate(0.0), step.y, rtol=1e-14)
    np.testing.assert_allclose(step.interpolate(0.3), step.y_next, rtol=1e-14)
    inside = [
        np.linalg.norm(step.interpolate(t) - problem.exact(t)) for t in np.linspace(0, 0.3, 9)
    ]
    end = np.linalg.norm(step.y_next - problem.exact(0.3))
    # Interpolants are of order four (error of a step h^5): next to nothing, and here h/7 or so.
    assert max(inside) < (2 if method is chebyshev else 10) * end


def test_a_step_of_high_order_sees_the_curvature():
    problem = Linear([0.3, 1.0, 50.0])
    step = one_step(dormand_prince, problem, 0.05)
    assert 0.5 * 50 < step.curvature < 1.01 * 50


def test_where_nothing_is_stiff_few_slopes_are_needed():
    problem, tolerance = Linear([0.3, 1.0, 2.0]), 1e-7
    run(problem, 30.0, tolerance)
    classical = Linear([0.3, 1.0, 2.0])
    solution = solve_ivp(
        lambda _, y: classical.slope(y), (0, 30), classical.start, rtol=1e-13, atol=tolerance
    )
    assert solution.success
    # As few as a method for such problems, but for some looks at the curvature.
    assert problem.calls < 1.3 * classical.calls


def test_a_problem_that_becomes_stiff_is_cheap_on_both_sides():
    """A logistic transition ahead of a rest, in the presence of a mode with a growing rate."""

    def slope(y):
        nonlocal calls
        calls += 1
        x, z = y
        return np.array([x * (1 - x), -(1 + 1e3 * x**8) * z])

    start, calls = np.array([1e-4, 1.0]), 0
    taken = list(integrate(slope, start, 40.0, 1e-6))
    both = calls
    for step in taken:
        for t in (0.5 * (step.t + step.t_next), step.t_next):
            exact = 1 / (1 + (1 / 1e-4 - 1) * np.exp(-t))
            assert abs(step.interpolate(t)[0] - exact) < 1e-4  # tolerance^(2/3)
    calls = 0
    solve_ivp(lambda _, y: slope(y), (0, 40), start, rtol=1e-13, atol=1e-6)
    assert 5 * both < calls
    methods = [type(step) for step in taken]
    changes = sum(a is not b for a, b in itertools.pairwise(methods))
    assert methods[0] is dormand_prince.DormandPrinceStep
    assert methods[-1] is chebyshev.ChebyshevStep
    assert changes <= 5


def test_a_nonlinear_problem_converges_to_its_solution():
    # dy/dt = -y^3 is gradient flow of y^4/4: y = (1/y0^2 + 2 t)^(-1/2).
    y0 = np.array([1.0, 3.0])

    def exact(t):
        return (y0**-2 + 2 * t) ** -0.5

    for tolerance in (1e-4, 1e-6, 1e-8):
        end = list(integrate(lambda y: -(y**3), y0, 5.0, tolerance))[-1]
        # Local errors of third order add up to a global one of second: tolerance^(2/3).
        assert np.linalg.norm(end.y_next - exact(5.0)) < tolerance ** (2 / 3)


@pytest.mark.parametrize("tolerance", [1e-4, 1e-6])
def test_interpolation_is_as_accurate_as_the_steps(tolerance):
    problem = Linear([0.3, 1.0, 2.0])
    worst = ends = 0.0
    for step in run(problem, 3.0, tolerance):
        np.testing.assert_allclose(step.interpolate(step.t), step.y, rtol=1e-14)
        np.testing.assert_allclose(step.interpolate(step.t_next), step.y_next, rtol=1e-14)
        ends = max(ends, np.linalg.norm(step.y_next - problem.exact(step.t_next)))
        for t in np.linspace(step.t, step.t_next, 7)[1:-1]:
            worst = max(worst, np.linalg.norm(step.interpolate(t) - problem.exact(t)))
    assert worst < 2 * ends  # cubic Hermite is of fourth order: it adds next to nothing


def test_cost_grows_like_the_square_root_of_the_stiffness():
    calls = []
    for stiffness in (1e2, 1e3, 1e4, 1e5):
        problem = Linear([1.0, 2.0, stiffness])
        run(problem, 1.0, 1e-4)
        calls.append(problem.calls)
    # Ten times as stiff costs sqrt(10) = 3.2 times as much, less where a fixed cost dominates. (A
    # cap on the stages ends this beyond 1e5.)
    assert np.all(np.divide(calls[1:], calls[:-1]) < 4)
    assert calls[-1] > 3 * calls[0]  # stiffness was felt at all


def test_it_needs_far_fewer_slopes_than_a_classical_explicit_method():
    stiffness, tolerance = 1e4, 1e-4
    ours = Linear([1.0, 2.0, stiffness])
    run(ours, 1.0, tolerance)
    classical = Linear([1.0, 2.0, stiffness])
    solution = solve_ivp(
        lambda _, y: classical.slope(y), (0, 1), classical.start, rtol=tolerance, atol=tolerance
    )
    assert solution.success
    assert 10 * ours.calls < classical.calls


def test_nothing_moves_where_the_slope_is_zero():
    still = np.array([1.0, -2.0])
    taken = list(integrate(lambda y: 0 * y, still, 5.0, 1e-6))
    assert taken[-1].t_next == 5.0
    np.testing.assert_array_equal(taken[-1].y_next, still)


RETRIED = (rb.UnstableNetworkError,)


def test_a_step_into_instability_is_tried_again_shorter():
    # The slope is constant, which invites long steps, and turns only shortly before it ends.
    refused = 0

    def slope(y):
        nonlocal refused
        if y[0] < 0.3:
            refused += 1
            raise rb.UnstableNetworkError("beyond")
        return -np.clip(200 * (y - 0.4), -1, 1)

    taken = list(integrate(slope, np.array([2.0]), 3.0, 1e-3, RETRIED))
    assert refused > 0
    assert taken[-1].t_next == 3.0
    assert taken[-1].y_next[0] == pytest.approx(0.4, abs=1e-3)  # tolerance, about a stable rest


def test_instability_that_no_step_avoids_is_raised():
    def slope(y):
        if y[0] > 2.0:
            raise rb.UnstableNetworkError("beyond")
        return np.array([1.0])

    reached = []

    def walk():
        for step in integrate(slope, np.array([1.0]), 5.0, 1e-4, RETRIED):
            reached.append(step.t_next)

    with pytest.raises(rb.UnstableNetworkError, match="beyond"):
        walk()
    assert reached[-1] == pytest.approx(1.0, abs=1e-6)  # walks up to the wall at t = 1
    assert reached[-1] <= 1.0


def test_instability_at_the_start_is_raised():
    def slope(y):
        raise rb.UnstableNetworkError("from the start")

    with pytest.raises(rb.UnstableNetworkError, match="from the start"):
        next(integrate(slope, np.ones(2), 1.0, 1e-4, RETRIED))


def test_a_slope_that_turns_into_nan_stops_instead_of_being_accepted():
    def slope(y):
        return np.full_like(y, np.nan) if y[0] > 0.5 else np.ones_like(y)

    with pytest.raises(FloatingPointError, match="short enough"):
        list(integrate(slope, np.zeros(1), 1.0, 1e-6))


def test_curvature_that_differs_from_side_to_side_is_found_in_a_few_calls():
    # Curvature 1000 + 1e6 y: a probe of 1e-4 sees ten per cent more on one side than on the other,
    # and probes that changed sides would never agree.
    calls = 0

    def slope(y):
        nonlocal calls
        calls += 1
        return -(1000 * y + 5e5 * y**2)

    y = np.zeros(1)
    rho = chebyshev.Curvature(slope, ()).estimate(y, slope(y))
    assert calls <= 4
    assert 0.9 * 1000 < rho / 1.25 < 1.1 * 1000
