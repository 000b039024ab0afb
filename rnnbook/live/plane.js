// What several figures draw in the plane of eigenvalues.

import { linspace } from "./grid.js";

const ANGLES = linspace(0, 2 * Math.PI, 121);

/** A circle about zero, as two lists of coordinates. */
export function circle(radius) {
  return [Math.cos, Math.sin].map((part) => ANGLES.map((angle) => radius * part(angle)));
}

/** The line on which a mode no longer decays. */
export function drawEdgeOfStability(chart) {
  chart.line("edge", [1, 1], [-9, 9], {
    color: "muted",
    dash: "6 4",
    width: 1.5,
    label: "edge of stability",
  });
}
