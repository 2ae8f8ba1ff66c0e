// The store display: asks the hub every few seconds, and never shows a wait that is too old.
//
// Laws of this page
// 1. How old a wait is, the hub says; from then on the time that passed here is added. What clock
//    the television believes in does not matter.
// 2. A wait goes when it is older than it may be, or when the hub was not heard for as long as the
//    store's notices are fresh, whatever else happens. No wait is kept over a reload.
// 3. Nothing is added to the page but when the lines or languages change: it runs for months.
(() => {
  "use strict";
  const PACE = 3000; // between two questions
  const SLOWEST = 30000; // a hub that is away is asked so often
  const PATIENCE = 8000; // for one answer
  const QUIET = 12000; // not heard for so long: whoever reads is told, though the waits still stand
  const TURN = 9000; // each language: a line of figures is read twice in half of it
  const SLEPT = 30000; // the clocks differ by this: the television slept, or its clock was set
  const MOST = 12; // lines at once; more of them take turns
  const RELOADS = 600000; // a new version of the page is loaded at most so often

  const data = document.body.dataset;
  const words = JSON.parse(data.words);
  const names = JSON.parse(data.names);
  const directions = JSON.parse(data.directions);
  const portrait = matchMedia("(orientation: portrait)");
  const root = document.documentElement;
  const stage = document.getElementById("stage");
  const here = location.pathname.replace(/\/+$/, "");
  const MEMORY = `semblante ${here}`;

  let screen = { ...JSON.parse(data.kept), lines: [], wording: "about", fresh_ms: 0, stands_ms: 0 };
  let heard = null; // when the hub was asked what it answered last, by the time that passes here
  let since = remembered(); // the hub's time then, also of an earlier life of this page
  let gone = false; // this address opens nothing any more
  let failures = 0;
  let timer = 0;
  let asking = false;
  let kept = false;
  let faces = [];
  let built = "";
  let shown = -1;
  let turned = performance.now();
  let fitting = false; // something on the page has another size
  let drift = Date.now() - performance.now();
  const formats = new Map();

  // ── asking ─────────────────────────────────────────────────────────────────────────────────

  async function ask() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    const asked = performance.now();
    const ended = new AbortController();
    const patience = setTimeout(() => ended.abort(), PATIENCE);
    try {
      const answer = await fetch(`${here}/now`, { cache: "no-store", signal: ended.signal });
      if (answer.status === 404) gone = true;
      else if (!answer.ok) throw new Error(String(answer.status));
      else hear(await answer.json(), asked);
      failures = 0;
    } catch (fault) {
      failures += 1;
    }
    clearTimeout(patience);
    asking = false;
    timer = setTimeout(ask, pause());
    show();
  }

  function pause() {
    if (gone) return SLOWEST;
    const longest = Math.min(SLOWEST, PACE * 2 ** Math.min(failures, 4));
    return failures ? longest * (0.5 + Math.random() / 2) : PACE; // not all displays at once
  }

  function hear(told, asked) {
    const known = told.languages.filter((one) => words[one]); // a newer hub may speak others
    const whole = Array.isArray(told.lines) && told.fresh_ms > 0 && told.now > 0;
    if (!whole) throw new Error("no answer of the hub's"); // somebody between it and us spoke
    gone = false;
    screen = { ...told, languages: known.length ? known : ["en"] };
    heard = asked;
    remember(told.now);
    if (told.build !== data.build) renew();
    else if (!kept) keep();
  }

  function remembered() {
    try {
      return Number(localStorage.getItem(MEMORY)) || null;
    } catch (fault) {
      return null;
    }
  }

  function remember(now) {
    const minute = (at) => Math.floor((at || 0) / 60000);
    const news = minute(now) !== minute(since);
    since = now;
    if (!news) return; // once a minute is enough for “since 14:05”, and spares the memory
    try {
      localStorage.setItem(MEMORY, String(now));
    } catch (fault) {
      // A browser that remembers nothing says less after a reload.
    }
  }

  function renew() {
    try {
      const last = Number(sessionStorage.getItem(MEMORY)) || 0;
      if (Math.abs(Date.now() - last) < RELOADS) return;
      sessionStorage.setItem(MEMORY, String(Date.now()));
      location.reload();
    } catch (fault) {
      // Who may not remember when it was loaded could load for ever: so it stays.
    }
  }

  // ── for when the hub is away: the page and its files stay in the browser ──────────────────

  async function keep() {
    if (!navigator.serviceWorker || !window.caches) return; // plain http: see docs/display.md
    kept = true;
    try {
      await navigator.serviceWorker.register("/display/worker.js");
      const files = [...document.querySelectorAll("link[href], script[src]")];
      const needed = [location.href, ...files.map((one) => one.href || one.src)];
      const cache = await caches.open("display");
      const there = (await cache.keys()).map((one) => one.url);
      await cache.addAll(needed.filter((one) => !there.includes(one)));
      const old = there.filter((one) => one.includes("/static/") && !needed.includes(one));
      await Promise.all(old.map((one) => cache.delete(one)));
      root.dataset.kept = "yes";
    } catch (fault) {
      kept = false; // next time
    }
  }

  // ── the page ───────────────────────────────────────────────────────────────────────────────

  function copy(name) {
    return document.getElementById(name).content.firstElementChild.cloneNode(true);
  }

  function build() {
    const lines = screen.lines.map((line) => [line.id, line.name]);
    const wanted = JSON.stringify([screen.languages, lines, portrait.matches]);
    if (wanted === built) return;
    built = wanted;
    faces = [];
    const parts = Math.max(1, Math.ceil(screen.lines.length / MOST));
    const size = Math.ceil(screen.lines.length / parts);
    for (let part = 0; part < parts; part += 1) {
      for (const language of screen.languages) faces.push(face(language, part * size, size));
    }
    stage.replaceChildren(...faces.map((one) => one.node));
    shown = -1;
    turn();
  }

  function face(language, first, size) {
    const node = copy("face");
    const find = (name) => node.querySelector(`.${name}`);
    const rows = screen.lines.slice(first, first + size).map(() => copy("line"));
    node.lang = language;
    node.dir = directions[language];
    find("lines").append(...rows);
    arrange(node, find("lines"), rows.length);
    find("title").textContent = words[language].title;
    find("back").textContent = words[language].back;
    if (screen.languages.length > 1) {
      for (const one of screen.languages) {
        const tongue = document.createElement("span");
        tongue.lang = one;
        tongue.textContent = names[one];
        if (one === language) tongue.className = "here";
        find("tongues").append(tongue);
      }
    }
    const parts = ["store", "clock", "said", "back", "away"].map((name) => [name, find(name)]);
    const apart = node.classList.contains("stacked");
    return { node, language, first, rows: rows.map((one) => row(one, apart)), ...Object.fromEntries(parts) };
  }

  function arrange(node, lines, count) {
    const upright = portrait.matches;
    const columns = count <= (upright ? 6 : 3) ? 1 : count <= 6 || upright ? 2 : 3;
    node.dataset.count = count;
    node.dataset.columns = columns;
    node.classList.toggle("upright", upright);
    node.classList.toggle("stacked", upright || columns > 1);
    node.classList.toggle("badged", count >= (upright ? 6 : 5) && columns === (upright ? 1 : 2));
    node.classList.toggle("roomy", upright && count > 1 && count <= 3);
    lines.style.setProperty("--columns", columns);
    lines.style.setProperty("--rows", Math.max(1, Math.ceil(count / columns)));
  }

  // A long name is written smaller, as far as it can still be read; then it ends in “…”.
  function fit() {
    fitting = false;
    let names = faces.flatMap((one) => one.rows.map((row) => row.name));
    for (let size = 1; size > 0.5 && names.length; size -= 0.1) {
      for (const name of names) name.style.setProperty("--fit", size.toFixed(1));
      names = names.filter((name) => name.scrollWidth > name.clientWidth);
    }
  }

  function row(node, apart) {
    const find = (name) => node.querySelector(name);
    return {
      node,
      apart, // name and wait stand in rows of their own
      name: find(".name"),
      flag: find(".flag > span"),
      before: find(".before"),
      number: find("b"),
      after: find(".after"),
      age: find(".age"),
    };
  }

  function turn() {
    const before = faces[shown];
    shown = (shown + 1) % faces.length;
    turned = performance.now();
    for (const one of faces) {
      one.node.classList.toggle("off", one === before);
      one.node.classList.toggle("on", one === faces[shown]);
      one.node.setAttribute("aria-hidden", String(one !== faces[shown]));
    }
    if (before === faces[shown]) before.node.classList.remove("off");
    root.lang = faces[shown].language;
  }

  // Whatever goes wrong here, no number may stay.
  function show() {
    try {
      paint(performance.now());
    } catch (fault) {
      heard = null;
      built = "";
      stage.replaceChildren();
      throw fault;
    }
  }

  function paint(at) {
    build();
    if (at - turned >= TURN && faces.length > 1) turn();
    root.classList.toggle("dark", dark());
    root.classList.toggle("calm", Boolean(screen.calm));
    const lost = gone || heard === null || at - heard > screen.fresh_ms;
    for (const one of faces) fill(one, at, lost);
    if (fitting) fit();
  }

  function dark() {
    const look = root.dataset.look;
    return look === "auto" ? Boolean(screen.dark) : look === "dark";
  }

  function fill(one, at, lost) {
    const said = words[one.language];
    const away = !lost && at - heard > QUIET;
    const bare = !lost && screen.lines.length === 0; // a store that tells no waits
    one.node.classList.toggle("lost", lost || bare);
    one.node.classList.toggle("bare", bare);
    put(one.store, screen.store);
    put(one.clock, heard === null ? "" : clock(one.language, screen.now + at - heard));
    const why = lost ? reason(one.language, at).replace(": ", ":\n") : "";
    put(one.said, bare ? said.unsure : why);
    one.back.hidden = gone;
    put(one.away, away ? said.away.replace("{time}", moment(one.language, at)) : "");
    one.rows.forEach((row, place) => {
      line(row, screen.lines[one.first + place], said, at, lost);
    });
  }

  function reason(language, at) {
    const said = words[language];
    if (gone) return said.gone;
    return since === null ? said.never : said.lost.replace("{time}", moment(language, at));
  }

  function line(row, told, said, at, lost) {
    const age = told.age_ms + at - (heard || 0);
    const stands = !lost && told.minutes !== null && age <= screen.stands_ms;
    const quickest = stands && told.quickest;
    row.node.classList.toggle("quickest", quickest);
    row.node.classList.toggle("none", !stands);
    fitting = put(row.name, told.name) || fitting;
    put(row.flag, quickest ? said.quickest : "");
    const closed = told.why === "closed" && !lost && age <= screen.stands_ms;
    wait(row, stands ? sentence(told.minutes, said) : closed ? said.closed : said.unsure);
    put(row.age, stands ? ago(age, said) : "");
  }

  function sentence(minutes, said) {
    const wording = minutes === 0 ? said.under : said[screen.wording] || said.about;
    return wording.replace("{minutes}", String(minutes));
  }

  // What stands in brackets is written large; without brackets all of it is said in one size.
  function wait(row, text) {
    const large = /^(.*?)\[(.*)\](.*)$/.exec(text);
    const before = put(row.before, large ? large[1].trim() : text);
    const number = put(row.number, large ? large[2] : "");
    const after = put(row.after, large ? large[3].trim() : "");
    if (before || number || after) fitting = fitting || !row.apart; // else it takes no room of the name
  }

  // In steps of five seconds, and never younger than it is: nobody reads a number that runs.
  function ago(age, said) {
    const seconds = Math.max(5, Math.ceil(age / 5000) * 5);
    if (seconds < 60) return said.seconds.replace("{seconds}", String(seconds));
    return said.minutes.replace("{minutes}", String(Math.floor(seconds / 60)));
  }

  function put(node, text) {
    if (node.textContent === text) return false;
    node.textContent = text;
    return true;
  }

  // ── times of day, as the store has them ────────────────────────────────────────────────────

  function clock(language, at, more = {}) {
    const name = `${language} ${Object.keys(more)} ${screen.zone}`;
    if (!formats.has(name)) {
      const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more };
      formats.set(name, format(`${language}-u-nu-latn`, options));
    }
    return formats.get(name).format(at);
  }

  function format(tongue, options) {
    try {
      return new Intl.DateTimeFormat(tongue, { ...options, timeZone: screen.zone });
    } catch (fault) {
      return new Intl.DateTimeFormat(tongue, { ...options, timeZone: "UTC", timeZoneName: "short" });
    }
  }

  // Where it may be another day (a life of this page later nobody knows), the day is said, too.
  function moment(language, at) {
    const long = heard === null || at - heard > 12 * 3600000;
    return clock(language, since, long ? { weekday: "short" } : {});
  }

  // ── time passes ────────────────────────────────────────────────────────────────────────────

  function beat() {
    const now = Date.now() - performance.now();
    if (now - drift > SLEPT) {
      heard = null; // for how long, nobody knows
      failures = 0;
      ask();
    }
    drift = now;
    show();
  }

  function resized() {
    fitting = true;
    show();
  }

  addEventListener("online", ask);
  addEventListener("resize", resized);
  document.fonts.ready.then(resized);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  setInterval(beat, 1000);
  ask();
  show();
})();
