// For pages that are ours: the site, the pages of a run, the slides. Ties each picture, or the
// live drawing in its place, to the long description that stands folded below it, and lets
// a reader enlarge a picture that is shown too small to be read, as on a phone. Answers of a
// quiz look like buttons, and get a colour once they are open, beside their sign and word.
(() => {
  "use strict";
  const SHARP = 2,
    LEAST = 0.75; // stored pixels for each one of full size; shares of full size
  const follows = (one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;

  function enlarge(picture) {
    const view = document.createElement("div"),
      button = document.createElement("button");
    view.className = "zoomed-view";
    button.type = "button";
    button.className = "zoom";
    picture.before(view, button);
    view.append(picture);
    let large = false;
    const fit = () => {
      const whole = picture.naturalWidth / SHARP;
      button.hidden = view.clientWidth >= LEAST * whole;
      large = large && !button.hidden;
      button.textContent = large ? "Show the whole picture" : "Enlarge the picture";
      Object.assign(
        picture.style,
        large
          ? { width: `${whole}px`, maxWidth: "none", height: "auto" }
          : { width: "", maxWidth: "", height: "" },
      );
      // What scrolls can be reached with the keyboard.
      if (large) view.tabIndex = 0;
      else view.removeAttribute("tabindex");
    };
    button.addEventListener("click", () => {
      large = !large;
      fit();
    });
    picture.addEventListener("load", fit);
    new ResizeObserver(fit).observe(view);
  }

  // The theme's folds of the contents are only an arrow.
  for (const fold of document.querySelectorAll("nav summary")) {
    fold.setAttribute(
      "aria-label",
      `Pages below ${fold.parentElement.parentElement.firstElementChild.textContent.trim()}`,
    );
  }
  const pictures = [...document.images].filter((one) => one.closest("main, .slides"));
  document.querySelectorAll("details").forEach((fold, k) => {
    const summary = fold.querySelector("summary"),
      text = fold.querySelector("p");
    const sign = text ? text.textContent[0] : "";
    if (sign === "\u2713" || sign === "\u2717")
      fold.className = `quiz ${sign === "\u2713" ? "right" : "wrong"}`;
    const picture = pictures.filter((one) => follows(one, fold)).pop();
    if (!picture || !text || summary.textContent.trim() !== "Description of the figure") return;
    text.id = `description-${k + 1}`;
    // Browsers read nothing out of a closed fold, but they do read what is hidden beside it.
    const unfold = () => {
      text.hidden = !fold.open;
    };
    fold.after(text);
    fold.addEventListener("toggle", unfold);
    unfold();
    const before = picture.previousElementSibling;
    const live = before && before.matches(".lstm-workshop-live") ? before : null;
    if (live) {
      live.setAttribute("role", "group");
      live.setAttribute("aria-label", "Live drawing");
    }
    (live || picture).setAttribute("aria-describedby", text.id);
    if (!live && !picture.closest(".slides")) enlarge(picture);
  });
})();
