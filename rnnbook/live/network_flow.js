// Gradient flow of W and v of a whole network on the exact loss.

import { eigenvalues } from "./eigenvalues.js";
import { integrate } from "./gradient_flow.js";
import { joined } from "./linear_algebra.js";
import { lossAndGradient, lossAndResponse } from "./network_gradient.js";

const TOLERANCE = 3e-6; // of a step, relative to the norm of the weights or 1

/**
 * Train a network; yields {s, loss, eigenvalues, response} at each learning time of `s`, and null after each
 * gradient, so that who shares a thread with it can do other things in between.
 */
export function* train({ network, c_star, s, step, times }) {
  const { W, u } = network;
  const weights = (y) => ({ W: y.subarray(0, W.length), u, v: y.subarray(W.length) });
  const sizes = {};
  const slope = function* (y) {
    yield null;
    const uphill = lossAndGradient(weights(y), c_star, sizes);
    const downhill = joined(uphill.W, uphill.v);
    for (let i = 0; i < downhill.length; i++) downhill[i] *= -1;
    return downhill;
  };
  const record = (at, y) => ({
    s: at,
    ...lossAndResponse(weights(y), c_star, step, times, sizes),
    eigenvalues: eigenvalues(weights(y).W, u.length),
  });
  const y = joined(W, network.v);
  let reached = 0;
  for (; reached < s.length && s[reached] === 0; reached++) yield record(0, y);
  for (const passed of integrate(slope, y, s[s.length - 1], TOLERANCE)) {
    for (; passed && reached < s.length && s[reached] <= passed.end; reached++) {
      yield record(s[reached], passed.at(s[reached]));
    }
    yield null;
  }
}
