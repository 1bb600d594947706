// One recurrent unit: its next note over its note, what it keeps, and both tests of notebook 01.

const SCENES = ["lock", "unlock", "push"];
const PUSHES = 599;

const nextNote = ({ W, U, b }, scene, note) => Math.tanh(W[scene] + U * note + b);

// How many of all films of six scenes, a push at the end, are right; where a key ends up after
// so many pushes.
function judgeUnit(weights) {
  let right = 0;
  const films = 3 ** 5;
  for (let film = 0; film < films; film += 1) {
    let [note, open, rest] = [0, false, film];
    for (let t = 0; t < 5; t += 1) {
      const scene = rest % 3;
      rest = Math.floor(rest / 3);
      note = nextNote(weights, scene, note);
      if (scene < 2) open = scene === 1;
    }
    right += Number(nextNote(weights, 2, note) > 0 === open);
  }
  const [lock, unlock] = [0, 1].map((key) => {
    let note = nextNote(weights, key, 0);
    for (let t = 0; t < PUSHES; t += 1) note = nextNote(weights, 2, note);
    return note;
  });
  return { films, right, lock, unlock };
}

// The notes while a row of inputs is read, each in the place of a scene; pushes add their weight.
function notesOf(weights, inputs) {
  let note = 0;
  return inputs.map((input, t) => {
    note = Math.tanh(input + (t ? weights.W[2] : 0) + weights.U * note + weights.b);
    return note;
  });
}

function unit(root, data) {
  takeOver(root, data);
  const state = { W: [...data.weights.W], U: data.weights.U, b: data.weights.b };
  const stage = make("div", root, { class: "stage" });
  const pictures = make("div", stage, { class: "drawing pair" });
  const steps = chart(make("div", pictures), "The next note over the note before", {
    x: [-1, 1],
    y: [-1, 1],
    xlabel: "the note before",
    ylabel: "the next note",
    ticks: { x: [-1, 0, 1], y: [-1, 0, 1] },
  });
  const last = data.rows[0].length;
  const course = chart(make("div", pictures), "The note after each scene", {
    x: [0, last - 1],
    y: [-1, 1],
    xlabel: "scenes",
    ylabel: "note",
    ticks: { x: [0, 10, 20, 30].filter((t) => t < last), y: [-1, 0, 1] },
  });
  const panel = make("div", stage, { class: "panel" });
  const told = make("p", root, { class: "told" });
  const say = announcer(root);
  const moved = [];
  const add = (name, spoken, limits, read, write) => {
    const made = slider(panel, name, spoken, limits, read(), () => {
      write(Number(made.input.value));
      redraw();
    });
    moved.push(() => made.put(read()));
  };
  add(
    "U",
    "U, what the note is multiplied by",
    [-3, 4, 0.1],
    () => state.U,
    (to) => {
      state.U = to;
    },
  );
  SCENES.forEach((name, k) =>
    add(
      `W ${name}`,
      `W of ${name}, what this scene adds`,
      [-6, 6, 0.1],
      () => state.W[k],
      (to) => {
        state.W[k] = to;
      },
    ),
  );
  add(
    "b",
    "b, what is added always",
    [-3, 3, 0.1],
    () => state.b,
    (to) => {
      state.b = to;
    },
  );
  button(make("div", root, { class: "tries" }), "Start again", () => {
    Object.assign(state, { W: [...data.weights.W], U: data.weights.U, b: data.weights.b });
    moved.forEach((put) => put());
    redraw();
  });

  function redraw() {
    steps.clear();
    steps.line(curve((note) => note, -1, 1, 1), "#566070", "1 4", 1.5);
    [1, 0, 2].forEach((scene) => {
      const hue = data.colours[scene];
      steps.line(
        curve((note) => nextNote(state, scene, note), -1, 1),
        hue,
        data.dashes[scene],
        scene === 2 ? 3 : 2,
      );
      const at = [-0.55, 0.15, 0.3][scene];
      steps.word(at, nextNote(state, scene, at), SCENES[scene], {
        fill: hue,
        "font-weight": "bold",
      });
    });
    for (const rest of restsOf((note) => nextNote(state, 2, note)))
      steps.dot(rest.at, rest.at, rest.holds ? "#1b2430" : "#ffffff", "#1b2430");
    course.clear();
    data.rows.forEach((row, k) => {
      const notes = notesOf(state, row);
      course.line(
        notes.map((note, t) => [t, note]),
        data.colours[k],
        data.dashes[k],
      );
      course.word(3 + 11 * k, notes[Math.min(3 + 11 * k, last - 1)], data.names[k], {
        fill: data.colours[k],
        "font-weight": "bold",
        dy: k === 1 ? 16 : -7,
      });
    });
    const { films, right, lock, unlock } = judgeUnit(state);
    const firm = unlock > 0.5 && lock < -0.5;
    const sign = (passed) => (passed ? "\u2713" : "\u2717");
    told.textContent =
      `${sign(right === films)} ${right} of ${films} films right. ` +
      `${sign(firm)} After a key and ${PUSHES} pushes the note is ${two(unlock)} for unlock ` +
      `(above 0.50 is asked) and ${two(lock)} for lock (below \u22120.50).`;
    say(told.textContent);
  }
  redraw();
}
