"""The book's figures, one function a figure; each returns its axes and does not show them.

There is a file a part of the book, and `general` for what several parts use.
"""

from .behaviour import plot_landscapes, plot_theory_and_means
from .foundations import (
    plot_covariance,
    plot_eigenvalues,
    plot_error_area,
    plot_impulse_responses,
    plot_monte_carlo,
    plot_noise_response,
    plot_state_space,
    plot_states,
    plot_two_chains,
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
from .lazy import plot_exponents, plot_phase_diagram, plot_ratios
from .memories import plot_staircases
from .nonlinear import plot_neuron_learning, plot_potentials
from .oscillations import (
    plot_eigenvalue_paths,
    plot_growth_map,
    plot_largest_eigenvalues,
    plot_oscillations,
)
from .rich import (
    plot_bulks,
    plot_clouds,
    plot_cycles,
    plot_descent,
    plot_families,
    plot_infinite_width,
    plot_phase_portrait,
    plot_spectra,
    plot_tree,
)
from .style import (
    ATTRACT,
    BULK,
    GOOD,
    MUTED,
    NETWORK,
    OUTLIER,
    REPEL,
    SERIES,
    TARGET,
    THEORY,
    legend_above,
    ordered_colors,
    use_book_style,
)

__all__ = [
    "ATTRACT",
    "BULK",
    "GOOD",
    "MUTED",
    "NETWORK",
    "OUTLIER",
    "REPEL",
    "SERIES",
    "TARGET",
    "THEORY",
    "legend_above",
    "ordered_colors",
    "plot_bulks",
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
    "plot_landscapes",
    "plot_largest_eigenvalues",
    "plot_lines",
    "plot_monte_carlo",
    "plot_neuron_learning",
    "plot_noise_response",
    "plot_one_theory",
    "plot_oscillations",
    "plot_phase_diagram",
    "plot_phase_portrait",
    "plot_potentials",
    "plot_ratios",
    "plot_spectra",
    "plot_staircases",
    "plot_state_space",
    "plot_states",
    "plot_theory_and_data",
    "plot_theory_and_means",
    "plot_theory_and_networks",
    "plot_theory_and_points",
    "plot_trajectory",
    "plot_tree",
    "plot_two_chains",
    "use_book_style",
]
