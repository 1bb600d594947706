// The player of an animation: one picture, patches of what changes, and three buttons.
// It never starts by itself, which is what readers who ask for less motion need.

function player(root, film) {
  const above = takeOver(root, film, true), last = film.names.length - 1;
  // On a phone the picture keeps a size at which it can be read, and is moved sideways.
  const window = make("div", root, { class: "window", tabindex: 0, role: "group", "aria-label": "Picture" });
  const size = `max-width:${film.width}px;min-width:${Math.min(film.width, 640)}px`;
  const stage = make("div", window, { style: `position:relative;${size}` });
  const still = above ? stage.appendChild(above) : make("img", stage, { src: film.still });
  still.style.cssText = "width:100%;height:auto;display:block;margin:0;padding:0";
  const inset = "position:absolute;inset:0;background-size:100% 100%";
  const patch = make("div", stage, { style: inset });
  const bar = make("div", root, { role: "group", "aria-label": "Animation" });
  const words = make("div", root, { "aria-live": "polite" });
  const place = make("strong", words), note = make("div", words);
  let now = 0, timer = 0;
  const show = (k) => {
    now = k;
    still.alt = film.alts[k];
    patch.style.backgroundImage = film.patches[k] ? `url(${film.patches[k]})` : "none";
    place.textContent = `${k + 1} of ${last + 1}: ${film.names[k]}`;
    note.textContent = film.notes[k];
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
  const step = (by) => () => { pause(); show(now + by); };
  const back = button(bar, "Back", step(-1));
  const play = button(bar, "Play", () => (timer ? pause() : start()));
  const next = button(bar, "Next", step(1));
  show(0);
}
