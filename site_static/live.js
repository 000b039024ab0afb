// Live figures on a page with no kernel behind it. A notebook that ran when the book was built left the
// state of its widgets in the page; this script reads it and puts each figure in place of its picture,
// with native inputs for the sliders, once the figure comes near the window. tools/live_pictures.mjs
// draws the pictures with the same code. Nothing here waits for a time: a figure that is late is late.

(() => {
  const STATE = "application/vnd.jupyter.widget-state+json";
  const REFERENCE = "IPY_MODEL_";

  /** The part of a widget's model that figures and controls use. */
  class Model {
    constructor(id, kind, values) {
      Object.assign(this, { id, kind, values, listeners: {} });
    }

    get(name) {
      return this.values[name];
    }

    set(name, value) {
      if (Object.is(this.values[name], value)) return;
      this.values[name] = value;
      for (const listener of [...(this.listeners[`change:${name}`] ?? [])]) listener();
    }

    save_changes() {} // there is no kernel to tell

    on(event, listener) {
      (this.listeners[event] ??= []).push(listener);
    }

    off(event, listener) {
      this.listeners[event] = (this.listeners[event] ?? []).filter((other) => other !== listener);
    }
  }

  /** Models by their ids, out of the state that a page holds, tied to each other as it says. */
  function read({ state }) {
    const models = new Map();
    for (const [id, { model_name: kind, state: values, buffers = [] }] of Object.entries(state)) {
      if (!(kind in VIEWS) && kind !== "LinkModel") {
        throw new Error(`A live figure cannot have a ${kind}: see VIEWS in site_static/live.js.`);
      }
      for (const { path, data } of buffers) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        const [last, ...way] = [...path].reverse();
        way.reverse().reduce((place, key) => place[key], values)[last] = new DataView(bytes.buffer);
      }
      models.set(id, new Model(id, kind, values));
    }
    const named = (reference) => models.get(reference.slice(REFERENCE.length));
    for (const model of models.values()) {
      if (model.kind === "VBoxModel") model.set("children", model.get("children").map(named));
      if (model.kind !== "LinkModel") continue;
      const ends = [model.get("source"), model.get("target")];
      const [[one, name], [other, otherName]] = ends.map(([end, name]) => [named(end), name]);
      (other.controls ??= {})[otherName] = one;
      one.on(`change:${name}`, () => other.set(otherName, one.get(name)));
      other.on(`change:${otherName}`, () => one.set(name, other.get(otherName)));
    }
    return models;
  }

  function add(parent, tag, attributes = {}) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    parent.append(node);
    return node;
  }

  /** What an address asks of figures: ?one_mode.c=0.2&one_mode.a=1 gives {one_mode: {c: "0.2", a: "1"}}. */
  function asked(search) {
    const wanted = {};
    for (const [key, text] of new URLSearchParams(search)) {
      const [figure, name] = key.split(".");
      if (name) (wanted[figure] ??= {})[name] = text;
    }
    return wanted;
  }

  /** The least and the greatest value of a slider; a logarithmic one has the exponents. */
  function limits(slider) {
    const base = slider.get("base");
    return ["min", "max"].map((end) => (base ? base ** slider.get(end) : slider.get(end)));
  }

  /** Move a figure's controls; nothing comes of a name or a value that they do not have. */
  function ask(figure, values) {
    for (const [name, text] of Object.entries(values)) {
      const control = figure.controls?.[name];
      const options = control?.get("_options_labels");
      if (options?.includes(text)) control.set("index", options.indexOf(text));
      if (!control || options || !text.trim() || !Number.isFinite(Number(text))) continue;
      const [least, most] = limits(control);
      const value = Math.min(most, Math.max(least, Number(text)));
      control.set("value", control.kind === "IntSliderModel" ? Math.round(value) : value);
    }
  }

  /** The address at which a page shows a figure as it is now, and its other figures as they were asked. */
  function address(figure, place) {
    const url = new URL(location.href);
    const name = figure.get("figure");
    for (const key of [...url.searchParams.keys()])
      if (key.startsWith(`${name}.`)) url.searchParams.delete(key);
    for (const [value, control] of Object.entries(figure.controls ?? {})) {
      if (figure.get(value) === figure.get("defaults")[value]) continue;
      const text = control.get("_options_labels")?.[control.get("index")];
      url.searchParams.set(`${name}.${value}`, text ?? Number(figure.get(value).toPrecision(6)));
    }
    url.hash = place.closest("figure[id], section[id]")?.id ?? "";
    return url.href;
  }

  /** A button that copies this address, and puts it where addresses are seen. */
  function linker(figure, place) {
    const text = "Link to this state";
    const button = add(place.querySelector(".rnnbook-buttons"), "button", {
      class: "rnnbook-button rnnbook-quiet",
      type: "button",
    });
    button.textContent = text;
    button.addEventListener("click", async () => {
      const href = address(figure, place);
      try {
        history.replaceState(history.state, "", href);
        button.textContent = "It is in the address bar";
        await navigator.clipboard.writeText(href);
        button.textContent = "Link copied";
      } catch (error) {
        console.info(error.message); // no right to copy, or a page that was opened from a disk
      }
    });
    const again = () => {
      button.textContent = text;
    };
    for (const event of ["blur", "pointerleave"]) button.addEventListener(event, again);
  }

  /** A number in the format of a slider: those of d3 that the book's controls have. */
  function format(value, as) {
    const [, digits, type] = as.match(/^\.(\d+)([fg])$/) ?? (as === "d" ? [as, "0", "f"] : []);
    if (!type)
      throw new Error(`A slider's numbers cannot be written as ${as}: see format in site_static/live.js.`);
    // Of significant digits a reader needs no zeros at the end: 0.001, and not 0.00100.
    const short = (value) => String(Number(value.toPrecision(Number(digits))));
    const text = type === "f" ? value.toFixed(Number(digits)) : short(value);
    return text.replace(/-/g, "−");
  }

  function labelled(model, parent, kind) {
    const box = add(parent, "div", { class: `rnnbook-control ${kind}` });
    const id = `live-${model.id}`;
    add(box, "label", { for: id }).textContent = model.get("description");
    // On a phone the control that was used last stays in sight while the charts scroll below it.
    const use = () => {
      parent.querySelector(".rnnbook-used")?.classList.remove("rnnbook-used");
      box.classList.add("rnnbook-used");
    };
    if (!parent.querySelector(".rnnbook-used")) use();
    for (const event of ["focusin", "pointerdown"]) box.addEventListener(event, use);
    return { box, id };
  }

  /** A slider, and its value as a number that can be typed. A logarithmic one moves the exponent. */
  function slider(model, parent) {
    const { box, id } = labelled(model, parent, "rnnbook-slider");
    const base = model.get("base");
    const place = () => {
      const value = base ? Math.log(model.get("value")) / Math.log(base) : model.get("value");
      return Number(value.toFixed(9)); // a power of ten is not quite the power of its logarithm
    };
    const shown = () => format(model.get("value"), model.get("readout_format"));
    const [min, max, step] = ["min", "max", "step"].map((name) => model.get(name));
    const off = { autocomplete: "off" }; // a browser that comes back would fill in what was there
    const range = add(box, "input", { type: "range", id, min, max, step, value: place(), ...off });
    const number = add(box, "input", {
      type: "text",
      inputmode: "decimal",
      "aria-label": `${model.get("description")}, as a number`,
      value: shown(),
      ...off,
    });
    const show = () => {
      range.value = place();
      range.setAttribute("aria-valuetext", shown());
      number.value = shown();
    };
    const take = () => model.set("value", base ? base ** Number(range.value) : Number(range.value));
    range.setAttribute("aria-valuetext", shown());
    range.addEventListener("input", take);
    number.addEventListener("change", () => {
      const typed = Number(number.value.trim().replace("−", "-").replace(",", "."));
      const wanted = base ? Math.log(typed) / Math.log(base) : typed;
      if (number.value.trim() && Number.isFinite(wanted)) {
        range.value = wanted; // the browser puts it on a step, between the ends
        take();
      }
      show();
    });
    model.on("change:value", show);
  }

  function choice(model, parent) {
    const { box, id } = labelled(model, parent, "rnnbook-choice");
    const select = add(box, "select", { id, autocomplete: "off" });
    for (const [k, text] of model.get("_options_labels").entries()) {
      const chosen = k === model.get("index") ? { selected: "" } : {};
      add(select, "option", { value: k, ...chosen }).textContent = text;
    }
    select.addEventListener("change", () => model.set("index", select.selectedIndex));
    model.on("change:index", () => {
      select.selectedIndex = model.get("index");
    });
  }

  function box(model, parent) {
    const node = add(parent, "div", { class: model.get("_dom_classes").join(" ") });
    for (const child of model.get("children")) build(child, node);
  }

  function figure(model, parent) {
    const place = add(parent, "div");
    model.widget.render({ model, el: place });
    linker(model, place);
  }

  const VIEWS = {
    AnyModel: figure,
    DropdownModel: choice,
    FloatLogSliderModel: slider,
    FloatSliderModel: slider,
    IntSliderModel: slider,
    VBoxModel: box,
  };

  /** Load the code of the figures below a model; `load` makes a module of its source. */
  async function prepare(model, load) {
    if (model.kind === "AnyModel") model.widget ??= (await load(model.get("_esm"))).default;
    for (const child of model.get("children") ?? []) await prepare(child, load);
  }

  /** Build what a model shows into an element. */
  function build(model, parent) {
    VIEWS[model.kind](model, parent);
  }

  /** A module from its source, also on a page that was opened from a disk. */
  async function load(source) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try {
      return await import(url);
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  /** The figure that a model shows, which may be below its controls. */
  function figureOf(model) {
    return model.kind === "AnyModel"
      ? model
      : (model.get("children") ?? []).map(figureOf).find((figure) => figure);
  }

  function start() {
    const wanted = asked(location.search);
    const mounted = new Map(); // places, and promises of the figures in them
    let models; // read when the first figure is needed

    function mount(place) {
      if (!mounted.has(place)) mounted.set(place, put(place));
      return mounted.get(place);
    }

    async function put(place) {
      const picture = [...place.childNodes];
      try {
        models ??= read(JSON.parse(document.querySelector(`script[type="${STATE}"]`).textContent));
        const model = models.get(place.dataset.model);
        await prepare(model, load);
        const figure = figureOf(model);
        ask(figure, wanted[figure.get("figure")] ?? {});
        // In one go, so that nothing is seen in between; picture and figure are of one size.
        place.replaceChildren();
        build(model, place);
        place.dataset.live = "";
        return figure;
      } catch (error) {
        console.error(error);
        place.replaceChildren(...picture);
        const says = add(place, "p", { role: "alert" });
        says.textContent = `This figure could not be started, so it does not move: ${error.message}`;
      }
    }

    /** Words of the text that set a figure (tools/sphinx_live.py) become a link, which does. */
    function link(words) {
      const { figure: name, values: text } = words.dataset;
      const [values, place] = [JSON.parse(text), placeOf(name)];
      const query = new URLSearchParams();
      for (const [value, wanted] of Object.entries(values)) query.set(`${name}.${value}`, wanted);
      const anchor = place.closest("figure[id], section[id]")?.id ?? "";
      const node = document.createElement("a");
      node.className = "rnnbook-set";
      node.title = "Set the figure to this";
      node.href = `?${query}#${anchor}`;
      node.append(...words.childNodes);
      words.replaceWith(node);
      node.addEventListener("click", async (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // another window
        event.preventDefault();
        const figure = await mount(place);
        if (!figure) return;
        ask(figure, values);
        show(place, node.href);
      });
    }

    const near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          near.unobserve(target);
          mount(target);
        }
      },
      { rootMargin: "100% 0px" },
    );
    for (const place of document.querySelectorAll(".rnnbook-live")) near.observe(place);
    for (const words of document.querySelectorAll("span.rnnbook-set")) link(words);
  }

  function placeOf(figure) {
    return document.querySelector(`.rnnbook-figure[data-figure="${figure}"]`).closest(".rnnbook-live");
  }

  /** Scroll to a figure, unless most of it is seen; the reader's Back leads to the text again. */
  function show(place, href) {
    const { top, bottom, height } = place.querySelector(".rnnbook-charts").getBoundingClientRect();
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    if (seen > 0.6 * Math.min(height, innerHeight)) return;
    try {
      history.pushState(null, "", href);
    } catch (error) {
      console.info(error.message); // a page that was opened from a disk
    }
    place.scrollIntoView();
  }

  if (globalThis.IntersectionObserver) start();
  else globalThis.live = { read, prepare, build };
})();
