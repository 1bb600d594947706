// The player of an animation: drawings one after another, and three buttons.
// It never starts by itself, which is what readers who ask for less motion need.

function player(root, film) {
  takeOver(root, film);
  const last = film.names.length - 1,
    [width, height] = film.size;
  // On a phone the picture keeps a size at which it can be read, and is moved sideways.
  make("div", root, { class: "title" }, film.title);
  const view = make("div", root, {
    class: "window",
    tabindex: 0,
    role: "group",
    "aria-label": "Picture",
  });
  const size = `max-width:${width * INCH}px;min-width:${Math.min(width * INCH, 680)}px`;
  const look = { viewBox: `0 0 ${width * INCH} ${height * INCH}`, role: "img", style: size };
  const drawings = film.frames.map((pieces) => {
    const drawing = make("svg", view, look);
    drawPieces(drawing, pieces, height);
    return drawing;
  });
  const bar = make("div", root, { role: "group", "aria-label": "Animation" });
  const words = make("div", root, { "aria-live": "polite" });
  const place = make("strong", words);
  // All notes lie on one another, so that the tallest holds the room for each.
  const pile = make("div", words, { class: "pile" }),
    notes = film.notes.map((note) => make("div", pile, {}, note));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let now = 0,
    timer = 0;
  const show = (k) => {
    now = k;
    drawings.forEach((drawing, at) => {
      drawing.style.display = at === k ? "block" : "none";
    });
    drawings[k].setAttribute("aria-label", k ? film.notes[k] : film.caption);
    place.textContent = `${k + 1} of ${last + 1}: ${film.names[k]}`;
    notes.forEach((note, at) => note.classList.toggle("now", at === k));
    const middle = film.middles[k];
    if (middle) {
      const left = (middle / width) * view.scrollWidth - view.clientWidth / 2;
      view.scrollTo({ left, behavior: calm.matches ? "auto" : "smooth" });
    }
    back.disabled = k === 0;
    next.disabled = k === last;
  };
  const pause = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    words.setAttribute("aria-live", "polite");
  };
  const start = () => {
    words.setAttribute("aria-live", "off");
    play.textContent = "Pause";
    show(now === last ? 0 : now + 1);
    timer = setInterval(() => {
      if (!root.isConnected || now === last) return pause();
      show(now + 1);
      if (now === last) pause();
    }, film.milliseconds);
    if (now === last) pause();
  };
  const step = (by) => () => {
    pause();
    show(now + by);
  };
  const back = button(bar, "Back", step(-1));
  const play = button(bar, "Play", () => (timer ? pause() : start()));
  const next = button(bar, "Next", step(1));
  show(0);
}
