// The preview's page. What it shows comes as JSON: from the server, again on every save, or from the page itself where
// that was exported. Only the open card is rendered; the list holds a line a card.
"use strict";

const $ = (id) => document.getElementById(id);
const VIEWS = ["cards", "plan", "findings", "cheatsheet", "matrix"];
const FILTERS = ["topic", "kind", "level", "findings", "fate"];
const HEADING = 50; // pixels at the top of the list, where the topic stays
const FATES = ["new", "back", "reworded", "moved", "edited", "unchanged", "retired"];
const exported = $("data") ? JSON.parse($("data").textContent) : null;

let guide = null; // as the server has it
let shown = []; // the cards that pass the filters
let card = null; // the open one
let turned = false; // whether its answer is shown
let facesOf = new Map(); // what was fetched of this state of the guide
const place = remembered("place", { view: "cards", card: null, query: "", filters: {} });
const taste = remembered("taste", {
  tone: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  width: innerWidth < 700 ? "phone" : "desktop", always: false, keys: true,
});

// --- what outlasts a reload ---

function remembered(name, usual) {
  try {
    const kept = (name === "taste" ? localStorage : sessionStorage).getItem(`studypack-${name}`);
    return { ...usual, ...JSON.parse(kept ?? "{}") };
  } catch { return usual; } // a browser may keep nothing for a file
}

function remember(name, value) {
  try {
    (name === "taste" ? localStorage : sessionStorage).setItem(`studypack-${name}`, JSON.stringify(value));
  } catch { /* then it is chosen anew next time */ }
}

// --- small things ---

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const many = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

// --- the guide comes, and comes again ---

let asking = 0;
async function refresh() {
  const asked = ++asking;
  const response = await fetch("guide.json");
  if (!response.ok) throw new Error(`guide.json: ${response.status}`);
  const news = await response.json();
  if (asked === asking) take(news); // or a newer answer is on its way
}

function take(news) {
  const scrolls = ["list", "excerpt"].map((id) => [$(id), $(id).scrollTop, $(id).scrollLeft]);
  const first = guide === null, index = shown.findIndex((one) => one.id === card?.id);
  const old = card, known = new Set(guide?.cards.map((one) => one.id));
  guide = news;
  facesOf = new Map(Object.entries(news.faces ?? {}));
  marry(guide);
  document.title = `${guide.title} – preview`;
  $("title").textContent = guide.title;
  $("path").textContent = guide.path;
  $("formulas").textContent = guide.formulas
    ? "Formulas are drawn here as on paper; Anki sets them with MathJax, a little differently."
    : "Formulas are shown as their TeX; Anki sets them. With the extra studypack[math] they are drawn here too.";
  tell();
  const same = first ? guide.cards.find((one) => one.id === place.card) : old && heir(old, known);
  if (same && !first) followTopic(old, same);
  fillFilters();
  list();
  const listed = shown.includes(same);
  open(listed ? same : shown[Math.min(Math.max(index, 0), shown.length - 1)] ?? null, { again: !first && listed });
  for (const [element, top, left] of scrolls) element.scrollTo(left, top);
  if (first) reveal($("list").querySelector("[aria-selected=true]"), true);
  plan();
  findings();
  papers();
}

// What became of a card: itself, or, where the lock does not know it yet, what came to stand in its place, reworded.
function heir(old, known) {
  return guide.cards.find((one) => one.id === old.id)
    ?? guide.cards.find((one) => !known.has(one.id) && one.line === old.line && one.part === old.part) ?? null;
}

// Who looks at one topic still does when it is renamed.
function followTopic(old, card) {
  const { topic } = place.filters;
  if (topic === old.topic && !guide.cards.some((one) => one.topic === topic)) place.filters.topic = card.topic;
}

// Which findings are about which cards: those within a note's lines. Cards of before stand on other lines.
function marry(guide) {
  for (const one of guide.cards) one.findings = [];
  for (const found of guide.diagnostics) found.cards = [];
  if (guide.stale) return;
  for (const found of guide.diagnostics) {
    found.cards = guide.cards.filter((one) => one.line <= found.line && found.line <= one.end);
    for (const one of found.cards) one.findings.push(found);
  }
}

