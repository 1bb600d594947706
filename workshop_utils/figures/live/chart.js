// A chart in the style of the package's pictures: a panel, references, lines, marks and words.
// `draw` is called with an empty layer each time that something has moved.
function chart(parent, told, { x, y, xlabel, ylabel, ticks }) {
  const [width, height, left, right, top, bottom] = [380, 270, 46, 10, 12, 40];
  const svg = make("svg", parent, {
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "font-size": 13,
    style: "max-width:480px",
  });
  svg.setAttribute("aria-label", told);
  const share = (value, [low, high]) => (value - low) / (high - low);
  const px = (value) => left + share(value, x) * (width - left - right);
  const py = (value) => height - bottom - share(value, y) * (height - top - bottom);
  make("rect", svg, {
    x: left,
    y: top,
    width: width - left - right,
    height: height - top - bottom,
    fill: "#f5f7fa",
    stroke: "#c4cad3",
  });
  const write = (layer, a, b, words, more = {}) =>
    make("text", layer, { x: a, y: b, ...more }, words);
  for (const value of ticks.x)
    write(svg, px(value), height - bottom + 17, plainNumber(value), { "text-anchor": "middle" });
  for (const value of ticks.y)
    write(svg, left - 6, py(value) + 4, plainNumber(value), { "text-anchor": "end" });
  write(svg, (left + width - right) / 2, height - 5, xlabel, { "text-anchor": "middle" });
  write(svg, 13, (top + height - bottom) / 2, ylabel, {
    "text-anchor": "middle",
    transform: `rotate(-90 13 ${(top + height - bottom) / 2})`,
  });
  let layer = make("g", svg);
  const inside = (value, [low, high]) => Math.min(Math.max(value, low), high);
  const spot = ([a, b]) => `${px(inside(a, x))},${py(inside(b, y))}`;
  return {
    clear() {
      layer.remove();
      layer = make("g", svg);
    },
    line(points, stroke, dash = "", weight = 2) {
      const look = { fill: "none", stroke, "stroke-width": weight, "stroke-dasharray": dash };
      make("polyline", layer, { points: points.map(spot).join(" "), ...look });
    },
    dot(a, b, fill, stroke, r = 5) {
      const look = { fill, stroke, "stroke-width": 2 };
      make("circle", layer, { cx: px(inside(a, x)), cy: py(inside(b, y)), r, ...look });
    },
    // Words stand on what is drawn, with a rim of paper.
    word(a, b, words, more = {}) {
      const rim = { "paint-order": "stroke", stroke: "#ffffff", "stroke-width": 3 };
      write(layer, px(inside(a, x)), py(inside(b, y)), words, { ...rim, ...more });
    },
  };
}

const plainNumber = (value) => String(value).replace("-", "\u2212");

// Points of a function between two ends, for a line.
const curve = (f, low, high, count = 120) =>
  range(count + 1).map((k) => {
    const at = low + ((high - low) * k) / count;
    return [at, f(at)];
  });
