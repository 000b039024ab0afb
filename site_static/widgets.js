// Where require.js finds the code of widgets: in this site, on whichever host or disk it lies.
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "") + "widgets";
  requirejs.config({ paths: { "@jupyter-widgets": here, anywidget: here + "/anywidget" } });
  // html-manager would ask a public host for a module that it does not find.
  document.currentScript.dataset.jupyterWidgetsCdn = here + "/";

  // Widgets typeset their labels with MathJax 2's interface, but the pages have MathJax 3, or none.
  addEventListener("load", () => {
    if (!window.MathJax?.startup) return;
    const queue = ([, , element]) =>
      MathJax.startup.promise.then(() => MathJax.typesetPromise([element]));
    MathJax.Hub = { Queue: queue };
  });
})();
