"use strict";

// The texts of strangers reach the page as text nodes and attributes only: nothing here parses HTML, and the policy of the page forbids it.

const rowsPerPage = 100;
const texts = read("texts"); // those that many connections share: these have their numbers
const connections = recordsOf(read("connections"));
const find = id => document.getElementById(id);

const columns = [
  { name: "Cause", style: "cause", value: c => c.cause, cell: toggleOf },
  { name: "State", style: "state", value: c => c.state },
  { name: "Closed by", style: "by", value: c => c.closedBy },
  { name: "Client", style: "client", value: c => c.client },
  { name: "Server", style: "server", value: c => c.server, below: c => c.name },
  { name: "Start (UTC)", style: "start", value: c => c.start, cell: c => c.start.slice(11), below: c => c.start.slice(0, 10) },
  { name: "Duration", style: "duration", value: c => c.duration, cell: c => `${seconds(c.duration)}\u00A0s` },
  { name: "Capture", style: "capture", value: c => `${fileOf(c)} ${c.stream}`, cell: fileOf, below: c => `stream ${c.stream}` },
];

const opened = new Set();
let shown = connections; // in order, those that the filters leave
let sorting = { column: null, isDescending: false };
let firstRow = 0;

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// Rows of values, behind a row of their names.
function recordsOf([names, ...rows]) {
  return rows.map(row => {
    const record = {};
    names.forEach((name, at) => { record[name] = row[at]; });
    return record;
  });
}

function textsOf(numbers) {
  return numbers.map(number => texts[number]);
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter(child => child !== null));
  return made;
}

function seconds(value) {
  return value.toFixed(value < 1 ? 6 : 3);
}

function fileOf(c) {
  return texts[c.path].split(/[\\/]/).at(-1);
}

// ---- Choosing and ordering ----

function wordsOf(c) {
  return c.words ??= [c.cause, c.state, c.closedBy, c.client, c.server, c.name ?? "", c.start, texts[c.path], ...textsOf(c.calls), ...textsOf(c.reasons)].join("\n").toLowerCase();
}

function choose() {
  const words = find("search").value.toLowerCase().split(/\s+/).filter(word => word.length > 0);
  const cause = find("cause").value;
  const state = find("state").value;
  shown = connections.filter(c => (cause === "" || c.cause === cause) && (state === "" || c.state === state) && words.every(word => wordsOf(c).includes(word)));
  order();
}

function order() {
  if (sorting.column !== null) {
    const { value } = sorting.column;
    const sign = sorting.isDescending ? -1 : 1;
    const { compare } = new Intl.Collator("en", { numeric: true });
    const isNumber = typeof value(connections[0]) === "number";
    shown.sort((a, b) => sign * (isNumber ? value(a) - value(b) : compare(value(a), value(b))));
  }
  firstRow = 0;
  showRows();
}

function sortBy(column) {
  sorting = { column, isDescending: sorting.column === column && !sorting.isDescending };
  document.querySelectorAll(".connections > thead th").forEach((head, at) => {
    head.setAttribute("aria-sort", columns[at] !== column ? "none" : sorting.isDescending ? "descending" : "ascending");
  });
  order();
}

// ---- The table ----

function showHead() {
  const heads = columns.map(column => {
    const button = element("button", { type: "button", onclick: () => sortBy(column) }, column.name);
    const head = element("th", { scope: "col", className: column.style }, button);
    head.setAttribute("aria-sort", "none");
    return head;
  });
  document.querySelector(".connections > thead").replaceChildren(element("tr", {}, ...heads));
}

function showRows() {
  const rows = shown.slice(firstRow, firstRow + rowsPerPage);
  document.querySelector(".connections > tbody").replaceChildren(...rows.flatMap(c => opened.has(c) ? [rowOf(c), detailOf(c)] : [rowOf(c)]));
  const count = number => number.toLocaleString("en");
  const range = rows.length === 0 ? "No connection" : `Rows ${count(firstRow + 1)} to ${count(firstRow + rows.length)} of ${count(shown.length)}`;
  find("status").textContent = shown.length === connections.length ? range : `${range}; ${count(connections.length)} in all`;
  find("pages").hidden = shown.length <= rowsPerPage;
  find("page").textContent = `Page ${count(firstRow / rowsPerPage + 1)} of ${count(Math.ceil(shown.length / rowsPerPage))}`;
  find("previous").disabled = firstRow === 0;
  find("next").disabled = firstRow + rowsPerPage >= shown.length;
  nameOpenAll(rows);
}

function rowOf(c) {
  const cells = columns.map(column => {
    const below = column.below?.(c);
    return element("td", { className: column.style }, column.cell?.(c) ?? column.value(c), below ? element("small", {}, below) : null);
  });
  return element("tr", { className: opened.has(c) ? "row is-open" : "row" }, ...cells);
}

function toggleOf(c) {
  const button = element("button", { type: "button", className: "toggle", onclick: () => toggle(c, button) }, c.cause);
  button.setAttribute("aria-expanded", opened.has(c));
  button.setAttribute("aria-label", `${c.cause}: ${c.client} to ${c.server}`);
  return button;
}

