"""Target filters against closed forms, quadrature, SciPy and python-control."""

import control
import numpy as np
import pytest
from references import laplace_transform, modal_response, random_filter
from scipy.integrate import quad
from scipy.signal import lsim

import rnnbook as rb

UNEVEN = np.array([0.0, 1e-9, 0.3, 0.3, 1.0, 7.5, 40.0])

# A filter, its impulse response written out, its energy by hand, its poles and its decay rate.
CLOSED_FORMS = {
    "exponential": (rb.exponential(0.1), lambda t: np.exp(-0.1 * t), 5.0, [-0.1], 0.1),
    "fast exponential": (rb.exponential(30.0), lambda t: np.exp(-30 * t), 1 / 60, [-30], 30.0),
    "cosine": (
        rb.damped_cosine(0.2, 1.5),
        lambda t: np.exp(-0.2 * t) * np.cos(1.5 * t),
        (1 / 0.2 + 0.2 / (0.2**2 + 1.5**2)) / 4,
        [-0.2 + 1.5j, -0.2 - 1.5j],
        0.2,
    ),
    "sine": (
        rb.damped_sine(0.2, 1.5),
        lambda t: np.exp(-0.2 * t) * np.sin(1.5 * t),
        (1 / 0.2 - 0.2 / (0.2**2 + 1.5**2)) / 4,
        [-0.2 + 1.5j, -0.2 - 1.5j],
        0.2,
    ),
    "cosine of frequency 0": (
        rb.damped_cosine(0.3, 0.0),
        lambda t: np.exp(-0.3 * t),
        1 / 0.6,
        [-0.3, -0.3],
        0.3,
    ),
    "mixture": (
        rb.mixture([1.0, -0.5, 2.0], [0.1, 0.4, 3.0]),
        lambda t: np.exp(-0.1 * t) - 0.5 * np.exp(-0.4 * t) + 2 * np.exp(-3 * t),
        1 / 0.2 + 0.25 / 0.8 + 4 / 6 + 2 * (-0.5 / 0.5 + 2 / 3.1 - 1 / 3.4),
        [-0.1, -0.4, -3.0],
        0.1,
    ),
}
by_closed_form = pytest.mark.parametrize(
    ("target", "f", "energy", "poles", "decay"), CLOSED_FORMS.values(), ids=CLOSED_FORMS
)
by_seed = pytest.mark.parametrize("seed", [0, 1, 2])


@by_closed_form
def test_impulse_response_is_the_closed_form(target, f, energy, poles, decay):
    # The response is of size 1; 40 time units of rounding stay below 1e-13.
    np.testing.assert_allclose(target.impulse_response(UNEVEN), f(UNEVEN), rtol=0, atol=1e-13)


@by_closed_form
def test_energy_is_the_closed_form_and_the_integral_of_the_square(target, f, energy, poles, decay):
    # A Gramian of order at most 3, well conditioned: rounding only.
    assert target.energy == pytest.approx(energy, rel=1e-13)
    by_quadrature, _ = quad(lambda t: f(t) ** 2, 0, 20 / decay, epsabs=0, epsrel=1e-11, limit=500)
    assert target.energy == pytest.approx(by_quadrature, rel=1e-10)  # quad's own tolerance


@by_closed_form
@pytest.mark.parametrize("z", [0.5, 2.0 + 1.0j, 0.05 - 3.0j, 0.0])
def test_transfer_is_the_laplace_transform(target, f, energy, poles, decay, z):
    wanted = laplace_transform(f, complex(z), decay)
    assert target.transfer(z) == pytest.approx(wanted, rel=1e-10, abs=1e-11)  # quadrature's


@by_closed_form
def test_poles_come_rightmost_first(target, f, energy, poles, decay):
    assert target.poles.dtype == complex
    # Order within a conjugate pair is not promised, so compare as sets and the real parts in order.
    np.testing.assert_allclose(target.poles.real, np.real(poles), rtol=1e-14)
    np.testing.assert_allclose(
        np.sort_complex(target.poles), np.sort_complex(np.array(poles, complex)), rtol=1e-14
    )


@by_seed
def test_any_stable_filter_has_the_response_of_its_modes(seed):
    A, B, C = random_filter(seed)
    found = rb.Filter(A, B, C).impulse_response(UNEVEN)
    wanted = modal_response(A, B, C, UNEVEN)
    # The eigenvectors of the reference have condition numbers up to 100.
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12 * np.abs(wanted).max())


@by_seed
def test_energy_and_transfer_agree_with_python_control(seed):
    A, B, C = random_filter(seed)
    target, system = rb.Filter(A, B, C), control.ss(A, B[:, None], C[None, :], 0)
    assert target.energy == pytest.approx(control.norm(system, 2) ** 2, rel=1e-11)
    z = np.array([[0.3, 1.0j], [2.0 - 1.0j, -0.1 + 4.0j]])
    found = target.transfer(z)
    assert found.shape == z.shape
    # 4 by 4 solves, well conditioned away from the poles.
    np.testing.assert_allclose(found.ravel(), system(z.ravel()), rtol=1e-12)


