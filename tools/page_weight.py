"""What a page of the built site transfers, and how soon it is seen, in Chromium.

The counts are those of the browser: all that it fetches for the page with an empty cache, after it
was scrolled to its end, as compressed on the way.
"""

from dataclasses import dataclass

# Five megabits a second, and a wait of 40 ms: a phone on the way.
SLOW = {"offline": False, "latency": 40, "downloadThroughput": 5e6 / 8, "uploadThroughput": 1e6 / 8}

OBSERVE = """
window.seen = { lcp: 0, shift: 0, scrolled: Infinity };
new PerformanceObserver((list) => {
  // What is loaded when the reader gets there is no part of the first screen.
  for (const { startTime } of list.getEntries())
    if (startTime < window.seen.scrolled) window.seen.lcp = startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries())
    if (!hadRecentInput) window.seen.shift += value;
}).observe({ type: "layout-shift", buffered: true });
"""
PAINTED = """() => new Promise((resolve) => {
  const named = () => performance.getEntriesByName("first-contentful-paint")[0];
  if (named()) return resolve(named().startTime);
  new PerformanceObserver(() => named() && resolve(named().startTime)).observe({ type: "paint" });
})"""
# To the end, a screen at a time, each of them drawn.
SCROLL = """async () => {
  window.seen.scrolled = performance.now();
  const frame = () => new Promise(requestAnimationFrame);
  const drawn = async () => { await frame(); await frame(); };
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await drawn();
  }
  await document.fonts.ready;
  const load = (image) => { image.loading = "eager"; return image.decode().catch(() => null); };
  // Versions for another theme are never fetched.
  await Promise.all([...document.images].filter((image) => image.checkVisibility()).map(load));
}"""


# Figures that a cell drew, as pictures or live.
FIGURES = ".bd-article .cell_output :is(.on-light, .rnnbook-figure)"


@dataclass
class Load:
    """One visit: times in seconds, sizes in bytes as transferred."""

    first_paint: float
    largest_paint: float
    shift: float
    transferred: int
    largest_script: int
    figures: int
    sizes: dict


def load(browser, url, viewport=(1280, 900), slow=False):
    """Open a page with an empty cache, scroll to its end, and return a `Load`.

    With `slow`, over 5 Mbit/s and with a processor made to look four times slower.
    """
    context = browser.new_context(viewport={"width": viewport[0], "height": viewport[1]})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if slow:
        client.send("Network.emulateNetworkConditions", SLOW)
        client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    kinds, sizes, scripts = {}, {}, {}
    client.on(
        "Network.responseReceived",
        lambda event: kinds.update({event["requestId"]: (event["type"], event["response"]["url"])}),
    )

    def on_finished(event):
        kind, address = kinds.get(event["requestId"], (None, ""))
        if address.startswith("http"):
            sizes[address] = int(event["encodedDataLength"])
            if kind == "Script":
                scripts[address] = sizes[address]

    client.on("Network.loadingFinished", on_finished)
    page.goto(url, wait_until="load")
    first = page.evaluate(PAINTED)
    page.evaluate(SCROLL)
    page.wait_for_load_state("networkidle")
    seen = page.evaluate("window.seen")
    figures = page.locator(FIGURES).count()
    context.close()
    return Load(
        first_paint=first / 1000,
        largest_paint=seen["lcp"] / 1000,
        shift=seen["shift"],
        transferred=sum(sizes.values()),
        figures=figures,
        largest_script=max(scripts.values(), default=0),
        sizes=sizes,
    )