function tell() {
  const errors = guide.diagnostics.filter((one) => one.severity === "error").length;
  const warnings = guide.diagnostics.length - errors;
  const counts = [errors && many(errors, "error"), warnings && many(warnings, "warning")].filter(Boolean).join(", ");
  $("tab-findings").textContent = counts ? `Findings (${errors + warnings})` : "Findings";
  $("tab-findings").classList.toggle("bad", errors > 0);
  $("tab-cards").textContent = `Cards (${guide.cards.length.toLocaleString("en")})`;
  $("status").textContent = [guide.plan.summary, guide.sheets.coming && !exported ? "laying out the PDFs …" : ""].filter(Boolean).join(" · ");
  const notices = [...guide.troubles];
  if (guide.stale) notices.unshift(guide.cards.length
    ? "The guide cannot be read as it is now; this is what it was before."
    : "The guide cannot be read.");
  const first = guide.diagnostics.find((one) => one.severity === "error");
  if (first) notices.push(`Line ${first.line}: ${first.message}${first.hint ? ` (${first.hint})` : ""}`);
  $("notice").hidden = !notices.length;
  const text = notices.join("\n");
  if ($("notice").textContent !== text) $("notice").textContent = text;
}

// --- search and filters ---

const FILTERED = {
  topic: (one) => [one.topic], kind: (one) => [one.kind], level: (one) => [one.level || "none"],
  findings: (one) => one.findings.length ? ["any", ...one.findings.map((found) => found.code)] : ["none"],
  fate: (one) => [one.fate],
};

function fillFilters() {
  for (const name of FILTERS) {
    const counts = new Map();
    if (name === "findings") counts.set("any", 0);
    for (const one of guide.cards) for (const value of new Set(FILTERED[name](one))) counts.set(value, (counts.get(value) ?? 0) + 1);
    const select = $(`by-${name}`), titles = Object.fromEntries(guide.diagnostics.map((one) => [one.code, one.title]));
    const wanted = place.filters[name] ?? "";
    if (wanted && !counts.has(wanted)) counts.set(wanted, 0); // a save does not change what was chosen
    select.replaceChildren(make("option", { value: "" }, "all"), ...[...counts].map(([value, count]) =>
      make("option", { value }, `${value}${titles[value] ? ` ${titles[value]}` : ""} (${count})`)));
    select.value = wanted;
  }
  $("query").value = place.query;
}

function passes(one, words) {
  for (const name of FILTERS) {
    if (place.filters[name] && !FILTERED[name](one).includes(place.filters[name])) return false;
  }
  if (!words.length) return true;
  one.text ??= [one.asks, one.part, one.topic, one.tags.join(" "), ...guide.lines.slice(one.line - 1, one.end)].join("\n").toLocaleLowerCase();
  return words.every((word) => one.text.includes(word));
}

function list() {
  const words = place.query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  shown = guide.cards.filter((one) => passes(one, words));
  const rows = document.createDocumentFragment();
  let topic = null;
  for (const [index, one] of shown.entries()) {
    if (one.topic !== topic) {
      topic = one.topic;
      rows.append(make("div", { class: "topic", role: "presentation" }, topic));
    }
    rows.append(row(one, index));
  }
  $("list").replaceChildren(rows);
  const all = shown.length === guide.cards.length;
  $("count").textContent = all ? many(shown.length, "card") : `${shown.length.toLocaleString("en")} of ${many(guide.cards.length, "card")}`;
  $("clear").hidden = !place.query && !FILTERS.some((name) => place.filters[name]);
}

function row(one, index) {
  const worst = one.findings.some((found) => found.severity === "error") ? "error" : one.findings.length ? "warning" : null;
  const element = make("div", { role: "option", id: `card-${one.id}`, "data-index": index, "aria-selected": "false",
    "aria-posinset": index + 1, "aria-setsize": shown.length, "data-kind": one.kind },
  make("span", { class: "asks", dir: "auto" }, one.asks, one.part ? make("span", { class: "part" }, ` ${one.part}`) : null),
  make("span", { class: "facts" }, one.kind,
    one.fate && one.fate !== "unchanged" ? make("span", { class: "fate", "data-fate": one.fate }, one.fate) : null,
    worst ? make("span", { class: `mark ${worst}` }, many(one.findings.length, "finding")) : null));
  return element;
}

function refilter() {
  remember("place", place);
  list();
  const same = shown.find((one) => one.id === card?.id);
  open(same ?? shown[0] ?? null, { again: Boolean(same) });
  if (!same) $("list").scrollTop = 0;
}

function clear() {
  place.query = $("query").value = "";
  for (const name of FILTERS) $(`by-${name}`).value = place.filters[name] = "";
  refilter();
}

