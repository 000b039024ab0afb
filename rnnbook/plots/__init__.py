"""The book's figures, one function a figure; each returns its axes and does not show them.

There is a file a part of the book, and `general` for what several parts use.
"""

from .foundations import (
    plot_covariance,
    plot_eigenvalues,
    plot_error_area,
    plot_impulse_responses,
    plot_monte_carlo,
    plot_noise_response,
    plot_state_space,
    plot_states,
)
from .general import (
    plot_convergence,
    plot_lines,
    plot_one_theory,
    plot_theory_and_data,
    plot_theory_and_networks,
    plot_theory_and_points,
    plot_trajectory,
)
from .lazy import plot_exponents, plot_phase_diagram
from .oscillations import (
    plot_eigenvalue_paths,
    plot_growth_map,
    plot_largest_eigenvalues,
    plot_oscillations,
)
from .rich import (
    plot_clouds,
    plot_cycles,
    plot_descent,
    plot_families,
    plot_infinite_width,
    plot_phase_portrait,
    plot_spectra,
    plot_tree,
)
from .style import GOOD, MUTED, NETWORK, SERIES, TARGET, THEORY, ordered_colors, use_book_style

__all__ = [
    "GOOD",
    "MUTED",
    "NETWORK",
    "SERIES",
    "TARGET",
    "THEORY",
    "ordered_colors",
    "plot_clouds",
    "plot_convergence",
    "plot_covariance",
    "plot_cycles",
    "plot_descent",
    "plot_eigenvalue_paths",
    "plot_eigenvalues",
    "plot_error_area",
    "plot_exponents",
    "plot_families",
    "plot_growth_map",
    "plot_impulse_responses",
    "plot_infinite_width",
    "plot_largest_eigenvalues",
    "plot_lines",
    "plot_monte_carlo",
    "plot_noise_response",
    "plot_one_theory",
    "plot_oscillations",
    "plot_phase_diagram",
    "plot_phase_portrait",
    "plot_spectra",
    "plot_state_space",
    "plot_states",
    "plot_theory_and_data",
    "plot_theory_and_networks",
    "plot_theory_and_points",
    "plot_trajectory",
    "plot_tree",
    "use_book_style",
]
