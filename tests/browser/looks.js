// What the tests ask of a page, for `look(page, "...")` of lab_page.py.

// Texts that a reader sees, without code, in which a dollar sign is only a dollar sign.
function prose() {
  const found = [], walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("code, pre, script, style, math")) found.push(walker.currentNode.data);
  }
  return found.join("");
}

function pictures() {
  return [...document.querySelectorAll("article img")].map((one) =>
    ({ alt: one.alt, hidden: !one.checkVisibility(), loaded: one.complete && one.naturalWidth > 0 }));
}

// Letters of a drawing are as large as the drawing makes them.
const drawn = (svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
const size = (one, scale) => parseFloat(getComputedStyle(one).fontSize) * scale;

// The size of the smallest letters shown in a live drawing, in pixels.
function smallestLetters() {
  const texts = [...document.querySelectorAll(".lstm-workshop-live svg text, .lstm-workshop-live svg tspan")];
  return Math.min(...texts.filter((one) => one.getClientRects().length).map((one) => size(one, drawn(one.closest("svg")))));
}

// Of the explorer: from each column's boxes to all that is not of it, and from each number to its box.
function roomInDrawing() {
  const drawing = document.querySelector(".lstm-workshop-live svg"), box = (one) => one.getBoundingClientRect();
  const gap = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
  const outlines = [...drawing.querySelectorAll("rect[fill=none]")].map(box);
  const solid = [...drawing.querySelectorAll("rect[stroke-width], circle")].map(box);
  const stands = (a, b) => Math.abs(a.left - b.left) < 1 && Math.abs(a.top - b.top) < 1.5 * a.height;
  const between = outlines.flatMap((a, k) =>
    [...outlines.slice(k + 1).filter((b) => !stands(a, b)), ...solid].map((b) => gap(a, b)));
  const numbers = [...drawing.querySelectorAll("text")].filter((one) => /^\u2212?\d\.\d\d$/.test(one.textContent)).map(box);
  const inside = numbers.map((a) =>
    Math.max(...outlines.map((b) => Math.min(a.left - b.left, b.right - a.right, b.bottom - (a.top + a.bottom) / 2))));
  return [between, inside];
}

function slideFacts() {
  const slide = Reveal.getCurrentSlide(), sizes = [];
  const scale = slide.getBoundingClientRect().width / slide.offsetWidth;
  const images = [...slide.querySelectorAll("img")].filter((one) => one.checkVisibility());
  const letters = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  while (letters.nextNode()) {
    const one = letters.currentNode.parentElement, svg = one.closest("svg");
    if (letters.currentNode.data.trim() && one.checkVisibility() && !one.closest(".spoken")) {
      sizes.push(size(one, svg ? drawn(svg) : scale));
    }
  }
  // A picture has letters of 12 pixels and more, and two stored pixels for each shown one.
  for (const one of images) sizes.push((24 * one.getBoundingClientRect().width) / one.naturalWidth);
  return {
    shown: slide.innerText.trim().length,
    high: slide.getBoundingClientRect().height,
    smallest: Math.min(...sizes),
    undescribed: images.filter((one) => !one.alt || !one.naturalWidth).length,
  };
}

// To a slide by its number from 0, with all of its parts shown.
function toSlide(number) {
  const { h, v } = Reveal.getIndices(Reveal.getSlides()[number]);
  Reveal.slide(h, v, 99);
}

// To the slide with the first player.
function toThePlayer() {
  const next = [...document.querySelectorAll(".lstm-workshop-live button")].find((one) => one.textContent === "Next");
  const live = next.closest(".lstm-workshop-live");
  toSlide(Reveal.getSlides().findIndex((one) => one.contains(live)));
}
