// Gradient flow of W and v of a whole network on the exact loss.

import { eigenvalues } from "./eigenvalues.js";
import { norm } from "./linear_algebra.js";
import { impulseResponse, lossAndGradient } from "./network_gradient.js";

const TOLERANCE = 3e-6; // of a step, relative to the norm of the weights or 1

/**
 * Train a network; yields {s, loss, eigenvalues, response} at each learning time of `s`, and null after each
 * gradient, so that who shares a thread with it can do other things in between.
 */
export function* train({ network, c_star, s, step, times }) {
  const { W, u } = network;
  const weights = (y) => ({ W: y.subarray(0, W.length), u, v: y.subarray(W.length) });
  const sizes = {};
  const slope = (y) => flat(lossAndGradient(weights(y), c_star, sizes)).map((value) => -value);
  const record = (at, y) => ({
    s: at,
    loss: lossAndGradient(weights(y), c_star).loss,
    eigenvalues: eigenvalues(weights(y).W, u.length),
    response: impulseResponse(weights(y), c_star, step, times),
  });
  const y = flat(network);
  let reached = 0;
  for (; reached < s.length && s[reached] === 0; reached++) yield record(0, y);
  for (const passed of integrate(slope, y, s[s.length - 1])) {
    for (; passed && reached < s.length && s[reached] <= passed.to; reached++) {
      yield record(s[reached], passed.at(s[reached]));
    }
    yield null;
  }
}

function flat({ W, v }) {
  const y = new Float64Array(W.length + v.length);
  y.set(W);
  y.set(v, W.length);
  return y;
}

/**
 * Follow dy/dt = slope(y) to `end` by Runge-Kutta-Chebyshev steps of order two (Sommeijer, Shampine and
 * Verwer 1998), which stay stable where learning is stiff: rnnbook/training/chebyshev.py. Yields null after
 * a slope, and after a step {to, at}, its end and the states on the way.
 */
function* integrate(slope, start, end) {
  let [t, y, f] = [0, start, slope(start)];
  let h = Math.sqrt(TOLERANCE);
  while (t < end) {
    if (!(h > 1e-12)) throw new Error("learning cannot be continued: the network would be unstable");
    h = Math.min(h, end - t);
    const next = yield* advance(slope, y, f, h);
    const slopeNext = slope(next);
    const missed = y.map((value, i) => 0.8 * (value - next[i]) + 0.4 * h * (f[i] + slopeNext[i]));
    const error = norm(missed) / (TOLERANCE * Math.max(1, norm(y), norm(next)));
    // What is not a number: a trial network was unstable.
    if (error <= 1) {
      const [from, to] = [t, t + h < end ? t + h : end];
      const step = { h, y, f, next, slopeNext };
      yield { to, at: (time) => hermite((time - from) / step.h, step) };
      [t, y, f] = [to, next, slopeNext];
    }
    h *= Number.isFinite(error) ? Math.min(3, Math.max(0.1, 0.8 * (error + 1e-12) ** (-1 / 3))) : 0.25;
  }
}

const STAGES = 8; // stable for h times the largest curvature up to 0.65 (8^2 - 1); the error sees to it

/** The numbers of a Chebyshev step. */
function coefficients() {
  const w0 = 1 + 2 / 13 / STAGES ** 2;
  const [T, dT, d2T] = [
    [1, w0],
    [0, 1],
    [0, 0],
  ];
  for (let j = 2; j <= STAGES; j++) {
    d2T.push(2 * w0 * d2T[j - 1] - d2T[j - 2] + 4 * dT[j - 1]);
    dT.push(2 * w0 * dT[j - 1] - dT[j - 2] + 2 * T[j - 1]);
    T.push(2 * w0 * T[j - 1] - T[j - 2]);
  }
  const b = T.map((_, j) => d2T[Math.max(j, 2)] / dT[Math.max(j, 2)] ** 2);
  return { w0, w1: dT[STAGES] / d2T[STAGES], T, b };
}

function* advance(slope, y, f, h) {
  const { w0, w1, T, b } = coefficients();
  let [before, now] = [y, y.map((value, i) => value + b[1] * w1 * h * f[i])];
  for (let j = 2; j <= STAGES; j++) {
    const [mu, nu] = [(2 * b[j] * w0) / b[j - 1], -b[j] / b[j - 2]];
    const forwards = ((2 * b[j] * w1) / b[j - 1]) * h;
    const back = (1 - b[j - 1] * T[j - 1]) * forwards;
    const slopeNow = slope(now);
    yield null;
    const following = y.map(
      (value, i) =>
        (1 - mu - nu) * value + mu * now[i] + nu * before[i] + forwards * slopeNow[i] - back * f[i],
    );
    [before, now] = [now, following];
  }
  return now;
}

/** The cubic with the states and slopes of both ends of a step, at a share x of it. */
function hermite(x, { h, y, f, next, slopeNext }) {
  const blend = x * x * (3 - 2 * x);
  return y.map(
    (value, i) =>
      (1 - blend) * value +
      blend * next[i] +
      h * x * (1 - x) ** 2 * f[i] -
      h * x * x * (1 - x) * slopeNext[i],
  );
}
