"use strict";
// The reader's script. It reads the articles that stand in the page and the items of the element `data`, and writes
// text only as text. Offsets are code points in the raw page; marks are drawn over the text, which stays as it is.
document.documentElement.classList.add("js");
try {
  // Light or dark as it was chosen for the site's other pages; else as the system has it.
  document.documentElement.dataset.theme = localStorage.getItem("mode") ?? "auto";
} catch { /* no storage: as the system has it */ }

document.addEventListener("DOMContentLoaded", () => {
  const MOST = 5, COLUMN = 230, TOOLS = 350, ROWS = 300, LISTED = 50;
  const LAYERS = ["speaker", "entity", "number", "date", "term", "fact"];
  const VOICES = ["own", "attributed", "quoted"];
  const SIGNS = { states: "●", attributed: "○", contradicts: "✕", not_found: "–" };
  const $ = (id) => document.getElementById(id);
  const { docs, kinds, words: WORDS } = JSON.parse($("data").textContent);
  const articles = [...document.querySelectorAll("main > article")];
  const wide = matchMedia("(min-width: 48em) and (min-height: 26em)");
  const state = { shown: [], current: 0, kind: kinds[0] ?? null, item: null, places: [], place: -1, span: null };
  const layers = new Set();

  // ---- small helpers

  function make(tag, properties = {}, ...children) {
    const { data: dataset = {}, ...own } = properties;
    const element = Object.assign(document.createElement(tag), own);
    Object.assign(element.dataset, dataset);
    element.append(...children);
    return element;
  }

  const unseen = (text) => make("span", { className: "unseen" }, text);
  // The page's own words, in its language, with what belongs into them.
  const tell = (name, values = {}) => WORDS[name].replace(/{(\w+)}/g, (_, key) => values[key]);
  const counted = (n) => (n ? tell(n === 1 ? "place" : "places", { n }) : WORDS.not_found);
  const inDoc = (item, d) => item.at.filter((at) => at[0] === d);

  function say(text, isProblem = false) {
    $("said").textContent = text;
    $("said").classList.toggle("problem", isProblem);
  }

  function count(text) {
    return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
  }

  // ---- from offsets to the text in the page

  const cache = new Map();

  // The text nodes of an article, each with its first code point; a character written out counts as the one it is.
  function nodes(d) {
    if (!cache.has(d)) {
      const found = [];
      for (const block of articles[d].querySelectorAll("[data-at]")) {
        const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        let at = Number(block.dataset.at);
        while (walk.nextNode()) {
          const node = walk.currentNode, isOne = node.parentElement.className === "u";
          const n = isOne ? 1 : count(node.data);
          found.push({ node, at, end: at + n, isOne });
          at += n;
        }
      }
      cache.set(d, found);
    }
    return cache.get(d);
  }

  // Where an offset stands; between two blocks, a start moves on to the next and an end back to the last.
  function point(d, offset, isEnd) {
    const list = nodes(d);
    let low = 0, high = list.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle].end < offset || (!isEnd && list[middle].end === offset)) low = middle + 1;
      else high = middle;
    }
    if (isEnd && low > 0 && list[low].at >= offset) low -= 1;
    const { node, at, end, isOne } = list[low];
    const n = Math.min(Math.max(offset, at), end) - at;
    if (isOne) return [node, n ? node.length : 0];
    return [node, node.length === end - at ? n : [...node.data].slice(0, n).join("").length];
  }

  function range([d, start, end]) {
    const found = new Range();
    found.setStart(...point(d, start, false));
    found.setEnd(...point(d, end, true));
    return found;
  }

  function reveal(at) {
    const [d, start, end] = at;
    const found = range(at);
    if (found.startContainer.parentElement.closest(".furniture")) $("furniture").checked = true;
    if (wide.matches) articles[d].scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const box = wide.matches ? articles[d] : document.scrollingElement;
    const rect = found.getClientRects()[0];
    if (!rect) return;
    const top = wide.matches ? box.getBoundingClientRect().top : 0;
    box.scrollBy({ top: rect.top - top - box.clientHeight * 0.35, behavior: "instant" });
  }

  // ---- marks

  function sorted(item, kind, at) {
    if (kind.key === "term") return `term-${VOICES.includes(at[4]) ? at[4] : "own"}`;
    if (kind.key !== "speaker") return kind.key;
    return `speaker-${(kind.items.indexOf(item) % 5) + 1}`;
  }

  function paint() {
    for (const old of document.querySelectorAll(".found, .current-sentence")) old.classList.remove("found", "current-sentence");
    const marks = new Map();
    const add = (name, at) => {
      if (!state.shown.includes(at[0])) return;
      if (!marks.has(name)) marks.set(name, []);
      marks.get(name).push(at);
    };
    for (const kind of kinds.filter((one) => layers.has(one.key))) {
      for (const item of kind.items) for (const at of item.at) add(sorted(item, kind, at), at);
    }
    for (const at of state.places) add("found", at);
    if (state.span) add("current", state.span);
    if (!CSS.highlights) {
      for (const at of marks.get("found") ?? []) sentenceAt(at)?.classList.add("found");
      if (state.span) sentenceAt(state.span)?.classList.add("current-sentence");
      return;
    }
    CSS.highlights.clear();
    for (const [name, places] of marks) {
      const highlight = new Highlight(...places.map(range));
      highlight.priority = { found: 8, current: 9 }[name] ?? 0;
      CSS.highlights.set(name, highlight);
    }
  }

  const sentenceAt = (at) => point(at[0], at[1], false)[0].parentElement.closest(".s, [data-at]");

  // ---- columns

  function fitting() {
    return wide.matches ? Math.min(MOST, Math.max(2, Math.floor((innerWidth - TOOLS) / COLUMN))) : MOST;
  }

  // Show articles, always in the corpus's order; fewer than two are filled up with the first others.
  function show(chosen) {
    const wanted = [...new Set(chosen)].slice(0, MOST);
    for (let d = 0; wanted.length < fitting() && chosen.length < 2 && d < docs.length; d += 1) {
      if (!wanted.includes(d)) wanted.push(d);
    }
    state.shown = wanted.sort((a, b) => a - b);
    if (!state.shown.includes(state.current)) state.current = state.shown[0];
    articles.forEach((article, d) => article.classList.toggle("shown", state.shown.includes(d)));
    for (const box of $("docs").querySelectorAll("input")) {
      box.checked = state.shown.includes(Number(box.value));
      box.disabled = !box.checked && state.shown.length >= MOST;
    }
    const n = tell("of", { n: state.shown.length, all: docs.length });
    $("docs-box").querySelector("summary").textContent = `${WORDS.articles} (${n})`;
    place();
    draw();
  }

  // Bring an article in, in place of the last one if five are there.
  function bring(d) {
    if (state.shown.includes(d)) return;
    show([...state.shown.slice(0, MOST - 1), d]);
  }

  function face(d) {
    state.current = d;
    articles.forEach((article, n) => article.classList.toggle("current", n === d));
    drawSwitch();
  }

  // ---- what is chosen

  function place() {
    state.places = state.item ? state.item.at.filter((at) => state.shown.includes(at[0])) : [];
    state.place = state.places.findIndex((at) => state.span && at.slice(0, 3).join() === state.span.slice(0, 3).join());
  }

  function choose(kind, item) {
    Object.assign(state, { kind, item, span: null });
    place();
    if (kind) $("kind").value = kind.key;
    draw();
    for (const d of state.shown) {
      const first = state.places.find((at) => at[0] === d);
      if (first) reveal(first);
    }
    if (!wide.matches && state.places.length) {
      const own = state.places.find((at) => at[0] === state.current) ?? state.places[0];
      face(own[0]);
      reveal(own);
    }
    say(`${item.label}: ${state.shown.map((d) => `${docs[d].name}, ${counted(inDoc(item, d).length)}`).join("; ")}.`);
  }

  function clear() {
    Object.assign(state, { item: null, places: [], place: -1, span: null });
    draw();
    say(WORDS.cleared);
  }

  // Go to one place, of the item chosen or of a link.
  function go(at) {
    bring(at[0]);
    state.span = at;
    place();
    face(at[0]);
    draw();
    reveal(at);
    const own = state.places.filter((one) => one[0] === at[0]);
    const where = state.place < 0 ? "" : `, ${tell("of", { n: own.indexOf(state.places[state.place]) + 1, all: own.length })}`;
    say(`${docs[at[0]].name}${where}: ${range(at)}${at[3] ? ` (${at[3]})` : ""}`);
  }

  function step(by, d = null) {
    const own = d === null ? state.places : state.places.filter((at) => at[0] === d);
    if (!own.length) return;
    const here = own.indexOf(state.places[state.place]);
    go(own[here < 0 ? (by > 0 ? 0 : own.length - 1) : (here + by + own.length) % own.length]);
  }

  // ---- drawing

  function draw() {
    paint();
    drawMatrix();
    drawDetail();
    drawColumns();
    drawSwitch();
    if (!isWriting) queueMicrotask(write);  // once, however much is drawn
    isWriting = true;
  }

  function cell(item, d) {
    const [status, note] = item.cells?.[d] ?? [];
    const n = inDoc(item, d).length;
    if (!item.cells) return { sign: n || "–", brief: counted(n), words: counted(n) };
    const name = status in SIGNS ? status : "not_found", brief = WORDS[name];
    return { sign: SIGNS[name], brief, words: brief + (note ? ` (${note})` : "") };
  }

  function drawMatrix() {
    const focused = document.activeElement?.dataset?.item;
    const needle = $("filter").value.trim().toLocaleLowerCase();
    const all = state.kind?.items ?? [];
    const items = all.filter((item) => item.label.toLocaleLowerCase().includes(needle));
    $("filtered").hidden = all.length < 12 && !needle;
    const head = make("tr", {}, make("th", { scope: "col" }, state.kind ? state.kind.name : WORDS.nothing));
    for (const d of state.shown) head.append(make("th", { scope: "col", title: docs[d].name }, String(d + 1), unseen(` ${docs[d].name}`)));
    const body = make("tbody");
    for (const item of items.slice(0, ROWS)) {
      const button = make("button", { type: "button", data: { item: item.id } }, item.label);
      button.setAttribute("aria-pressed", String(item === state.item));
      const row = make("tr", {}, make("th", { scope: "row" }, button));
      for (const d of state.shown) {
        const { sign, words } = cell(item, d);
        const shown = make("span", {}, String(sign));
        shown.setAttribute("aria-hidden", "true");
        row.append(make("td", { title: `${docs[d].name}: ${words}`, data: { d } }, shown, unseen(words)));
      }
      body.append(row);
    }
    const top = $("matrix").scrollTop;
    $("matrix").replaceChildren(make("table", {}, make("thead", {}, head), body));
    $("matrix").scrollTop = top;
    const more = items.length > ROWS ? ` ${tell("more_items", { n: items.length - ROWS })}` : "";
    const key = state.kind?.key === "fact" ? WORDS.key_facts : WORDS.key;
    $("key").textContent = key + more;
    if (focused !== undefined) [...body.querySelectorAll("button")].find((b) => b.dataset.item === focused)?.focus({ preventScroll: true });
  }

  function drawDetail() {
    const { item, span } = state;
    const parts = [];
    if (item) {
      const found = new Set(item.at.map((at) => at[0]));
      parts.push(make("h2", {}, item.label));
      if (item.about) parts.push(make("p", {}, item.about));
      const list = make("ul");
      const listed = new Set([...state.shown, ...[...found].slice(0, LISTED)]);
      for (const d of [...listed].sort((a, b) => a - b)) {
        const text = `${d + 1} ${docs[d].name}: ${found.has(d) ? counted(inDoc(item, d).length) : ""}`;
        const { words } = cell(item, d);
        const said = item.cells ? (found.has(d) ? `, ${words}` : words) : found.has(d) ? "" : WORDS.not_found;
        const one = found.has(d) ? make("button", { type: "button", data: { to: d } }, text) : text;
        list.append(make("li", {}, one, said));
      }
      const more = [...found].filter((d) => !listed.has(d)).length;
      if (more) list.append(make("li", {}, tell("more_found", { n: more })));
      const silent = docs.length - listed.size - more;
      if (silent) list.append(make("li", {}, tell(silent === 1 ? "more_silent" : "more_silents", { n: silent })));
      parts.push(list);
    }
    if (span) {
      const own = range(span), also = make("ul");
      for (const kind of kinds) {
        for (const one of kind.items) {
          const at = one.at.find((p) => p[0] === span[0] && p[1] < span[2] && span[1] < p[2]);
          if (!at || one === item) continue;
          const button = make("button", { type: "button", data: { kind: kind.key, id: one.id } }, one.label);
          also.append(make("li", {}, `${kind.name}: `, button, at[3] ? ` (${at[3]})` : ""));
        }
      }
      parts.push(make("h3", {}, tell("in_article", { name: docs[span[0]].name })), make("blockquote", {}, own.toString()));
      if (span[3]) parts.push(make("p", {}, span[3]));
      if (also.childElementCount) parts.push(make("h3", {}, WORDS.also), also);
    }
    if (parts.length) parts.push(make("p", {}, make("button", { type: "button", id: "clear" }, WORDS.clear)));
    $("detail").replaceChildren(...parts);
    $("detail").hidden = !parts.length;
  }

  function drawColumns() {
    const { item } = state;
    for (const d of state.shown) {
      const status = articles[d].querySelector(".status");
      status.hidden = !item;
      if (!item) { status.replaceChildren(); continue; }
      const own = state.places.filter((at) => at[0] === d);
      const here = own.indexOf(state.places[state.place]);
      const { brief, words } = cell(item, d);
      const where = here < 0 ? counted(own.length) : tell("of", { n: here + 1, all: own.length });
      const text = !own.length ? words : item.cells ? `${brief}: ${where}` : where;
      status.classList.toggle("none", !own.length);
      const buttons = [["◀", "previous_in", -1], ["▶", "next_in", 1]].map(([sign, name, by]) => {
        const button = make("button", { type: "button", data: { by, d } }, sign);
        button.setAttribute("aria-label", tell(name, { name: docs[d].name }));
        return button;
      });
      const focused = status.contains(document.activeElement) ? document.activeElement.dataset.by : null;
      status.replaceChildren(make("span", {}, text), ...(own.length ? buttons : []));
      if (focused) status.querySelector(`[data-by="${focused}"]`)?.focus({ preventScroll: true });
    }
  }

  function drawSwitch() {
    const focused = $("switch").contains(document.activeElement);
    $("switch").replaceChildren(...state.shown.map((d) => {
      const n = state.item ? [make("span", {}, String(inDoc(state.item, d).length || "–"))] : [];
      const name = make("span", { className: "name" }, `${d + 1} ${docs[d].name}`);
      const button = make("button", { type: "button", data: { face: d }, title: docs[d].name }, name, ...n);
      button.setAttribute("aria-pressed", String(d === state.current));
      return button;
    }));
    articles.forEach((article, d) => article.classList.toggle("current", d === state.current));
    const own = $("switch").querySelector('[aria-pressed="true"]');
    if (own) $("switch").scrollLeft = own.offsetLeft - $("switch").offsetLeft - 16;
    if (focused) own?.focus({ preventScroll: true });
  }

  // ---- the address: what is shown and chosen, so that it can be given to somebody

  let isWriting = false;

  function write() {
    isWriting = false;
    const isLinked = state.item?.isLinked;
    const named = isLinked ? new Set([...state.shown, ...state.item.at.map((at) => at[0])]) : state.shown;
    const parts = [...named].map((d) => {
      const own = isLinked ? inDoc(state.item, d) : state.span?.[0] === d ? [state.span] : [];
      const at = own.length ? `&span=${own.map((one) => `${one[1]}-${one[2]}`).join(",")}` : "";
      return `doc=${encodeURIComponent(docs[d].id)}${at}`;
    });
    if (state.item && !isLinked) parts.push(`${state.kind.key}=${encodeURIComponent(state.item.id)}`);
    try { history.replaceState(null, "", `#${parts.join("&")}`); } catch { /* browsers allow only so many at a time */ }
  }

  function decoded(text) {
    try { return decodeURIComponent(text); } catch { return text; }
  }

  function read() {
    const chosen = [], missing = [], spans = [];
    let found = null;
    for (const part of location.hash.slice(1).split("&").filter(Boolean)) {
      const cut = part.indexOf("="), key = part.slice(0, cut), value = decoded(part.slice(cut + 1));
      const kind = kinds.find((one) => one.key === key);
      const item = kind?.items.find((one) => one.id === value);
      const d = key === "doc" ? docs.findIndex((doc) => doc.id === value) : -1;
      const ends = key === "span" && chosen.length ? value.split(",").map((one) => /^(\d+)-(\d+)$/.exec(one)) : [null];
      if (d >= 0) chosen.push(d);
      else if (ends.every((one) => one && Number(one[1]) < Number(one[2]))) {
        spans.push(...ends.map((one) => [chosen.at(-1), Number(one[1]), Number(one[2]), ""]));
      } else if (item) found = [kind, item];
      else missing.push(`${key} ${value}`);
    }
    const span = spans.length === 1 ? spans[0] : null;
    if (spans.length > 1) found = [state.kind, { label: WORDS.linked, at: spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]), isLinked: true }];
    Object.assign(state, { item: null, span: null, current: chosen[0] ?? state.current });
    show(chosen);
    if (found) choose(...found);
    if (span) go(found?.[1].at.find((at) => at.slice(0, 3).join() === span.join()) ?? span);
    if (missing.length) say(tell("not_here", { what: missing.join("; ") }), true);
  }

  // ---- setting up

  for (const kind of kinds) $("kind").append(make("option", { value: kind.key }, `${kind.name} (${kind.items.length})`));
  for (const key of LAYERS) {
    const kind = kinds.find((one) => one.key === key);
    if (!kind) continue;
    const box = make("input", { type: "checkbox", value: key });
    const signs = key === "term" ? VOICES.map((voice) => make("span", { className: `swatch term-${voice}` }, WORDS.values[voice])) : [make("span", { className: `swatch ${key}` }, "abc")];
    $("layers").append(make("label", {}, box, ` ${WORDS.marks[key]} `, ...signs));
  }
  for (const [d, doc] of docs.entries()) {
    $("docs").append(make("label", {}, make("input", { type: "checkbox", value: d }), ` ${d + 1} ${doc.name}`));
    articles[d].tabIndex = 0;
    articles[d].querySelector("header").append(make("p", { className: "status", hidden: true }));
  }
  $("layers-box").hidden = !$("layers").querySelector("input");
  if (!wide.matches) for (const box of $("tools").querySelectorAll("details")) box.open = false;

  $("kind").addEventListener("change", () => {
    $("filter").value = "";
    state.kind = kinds.find((one) => one.key === $("kind").value);
    drawMatrix();
  });
  $("filter").addEventListener("input", drawMatrix);
  $("layers").addEventListener("change", (event) => {
    layers[event.target.checked ? "add" : "delete"](event.target.value);
    document.documentElement.classList.toggle("speakers", layers.has("speaker"));
    paint();
  });
  $("docs").addEventListener("change", () => {
    const chosen = [...$("docs").querySelectorAll("input:checked")].map((box) => Number(box.value));
    show(chosen.length ? chosen : [state.current]);
    say(tell("side_by_side", { n: state.shown.length }));
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, td, .s");
    const own = target?.dataset ?? {};
    if (own.item !== undefined) {
      const item = state.kind.items.find((one) => one.id === own.item);
      if (item === state.item) clear();
      else choose(state.kind, item);
      if (!wide.matches && state.item) $("evidence").open = false;
    } else if (target?.matches("td")) {
      const item = state.kind.items.find((one) => one.id === target.parentElement.querySelector("button").dataset.item);
      choose(state.kind, item);
      step(1, Number(own.d));
    } else if (own.to !== undefined) go(inDoc(state.item, Number(own.to))[0]);
    else if (own.by !== undefined) step(Number(own.by), Number(own.d));
    else if (own.face !== undefined) {
      face(Number(own.face));
      const first = state.places.find((at) => at[0] === state.current);
      if (first) reveal(first);
    } else if (own.kind !== undefined) {
      const kind = kinds.find((one) => one.key === own.kind), span = state.span;
      choose(kind, kind.items.find((one) => one.id === own.id));
      go(state.places.find((at) => at[0] === span[0] && at[1] < span[2] && span[1] < at[2]));
    } else if (target?.id === "clear") clear();
    else if (target?.matches(".s") && getSelection().isCollapsed) {
      const [, d, start, end] = /^doc=(.*)&span=(\d+)-(\d+)$/.exec(target.id);
      go([docs.findIndex((doc) => doc.id === decoded(d)), Number(start), Number(end)]);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=search], select")) return;
    const button = event.target.closest("#matrix button");
    if (button && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const all = [...$("matrix").querySelectorAll("button")];
      all[all.indexOf(button) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
      event.preventDefault();
    } else if (!$("keys").checked) return;
    else if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "Escape" && (state.item || state.span)) clear();
  });

  addEventListener("hashchange", read);
  wide.addEventListener("change", draw);
  read();
});
