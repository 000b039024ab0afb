"""What is written down on the way of learning."""

from dataclasses import replace

import numpy as np

from ..checks import time_grid
from ..trajectory import Trajectory


class Recorder:
    """Collects what a Trajectory holds; `measure(rnn)` is the loss."""

    def __init__(self, measure, eigenvalues, response_times, outlier=True):
        self.measure = measure
        self.wants_outlier = outlier
        self.times = None if response_times is None else time_grid(response_times, "response_times")
        self.s, self.loss, self.outlier = [], [], []
        self.eigenvalues = [] if eigenvalues else None
        self.responses = None if response_times is None else []

    def add(self, s, rnn):
        # All are computed before any is kept, so an interrupt cannot leave lists of unequal length.
        loss = self.measure(rnn)
        # All eigenvalues of W have to be found for the rightmost one: the most costly of a record.
        row = float(s), loss, rnn.outlier if self.wants_outlier else None
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
            outlier=np.array(self.outlier, dtype=complex) if self.wants_outlier else None,
            final=replace(final),  # a copy, checked
            partial=partial,
            **rows,
        )
