"""Learning: gradient flow, gradient descent, and stochastic gradient descent on sampled noise."""

from .backpropagation import bptt
from .descent import gradient_descent
from .flow import gradient_flow
from .stochastic import sgd

__all__ = ["bptt", "gradient_descent", "gradient_flow", "sgd"]
