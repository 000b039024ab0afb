"""The trained weights as one flat vector."""

from math import prod

import numpy as np

from .. import networks, nonlinear
from ..checks import trained_names


class TrainedWeights:
    """Moves the trained weights between a network (or a gradient) and one flat vector."""

    def __init__(self, rnn, trainable):
        self.rnn = rnn
        self.names = trained_names(trainable)

    def pack(self, source):
        return np.concatenate([getattr(source, name).ravel() for name in self.names])

    def unpack(self, y):
        """Return the network with the trained weights `y`, of which it holds views."""
        parts = {}
        start = 0
        for name in self.names:
            shape = getattr(self.rnn, name).shape
            stop = start + prod(shape)
            parts[name] = y[start:stop].reshape(shape)
            start = stop
        return with_weights(self.rnn, parts)


def with_weights(rnn, parts):
    """Return a network with some weights of its own, W, u or v by name; nothing is checked."""
    parts = {"W": rnn.W, "u": rnn.u, "v": rnn.v} | parts
    if isinstance(rnn, nonlinear.NonlinearRNN):
        return nonlinear.unchecked(**parts, gain=rnn.gain)
    return networks.unchecked(**parts)