// --- the open card ---

// `again`: it is the card that was open; then its side and its scroll stay.
function open(wanted, { again = false } = {}) {
  for (const old of $("list").querySelectorAll("[aria-selected=true]")) old.setAttribute("aria-selected", "false");
  card = wanted;
  place.card = card?.id ?? null;
  remember("place", place);
  if (!again) turned = taste.always;
  const element = card && $(`card-${card.id}`);
  if (element) {
    element.setAttribute("aria-selected", "true");
    $("list").setAttribute("aria-activedescendant", element.id);
    if (!again) reveal(element);
  } else $("list").removeAttribute("aria-activedescendant");
  $("place").textContent = card ? `${(Number(element?.dataset.index) + 1).toLocaleString("en")} / ${shown.length.toLocaleString("en")}` : "";
  origin(again);
  return face(again);
}

// Scrolls the list, and nothing else: where the page scrolls too, it stays with the card.
function reveal(row, middle = false) {
  if (!row) return;
  const list = $("list"), at = row.getBoundingClientRect(), room = list.getBoundingClientRect();
  const above = at.top - room.top - HEADING, below = at.bottom - room.bottom + 8;
  if (middle) list.scrollTop += at.top - room.top - room.height / 2;
  else if (above < 0 || below > 0) list.scrollTop += above < 0 ? above : below;
}

function step(by) {
  if (!shown.length) return;
  const index = shown.findIndex((one) => one.id === card?.id);
  const next = shown[Math.min(Math.max(index + by, 0), shown.length - 1)];
  if (next !== card) open(next);
}

function turn() {
  if (!card) return;
  turned = !turned;
  face(true);
  $("turned").textContent = turned ? "Answer shown" : "Question shown";
}

async function facesFor(one) {
  const known = facesOf;
  if (!known.has(one.id)) {
    const response = await fetch(`cards/${encodeURIComponent(one.id)}`);
    if (!response.ok) return null; // the guide went on; its next state is on the way
    known.set(one.id, await response.json());
  }
  return known.get(one.id);
}

async function face(again) {
  const wanted = card, answer = turned;
  $("nothing").hidden = Boolean(wanted);
  if (guide) $("nothing").textContent = guide.cards.length ? "No card passes the search and the filters." : "There is no card to show.";
  $("face").hidden = !wanted;
  $("turn").disabled = !wanted;
  $("turn").textContent = turned ? "Show question" : "Show answer";
  $("face").title = wanted ? `Card, ${turned ? "answer" : "question"}: ${wanted.asks}` : "Card";
  const page = $("face").contentDocument;
  if (!wanted || !page?.getElementById("style")) return; // once its page is there, it is called again
  const sides = await facesFor(wanted);
  if (!sides || wanted !== card || answer !== turned) return; // another one was opened in between
  const top = again ? page.scrollingElement.scrollTop : 0;
  page.getElementById("style").textContent = guide.style;
  page.documentElement.lang = guide.lang;
  page.documentElement.className = [taste.tone === "dark" ? "night-mode" : "", taste.width === "phone" ? "mobile" : ""].join(" ").trim();
  page.body.className = `card card1${taste.tone === "dark" ? " nightMode night_mode" : ""}`;
  page.body.replaceChildren(fragment(page, answer ? sides.answer : sides.question));
  page.scrollingElement.scrollTop = top;
  $("stage").dataset.tone = taste.tone;
  $("stage").dataset.width = taste.width;
  $("face").dataset.shown = `${wanted.id} ${answer ? "answer" : "question"} ${guide.number}`;
}

// A card's HTML with its pictures' addresses; it is parsed where nothing loads.
function fragment(page, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const image of parsed.querySelectorAll("img")) {
    const name = image.getAttribute("src") ?? "";
    if (!name.startsWith("data:")) image.setAttribute("src", medium(name));
  }
  for (const link of parsed.querySelectorAll("a[href]")) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  }
  const whole = page.createDocumentFragment();
  whole.append(...[...parsed.body.childNodes].map((node) => page.importNode(node, true)));
  return whole;
}

const medium = (name) => exported ? exported.media[name] ?? "" : new URL(`media/${encodeURIComponent(name)}`, location.href).href;

let sound = null;
function play(name) {
  sound?.pause();
  sound = new Audio(medium(name));
  sound.play().catch(() => { $("turned").textContent = "The sound cannot be played"; });
}

