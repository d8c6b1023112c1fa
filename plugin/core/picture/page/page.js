// SPDX-License-Identifier: GPL-2.0-or-later
// The page of a capture: which of its views is shown, with its totals and its legend.

const page = readPage();

const legend = (view) => {
  const box = element("legend");
  box.replaceChildren();
  const seen = new Map();
  for (const { marks } of view.lanes) {
    if (!marks) continue;
    for (const i of marks.drawn) {
      const name = marks.nameOf(i);
      seen.set(name, { cause: marks.causeOf(i), known: marks.known(i) || seen.get(name)?.known });
    }
  }
  const add = (text, colour, filled) => {
    const entry = make("span");
    const swatch = make("i");
    swatch.style.background = filled ? colour : "none";
    swatch.style.boxShadow = `inset 0 0 0 2px ${colour}`;
    entry.append(swatch, text);
    box.append(entry);
  };
  for (const [name, { cause, known }] of seen) add(name, coloursOf(cause)[0], known);
  for (const [layer, colour] of view.delays?.used() ?? []) add(`time: ${layer}`, colour, true);
  if (seen.size > 0 || view.delays) box.append(make("span", "filled: known · hollow, with “?”: consistent, not proved"));
};

const totals = (view) => {
  const box = element("totals");
  box.replaceChildren();
  view.totals.forEach((text, i) => {
    if (i > 0) box.append(" · ");
    box.append(make(i === 0 ? "b" : "span", text));
  });
};

const verdicts = (view) => {
  const lines = view.delays ? verdictsOf(view.delays) : [];
  element("verdict").hidden = lines.length === 0;
  element("verdict").replaceChildren(...lines.map((line) => make("span", `${line}.`)));
};

const showView = (index) => {
  const view = page.view(index);
  element("views").selectedIndex = index;
  element("ends").textContent = `${view.from} → ${view.to}`;
  totals(view);
  verdicts(view);
  legend(view);
  element("remarks").replaceChildren(...view.remarks.map((text) => make("li", text)));
  showLanes(view);
};

/** The first view that has a frame, and its piece there, segments first. */
const pieceOfFrame = (frame) => {
  for (let index = 0; index < page.raw.length; ++index) {
    const view = page.view(index);
    for (const lane of [...view.lanes].sort((a, b) => (b.layer === "kernel") - (a.layer === "kernel"))) {
      const piece = lane.frames ? lane.frames.indexOf(frame) : -1;
      if (piece >= 0) return { index, lane, piece };
    }
  }
  return null;
};

const start = () => {
  element("file").textContent = page.title;
  document.title = page.title ? `${page.title}: Seamark` : "Seamark";
  element("chooser").hidden = page.raw.length === 0;
  if (page.raw.length === 0) {
    element("totals").textContent = "No HTTP/1.x or TLS stream was recognised in the capture.";
    return;
  }
  const chooser = element("views");
  page.raw.forEach((view) => chooser.append(make("option", textOf(view.heading))));
  chooser.addEventListener("change", () => showView(chooser.selectedIndex));
  startControls();
  element("ask").addEventListener("click", () => {
    const open = element("help").hidden;
    element("help").hidden = !open;
    element("ask").setAttribute("aria-expanded", String(open));
  });
  const found = page.frame > 0 ? pieceOfFrame(page.frame) : null;
  showView(found ? found.index : 0);
  if (found) select(found.lane, found.piece);
};
start();
