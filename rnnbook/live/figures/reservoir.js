// A wide reservoir: its learning curve, the length of its read-out, and the plane of eigenvalues.

import { contour, linspace } from "../grid.js";
import * as laguerre from "../laguerre.js";
import { loss, readoutLength, readoutModes } from "../modes.js";
import { fixed, raised } from "../numbers.js";
import { circle } from "../plane.js";

const EXPONENTS = { "¼": 0.25, "½": 0.5, 2: 2 };
const HIGHEST = 1.4; // frequency
const FASTEST = 20; // exponent; learning is exponential above it, as far as the eye can tell

export function build(stage) {
  const { least, most } = stage.constants; // of c*
  const places = linspace(-1, 6, 141); // log10 of s
  const plane = stage.chart({
    title: "The target and the bulk",
    x: { label: "real part", from: -1.1, to: 1.1 },
    y: { label: "imaginary part", from: -HIGHEST, to: HIGHEST },
    equal: true,
    tall: true,
  });
  const time = { label: "learning time s", from: -1, to: 6, log: true };
  const losses = stage.chart({
    title: "The learning curve",
    x: time,
    y: { label: "L(s) / L(0)", from: -8, to: 1, log: true },
  });
  const lengths = stage.chart({
    title: "How long the read-out grows",
    x: { ...time },
    y: { label: "|v(s)|", from: -1.3, to: 3, log: true },
  });
  stage.drag(plane, {
    label: "The target's pole",
    at: ({ c_star, omega_star }) => [1 - c_star, omega_star],
    set: (real, imaginary) => ({
      c_star: Math.min(most, Math.max(least, 1 - real)),
      omega_star: Math.abs(imaginary),
    }),
    says: ({ c_star, omega_star }) => `rate ${c_star.toFixed(2)}, frequency ${omega_star.toFixed(2)}`,
  });
  stage.keep(
    [
      [losses, "loss"],
      [lengths, "length"],
    ],
    ({ sigma, c_star, omega_star }) =>
      `σ = ${sigma.toFixed(2)}, c* = ${c_star.toFixed(2)}, ω* = ${omega_star.toFixed(2)}`,
  );

  // The circles of equal exponent change with sigma only.
  let [drawn, circles] = [null, []];
  function equalExponents(sigma) {
    const beta = (x, y) => laguerre.exponent({ sigma, c_star: 1 - x, omega_star: y });
    const grid = [linspace(-1.1, 0.995, 61), linspace(-HIGHEST, HIGHEST, 81)];
    return Object.entries(EXPONENTS).map(([name, level]) => [name, contour(beta, ...grid, level)]);
  }

  return ({ sigma, c_star, omega_star }) => {
    const target = { sigma, c_star, omega_star };
    const modes = readoutModes(target);
    const beta = laguerre.exponent(target);
    const start = loss(modes, 0);
    const fall = places.map((place) => Math.log10(loss(modes, 10 ** place) / start));
    const length = places.map((place) => Math.log10(readoutLength(modes, 10 ** place)));
    // The power law stands above the last place of the curve that is seen.
    const last = fall.findLastIndex((value) => value > losses.y.from + 0.5);
    const guide = places.map((place) =>
      place < 0 || beta > FASTEST ? NaN : 0.6 + fall[last] - beta * (place - places[last]),
    );

    const law = beta < FASTEST ? `slope of s${raised(`−${short(beta)}`)}` : "no power law";
    losses.line("power law", places, guide, { color: "theory", dash: "7 4", label: law });
    losses.line("loss", places, fall, { color: "network", width: 2.5, label: "reservoir" });
    lengths.line("length", places, length, { color: "network", width: 2.5 });

    if (sigma !== drawn) [drawn, circles] = [sigma, equalExponents(sigma)];
    const [across, up] = circle(sigma);
    plane.area(
      "bulk",
      across.slice(0, 61),
      up.slice(0, 61).map((y) => -y),
      up.slice(0, 61),
      { color: "bulk", opacity: 0.25, label: "bulk" },
    );
    plane.line("edge", across, up, { color: "bulk", width: 2, label: "its edge, β = 1" });
    plane.curves(
      "circles",
      circles.flatMap(([, curves]) => curves),
      {
        color: "muted",
        dash: "2 3",
        width: 1.3,
        label: "β = ¼, ½ and 2",
      },
    );
    for (const [name, curves] of circles) {
      const [x, y] = curves.flat().reduce((top, point) => (point[1] > top[1] ? point : top), [2, 0]);
      plane.note(name, x - 0.03, Math.min(y + 0.02, HIGHEST - 0.13), name, { color: "muted", anchor: "end" });
    }
    plane.line("stability", [1, 1], [-2, 2], { color: "muted", dash: "6 4", width: 1.5 });
    plane.dots("mirrored", [1 - c_star], [-omega_star], { color: "target", radius: 6, hollow: true });
    plane.dots("target", [1 - c_star], [omega_star], { color: "target", radius: 6, label: "target" });

    const distance = Math.hypot(1 - c_star, omega_star) - sigma;
    const [where, price] =
      distance > 1e-6
        ? ["outside of", "the read-out grows for ever"]
        : distance < -1e-6
          ? ["inside", "the read-out comes to rest"]
          : ["on the edge of", "the read-out just about grows for ever"];
    const pole = fixed(1 - c_star) + (omega_star > 0 ? ` ± ${omega_star.toFixed(2)}i` : "");
    return (
      `The target's eigenvalue ${pole} lies ${where} the bulk of radius ${sigma.toFixed(2)}: exponent ` +
      `β = ${short(beta)}, and ${price}. At s = 10⁴ its length is ${(10 ** length[100]).toFixed(1)}.`
    );
  };
}

function short(beta) {
  return beta < FASTEST ? beta.toPrecision(3) : "∞";
}
