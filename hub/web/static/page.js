// The little that pages do by themselves; everything works without it, less comfortably.
(() => {
  "use strict";
  document.documentElement.classList.add("script");

  const button = document.querySelector(".menu-button");
  const menu = document.getElementById("menu");
  if (button && menu) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = menu.classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
    });
  }

  for (const form of document.querySelectorAll("[data-submits-itself]")) {
    const field = form.querySelector("input");
    field.addEventListener("change", () => field.value && form.submit());
    field.addEventListener("click", () => field.showPicker && field.showPicker());
  }

  for (const image of document.querySelectorAll("img[data-otherwise]")) {
    const tell = () => {
      image.hidden = true;
      document.getElementById(image.dataset.otherwise).hidden = false;
    };
    if (image.complete && !image.naturalWidth) tell();
    image.addEventListener("error", tell);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.store-picker[open], details.export[open]")) {
      open.removeAttribute("open");
      open.querySelector("summary").focus();
    }
  });

  // What is ticked stays ticked when the list is drawn anew.
  const ticked = new Set();
  const again = () => {
    for (const box of document.querySelectorAll("input[name=kiosk][type=checkbox]")) box.checked = ticked.has(box.value);
  };
  const note = (box) => (box.checked ? ticked.add(box.value) : ticked.delete(box.value));
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches?.("input[name=kiosk][type=checkbox]")) note(box);
    if (!box.dataset?.checksAll) return;
    for (const one of document.querySelectorAll(`input[name="${box.dataset.checksAll}"][type=checkbox]`)) {
      one.checked = box.checked;
      note(one);
    }
  });
  for (const button of document.querySelectorAll("[data-prints]")) button.addEventListener("click", () => print());

  // Live: whoever reads must know when the figures no longer move. A beat comes every 15 s.
  const live = document.getElementById("live");
  if (!live) return;
  const text = live.querySelector(".live-text");
  const PATIENCE = 35000; // two beats and some
  let timer = 0;
  const tell = (lost) => {
    if (live.classList.contains("lost") === lost) return;
    live.classList.toggle("lost", lost);
    text.textContent = lost ? live.dataset.lost : live.dataset.live;
  };
  const alive = () => {
    tell(false);
    clearTimeout(timer);
    timer = setTimeout(() => tell(true), PATIENCE);
  };
  const refused = (status) => {
    tell(true);
    if (status === 401) location.reload();
  };
  for (const name of ["htmx:sse:after:connection", "htmx:sse:after:message", "beat"]) {
    live.addEventListener(name, alive);
  }
  // Of the first connection htmx tells as of any request, of the later ones as of a stream.
  live.addEventListener("htmx:sse:error", (event) => refused(event.detail?.status));
  live.addEventListener("htmx:response:error", (event) => refused(event.detail?.ctx?.response?.status));
  live.addEventListener("htmx:sse:after:message", () => requestAnimationFrame(again));
  live.addEventListener("signed-out", () => location.reload());
  alive();
})();