function toggle(c, button) {
  const row = button.closest("tr");
  if (opened.delete(c)) {
    row.nextSibling.remove();
  } else {
    opened.add(c);
    row.after(detailOf(c));
  }
  row.classList.toggle("is-open", opened.has(c));
  button.setAttribute("aria-expanded", opened.has(c));
  nameOpenAll(shown.slice(firstRow, firstRow + rowsPerPage));
}

function nameOpenAll(rows) {
  find("open").textContent = rows.length > 0 && rows.every(c => opened.has(c)) ? "Close all" : "Open all";
}

function toggleAll() {
  const rows = shown.slice(firstRow, firstRow + rowsPerPage);
  const isOpen = rows.every(c => opened.has(c));
  rows.forEach(c => isOpen ? opened.delete(c) : opened.add(c));
  showRows();
}

// ---- One connection ----

function detailOf(c) {
  const ladder = element("div", { className: "ladder" });
  const detail = element("div", { className: "detail" }, aboutOf(c), c.ladder.length > 0 ? ladder : null, restOf(c));
  detail.setAttribute("role", "region");
  detail.setAttribute("aria-label", `${c.client} to ${c.server}`);
  if (c.ladder.length > 0)
    drawWhenSized(c, ladder);
  return element("tr", { className: "opened" }, element("td", { colSpan: countVisibleColumns() }, detail));
}

function countVisibleColumns() {
  return [...document.querySelectorAll(".connections > thead th")].filter(head => getComputedStyle(head).display !== "none").length;
}

function spanVisibleColumns() {
  const count = countVisibleColumns();
  document.querySelectorAll(".opened > td").forEach(cell => { cell.colSpan = count; });
}

function aboutOf(c) {
  return element("div", { className: "about" },
    element("h3", {}, `${c.cause}, ${c.state}`),
    element("p", {}, c.explanation),
    texts[c.advice] ? element("p", { className: "advice" }, element("strong", {}, "What to do: "), texts[c.advice]) : null);
}

function restOf(c) {
  return element("div", { className: "rest" },
    ...sectionOf("Next calls", callsOf(c)),
    ...sectionOf("Frames that decide", listOf(c.evidence.map(([frame, shows]) => `Frame ${frame}: ${texts[shows]}`))),
    ...sectionOf("It may also be", listOf(c.alternatives.map(([cause, why]) => `${cause}: ${texts[why]}`))),
    ...sectionOf("Connection", factsOf(c)));
}

function sectionOf(title, content) {
  return content === null ? [] : [element("h4", {}, title), content];
}

function listOf(lines) {
  return lines.length === 0 ? null : element("ul", {}, ...lines.map(line => element("li", {}, line)));
}

function callsOf(c) {
  const [connect, clientRead, clientWrite, serverRead, serverWrite] = textsOf(c.calls);
  const none = "(no socket)";
  const lines = [
    ["connect", connect || none, ""],
    ["read", clientRead || none, serverRead || none],
    ["write", clientWrite || none, serverWrite || none],
    ["payload bytes sent", ...c.bytes],
    ["never acknowledged", ...c.unacked.map(bytes => bytes ?? "unknown")],
  ];
  return element("table", {},
    element("thead", {}, element("tr", {}, element("td", {}), ...["Client", "Server"].map(side => element("th", { scope: "col" }, side)))),
    element("tbody", {}, ...lines.map(([name, ...cells]) => element("tr", {}, element("th", { scope: "row" }, name), ...cells.map(cell => element("td", {}, cell))))));
}

