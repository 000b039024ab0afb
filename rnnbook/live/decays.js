// A few neurons that learn a sum of decays by gradient flow of W and v, with the read-in on the first:
// rnnbook/objective.py for so few that all equations are solved at once. A state is the array of v and
// of the rows of W; the chapter "The gradient, exactly" derives the equations.

import { eigenvalues } from "./eigenvalues.js";
import { dot, factorised, solve } from "./linear_algebra.js";
import * as ode from "./ode.js";

// Matrices of so few rows are plain arrays: typed ones take longer to make than to fill.
const zeros = (size) => new Array(size).fill(0);
const unit = (n, at = 0) => zeros(n).with(at, 1);
const transposed = (a, n) => matrix(n, (i, j) => a[j * n + i]);

function matrix(n, entry) {
  const m = new Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) m[i * n + j] = entry(i, j);
  return m;
}

const outer = (x, y) => matrix(x.length, (i, j) => x[i] * y[j]);

/** A matrix times a vector. */
function times(a, x) {
  const n = x.length;
  const found = new Array(a.length / n);
  for (let i = 0; i < found.length; i++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[i * n + k] * x[k];
    found[i] = sum;
  }
  return found;
}

const inverse = (a, n) =>
  solve(
    a,
    matrix(n, (i, j) => (i === j ? 1 : 0)),
    n,
  );

/** The first `n` neurons of a state of `all`: v and W. */
function weights(state, all, n = all) {
  return { v: state.slice(0, n), W: matrix(n, (i, j) => state[all + i * all + j]) };
}

/** The inverse of z + 1 - W: of the exponential exp(-z t) a network makes it times u. */
function resolvent(W, n, z) {
  return inverse(
    matrix(n, (i, j) => (i === j ? z + 1 : 0) - W[i * n + j]),
    n,
  );
}

/**
 * The inverse of X -> -(A X + X A^T) with A = W - I, on symmetric matrices. They are written as vectors of half
 * of their entries, those beside the diagonal times the root of two: so the other equation, A^T X + X A, has
 * the transpose. Returns the solutions of both, as functions of a symmetric matrix.
 */
function lyapunov(W, n) {
  const size = (n * (n + 1)) / 2;
  const place = (i, j) => (i < j ? (j * (j + 1)) / 2 + i : (i * (i + 1)) / 2 + j);
  const system = zeros(size * size);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const row = place(i, j) * size;
      const written = i === j ? 1 : Math.SQRT2;
      system[row + place(i, j)] += 2;
      for (let k = 0; k < n; k++) {
        system[row + place(k, j)] -= (written * W[i * n + k]) / (k === j ? 1 : Math.SQRT2);
        system[row + place(i, k)] -= (written * W[j * n + k]) / (k === i ? 1 : Math.SQRT2);
      }
    }
  }
  const solved = inverse(system, size);
  const solution = (operator) => (X) => {
    const half = new Array(size);
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) half[at++] = i === j ? X[i * n + j] : Math.SQRT2 * X[i * n + j];
    }
    const found = times(operator, half);
    return matrix(n, (i, j) => found[place(i, j)] / (i === j ? 1 : Math.SQRT2));
  };
  return { forwards: solution(solved), backwards: solution(transposed(solved, size)) };
}

