// Draws the live figures of a page once, as they are at first: what stands there before a reader's
// browser has started them, without JavaScript, and in print. Standard input has the state of the
// page's widgets and the ids of those that are shown; out come their pictures, as HTML by id.

import { readFileSync } from "node:fs";
import vm from "node:vm";
import { parseHTML } from "linkedom";

const { document } = parseHTML("<!doctype html><html><body></body></html>");
// Sizes are those of the style sheets, which a picture follows as a figure does.
const ResizeObserver = class {
  observe() {}
};
Object.assign(globalThis, { document, ResizeObserver });
const runtime = new URL("../site_static/live.js", import.meta.url);
vm.runInThisContext(readFileSync(runtime, "utf8"), { filename: runtime.pathname });

const asModule = (source) => import(`data:text/javascript,${encodeURIComponent(source)}`);

/** A tenth of a pixel is as much as a picture shows. */
const rounded = (path) => path.replace(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(1))));

async function picture(model) {
  const place = document.createElement("div");
  await live.prepare(model, asModule);
  live.build(model, place);
  for (const node of place.querySelectorAll("input, select, button")) node.setAttribute("disabled", "");
  for (const node of place.querySelectorAll(".rnnbook-over")) node.remove(); // a picture cannot be dragged
  for (const node of place.querySelectorAll("path")) node.setAttribute("d", rounded(node.getAttribute("d")));
  for (const node of place.querySelectorAll(".rnnbook-figure")) {
    if (!node.dataset.drawn || node.dataset.failed) throw new Error(node.textContent);
    delete node.dataset.drawn;
  }
  return place.innerHTML;
}

const { state, views } = JSON.parse(readFileSync(0, "utf8"));
const models = live.read({ state });
const pictures = {};
for (const id of views) pictures[id] = await picture(models.get(id));
console.log(JSON.stringify(pictures));
