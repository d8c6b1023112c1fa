// SPDX-License-Identifier: GPL-2.0-or-later
// The selected piece in words: its facts, why it is so and what that stands on, its frames as a
// filter. Text of the data goes into the document as text alone.

const make = (name, text = "", className = "") => {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  return element;
};
const plural = (count, noun) => `${count} ${count === 1 ? noun.replace(/s( \(.*\))?$/, "$1") : noun}`;

/** Frames of a piece: its own, or those of the segments that share its bytes. */
const framesOf = (view, lane, piece) => {
  if (lane.onlyTime) return lane.framesOf(piece);
  if (lane.frames) return lane.frames[piece] > 0 ? [lane.frames[piece]] : [];
  const prefix = lane.layer.includes(": ") ? `${lane.layer.split(": ")[0]}: ` : "";
  const segments = view.lanes.find((other) => other.layer === `${prefix}kernel`);
  if (!segments?.frames) return [];
  const [first, last] = segments.sharing(lane.begin[piece], lane.end[piece]);
  const frames = new Set();
  for (let i = first; i < last && frames.size < 50; ++i) if (segments.frames[i] > 0) frames.add(segments.frames[i]);
  return [...frames];
};
const filterOf = (frames) => (frames.length === 1 ? `frame.number == ${frames[0]}` : `frame.number in {${frames.join(", ")}}`);

/** Lanes of the same leg whose marks say something of a piece, with those marks. */
const marksAbout = (view, lane, piece) => {
  if (lane.marks) return lane.marks.ofPiece(piece).map((i) => [lane.marks, i]);
  const found = [];
  const prefix = lane.layer.includes(": ") ? lane.layer.split(": ")[0] : "";
  for (const other of view.lanes) {
    if (!other.marks || (prefix && !other.layer.startsWith(prefix)) || !other.layer.endsWith("kernel")) continue;
    const [first, last] = other.sharing(lane.begin[piece], lane.end[piece]);
    for (let i = first; i < last && found.length < 12; ++i)
      found.push(...other.marks.ofPiece(i).map((mark) => [other.marks, mark]));
  }
  return found;
};

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const addCause = (panel, marks, i) => {
  const block = make("div", "", marks.known(i) ? "cause" : "cause open");
  block.style.borderColor = coloursOf(marks.causeOf(i))[0];
  block.append(make("p", `${capital(marks.text.row(i))}.`));
  const said = { known: "Known: only this cause fits.",
    consistent: "Consistent: nothing speaks against it, and nothing proves it.", unknown: "Not known." };
  block.append(make("p", said[marks.page.sureness[marks.sure[i]]]));
  const evidence = marks.text.list(i);
  if (evidence.length > 0) {
    const list = make("ul");
    for (const line of evidence) list.append(make("li", line));
    block.append(list);
  }
  if (marks.waits[i] > 0) block.append(make("p", `Waited ${spanOf(marks.waits[i])}.`));
  panel.append(block);
};

const copyText = (text, button) => {
  const done = () => { button.textContent = "Copied"; };
  const byHand = () => {
    const field = make("textarea", text);
    document.body.append(field);
    field.select();
    if (document.execCommand("copy")) done();
    field.remove();
    button.focus();
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand);
  else byHand();
};

const addFilter = (panel, filter) => {
  const line = make("p");
  const button = make("button", "Copy");
  button.type = "button";
  button.addEventListener("click", () => copyText(filter, button));
  line.append(make("code", filter), " ", button);
  panel.append(line);
};

const fillPanel = (panel, view, selected) => {
  panel.replaceChildren();
  panel.className = selected ? "" : "empty";
  if (!selected) {
    panel.append(make("h2", "Nothing selected"), make("p", panel.dataset.empty));
    return "";
  }
  const { lane, piece } = selected;
  const title = capital(lane.title(piece));
  panel.append(make("h2", `${capital(nameOf(lane)[0])}: ${lane.label(piece)}`), make("p", `${title}.`));
  if (lane.onlyTime) addShares(panel, lane, piece);
  const about = marksAbout(view, lane, piece);
  if (about.length > 0) panel.append(make("h3", "Why"));
  for (const [marks, i] of about) addCause(panel, marks, i);
  const shared = make("ul");
  for (const other of view.lanes) {
    if (other === lane) continue;
    const [first, last] = other.sharing(lane.begin[piece], lane.end[piece]);
    if (last <= first) continue;
    const count = last - first;
    const leg = legOf(other) ? `${legOf(other)}'s ` : "";
    const name = `${leg}${other.onlyTime ? "times " : ""}${other.name}`;
    shared.append(make("li", count === 1 ? `${name}: ${other.label(first)}`
      : `${plural(count, name)}: ${other.label(first)} … ${other.label(last - 1)}`));
  }
  if (shared.childElementCount > 0) panel.append(make("h3", "Shares its bytes with"), shared);
  const frames = framesOf(view, lane, piece);
  if (frames.length > 0) {
    panel.append(make("h3", "In Wireshark"));
    addFilter(panel, filterOf(frames));
    addFilter(panel, `tcp.stream == ${view.stream}`);
  }
  const why = lane.onlyTime ? capital(lane.why(piece)) : about.map(([marks, i]) => marks.text.row(i)).join(". ");
  return `${capital(nameOf(lane)[0])}: ${title}. ${why}`;
};

const MOST_ROWS_OF_TABLE = 300;

/** What a picture shows, as rows of text: for those who cannot see it. */
const fillTable = (rows, picture, view) => {
  rows.replaceChildren();
  const window = picture.window;
  for (const { lane } of picture.places) {
    const each = Math.max(Math.floor(MOST_ROWS_OF_TABLE / picture.places.length), 10);
    let first = 0;
    let end = lane.count;
    let piece = (i) => i;
    if (picture.overTime) {
      [first, end] = [after(lane.time.reach, window.first - 1), after(lane.time.begin, window.last)];
      piece = (k) => lane.time.order[k];
    } else {
      [first, end] = [after(lane.reach, window.first), from(lane.begin, window.last)];
    }
    for (let k = first; k < Math.min(end, first + each); ++k) {
      const row = make("tr");
      const why = lane.onlyTime ? lane.why(piece(k)) : lane.marks ? lane.marks.ofPiece(piece(k)).map((i) => lane.marks.text.row(i)).join(". ") : "";
      row.append(make("td", nameOf(lane)[0]), make("td", lane.title(piece(k))), make("td", why));
      rows.append(row);
    }
    if (end - first > each) {
      const row = make("tr");
      row.append(make("td", nameOf(lane)[0]), make("td", `… ${end - first - each} more: zoom in`), make("td"));
      rows.append(row);
    }
  }
};
