"""Gradient flow on the exact loss."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from ..checks import fraction, time_grid
from ..filters import Filter
from ..networks import LinearRNN, UnstableNetworkError
from ..objective import Objective, population_loss
from ..progress import Progress
from ..trajectory import Trajectory, UnstableTrainingError
from .recorder import Recorder
from .solver import integrate
from .weights import TrainedWeights

# What a step too long can run into.
_RETRIED = (UnstableNetworkError, FloatingPointError)


def gradient_flow(
    rnn: LinearRNN,
    target: Filter,
    s: ArrayLike,
    trainable: Sequence[str] = ("W", "v"),
    rtol: float = 1e-06,
    progress: bool = False,
    *,
    eigenvalues: bool = False,
    response_times: ArrayLike | None = None,
    input: Filter | None = None,
    outlier: bool = True,
) -> Trajectory:
    """Follow gradient flow on the population loss: d(W, u, v)/ds = -dL/d(W, u, v).

    Steps are adaptive and safe on the stiff end of learning (see the book, "Numerical methods").
    Memory is about 25 copies of the trained weights, however many times are asked for.
    Interrupting (Ctrl-C) returns what has been computed so far, with `partial` set.

    Parameters
    ----------
    rnn : LinearRNN
        The network at s = 0.
    target : Filter
    s : array_like, shape (k,)
        Learning times to record, sorted, none negative.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.
    rtol : float
        Accuracy aimed at, relative to max(1, norm of the trained weights); below 1. Errors of steps
        accumulate: at the default, c(s) is right to about 1e-5 through the sharpest transition.
    progress : bool
        Show a progress bar.
    eigenvalues : bool
        Also record all eigenvalues of W at each s.
    response_times : array_like, shape (m,), optional
        Also record the impulse response at these times within a trial, sorted, none negative.
    input : Filter, optional
        What the white noise passes before it reaches network and target; by default nothing.
    outlier : bool
        Record the rightmost eigenvalue. Without it there is no decay rate, and a record of a
        large network costs much less.

    Returns
    -------
    Trajectory

    Raises
    ------
    UnstableNetworkError
        If the network is unstable at s = 0.
    UnstableTrainingError
        If the flow cannot be continued because the network would become unstable; carries the
        partial trajectory.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnbook as rb
    >>> target = rb.exponential(c_star=0.1)
    >>> rnn = rb.ginibre(n=50, sigma=0.3, rng=np.random.default_rng(0))
    >>> learned = rb.gradient_flow(rnn, target, s=np.linspace(0, 2, 5))
    >>> learned.decay_rate[-1].round(2)  # the target's, c*
    np.float64(0.1)
    """
    s = time_grid(s, "s")
    rtol = fraction(rtol, "rtol")
    weights = TrainedWeights(rnn, trainable)
    measure = partial(population_loss, target=target, input=input)
    record = Recorder(measure, eigenvalues, response_times, outlier)
    objective = Objective(target, 0.01 * rtol, input)

    def slope(y):
        return -weights.pack(objective.loss_and_gradient(weights.unpack(y))[1])

    # An unstable start is bad input, not a failure of learning: let that error through as it is.
    population_loss(rnn, target, input=input)
    y, t, reached = weights.pack(rnn), 0.0, 0
    with Progress(total=float(s[-1]), disable=not progress, desc="gradient flow", unit="s") as bar:
        try:
            while reached < s.size and s[reached] == 0:
                record.add(0.0, rnn)
                reached += 1
            # Errors of single steps add up over the flow, so each gets a tenth of what is allowed.
            for step in integrate(slope, y, s[-1], 0.1 * rtol, _RETRIED):
                while reached < s.size and s[reached] <= step.t_next:
                    record.add(s[reached], weights.unpack(step.interpolate(s[reached])))
                    reached += 1
                y, t = step.y_next, step.t_next
                bar.update(t - step.t)
                del step  # before the next is taken: it is large
        except KeyboardInterrupt:
            return record.trajectory(weights.unpack(y), partial=True)
        except (UnstableNetworkError, FloatingPointError, np.linalg.LinAlgError) as error:
            raise UnstableTrainingError(
                f"Gradient flow stopped after s = {t:.6g}: {error} What was recorded until "
                "then is in this error's .trajectory.",
                record.trajectory(weights.unpack(y), partial=True),
            ) from error
    return record.trajectory(weights.unpack(y))
