// Long computations of a figure beside the page: in a worker, or in slices between the page's own work.

const SLICE = 8; // milliseconds, half a frame

/**
 * Call `take` with all that `generator(job)` yields but null, and `end` once it is over, with the message of
 * an error if there was one. Returns what stops it; who leaves the page stops it too.
 *
 * A page opened from a disk may not load a worker's file, so the worker gets the figure's own `source`, the
 * one module that rnnbook/live/explorer.py joins; `name` is what the generator is called there.
 */
export function inBackground({ source, name, generator, job, take, end }) {
  let stop = () => {};
  const alone = () => {
    stop = inSlices({ generator, job, take, end });
  };
  try {
    const code = `${source.replace(/^export default .*$/m, "")}\n(${serve})(${name});`;
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const worker = new Worker(address);
    stop = () => {
      worker.terminate();
      URL.revokeObjectURL(address);
    };
    worker.onmessage = ({ data: { found, message } }) => {
      if (found) return take(found);
      stop();
      end(message);
    };
    // Some browsers refuse here, and not above.
    worker.onerror = (event) => {
      event.preventDefault();
      stop();
      alone();
    };
    worker.postMessage(job);
  } catch {
    alone();
  }
  const leave = () => stop();
  addEventListener("pagehide", leave, { once: true });
  return leave;
}

/** What a worker does; its text is sent there. */
function serve(generator) {
  globalThis.onmessage = ({ data }) => {
    try {
      for (const found of generator(data)) if (found) postMessage({ found });
      postMessage({});
    } catch (error) {
      postMessage({ message: error.message });
    }
  };
}

function inSlices({ generator, job, take, end }) {
  const steps = generator(job);
  let [next, stopped] = [0, false];
  const work = () => {
    const start = performance.now();
    try {
      do {
        const { value, done } = steps.next();
        if (done) return end();
        if (value) take(value);
      } while (!stopped && performance.now() - start < SLICE);
    } catch (error) {
      return end(error.message);
    }
    if (!stopped) next = setTimeout(work);
  };
  next = setTimeout(work);
  return () => {
    stopped = true; // perhaps by `take`, in the middle of a slice
    clearTimeout(next);
  };
}
