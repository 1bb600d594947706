// Where one unit rests under its weight u and a push, and how far an open forget gate reaches.

const STEPS_SHOWN = 24;

// After how many steps less than a share is left, when each step keeps what the gate lets through.
const reachOf = (bias, share) => Math.log(share) / Math.log(sigmoid(bias));

function resting(root, data) {
  takeOver(root, data);
  const state = { ...data.start };
  const stage = make("div", root, { class: "stage" });
  const picture = chart(make("div", stage, { class: "drawing" }), "The next state over the state", {
    x: [-1.2, 1.2],
    y: [-1.2, 1.2],
    xlabel: "state",
    ylabel: "next state",
    ticks: { x: [-1, 0, 1], y: [-1, 0, 1] },
  });
  const panel = make("div", stage, { class: "panel" });
  const told = make("p", root, { class: "told" });
  const gate = make("p", root, { class: "told" });
  const say = announcer(root);
  const names = {
    u: ["u", "u, what the state is multiplied by", [-3, 6, 0.1]],
    push: ["push", "push, what the input adds at each step", [-2, 2, 0.05]],
    begin: ["start", "start, the first state", [-1, 1, 0.05]],
    bias: ["forget b", "bias of a forget gate, for comparison", [-1, 8, 0.1]],
  };
  const made = Object.entries(names).map(([key, [name, spoken, limits]]) => {
    const one = slider(panel, name, spoken, limits, state[key], () => {
      state[key] = Number(one.input.value);
      redraw();
    });
    return () => one.put(state[key]);
  });
  button(make("div", root, { class: "tries" }), "Start again", () => {
    Object.assign(state, data.start);
    made.forEach((put) => put());
    redraw();
  });

  function redraw() {
    const next = (now) => Math.tanh(state.u * now + state.push);
    picture.clear();
    picture.line(curve((now) => now, -1.2, 1.2, 1), "#566070", "1 4", 1.5);
    picture.word(-1.08, -1.14, "next = now", { fill: "#566070" });
    const [other, own] = data.colours;
    picture.line(curve((now) => Math.tanh(data.other * now), -1.2, 1.2), other, data.dashes[0]);
    picture.word(0.74, Math.tanh(data.other * 0.74) - 0.2, `u = ${plainNumber(data.other)}`, {
      fill: other,
      "font-weight": "bold",
    });
    picture.line(curve(next, -1.2, 1.2), own, data.dashes[1], 3);
    picture.word(-1.15, next(-1.15) + 0.08, `u = ${plainNumber(state.u)}`, {
      fill: own,
      "font-weight": "bold",
    });
    const states = [state.begin];
    range(STEPS_SHOWN).forEach(() => states.push(next(states[states.length - 1])));
    const stairs = [[state.begin, state.begin]];
    states.slice(1).forEach((now, k) => stairs.push([states[k], now], [now, now]));
    picture.line(stairs, "#1b2430", "", 1.2);
    picture.dot(state.begin, state.begin, "#1b2430", "#1b2430", 3.5);
    const rests = restsOf(next);
    for (const { at, holds } of rests) picture.dot(at, at, holds ? own : "#ffffff", own, 6);
    const holding = rests.filter(({ holds }) => holds).map(({ at }) => two(at));
    const all = rests.map(({ at }) => two(at)).join(", ");
    told.textContent =
      `It rests at ${all}; ${holding.length ? `states nearby come back to ${holding.join(" and ")}` : "no state comes back"}. ` +
      `From ${two(state.begin)}, ${STEPS_SHOWN} steps lead to ${two(states[STEPS_SHOWN])}.`;
    const [half, tenth] = [0.5, 0.1].map((share) => Math.round(reachOf(state.bias, share)));
    gate.textContent =
      `For comparison: a forget gate with bias ${two(state.bias)} lets ${sigmoid(state.bias).toFixed(4)} through at each step, ` +
      `so half is left after ${half} and a tenth after ${tenth} steps.`;
    say(`${told.textContent} ${gate.textContent}`);
  }
  redraw();
}
