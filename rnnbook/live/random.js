// Random networks that can be drawn again: the same number gives the same weights, on any machine.

/** Numbers between 0 and 1 from a seed, a whole number below 2^32: mulberry32 by Tommy Ettinger. */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers from a seed, by Box and Muller. */
export function normal(seed) {
  const next = uniform(seed);
  // 1 - next is above zero, so that its logarithm is finite.
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** A network of n neurons with nothing learned: W is sigma times a random matrix, |u| = 1 and v = 0. */
export function drawNetwork(n, sigma, seed) {
  const next = normal(seed);
  const W = Float64Array.from({ length: n * n }, () => (sigma / Math.sqrt(n)) * next());
  const u = Float64Array.from({ length: n }, next);
  const length = Math.hypot(...u);
  return { W, u: u.map((value) => value / length), v: new Float64Array(n) };
}
