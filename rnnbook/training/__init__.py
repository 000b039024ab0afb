"""Learning: gradient flow, descent with any optimiser, and stochastic gradient descent."""

from .backpropagation import bptt
from .descent import descend, gradient_descent
from .flow import gradient_flow
from .stochastic import sgd

__all__ = ["bptt", "descend", "gradient_descent", "gradient_flow", "sgd"]
