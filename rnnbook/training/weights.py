"""The trained weights as one flat vector."""

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
        parts = {"W": self.rnn.W, "u": self.rnn.u, "v": self.rnn.v}
        start = 0
        for name in self.names:
            stop = start + parts[name].size
            parts[name] = y[start:stop].reshape(parts[name].shape)
            start = stop
        if isinstance(self.rnn, nonlinear.NonlinearRNN):
            return nonlinear.unchecked(**parts, gain=self.rnn.gain)
        return networks.unchecked(**parts)
