"""What is written down on the way of learning."""

import numpy as np

from ..checks import time_grid
from ..networks import LinearRNN
from ..objective import population_loss
from ..trajectory import Trajectory


class Recorder:
    """Collects what a Trajectory holds."""

    def __init__(self, target, eigenvalues, response_times, input=None):
        self.target, self.input = target, input
        self.times = None if response_times is None else time_grid(response_times, "response_times")
        self.s, self.loss, self.outlier = [], [], []
        self.eigenvalues = [] if eigenvalues else None
        self.responses = None if response_times is None else []

    def add(self, s, rnn):
        # All are computed before any is kept, so an interrupt cannot leave lists of unequal length.
        loss = population_loss(rnn, self.target, input=self.input)
        row = float(s), loss, rnn.outlier
        if self.eigenvalues is not None:
            self.eigenvalues.append(rnn.eigenvalues())
        if self.responses is not None:
            self.responses.append(rnn.impulse_response(self.times))
        for kept, value in zip((self.s, self.loss, self.outlier), row, strict=True):
            kept.append(value)

    def trajectory(self, final, partial=False):
        count = len(self.outlier)
        rows = {
            name: None if values is None else np.array(values[:count])
            for name, values in (("eigenvalues", self.eigenvalues), ("responses", self.responses))
        }
        return Trajectory(
            s=np.array(self.s[:count]),
            loss=np.array(self.loss[:count]),
            outlier=np.array(self.outlier, dtype=complex),
            final=LinearRNN(final.W, final.u, final.v),
            partial=partial,
            **rows,
        )
