"""Stochastic gradient descent on sampled noise."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from ..checks import generator, instance, one_channel, real_number, whole_number
from ..filters import Filter
from ..networks import LinearRNN
from ..noise import white_noise
from ..nonlinear import NonlinearRNN
from ..objective import population_loss
from ..optimizers import GradientDescent
from ..trajectory import Trajectory
from .backpropagation import bptt, sampled_loss
from .descent import take_steps
from .recorder import Recorder

_KEPT = 4  # batches of noise on which the loss of a nonlinear network is measured


def sgd(
    rnn: LinearRNN | NonlinearRNN,
    target: Filter,
    eta: float,
    steps: int,
    rng: np.random.Generator,
    batch: int = 32,
    duration: float | None = None,
    dt: float = 0.05,
    trainable: Sequence[str] = ("W", "v"),
    progress: bool = False,
    *,
    burn_in: float | None = None,
    record_every: int | None = None,
    eigenvalues: bool = False,
    response_times: ArrayLike | None = None,
    outlier: bool = True,
) -> Trajectory:
    """Train by plain stochastic gradient descent with backpropagation through time.

    Each step draws fresh white noise, runs network and target on it by Euler-Maruyama, and follows
    the gradient of the loss on that minibatch. One step advances learning time s by eta. As eta and
    dt go to 0 and the batch grows, this converges to `gradient_flow`. What is recorded is the exact
    population loss, and for a nonlinear network, which has none, the loss on four batches of noise
    that are drawn before learning and kept. Interrupting (Ctrl-C) returns what has been computed so
    far, as partial.

    Parameters
    ----------
    rnn : LinearRNN or NonlinearRNN
        The network at s = 0.
    target : Filter
    eta : float
        Learning rate, above 0.
    steps : int
        Number of steps, at least 1.
    rng : numpy.random.Generator
        Source of the noise.
    batch : int
        Trials per step.
    duration : float, optional
        Length of a trial in membrane time constants; by default ten times the target's longest
        time constant.
    dt : float
        Euler-Maruyama step, in membrane time constants.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.
    progress : bool
        Show a progress bar.
    burn_in : float, optional
        Time at the start of a trial that the loss leaves out; by default half of `duration`.
    record_every : int, optional
        Steps between records; by default about a hundred records are kept. The first and the last
        step are always among them.
    eigenvalues : bool
        Also record all eigenvalues of W.
    response_times : array_like, shape (m,), optional
        Also record the impulse response at these times within a trial, sorted, none negative. Of
        linear networks only.
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
    """
    instance(rnn, "rnn", (LinearRNN, NonlinearRNN))
    instance(target, "target", Filter)
    one_channel(rnn, "rnn")
    one_channel(target, "target")
    rng = generator(rng)
    batch = whole_number(batch, "batch", 1)
    dt = real_number(dt, "dt", 0, strict=True)
    if duration is None:
        duration = -10 / target.poles[0].real
    duration = real_number(duration, "duration", dt)
    burn_in = 0.5 * duration if burn_in is None else real_number(burn_in, "burn_in", 0)
    if burn_in >= duration:
        raise ValueError(f"burn_in must be shorter than duration; got {burn_in:g}, {duration:g}.")
    samples = int(np.ceil(duration / dt - 1e-9))

    def gradient(rnn):
        return bptt(rnn, target, white_noise(batch, samples, dt, rng), dt, burn_in)[1]

    if isinstance(rnn, NonlinearRNN):
        if response_times is not None:
            raise ValueError("response_times must be None for a nonlinear network: it has no f(t).")
        kept = white_noise(_KEPT * batch, samples, dt, rng)

        def measure(rnn):
            return sampled_loss(rnn, target, kept, dt, burn_in)

    else:
        measure = partial(population_loss, target=target)

    optimizer = GradientDescent(eta)
    record = Recorder(measure, eigenvalues, response_times, outlier)
    return take_steps(rnn, gradient, optimizer, steps, trainable, progress, record_every, record)
