// Where require.js finds the code of widgets: in this site, on whichever host or disk it lies.
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "") + "widgets";
  requirejs.config({ paths: { "@jupyter-widgets": here, anywidget: here + "/anywidget" } });
  // html-manager would ask a public host for a module that it does not find.
  document.currentScript.dataset.jupyterWidgetsCdn = here + "/";

  // ipywidgets gives its sliders no name, and a slider of 10^x tells screen readers the exponent.
  const describe = () => {
    for (const slider of document.querySelectorAll(".widget-slider")) {
      const handle = slider.querySelector(".noUi-handle");
      const [name, value] = [".widget-label", ".widget-readout"].map(
        (part) => slider.querySelector(part)?.textContent,
      );
      if (!handle || !name) continue;
      handle.setAttribute("aria-label", name);
      handle.setAttribute("aria-valuetext", value);
      slider.querySelector(".widget-readout").setAttribute("aria-label", name);
    }
  };
  new MutationObserver(describe).observe(document.documentElement, {
    childList: true,
    subtree: true,
  });
})();