function prepareFace() {
  const frame = $("face");
  frame.addEventListener("load", () => {
    const page = frame.contentDocument;
    page.addEventListener("click", (event) => {
      const button = event.target.closest("[data-play]");
      if (button) play(button.dataset.play);
      else if (!event.target.closest("a, summary, button") && !String(page.getSelection())) turn();
    });
    page.addEventListener("keydown", key);
    if (guide) face(false);
  });
  frame.srcdoc = '<!doctype html><html><head><meta charset="utf-8"><style id="style"></style></head><body></body></html>';
}

// --- beside its lines ---

const AROUND = 4; // lines above and below a note's own
const LONGEST = 60; // lines of a note that are shown

function origin(again) {
  $("where").hidden = $("excerpt").hidden = !card;
  $("where").textContent = card ? `${guide.path}:${card.line}` : "";
  const about = [];
  if (card) {
    about.push(fact("Deck", card.deck), fact("Tags", card.tags.join(" ")), fact("Plan", card.fate));
    for (const found of card.findings) about.push(finding(found));
  }
  $("about").replaceChildren(...about.filter(Boolean));
  $("excerpt").replaceChildren(...card ? excerpt(card) : []);
  if (!again) $("excerpt").scrollTo(0, 0);
}

const fact = (name, text) => text ? make("p", { class: "fact" }, make("span", {}, `${name} `), text) : null;

function excerpt(one) {
  const end = Math.min(one.end, one.line + LONGEST);
  const from = Math.max(one.line - AROUND, 1), to = Math.min(end + AROUND, guide.lines.length);
  const rows = [];
  for (let number = from; number <= to; number++) {
    const own = one.line <= number && number <= one.end;
    rows.push(make("span", { class: own ? "line own" : "line" },
      make("span", { class: "number", "aria-hidden": "true" }, String(number)), make("span", { class: "text", dir: "auto" }, ...guide.stale ? [`${guide.lines[number - 1]}\n`] : underlined(guide.lines, number))));
  }
  return rows;
}

// A line with what is wrong in it marked. Columns count code points, not UTF-16's units.
function underlined(lines, number) {
  const letters = [...lines[number - 1] ?? ""];
  const found = guide.diagnostics.find((one) => one.line === number && (one.endColumn > one.column || one.end > number));
  if (!found) return [`${letters.join("")}\n`];
  const to = found.end > number ? letters.length : found.endColumn - 1;
  return [letters.slice(0, found.column - 1).join(""),
    make("mark", { class: found.severity, title: found.message }, letters.slice(found.column - 1, to).join("")),
    `${letters.slice(to).join("")}\n`];
}

function finding(found) {
  const box = make("div", { class: `finding ${found.severity}` },
    make("p", {}, make("strong", {}, `${found.severity} ${found.code} `), found.message));
  if (found.hint) box.append(make("p", { class: "hint" }, found.hint));
  return box;
}

// --- the other views ---

function plan() {
  const changes = guide.plan.changes, body = [make("h2", {}, "What a build would do"), make("p", {}, guide.plan.summary || "Nothing.")];
  for (const fate of FATES) {
    const some = changes.filter((one) => one.fate === fate);
    if (!some.length) continue;
    const rows = some.map((one) => make("li", {}, ...change(one)));
    const listed = make("ul", { class: "changes" }, ...rows);
    const before = $("view-plan").querySelector(`[data-fate=${fate}]`);
    body.push(make("details", { "data-fate": fate, open: before ? before.open : fate !== "unchanged" }, make("summary", {}, `${fate} `, make("span", { class: "count" }, String(some.length))), listed));
  }
  if (guide.plan.retired.length) {
    body.push(make("h2", {}, "Retired so far"), make("p", {}, "They left the guide; Anki keeps them until you delete them. In Anki’s Browser:"),
      make("pre", { class: "copy", role: "group", tabindex: "0", "aria-label": "Search for Anki’s Browser" }, guide.plan.search),
      make("ul", { class: "changes" }, ...guide.plan.retired.map((one) => make("li", {}, make("span", { class: "facts" }, `${one.day} ${one.kind} `), one.asks))));
  }
  keepingPlace($("view-plan"), body);
}

