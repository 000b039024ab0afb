// A few neurons that learn a sum of decays by gradient flow of W and v, with the read-in on the first:
// rnnbook/objective.py for so few that all equations are solved at once. A state is the array of v and
// of the rows of W; the chapter "The gradient, exactly" derives the equations.

import { eigenvalues } from "./eigenvalues.js";
import { dot, multiply, norm, solve, transpose } from "./linear_algebra.js";
import * as ode from "./ode.js";

const DIFFERENCE = 1e-7; // of a weight, for the derivatives of the flow
const NOTHING_LEFT = 1e-14; // of the loss, over the energy of the target

/** The first `n` neurons of a state of `all`: v and W. */
function weights(state, all, n = all) {
  const W = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) W[i * n + j] = state[all + i * all + j];
  return { v: Float64Array.from(state.slice(0, n)), W };
}

/** W - I with its sign reversed, plus a multiple of the identity. */
function resolvent(W, n, z) {
  return W.map((value, at) => (at % (n + 1) === 0 ? z + 1 : 0) - value);
}

/** The solution X of A X + X A^T + b b^T = 0 with A = W - I; it is symmetric, so half of it is unknown. */
function gramian(W, n, b) {
  const size = (n * (n + 1)) / 2;
  const place = (i, j) => (i < j ? (j * (j + 1)) / 2 + i : (i * (i + 1)) / 2 + j);
  const system = new Float64Array(size * size);
  const X = new Float64Array(size);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const row = place(i, j) * size;
      X[place(i, j)] = b[i] * b[j];
      system[row + place(i, j)] += 2;
      for (let k = 0; k < n; k++) {
        system[row + place(k, j)] -= W[i * n + k];
        system[row + place(i, k)] -= W[j * n + k];
      }
    }
  }
  eliminate(system, X, size);
  const full = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) full[i * n + j] = X[place(i, j)];
  return full;
}

/** Put the solution x of a x = b into b, by elimination with pivots; a is overwritten. */
function eliminate(a, b, n) {
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      for (let j = k; j < n; j++) {
        const kept = a[k * n + j];
        a[k * n + j] = a[pivot * n + j];
        a[pivot * n + j] = kept;
      }
      const kept = b[k];
      b[k] = b[pivot];
      b[pivot] = kept;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      b[i] -= factor * b[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  return b;
}

/** A model for ode.js: `n` neurons and a target {amplitudes, rates}, which are the parameters. */
export function decays(n) {
  const u = new Float64Array(n);
  u[0] = 1;

  /** What a state and a target make: states P, and their overlaps with the decays. */
  function parts(state, { amplitudes, rates }) {
    const { v, W } = weights(state, n);
    const mixed = rates.map((rate) => eliminate(resolvent(W, n, rate), u.slice(), n));
    const wanted = new Float64Array(n);
    for (const [k, x] of mixed.entries()) for (let i = 0; i < n; i++) wanted[i] += amplitudes[k] * x[i];
    return { v, W, mixed, wanted, P: gramian(W, n, u) };
  }

  function flow(state, target) {
    const { v, W, mixed, wanted, P } = parts(state, target);
    const back = transpose(W, n);
    const byW = multiply(gramian(back, n, v), P, n, n);
    for (const [k, rate] of target.rates.entries()) {
      const y = eliminate(resolvent(back, n, rate), v.slice(), n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) byW[i * n + j] -= target.amplitudes[k] * y[i] * mixed[k][j];
    }
    const seen = multiply(P, v, n, 1);
    return [...seen.map((value, i) => wanted[i] - value), ...byW.map((value) => -value)];
  }

  function jacobian(state, target) {
    const here = flow(state, target);
    const columns = state.map((value, i) =>
      flow(state.with(i, value + DIFFERENCE), target).map((entry, row) => (entry - here[row]) / DIFFERENCE),
    );
    return state.map((_, row) => columns.map((column) => column[row]));
  }

  function loss(state, target) {
    const { v, wanted, P } = parts(state, target);
    return dot(v, multiply(P, v, n, 1)) / 2 - dot(v, wanted) + energy(target) / 2;
  }

  /** Positive where the network is stable. */
  function domain(state) {
    return [1 - eigenvalues(weights(state, n).W, n)[0][0]];
  }

  return { flow, jacobian, loss, domain };
}

/** The integral of the target squared. */
function energy({ amplitudes, rates }) {
  return amplitudes
    .flatMap((a, i) => amplitudes.map((b, j) => (a * b) / (rates[i] + rates[j])))
    .reduce((sum, part) => sum + part);
}

/** Learning from couplings of `seeds` between neurons that follow each other: states at the times `s`. */
export function learn(model, n, target, seeds, s, tolerance) {
  let state = new Array(n + n * n).fill(0);
  for (const [k, seed] of seeds.entries()) state[n + (k + 1) * n + k] = seed;
  const states = [];
  let [now, learned] = [0, false];
  for (const time of s) {
    // From one time to the next: between the ends of a long step, where learning is stiff, nothing is exact.
    if (time > now && !learned) {
      const passed = time - now;
      state = ode.solve(model, target, state, [0, passed], tolerance, 1e-13, passed / 3)[1];
      learned = model.loss(state, target) < NOTHING_LEFT * energy(target);
    }
    now = time;
    states.push(state);
  }
  return states;
}

/** Decay rates of all modes, the slowest first. */
export function modes(state, n) {
  return eigenvalues(weights(state, n).W, n).map(([real]) => 1 - real);
}

/** The rate at which a coupling grows on the plateau on which the first `used` neurons are. */
export function growth(state, n, used, { amplitudes, rates }) {
  const { v, W } = weights(state, n, used);
  const u = new Float64Array(used);
  u[0] = 1;
  const wanted = rates.reduce((sum, rate, k) => sum + amplitudes[k] / (1 + rate), 0);
  const gap = dot(v, solve(resolvent(W, used, 1), u, 1)) - wanted;
  const ahead = solve(W, u, 1);
  const back = solve(transpose(W, used), v, 1);
  return Math.abs(gap) * norm(ahead) * Math.hypot(1, norm(back));
}

/**
 * The staircase of three neurons: yields {plateaus}, the loss and the growth rate on each, and then
 * {loss, modes} at the times `s`, from couplings of a `seed`.
 */
export function* climb({ target, seed, small, s, tolerance }) {
  const n = 3;
  const model = decays(n);
  // Without a coupling to the next neuron, learning stays on the plateau for ever.
  const plateaus = [[], [small]].map((seeds, used) => {
    const rest = learn(model, n, target, seeds, [0, 1e7], 10 * tolerance)[1];
    return { loss: model.loss(rest, target), growth: growth(rest, n, used + 1, target) };
  });
  yield { plateaus, start: energy(target) / 2 };
  const states = learn(model, n, target, [seed, seed], s, tolerance);
  yield {
    loss: states.map((state) => model.loss(state, target)),
    modes: states.map((state) => modes(state, n)),
  };
}
