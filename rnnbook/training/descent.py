"""Descent in steps of finite length, on the exact loss or on an estimate of its gradient."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from ..checks import instance, one_channel, trained_names, whole_number
from ..filters import Filter
from ..networks import LinearRNN, UnstableNetworkError
from ..objective import Objective, population_loss
from ..optimizers import GradientDescent, Optimizer
from ..progress import Progress
from ..trajectory import Trajectory, UnstableTrainingError
from .recorder import Recorder
from .weights import with_weights


def gradient_descent(
    rnn: LinearRNN,
    target: Filter,
    eta: float,
    steps: int,
    trainable: Sequence[str] = ("W", "v"),
    progress: bool = False,
    *,
    record_every: int | None = None,
    eigenvalues: bool = False,
    response_times: ArrayLike | None = None,
    input: Filter | None = None,
    outlier: bool = True,
) -> Trajectory:
    """Train by gradient descent on the exact population loss with a finite learning rate.

    One step advances learning time s by eta. Near the optimum of the integrator it is stable only
    for eta below 2 / (largest curvature), about 8 c*^3. Interrupting (Ctrl-C) returns what has been
    computed so far, with `partial` set.

    Parameters
    ----------
    rnn : LinearRNN
        The network at s = 0.
    target : Filter
    eta : float
        Learning rate, above 0.
    steps : int
        Number of steps, at least 1.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.
    progress : bool
        Show a progress bar.
    record_every : int, optional
        Steps between records; by default about a hundred records are kept. The first and the last
        step are always among them.
    eigenvalues : bool
        Also record all eigenvalues of W.
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
    UnstableTrainingError
        If a step makes the network unstable; carries the partial trajectory.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnbook as rb
    >>> target = rb.exponential(c_star=0.1)
    >>> rnn = rb.ginibre(n=50, sigma=0.3, rng=np.random.default_rng(0))
    >>> learned = rb.gradient_descent(rnn, target, eta=0.01, steps=100)
    >>> bool(learned.loss[-1] < learned.loss[0])
    True
    """
    optimizer = GradientDescent(eta)
    measure = partial(population_loss, target=target, input=input)
    record = Recorder(measure, eigenvalues, response_times, outlier)
    return take_steps(
        rnn, _exact(target, input), optimizer, steps, trainable, progress, record_every, record
    )


def descend(
    rnn: LinearRNN,
    target: Filter,
    optimizer: Optimizer,
    steps: int,
    trainable: Sequence[str] = ("W", "v"),
    progress: bool = False,
    *,
    record_every: int | None = None,
    eigenvalues: bool = False,
    response_times: ArrayLike | None = None,
    input: Filter | None = None,
    outlier: bool = True,
) -> Trajectory:
    """Train with any optimiser on the exact population loss.

    One step advances learning time s by the optimiser's eta. Interrupting (Ctrl-C) returns what has
    been computed so far, with `partial` set.

    Parameters
    ----------
    rnn : LinearRNN
        The network at s = 0, with one input and one output.
    target : Filter
    optimizer : Optimizer
        One of `rnnbook.optimizers`, such as `Adam(eta=0.01)`.
    steps : int
        Number of steps, at least 1.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.
    progress : bool
        Show a progress bar.
    record_every : int, optional
        Steps between records; by default about a hundred records are kept. The first and the last
        step are always among them.
    eigenvalues : bool
        Also record all eigenvalues of W.
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
    UnstableTrainingError
        If a step makes the network unstable; carries the partial trajectory.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnbook as rb
    >>> target = rb.exponential(c_star=0.1)
    >>> rnn = rb.ginibre(n=50, sigma=1e-3, rng=np.random.default_rng(0))
    >>> steps_of = rb.optimizers.SpectralDescent(eta=0.01)
    >>> learned = rb.descend(rnn, target, steps_of, steps=50)
    >>> learned.decay_rate[-1].round(2)  # about 1 - s
    np.float64(0.51)
    """
    instance(optimizer, "optimizer", Optimizer)
    one_channel(instance(rnn, "rnn", LinearRNN), "rnn")
    one_channel(instance(target, "target", Filter), "target")
    measure = partial(population_loss, target=target, input=input)
    record = Recorder(measure, eigenvalues, response_times, outlier)
    return take_steps(
        rnn, _exact(target, input), optimizer, steps, trainable, progress, record_every, record
    )


def _exact(target, input):
    objective = Objective(target, input=input)
    return lambda rnn: objective.loss_and_gradient(rnn)[1]


def take_steps(rnn, gradient, optimizer, steps, trainable, progress, record_every, record):
    """Take `steps` steps of an optimiser on `gradient`, recording the exact population loss."""
    eta = optimizer.eta
    steps = whole_number(steps, "steps", 1)
    if record_every is None:
        record_every = max(1, steps // 100)
    record_every = whole_number(record_every, "record_every", 1)
    names = trained_names(trainable)
    # An unstable start is bad input, not a failure of learning: let that error through as it is.
    record.add(0.0, rnn)
    state = None
    with Progress(total=steps, disable=not progress, desc="training", unit="step") as bar:
        for k in range(1, steps + 1):
            try:
                slope = gradient(rnn)
                change, state = optimizer.update({x: getattr(slope, x) for x in names}, state)
                moved = {x: getattr(rnn, x) + change[x] for x in names}
                if not all(np.isfinite(x).all() for x in moved.values()):
                    raise FloatingPointError("the weights overflowed.")
                rnn = with_weights(rnn, moved)
                if k % record_every == 0 or k == steps:
                    record.add(k * eta, rnn)
            except KeyboardInterrupt:
                return record.trajectory(rnn, partial=True)
            except (UnstableNetworkError, FloatingPointError) as error:
                raise UnstableTrainingError(
                    f"Training became unstable at step {k} (s = {k * eta:.6g}): {error} Take a "
                    "smaller eta (or, with sampled noise, a larger batch). What was recorded until "
                    "then is in this error's .trajectory.",
                    record.trajectory(rnn, partial=True),
                ) from error
            bar.update()
    return record.trajectory(rnn)
