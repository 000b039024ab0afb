// The map of bulk and target: where a reservoir gets far enough before the clock of W has ticked.

import { linspace } from "../grid.js";
import * as laguerre from "../laguerre.js";
import * as flow from "../model.js";
import { loss, readoutModes } from "../modes.js";
import { percent } from "../numbers.js";
import { solve } from "../ode.js";

const LEAST = 1e-6; // losses below are not seen, and rounding would show

export function build(stage) {
  const places = linspace(-1, 5, 121); // log10 of s
  const radii = linspace(0.005, 0.995, 100);
  const plane = stage.chart({
    title: "The map of rich and lazy",
    x: { label: "size σ of the initial weights", from: 0, to: 1 },
    y: { label: "decay rate c* of the target", from: 0, to: 1 },
    ratio: 0.95,
  });
  const losses = stage.chart({
    title: "Both learning curves of your place",
    x: { label: "learning time s", from: -1, to: 5, log: true },
    y: { label: "L(s) / L(0)", from: -5, to: 0.3, log: true },
    ratio: 0.95,
  });
  const inside = (value) => Math.min(0.98, Math.max(0.02, value));
  stage.drag(plane, {
    label: "Your network and target",
    at: ({ sigma, c_star }) => [sigma, c_star],
    set: (sigma, c_star) => ({ sigma: inside(sigma), c_star: inside(c_star) }),
    says: ({ sigma, c_star }) => `σ ${sigma.toFixed(2)}, rate ${c_star.toFixed(2)}`,
  });
  stage.keep(
    [
      [losses, "lazy"],
      [losses, "rich"],
    ],
    ({ kappa, sigma, c_star }) =>
      `κ = ${kappa.toPrecision(3)}, σ = ${sigma.toFixed(2)}, c* = ${c_star.toFixed(2)}`,
  );

  // The border changes with kappa and the fraction only.
  let [drawn, border] = ["", null];
  function findBorder(kappa, fraction) {
    const found = { sigma: [], below: [], above: [] };
    for (const sigma of radii) {
      const left = reservoirAt(kappa ** 2, sigma);
      const best = laguerre.gamma({ sigma }) / 2; // the target that is the first eigenfunction
      if (left(best) > fraction) continue;
      found.sigma.push(sigma);
      found.below.push(crossing((c_star) => left(c_star) > fraction, 0, best));
      found.above.push(
        best < 1 && left(1) > fraction ? crossing((c_star) => left(c_star) > fraction, 1, best) : 1,
      );
    }
    return found;
  }

  return ({ kappa, fraction, sigma, c_star }) => {
    const target = { sigma, c_star, omega_star: 0 };
    const modes = readoutModes(target);
    const energy = loss(modes, 0);
    const relative = (s) => loss(modes, s) / energy;
    const lazy = places.map((place) => Math.log10(Math.max(LEAST, relative(10 ** place))));
    const parameters = { c_star, kappa };
    const states = solve(
      flow,
      parameters,
      [0, 1],
      places.map((place) => 10 ** place),
      1e-8,
      1e-10,
    );
    const most = flow.loss([0, 1], parameters);
    const rich = states.map((state) => Math.log10(Math.max(LEAST, flow.loss(state, parameters) / most)));
    const clock = 2 * Math.log10(kappa);
    const now = relative(kappa ** 2);

    const key = `${kappa} ${fraction}`;
    if (key !== drawn) [drawn, border] = [key, findBorder(kappa, fraction)];
    const goal = percent(fraction);
    plane.area("lazy", border.sigma, border.below, border.above, {
      color: "network",
      opacity: 0.15,
      label: `reservoir gets to ${goal} by s = κ²`,
    });
    plane.line("border", border.sigma, border.below, { color: "network", width: 2.5 });
    plane.line(
      "upper border",
      border.sigma,
      border.above.map((y) => (y < 1 ? y : NaN)),
      { color: "network", width: 2.5 },
    );
    plane.line("threshold", [0, 1], [1, 0], {
      color: "theory",
      dash: "7 4",
      label: "1 − c* = σ: β = 1, edge of the bulk",
    });
    plane.dots("here", [sigma], [c_star], { color: "ink", radius: 6, label: "network and target" });

    losses.line("goal", [-1, 5], [Math.log10(fraction), Math.log10(fraction)], {
      color: "muted",
      dash: "2 3",
      width: 1.5,
    });
    losses.line("clock", [clock, clock], [-6, 1], {
      color: "muted",
      dash: "2 3",
      width: 1.5,
      label: "s = κ², goal",
    });
    losses.line("lazy", places, lazy, { color: "network", width: 2.5, label: "reservoir: W frozen" });
    losses.line("rich", places, rich, {
      color: "theory",
      dash: "7 4",
      width: 2.5,
      label: "two clocks: no bulk",
    });

    losses.dots("now", [clock], [Math.log10(now)], { color: "ink", radius: 5 });

    const visible =
      1 - c_star > sigma + 1e-9 ? "outside of" : 1 - c_star < sigma - 1e-9 ? "inside" : "on the edge of";
    const outcome =
      now <= fraction ? "it is done before W has moved much: lazy" : "the rest is left to W: rich";
    return (
      `When the clock of W ticks, at s = κ² = ${kappa < 10 ? (kappa ** 2).toPrecision(3) : (kappa ** 2).toFixed(0)}, the reservoir has ` +
      `${percent(now)} of the loss left, and the goal is ${goal}: ${outcome}. The target's ` +
      `eigenvalue ${(1 - c_star).toFixed(2)} lies ${visible} the bulk of radius ${sigma.toFixed(2)}.`
    );
  };
}

/** The share of the loss that a reservoir has left at learning time s, as a function of c*. */
function reservoirAt(s, sigma) {
  const kept = [];
  for (let n = 0; ; n++) {
    const exponent = 2 * laguerre.eigenvalue(n, { sigma }) * s;
    if (exponent < 1e-9) break;
    kept.push(Math.exp(-exponent));
  }
  return (c_star) => {
    // An average of what is kept, with weights that fall by the same factor from mode to mode.
    const ratio = laguerre.target_ratio({ sigma, c_star, omega_star: 0 });
    let [sum, weight] = [0, 1];
    for (const share of kept) {
      sum += (1 - ratio) * weight * share;
      weight *= ratio;
    }
    return sum + weight; // the modes that have learned nothing yet
  };
}

/** Where `test` changes from true at `yes` to false at `no`. */
function crossing(test, yes, no) {
  for (let k = 0; k < 30; k++) {
    const middle = (yes + no) / 2;
    if (test(middle)) yes = middle;
    else no = middle;
  }
  return (yes + no) / 2;
}