/** A model for ode.js: `n` neurons and a target {amplitudes, rates}, which are the parameters. */
export function decays(n) {
  const u = unit(n);

  /** What a state and a target make: states P, their overlaps x with the decays, and the sum of these. */
  function parts(state, { amplitudes, rates }) {
    const { v, W } = weights(state, n);
    const { forwards, backwards } = lyapunov(W, n);
    const P = forwards(outer(u, u));
    const resolvents = rates.map((rate) => resolvent(W, n, rate));
    const x = resolvents.map((R) => times(R, u));
    return { v, forwards, backwards, P, resolvents, x, wanted: mixed(amplitudes, x) };
  }

  /** And what the read-out adds: the other Gramian Q, and its overlaps y. */
  function bothSides(state, target) {
    const ahead = parts(state, target);
    const { v, backwards, resolvents } = ahead;
    return { ...ahead, Q: backwards(outer(v, v)), y: resolvents.map((R) => times(transposed(R, n), v)) };
  }

  /** The velocities of v and W, wanted - P v and -Q P plus the sum of y x^T with its amplitudes. */
  function velocity(amplitudes, v, P, Q, x, y, wanted) {
    const slope = [...wanted, ...zeros(n * n)];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        slope[i] -= P[i * n + j] * v[j];
        let sum = 0;
        for (let k = 0; k < n; k++) sum -= Q[i * n + k] * P[k * n + j];
        for (let k = 0; k < x.length; k++) sum += amplitudes[k] * y[k][i] * x[k][j];
        slope[n + i * n + j] = sum;
      }
    }
    return slope;
  }

  function flow(state, target) {
    const { v, P, Q, x, y, wanted } = bothSides(state, target);
    return velocity(target.amplitudes, v, P, Q, x, y, wanted);
  }

  /** What all parts of the flow change by with each weight, put together by the product rule. */
  function jacobian(state, target) {
    const { v, forwards, backwards, P, Q, resolvents, x, y } = bothSides(state, target);
    const { amplitudes } = target;
    const nothing = zeros(n);
    /** A matrix with the row p of a symmetric one in its row q, plus its transpose. */
    const moved = (symmetric, p, q) =>
      matrix(n, (i, j) => (i === q ? symmetric[p * n + j] : 0) + (j === q ? symmetric[i * n + p] : 0));
    const columns = [];
    for (let p = 0; p < n; p++) {
      const byV = backwards(matrix(n, (i, j) => (i === p ? v[j] : 0) + (j === p ? v[i] : 0)));
      const byVy = resolvents.map((R) => R.slice(p * n, p * n + n));
      columns[p] = velocity(amplitudes, unit(n, p), P, byV, x, byVy, nothing);
      for (let q = 0; q < n; q++) {
        const dP = forwards(moved(P, q, p));
        const dQ = backwards(moved(Q, p, q));
        const dx = resolvents.map((R, k) => nothing.map((_, i) => R[i * n + p] * x[k][q]));
        const dy = resolvents.map((R, k) => nothing.map((_, i) => R[q * n + i] * y[k][p]));
        const first = velocity(amplitudes, v, dP, Q, dx, y, mixed(amplitudes, dx));
        const second = velocity(amplitudes, nothing, P, dQ, x, dy, nothing);
        columns[n + p * n + q] = first.map((value, i) => value + second[i]);
      }
    }
    return state.map((_, row) => columns.map((column) => column[row]));
  }

  function loss(state, target) {
    const { v, wanted, P } = parts(state, target);
    return dot(v, times(P, v)) / 2 - dot(v, wanted) + energy(target) / 2;
  }

  /** Positive where the network is stable. */
  function domain(state) {
    return [1 - eigenvalues(weights(state, n).W, n)[0][0]];
  }

  return { flow, jacobian, loss, domain };
}

/** The sum of vectors with their amplitudes. */
function mixed(amplitudes, vectors) {
  return vectors[0].map((_, i) =>
    amplitudes.reduce((sum, amplitude, k) => sum + amplitude * vectors[k][i], 0),
  );
}

/** The integral of the target squared. */
function energy({ amplitudes, rates }) {
  return amplitudes
    .flatMap((a, i) => amplitudes.map((b, j) => (a * b) / (rates[i] + rates[j])))
    .reduce((sum, part) => sum + part);
}

/** Learning from couplings of `seeds` between neurons that follow each other: states at the times `s`. */
export function learn(model, n, target, seeds, s, tolerance) {
  const start = zeros(n + n * n);
  for (const [k, seed] of seeds.entries()) start[n + (k + 1) * n + k] = seed;
  return ode.solve(model, target, start, s, tolerance, 1e-11);
}

/** Decay rates of all modes, the slowest first. */
export function modes(state, n) {
  return eigenvalues(weights(state, n).W, n).map(([real]) => 1 - real);
}

/** The rate at which a coupling grows on the plateau on which the first `used` neurons are. */
export function growth(state, n, used, { amplitudes, rates }) {
  const { v, W } = weights(state, n, used);
  const wanted = rates.reduce((sum, rate, k) => sum + amplitudes[k] / (1 + rate), 0);
  const gap = dot(v, times(resolvent(W, used, 1), unit(used))) - wanted;
  const ahead = factorised(W, used)(unit(used));
  const back = factorised(transposed(W, used), used)(v);
  return Math.abs(gap) * Math.hypot(...ahead) * Math.hypot(1, ...back);
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
