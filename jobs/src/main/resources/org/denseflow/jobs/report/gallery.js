"use strict";
const byId = id => document.getElementById(id);
const run = /*RUN*/;
const pairs = [];
let shown = [];
let selected = 0;

const number = value => value === undefined || value === null ? "–"
  : Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(3).replace(/\.?0+$/, "");

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(key, ""); else if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const fixed = value => Number.isInteger(value) ? String(value) : value.toFixed(3);

/* Of an id made of two paths only the files' names; the detail has all of it. */
const brief = id => id.split("--").map(path => path.split("/").pop()).join(" → ");

/* A pair is [id, category, error code or "", reason, scores in the order of run.scores, panels];
   a panel is [number of its name, file, file that lies over it or "", note]. */
const failed = pair => pair[2] !== "";
const score = pair => pair[4][byId("score").selectedIndex];

function panel(pair, [name, file, above, note]) {
  const title = run.panels[name];
  const alt = `${title} of ${pair[0]}${note ? ", " + note : ""}`;
  const picture = element("div", {class: "picture"},
    element("img", {src: file, alt, loading: "lazy", decoding: "async", class: title === "confidence" ? "pixels" : undefined}));
  if (above) picture.append(element("img", {src: above, alt: "", class: "above"}));
  return element("figure", {class: "panel"}, picture, element("figcaption", {}, note ? `${title}, ${note}` : title));
}

function text(pair) {
  const scores = failed(pair) ? `${pair[2]}: ${pair[3]}`
    : run.scores.map((name, s) => [name, pair[4][s]]).filter(([, value]) => value !== null).slice(0, 4)
      .map(([name, value]) => `${name} ${number(value)}`).join(", ");
  return element("div", {class: "text", title: pair[0]}, element("b", {}, brief(pair[0])), `${pair[1]} `, element("span", {}, scores));
}

/* Only the rows in view are in the document. */
const rows = new Map();
const rowHeight = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row"));

function draw() {
  const list = byId("list");
  const height = rowHeight();
  byId("track").style.height = `${height * shown.length}px`;
  const first = Math.max(0, Math.floor(list.scrollTop / height) - 2);
  const last = Math.min(shown.length - 1, Math.ceil((list.scrollTop + list.clientHeight) / height) + 2);
  for (const [index, row] of rows) {
    if (index < first || index > last) { row.remove(); rows.delete(index); }
  }
  for (let index = first; index <= last; index++) {
    if (!rows.has(index)) rows.set(index, row(index, height));
    rows.get(index).setAttribute("aria-selected", index === selected);
  }
  if (rows.has(selected)) list.setAttribute("aria-activedescendant", `row-${selected}`);
  else list.removeAttribute("aria-activedescendant");
}

function row(index, height) {
  const pair = shown[index];
  const made = element("div", {class: failed(pair) ? "row failed" : "row", role: "option", id: `row-${index}`,
    "aria-setsize": shown.length, "aria-posinset": index + 1}, text(pair),
    element("div", {class: "strip"}, ...pair[5].map(p => panel(pair, p))));
  made.style.top = `${height * index}px`;
  made.addEventListener("click", () => { select(index); open(); });
  byId("track").append(made);
  return made;
}

function select(index) {
  if (!shown.length) return;
  selected = Math.max(0, Math.min(shown.length - 1, index));
  const list = byId("list");
  const top = selected * rowHeight();
  if (top < list.scrollTop) list.scrollTop = top;
  if (top + rowHeight() > list.scrollTop + list.clientHeight) list.scrollTop = top + rowHeight() - list.clientHeight;
  draw();
  if (byId("detail").open) fill();
}

function open() { if (shown.length && !byId("detail").open) { fill(); byId("detail").showModal(); } }

function fill() {
  const pair = shown[selected];
  byId("detail-title").textContent = `${pair[0]} (${selected + 1} of ${shown.length})`;
  byId("detail-text").textContent = failed(pair) ? `failed with ${pair[2]}: ${pair[3]}` : pair[1];
  byId("panels").replaceChildren(...pair[5].map(p => panel(pair, p)));
  byId("values").replaceChildren(...run.scores.map((name, s) => [name, pair[4][s]]).filter(([, value]) => value !== null)
    .map(([name, value]) => element("tr", {}, element("th", {}, name), element("td", {}, number(value)))));
}

/* Filter and order. */
function apply() {
  const find = byId("find").value.toLowerCase();
  const category = byId("category").value;
  const status = byId("status").value;
  const least = parseFloat(byId("least").value);
  const most = parseFloat(byId("most").value);
  shown = pairs.filter(pair => (!find || pair[0].toLowerCase().includes(find))
    && (!category || pair[1] === category)
    && (!status || failed(pair) === (status === "failed"))
    && (Number.isNaN(least) || (score(pair) !== null && score(pair) >= least))
    && (Number.isNaN(most) || (score(pair) !== null && score(pair) <= most)));
  const order = byId("order").value;
  if (order === "id") shown.sort((a, b) => a[0] < b[0] ? -1 : 1);
  if (order === "worst" || order === "best") {
    const sign = order === "worst" ? 1 : -1;
    const key = pair => score(pair) === null ? Infinity : sign * score(pair);
    shown.sort((a, b) => key(a) - key(b) || 0);
  }
  rows.forEach(one => one.remove());
  rows.clear();
  selected = 0;
  byId("list").scrollTop = 0;
  const broken = shown.filter(failed).length;
  byId("count").textContent = `${shown.length} of ${pairs.length} ${run.things}${broken ? `, ${broken} failed` : ""}`;
  histogram();
  draw();
}