def test_transfer_of_one_point_is_a_plain_complex_number():
    assert type(rb.exponential(0.5).transfer(1)) is complex
    assert rb.exponential(0.5).transfer(1) == pytest.approx(1 / 1.5, rel=1e-15)


@by_seed
@pytest.mark.parametrize("dt", [0.01, 0.5, 3.0])
def test_simulate_holds_the_input_over_each_step_as_lsim_does(seed, dt):
    A, B, C = random_filter(seed)
    x = np.random.default_rng(100 + seed).normal(size=(2, 12))
    found = rb.Filter(A, B, C).simulate(x, dt)
    assert found.shape == x.shape
    for y, inputs in zip(found, x, strict=True):
        # lsim reports from t = 0; the value that follows the last input has to be asked for.
        held = np.append(inputs, 0.0)
        times = dt * np.arange(held.size)
        _, wanted, _ = lsim((A, B[:, None], C[None, :], 0), held, times, interp=False)
        np.testing.assert_allclose(y, wanted[1:], rtol=0, atol=1e-12 * np.abs(wanted).max())


def test_one_trial_needs_no_batch_axis():
    target, x = rb.damped_sine(0.3, 2.0), np.random.default_rng(3).normal(size=9)
    np.testing.assert_array_equal(target.simulate(x, 0.1), target.simulate(x[None], 0.1)[0])


def test_a_constant_input_drives_the_output_to_the_gain_at_frequency_zero():
    target = rb.damped_cosine(0.5, 1.0)
    y = target.simulate(np.ones(200), 0.5)
    assert y[-1] == pytest.approx(target.transfer(0).real, rel=1e-13)  # e^-50 is left


def test_a_filter_cannot_be_changed():
    A = np.array([[-1.0]])
    target = rb.Filter(A, [1.0], [1.0])
    A[0, 0] = 5.0
    assert target.A[0, 0] == -1.0
    for array in (target.A, target.B, target.C, target.poles):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2.0
    with pytest.raises(AttributeError):
        target.A = A


@pytest.mark.parametrize("make", [rb.exponential, lambda c: rb.damped_cosine(c, 1.0)])
@pytest.mark.parametrize("c_star", [0, -0.1, np.nan, np.inf, "fast", None, [0.1], 1j, True])
def test_the_decay_rate_must_be_a_positive_number(make, c_star):
    with pytest.raises(ValueError, match="c_star"):
        make(c_star)


@pytest.mark.parametrize("omega_star", [np.nan, np.inf, "fast", [1.0]])
def test_the_frequency_must_be_a_finite_number(omega_star):
    with pytest.raises(ValueError, match="omega_star"):
        rb.damped_sine(0.1, omega_star)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[0.5]], [1], [1]), "A is unstable"),
        (([[0.0]], [1], [1]), "A is unstable"),
        (([[0, 1], [-1, 0]], [1, 0], [1, 0]), "A is unstable"),
        (([[-1, 0]], [1], [1]), "A must have shape"),
        ((np.zeros((0, 0)), [], []), "A is empty"),
        (([[np.nan]], [1], [1]), "A must be finite"),
        (([[-1]], [np.inf], [1]), "B must be finite"),
        (([[-1]], [1, 2], [1]), "B must have shape"),
        (([[-1]], [1], [[[1]]]), "C must have shape"),
        (([[-1]], [1], ["one"]), "C must be an array of real numbers"),
        (([[-1j]], [1], [1]), "A must be an array of real numbers"),
        ((-1, [1], [1]), "A must have shape"),
    ],
)
def test_a_bad_filter_is_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        rb.Filter(*arguments)


@pytest.mark.parametrize(
    ("amplitudes", "rates", "message"),
    [
        ([1, 2], [0.1], "rates must have shape"),
        ([], [], "rates must hold at least one"),
        ([1], [0.0], "greater than 0"),
        ([1, 1], [0.1, -1], "greater than 0"),
        ([np.nan], [1], "amplitudes must be finite"),
        ([1], [np.nan], "rates must be finite"),
    ],
)
def test_a_bad_mixture_is_refused_by_name(amplitudes, rates, message):
    with pytest.raises(ValueError, match=message):
        rb.mixture(amplitudes, rates)


@pytest.mark.parametrize(
    ("t", "message"),
    [
        ([], "t is empty"),
        ([-1.0, 0.0], "sorted and start at 0"),
        ([1.0, 0.5], "sorted"),
        ([0.0, np.nan], "finite"),
        ([[0.0]], "shape"),
        (0.0, "shape"),
    ],
)
def test_bad_times_are_refused(t, message):
    with pytest.raises(ValueError, match=message):
        rb.exponential(1.0).impulse_response(t)


@pytest.mark.parametrize(
    ("x", "dt", "message"),
    [
        ([1.0], 0.0, "dt must be greater than 0"),
        ([1.0], -1.0, "dt must be greater than 0"),
        ([1.0], np.nan, "dt must be one finite"),
        (1.0, 0.1, "x must have shape"),
        (np.zeros((1, 1, 1)), 0.1, "x must have shape"),
        ([np.inf], 0.1, "x must be finite"),
    ],
)
def test_a_bad_simulation_is_refused(x, dt, message):
    with pytest.raises(ValueError, match=message):
        rb.exponential(1.0).simulate(x, dt)