function factsOf(c) {
  const facts = [
    ["Client", c.client],
    ["Server", c.name ? `${c.server} (${c.name})` : c.server],
    ["Closed by", `${c.closedBy}, confidence ${c.confidence}`],
    ["Client's reason", texts[c.reasons[0]]],
    ["Server's reason", texts[c.reasons[1]]],
    ["Time", `${c.start} to ${c.end}`],
    ["Frames", `${c.frames[0]} to ${c.frames[1]}, ${c.packets} packets`],
    ["Capture", element("code", {}, texts[c.path])],
    ["In Wireshark", element("code", {}, c.filter ?? `tcp.stream eq ${c.stream}`)],
    ["The capture lacks", texts[c.lacks]],
  ];
  return element("dl", {}, ...facts.filter(([, value]) => value).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

// ---- The ladder ----

function shape(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// The letters keep their size in a narrow window, so the ladder is drawn for the room that it gets.
function drawWhenSized(c, place) {
  let drawn = 0;
  new ResizeObserver(([{ contentRect }]) => {
    const width = Math.min(Math.max(Math.floor(contentRect.width), 260), 760);
    if (width !== drawn)
      place.replaceChildren(ladderOf(c, drawn = width));
  }).observe(place);
}

function ladderOf(c, width) {
  const room = { left: width < 420 ? 72 : 96, right: width - 16, width };
  const parts = [];
  let y = 44;
  let before = null;
  for (const rung of c.ladder.map(rungOf)) {
    const gap = before === null ? 0 : rung.time - before;
    if (gap >= 1) {
      parts.push(textAt((room.left + room.right) / 2, y + 10, `${gap.toFixed(1)} s later`, "soft small", "middle"));
      y += 18;
    }
    before = rung.time;
    const drawn = drawRung(rung, c.evidence.filter(([frame]) => frame === rung.frame).map(([, shows]) => texts[shows]), room, y);
    parts.push(drawn.group);
    y = drawn.end;
  }

  const life = x => shape("line", { class: "life", x1: x, x2: x, y1: 36, y2: y });
  const svg = shape("svg", { viewBox: `0 0 ${width} ${y + 4}`, role: "list", "aria-label": "The closing, packet by packet" },
    textAt(room.left, 12, `Client ${c.client}`, "", "start"),
    textAt(room.right, 29, `Server ${c.server}`, "", "end"),
    life(room.left), life(room.right), ...parts);
  svg.style.maxWidth = `${width}px`;
  return svg;
}

function rungOf([frame, time, isServer, isError, flags, sequence, acknowledgment, window, length, count, noteNumber]) {
  const note = texts[noteNumber];
  const numbers = `seq=${sequence}${acknowledgment === null ? "" : ` ack=${acknowledgment}`} len=${length}${count > 1 ? ` ×${count}` : ""}`;
  const label = isError ? "ICMP error" : `[${flags}] ${numbers}`;
  const style = isError ? "error" : flags.includes("RST") ? "reset" : flags.includes("FIN") ? "fin" : "other";
  const way = isError ? `the network to the ${isServer ? "server" : "client"}` : isServer ? "server to client" : "client to server";
  return { frame, time, isServer, isError, label, style, note, full: `Frame ${frame}, ${seconds(time)} s, ${way}: ${label} win=${window}${note ? ` (${note})` : ""}` };
}

function drawRung(rung, shows, room, top) {
  const { left, right, width } = room;
  const arrow = top + 22;
  const lines = [rung.note && `(${rung.note})`, ...shows].filter(line => line).flatMap(line => wrap(line, Math.floor((right - left - 16) / 6.6)));
  const end = arrow + 14 + lines.length * 15;
  const group = shape("g", { class: `${rung.style}${shows.length > 0 ? " decisive" : ""}`, role: "listitem", "aria-label": [rung.full, ...shows.map(line => `decisive: ${line}`)].join("; ") });
  group.append(shape("title", {}, rung.full));
  if (shows.length > 0)
    group.append(shape("rect", { class: "band", x: 1, y: top + 2, width: width - 2, height: end - top - 4, rx: 4 }));
  group.append(
    textAt(6, top + 16, `#${rung.frame}`, "frame", "start"),
    textAt(6, top + 30, rung.time.toFixed(rung.time < 1000 ? 6 : 3), "soft small", "start"),
    textAt((left + right) / 2, top + 16, rung.label, right - left < 230 ? "label small" : "label", "middle"),
    ...arrowOf(rung, left, right, arrow),
    ...lines.map((line, at) => textAt(left + 10, arrow + 20 + at * 15, line, "shows", "start")));
  return { group, end };
}

// From the sender's line to the receiver's; an ICMP error comes from the network, to the side whose packet it quotes.
function arrowOf(rung, left, right, y) {
  const toRight = rung.isServer === (rung.isError ? 1 : 0);
  const from = rung.isError ? (left + right) / 2 : toRight ? left : right;
  const to = toRight ? right - 2 : left + 2;
  const back = toRight ? -9 : 9;
  return [
    shape("line", { class: "arrow", x1: from, x2: to + back / 2, y1: y, y2: y }),
    shape("path", { class: "head", d: `M${to} ${y} l${back} -4.5 v9 z` }),
  ];
}

function textAt(x, y, text, style, anchor) {
  return shape("text", { x, y, class: style, "text-anchor": anchor }, text);
}

function wrap(text, most) {
  const lines = [""];
  for (const word of text.split(" ").flatMap(word => word.match(new RegExp(`.{1,${most}}`, "gu")) ?? [])) {
    if (lines.at(-1).length + word.length >= most)
      lines.push("");
    lines[lines.length - 1] += lines.at(-1) === "" ? word : ` ${word}`;
  }
  return lines.filter(line => line !== "");
}

// ---- Start ----

function start() {
  for (const name of ["cause", "state"]) {
    const values = [...new Set(connections.map(c => c[name]))].sort();
    find(name).append(...values.map(value => element("option", {}, value)));
    find(name).onchange = choose;
  }
  find("search").oninput = choose;
  find("open").onclick = toggleAll;
  window.onresize = spanVisibleColumns;
  find("previous").onclick = () => turn(-1, "next");
  find("next").onclick = () => turn(1, "previous");
  if (connections.length === 1)
    opened.add(connections[0]);
  showHead();
  choose();
  document.querySelector("main").hidden = false;
}

function turn(by, other) {
  firstRow += by * rowsPerPage;
  showRows();
  if (document.activeElement.disabled)
    find(other).focus();
}

start();