function change(one) {
  const now = one.after || one.before || one.guid, first = guide.cards.find((each) => each.id.startsWith(`${one.guid}-`));
  const name = first && one.after ? make("button", { class: "link", "data-card": first.id }, now) : make("span", {}, now);
  const before = one.before && one.after && one.before !== one.after ? make("span", { class: "before" }, "was: ", make("del", {}, one.before)) : null;
  const sure = one.likeness < 1 ? `, ${Math.round(one.likeness * 100)} % sure` : "";
  const why = one.reason && one.fate !== "unchanged" ? make("span", { class: "facts" }, ` ${one.reason}${sure}`) : null;
  return [make("span", { class: "facts" }, `${one.kind} `), name, why, before].filter(Boolean);
}

function findings() {
  const body = [make("h2", {}, "Findings")];
  if (!guide.diagnostics.length) body.push(make("p", {}, "Nothing is wrong."));
  for (const found of guide.diagnostics) {
    const box = finding(found), where = make("p", { class: "facts" }, `${guide.path}:${found.line}:${found.column}`);
    if (found.cards.length) where.append(" ", make("button", { class: "link", "data-card": found.cards[0].id }, `Show ${found.cards.length === 1 ? "the card" : many(found.cards.length, "card")}`));
    const lines = guide.told ?? guide.lines;
    if (lines[found.line - 1]?.trim()) box.append(make("pre", { class: "copy", role: "group", tabindex: "0", "aria-label": `Line ${found.line}` }, ...underlined(lines, found.line)));
    box.prepend(where);
    body.push(box);
  }
  keepingPlace($("view-findings"), body);
}

// A view's new content, scrolled as the old one was, with the focus on what takes its place.
function keepingPlace(view, body) {
  const stops = () => [...view.querySelectorAll("summary, button, [tabindex]")];
  const scrollers = [document.scrollingElement, document.querySelector("main")].map((one) => [one, one.scrollTop]);
  const index = stops().indexOf(document.activeElement);
  view.replaceChildren(...body);
  if (index >= 0) stops().slice(0, index + 1).at(-1)?.focus({ preventScroll: true });
  if (!view.hidden) for (const [one, top] of scrollers) one.scrollTop = top;
}

const addresses = new Map(); // of the PDFs that an exported page holds
function address(name, paper) {
  if (!exported) return `paper/${name}.pdf?${paper.version}`;
  const held = exported.pdf[name];
  if (!held) return null;
  if (!addresses.has(name)) {
    const bytes = Uint8Array.from(atob(held.split(",")[1]), (letter) => letter.charCodeAt(0));
    addresses.set(name, URL.createObjectURL(new Blob([bytes], { type: "application/pdf" })));
  }
  return addresses.get(name);
}

// A PDF is loaded when it is looked at, and again only if it became another: a viewer cannot be told where it was.
function papers() {
  for (const name of ["cheatsheet", "matrix"]) {
    const view = $(`view-${name}`), paper = guide.sheets.papers[name], label = name === "matrix" ? "matrix" : "cheat sheet";
    if (view.hidden) continue;
    const facts = make("p", { class: "facts" });
    if (paper) facts.append([many(paper.pages ?? 0, "page"), paper.type ? `${paper.type.toFixed(1)} pt` : "", `${Math.ceil(paper.size / 1000)} kB`].filter(Boolean).join(" · "));
    if (guide.sheets.coming && !exported) facts.append(paper ? " · a newer one is being laid out …" : "It is being laid out …");
    else if (!paper) facts.append(`There is no ${label}.`);
    for (const trouble of guide.sheets.troubles) facts.append(make("span", { class: "trouble" }, ` ${trouble}`));
    const source = paper && address(name, paper);
    if (paper && !source) facts.append(" · too large for this page");
    if (source) facts.append(" ", make("a", { href: source, download: exported ? `${name}.pdf` : null, target: exported ? null : "_blank" }, exported ? "Save it" : "Open it by itself"));
    view.querySelector(".facts")?.remove();
    view.prepend(facts);
    const frame = view.querySelector("iframe");
    if (!source) frame?.remove();
    else if (navigator.pdfViewerEnabled !== false && frame?.dataset.version !== paper.version) {
      frame?.remove();
      view.append(make("iframe", { src: source, title: `The ${label}, a PDF`, "data-version": paper.version }));
    }
  }
}

function view(name) {
  place.view = name;
  remember("place", place);
  for (const one of VIEWS) {
    $(`view-${one}`).hidden = one !== name;
    $(`tab-${one}`).setAttribute("aria-selected", String(one === name));
    $(`tab-${one}`).tabIndex = one === name ? 0 : -1;
  }
  if (guide) papers();
}

