// Draws the pieces of a diagram as the package drew them, in inches from the lower left corner.

const INCH = 96,
  INK = "#1b2430";

// Words with mathematics between dollars, such as "$C_{t-1}$", as runs of one style each.
function runs(words) {
  const pattern = /\\tilde\{(\w)\}|\\(\w+)|_(?:\{([^}]*)\}|(\w))|([A-Za-z])|(.)/g;
  return words
    .replace(/\\\$/g, "\0")
    .split("$")
    .flatMap((part, k) =>
      k % 2 === 0
        ? [["", part.replace("\0", "$")]]
        : [...part.matchAll(pattern)].map(([, tilde, name, long, index, letter, other]) => {
            if (tilde || letter) return ["i", tilde ? `${tilde}\u0303` : letter];
            return long || index
              ? ["sub", (long || index).replace("-", "\u2212")]
              : ["", name || other];
          }),
    );
}

// Returns the cells of all columns of numbers: where each stands, and its bar and its text.
function drawPieces(drawing, pieces, height, cell = [0.52, 0.235], type = 0) {
  const x = (inches) => inches * INCH,
    y = (inches) => (height - inches) * INCH,
    found = [];
  const [frames, wires, shapes, texts] = ["", "", "", ""].map(() => make("g", drawing));
  const rect = (parent, left, top, width, tall, more) =>
    make("rect", parent, { x: left, y: top, width, height: tall, rx: 6, ...more });
  const words = (a, b, text, size, colour = INK, bold = 0, anchor = "middle", widest = 0) => {
    const look = {
      x: x(a),
      y: y(b) + 0.36 * size,
      "font-size": size,
      fill: colour,
      "text-anchor": anchor,
    };
    const made = make("text", texts, bold ? { ...look, "font-weight": "bold" } : look);
    let low = 0;
    for (const [style, run] of runs(text)) {
      const now = style === "sub" ? 0.22 * size : 0,
        italic = style === "" ? {} : { "font-style": "italic" };
      make(
        "tspan",
        made,
        { dy: now - low, ...(style === "sub" ? { "font-size": 0.94 * size } : {}), ...italic },
        run,
      );
      low = now;
    }
    if (widest) set(made, { textLength: widest, lengthAdjust: "spacingAndGlyphs" });
    return made;
  };
  const draw = {
    frame: (left, bottom, right, top) =>
      rect(frames, x(left), y(top), x(right - left), x(top - bottom), {
        fill: "#f5f7fa",
        stroke: "#c4cad3",
        rx: 14,
      }),
    wire: (points, width, dashed = 0, colour = INK, head = 0) =>
      wire(
        wires,
        points.map(([a, b]) => [x(a), y(b)]),
        width * 1.33,
        dashed,
        colour,
        head,
      ),
    box: (a, b, width, tall, fill, stroke) =>
      rect(shapes, x(a - width / 2), y(b + tall / 2), x(width), x(tall), {
        fill,
        stroke,
        "stroke-width": 2,
      }),
    node: (a, b, fill, stroke) =>
      make("circle", shapes, { cx: x(a), cy: y(b), r: 16, fill, stroke, "stroke-width": 2 }),
    capsule: (a, b, width, stroke) =>
      rect(shapes, x(a - width / 2), y(b) - 14, x(width), 28, {
        fill: "#ffffff",
        stroke,
        "stroke-width": 2,
        rx: 14,
      }),
    dot: (a, b, fill) => make("circle", shapes, { cx: x(a), cy: y(b), r: 6, fill }),
    text: words,
    vector: (a, b, name, size, stroke = "#566070") =>
      range(size).forEach((k) => {
        const [width, tall] = cell.map(x),
          left = x(a) - width / 2,
          top = y(b) + (k - size / 2) * tall;
        rect(shapes, left, top, width, tall, { fill: "#ffffff", rx: 0 });
        const bar = rect(shapes, left, top, 0, tall, { rx: 0 });
        rect(shapes, left, top, width, tall, { fill: "none", stroke, rx: 0 });
        const inside = type && words(a, b + (size / 2 - k - 0.5) * cell[1], " ", type);
        found.push({ name, k, left, bar, words: inside && inside.firstChild });
      }),
  };
  for (const [kind, ...rest] of pieces) draw[kind](...rest);
  return found;
}

// A connection with rounded corners and, at its target, an arrow head.
function wire(parent, corners, width, dashed, colour, head) {
  const points = corners.map((corner) => [...corner]),
    end = points.length - 1;
  const towards = (a, b, far) => {
    const share = far / Math.hypot(b[0] - a[0], b[1] - a[1]);
    return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  };
  const tip = points[end],
    length = 10 + 1.6 * width;
  if (head) points[end] = towards(tip, points[end - 1], length * 0.9);
  let path = `M${points[0]}`;
  for (let k = 1; k < end; k += 1) {
    path += `L${towards(points[k], points[k - 1], 10)}Q${points[k]} ${towards(points[k], points[k + 1], 10)}`;
  }
  const look = { fill: "none", stroke: colour, "stroke-width": width };
  if (dashed) look["stroke-dasharray"] = "6 4";
  make("path", parent, { d: `${path}L${points[end]}`, ...look });
  if (!head) return;
  const back = towards(tip, points[end - 1], length),
    half = length * 0.55;
  const side = [((tip[1] - back[1]) / length) * half, (-(tip[0] - back[0]) / length) * half];
  const wings = [
    [back[0] + side[0], back[1] + side[1]],
    [back[0] - side[0], back[1] - side[1]],
  ];
  make("polygon", parent, { points: [tip, ...wings].join(" "), fill: colour });
}