const BINS = 24;

function histogram() {
  const known = shown.map(score).filter(value => value !== null && value !== undefined);
  const figure = byId("histogram");
  figure.querySelector("svg")?.remove();
  const name = run.scores[byId("score").selectedIndex];
  byId("histogram-text").textContent = known.length ? `${name} of ${known.length} ${run.things}; choose a bar` : "";
  if (!known.length) return;
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  const width = (high - low) / BINS || 1;
  const counts = new Array(BINS).fill(0);
  known.forEach(value => counts[Math.min(BINS - 1, Math.floor((value - low) / width))]++);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 288 110");
  svg.setAttribute("width", "288");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Histogram of ${name} from ${number(low)} to ${number(high)}`);
  const most = Math.max(...counts);
  counts.forEach((count, bin) => {
    const bar = document.createElementNS(svg.namespaceURI, "rect");
    const tall = count ? Math.max(1, 90 * count / most) : 0;
    Object.entries({x: bin * 12, y: 92 - tall, width: 11, height: tall}).forEach(([k, v]) => bar.setAttribute(k, v));
    const tip = document.createElementNS(svg.namespaceURI, "title");
    tip.textContent = `${number(low + bin * width)} to ${number(low + (bin + 1) * width)}: ${count}`;
    bar.append(tip);
    bar.addEventListener("click", () => {
      byId("least").value = number(low + bin * width);
      byId("most").value = number(low + (bin + 1) * width);
      apply();
    });
    svg.append(bar);
  });
  for (const [x, anchor, value] of [[0, "start", low], [288, "end", high]]) {
    const label = document.createElementNS(svg.namespaceURI, "text");
    Object.entries({x, y: 106, "text-anchor": anchor}).forEach(([k, v]) => label.setAttribute(k, v));
    label.textContent = number(value);
    svg.append(label);
  }
  figure.prepend(svg);
}

function means() {
  const groups = new Map([["", []]]);
  pairs.filter(pair => !failed(pair)).forEach(pair => {
    groups.get("").push(pair);
    if (pair[1]) { if (!groups.has(pair[1])) groups.set(pair[1], []); groups.get(pair[1]).push(pair); }
  });
  const head = element("tr", {}, element("th", {}, "category"), element("th", {}, run.things), ...run.scores.map(s => element("th", {}, s)));
  const body = [...groups].sort((a, b) => a[0] < b[0] ? -1 : 1).map(([name, own]) => {
    const choose = element("button", {type: "button"}, name || "all");
    choose.addEventListener("click", () => { byId("category").value = name; apply(); });
    return element("tr", {}, element("th", {}, choose), element("td", {}, String(own.length)), ...run.scores.map((_, s) => {
      const known = own.map(pair => pair[4][s]).filter(value => value !== null);
      return element("td", {}, known.length ? fixed(known.reduce((a, b) => a + b, 0) / known.length) : "–");
    }));
  });
  byId("means").append(head, ...body);
  byId("category").append(element("option", {value: ""}, "all"), ...[...new Set(pairs.map(pair => pair[1]))].filter(Boolean).sort()
    .map(name => element("option", {}, name)));
}

function ready() {
  means();
  apply();
  document.body.dataset.ready = String(pairs.length);
}

function load(part) {
  if (part === run.parts) { ready(); return; }
  const script = element("script", {src: `data/${part}.js`});
  script.onload = () => load(part + 1);
  script.onerror = () => { byId("count").textContent = `data/${part}.js is missing: copy the whole folder`; };
  document.head.append(script);
}

window.denseflow = {add: list => list.forEach(pair => pairs.push(pair))};
document.title = run.title;
byId("title").textContent = run.title;
byId("about").textContent = run.about;
byId("config").textContent = run.config;
Object.entries(run.inputs).forEach(([key, value]) => byId("inputs").append(element("dt", {}, key), element("dd", {}, value)));
byId("score").append(...run.scores.map(name => element("option", {}, name)));
if (run.wheel) { byId("wheel").hidden = false; byId("wheel").querySelector("img").src = run.wheel; }
["category", "status", "score", "order"].forEach(id => byId(id).addEventListener("change", apply));
["find", "least", "most"].forEach(id => byId(id).addEventListener("input", apply));
byId("clear").addEventListener("click", () => {
  ["find", "category", "status", "least", "most"].forEach(id => { byId(id).value = ""; });
  byId("order").value = "run";
  apply();
});
byId("list").addEventListener("scroll", () => requestAnimationFrame(draw));
addEventListener("resize", () => { rows.forEach(one => one.remove()); rows.clear(); draw(); });
byId("previous").addEventListener("click", () => select(selected - 1));
byId("following").addEventListener("click", () => select(selected + 1));
byId("close").addEventListener("click", () => byId("detail").close());
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
  const page = Math.max(1, Math.floor(byId("list").clientHeight / rowHeight()));
  const detail = byId("detail").open;
  const moves = {ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -shown.length, End: shown.length};
  if (detail) Object.assign(moves, {ArrowRight: 1, ArrowLeft: -1});
  if (event.key in moves) { event.preventDefault(); select(selected + moves[event.key]); }
  else if (event.key === "Enter" && !event.target.matches("button, summary")) { event.preventDefault(); open(); }
  else if (event.key === "/") { event.preventDefault(); byId("find").focus(); }
});
load(0);