// --- taste ---

function dress() {
  for (const name of ["tone", "width"]) for (const radio of document.getElementsByName(name)) radio.checked = radio.value === taste[name];
  $("always").checked = taste.always;
  $("keys").checked = taste.keys;
  $("stage").dataset.tone = taste.tone;
  $("stage").dataset.width = taste.width;
}

function choose(name, value) {
  taste[name] = value;
  remember("taste", taste);
  dress();
  if (name === "always") turned = value;
  if (name !== "keys") face(true);
}

// --- keys, taps ---

const KEYS = {
  j: () => step(1), k: () => step(-1), " ": turn, "/": () => { view("cards"); $("query").focus(); $("query").select(); },
  "?": () => $("help").showModal(), a: () => choose("always", !taste.always),
  d: () => choose("tone", taste.tone === "dark" ? "light" : "dark"),
  w: () => choose("width", taste.width === "phone" ? "desktop" : "phone"),
  ...Object.fromEntries(VIEWS.map((name, index) => [String(index + 1), () => view(name)])),
};

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  const on = event.target.closest?.("input, select, textarea, button, a, summary, [role=tab]");
  if (event.key === "Escape") {
    if (on === $("query")) $("list").focus();
    else clear();
    return;
  }
  const types = on?.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
  if (types || (on && event.key === " ")) return;
  if (!taste.keys && event.key !== " ") return;
  const action = KEYS[event.key];
  if (!action || (place.view !== "cards" && "jk a".includes(event.key))) return;
  event.preventDefault();
  action();
}

function keyInList(event) {
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
  if (by !== undefined) step(by);
  else if (event.key === "Enter") turn();
  else return;
  event.preventDefault();
}

function keyInTabs(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  view(VIEWS[(VIEWS.indexOf(place.view) + by + VIEWS.length) % VIEWS.length]);
  $(`tab-${place.view}`).focus();
  event.preventDefault();
}

function listen() {
  document.addEventListener("keydown", key);
  $("list").addEventListener("keydown", keyInList);
  $("tabs").addEventListener("keydown", keyInTabs);
  $("tabs").addEventListener("click", (event) => { if (event.target.id.startsWith("tab-")) view(event.target.id.slice(4)); });
  $("list").addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) open(shown[Number(row.dataset.index)]);
  });
  document.querySelector("main").addEventListener("click", (event) => {
    const link = event.target.closest("[data-card]");
    if (!link) return;
    view("cards");
    if (!shown.some((one) => one.id === link.dataset.card)) clear();
    open(guide.cards.find((one) => one.id === link.dataset.card));
    $("card").focus();
  });
  $("query").addEventListener("input", () => { place.query = $("query").value; refilter(); });
  for (const name of FILTERS) $(`by-${name}`).addEventListener("change", (event) => { place.filters[name] = event.target.value; refilter(); });
  for (const name of ["tone", "width"]) for (const radio of document.getElementsByName(name)) radio.addEventListener("change", () => choose(name, radio.value));
  for (const name of ["always", "keys"]) $(name).addEventListener("change", (event) => choose(name, event.target.checked));
  for (const [id, action] of Object.entries({ clear, turn, previous: () => step(-1), next: () => step(1), "help-button": () => $("help").showModal() })) $(id).addEventListener("click", action);
}

// --- the start ---

// A page that nobody looks at does not follow: browsers allow a server six connections, for all tabs together.
function follow() {
  let events = null;
  const begin = () => {
    events?.close();
    events = document.hidden ? null : new EventSource("events");
    events?.addEventListener("message", hear);
    events?.addEventListener("error", away); // the browser itself tries again
  };
  document.addEventListener("visibilitychange", begin);
  begin();
}

// Another server counts anew, so that its numbers say nothing to a page that was left alone.
function hear(event) {
  const back = document.body.classList.contains("away");
  document.body.classList.remove("away");
  if (back || Number(event.data) !== guide?.number) refresh().catch(away);
}

function away() {
  document.body.classList.add("away");
  $("status").textContent = "studypack preview has ended; this is what it showed last";
}

const wide = matchMedia("(min-width: 701px)"); // as in the style: where there is room, filters are always open
const unfold = () => { $("more").open = wide.matches; };
wide.addEventListener("change", unfold);
unfold();
listen();
dress();
view(VIEWS.includes(place.view) ? place.view : "cards");
prepareFace();
if (exported) take(exported);
else refresh().then(follow, away);
