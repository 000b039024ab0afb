// What is left to do in the browser before the book is printed, and what must be true then.

window.printing = {
  /** Set formulas and listings that are wider than the column in smaller type, to a limit. */
  fit(smallest) {
    for (const node of document.querySelectorAll(".katex-display, pre")) {
      const room = node.clientWidth;
      const needed = node.scrollWidth;
      if (needed <= room + 1) continue;
      const share = Math.max(smallest, (0.99 * room) / needed);
      node.style.fontSize = `${share * parseFloat(getComputedStyle(node).fontSize)}px`;
    }
  },

  setPageNumbers(numbers) {
    for (const place of document.querySelectorAll("[data-page]"))
      place.textContent = numbers[place.dataset.page] ?? "?";
  },

  /** What would be wrong on paper, in words; nothing if the book is complete. */
  async complaints() {
    const wrong = [];
    const where = (node) => node.closest("[data-chapter]")?.dataset.chapter ?? "front";
    const pictures = [...document.images];
    await Promise.all(pictures.map((picture) => picture.decode().catch(() => null)));
    for (const node of pictures)
      if (!node.naturalWidth || node.width < 20) wrong.push(`${where(node)}: no picture ${node.src}`);
    for (const node of document.querySelectorAll(".rnnbook-live"))
      if (node.querySelectorAll(".rnnbook-plot path").length < 3)
        wrong.push(`${where(node)}: a live figure has no picture`);
    for (const node of document.querySelectorAll(".katex-error"))
      wrong.push(`${where(node)}: no formula: ${node.textContent}`);

    const right = document.querySelector("article").getBoundingClientRect().right + 1;
    const parts = ".bd-article :is(p, li, dt, pre, table, img, .katex-base, svg, h2, h3, .eqno)";
    for (const node of document.querySelectorAll(parts)) {
      const box = node.getBoundingClientRect();
      if (box.right > right || (node.matches("pre") && node.scrollWidth > node.clientWidth + 1))
        wrong.push(`${where(node)}: too wide: ${node.nodeName} ${node.textContent.slice(0, 60)}`);
    }

    const ids = new Set();
    for (const { id } of document.querySelectorAll(".chapter [id]")) {
      if (ids.has(id)) wrong.push(`two places are called ${id}`);
      ids.add(id);
    }
    for (const node of document.querySelectorAll('a[href^="#"]'))
      if (!document.getElementById(decodeURIComponent(node.hash.slice(1))))
        wrong.push(`${where(node)}: a link leads nowhere: ${node.hash}`);
    return wrong;
  },
};
