// Grids of numbers, the place of a number in one, and contours of a function of two variables.

/** `count` equally spaced numbers, both ends included. */
export function linspace(from, to, count) {
  return Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));
}

/** The place of the value nearest to `wanted`. */
export function nearest(values, wanted) {
  return values.reduce(
    (best, value, k) => (Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? k : best),
    0,
  );
}

/** The curves, as lists of points [x, y], on which f(x, y) equals `level`: marching squares. */
export function contour(f, xs, ys, level) {
  const values = ys.map((y) => xs.map((x) => f(x, y) - level));
  // A side of a square where the sign changes is crossed once; squares link the crossings.
  const links = new Map();
  const places = new Map();
  function crossing(i, j, across) {
    const [i2, j2] = across ? [i + 1, j] : [i, j + 1];
    const [value, value2] = [values[j][i], values[j2][i2]];
    if (value < 0 === value2 < 0) return null;
    const share = value / (value - value2);
    const key = `${i},${j},${across}`;
    places.set(key, [xs[i] + share * (xs[i2] - xs[i]), ys[j] + share * (ys[j2] - ys[j])]);
    return key;
  }
  for (let j = 0; j + 1 < ys.length; j++) {
    for (let i = 0; i + 1 < xs.length; i++) {
      const sides = [
        crossing(i, j, true),
        crossing(i + 1, j, false),
        crossing(i, j + 1, true),
        crossing(i, j, false),
      ].filter(Boolean);
      for (let k = 0; k + 1 < sides.length; k += 2) {
        for (const [a, b] of [
          [sides[k], sides[k + 1]],
          [sides[k + 1], sides[k]],
        ]) {
          links.set(a, [...(links.get(a) ?? []), b]);
        }
      }
    }
  }
  // Open curves begin at the edge of the grid, where a crossing has one link only; rings come after.
  const seen = new Set();
  const curves = [];
  for (const start of [...links.keys()].sort((a, b) => links.get(a).length - links.get(b).length)) {
    if (seen.has(start)) continue;
    const curve = [];
    for (let key = start; key; key = links.get(key).find((next) => !seen.has(next))) {
      seen.add(key);
      curve.push(places.get(key));
    }
    if (links.get(start).length > 1) curve.push(places.get(start));
    curves.push(curve);
  }
  return curves;
}
