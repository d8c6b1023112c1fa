// SPDX-License-Identifier: GPL-2.0-or-later
// The two pictures of a view, over bytes and over time, as one thing to look at: what is selected, wheel, mouse and
// keys. Needs the elements of lanes.html and bar.html in the document, and nothing else of a page.

const element = (name) => document.getElementById(name);
const pictures = [new Picture(element("bytes-canvas"), false), new Picture(element("time-canvas"), true)];
const figures = [element("bytes-figure"), element("time-figure")];
const state = { view: null, mode: "both", selected: null, active: 0, asked: false };

const shown = () => pictures.filter((_, i) => !figures[i].hidden);

const draw = () => {
  state.asked = false;
  const theme = themeOf();
  const began = performance.now();
  for (const picture of shown()) {
    picture.selected = state.selected && { ...state.selected, begin: state.selected.lane.begin[state.selected.piece],
      end: state.selected.lane.end[state.selected.piece] };
    picture.draw(theme);
  }
  state.drawn = performance.now() - began;
  if (element("as-table").open) fillTable(element("rows"), pictures[state.active], state.view);
};
const ask = () => {
  if (state.asked) return;
  state.asked = true;
  requestAnimationFrame(draw);
};
const PAPER = [860, 3]; // pixels of CSS, which the browser shrinks to the some 700 of A4 or Letter; of the canvas for each
const resize = () => {
  const printed = document.documentElement.classList.contains("printed");
  for (const picture of shown()) picture.resize(...(printed ? PAPER : []));
  draw();
};
/** Draws for paper: light, as sharp as it prints, and as wide as leaves labels their room. */
const forPaper = (on) => {
  document.documentElement.classList.toggle("printed", on);
  resize();
};

/** The first part of a long view in which labels have room; all of a short one. */
const begin = (picture) => {
  const { window, view, overTime } = picture;
  window.all();
  const busiest = picture.places.reduce((most, { lane }) => (lane.count > (most?.count ?? 0) && !lane.name.startsWith("wire") ? lane : most), null);
  const room = Math.max(Math.floor(window.width / (overTime ? 6 : 30)), 8);
  if (!busiest || busiest.count <= room * 1.6) return;
  const last = Math.min(room, busiest.count) - 1;
  if (overTime) window.show(busiest.time.begin[0], busiest.time.reach[Math.min(last, busiest.time.order.length - 1)]);
  else window.show(view.lowest, busiest.end[last]);
};

const select = (lane, piece, reveal = true) => {
  state.selected = lane ? { lane, piece } : null;
  const said = fillPanel(element("panel"), state.view, state.selected);
  if (element("said").textContent !== said) element("said").textContent = said; // else it is read out again
  if (lane && reveal) {
    for (const picture of shown()) {
      if (!picture.overTime) picture.window.reveal(lane.begin[piece], lane.end[piece]);
      else if (lane.time && lane.time.place[piece] >= 0) {
        const k = lane.time.place[piece];
        picture.window.reveal(lane.time.begin[k], lane.time.end[k]);
      }
    }
  }
  ask();
};

const setMode = (mode) => {
  state.mode = mode;
  const timed = state.view.lanes.some((lane) => lane.time);
  figures[0].hidden = mode === "time" && timed;
  figures[1].hidden = mode === "bytes" || !timed;
  for (const name of ["both", "bytes", "time"]) element(name).setAttribute("aria-pressed", String(name === mode));
  resize();
};

const showPictures = (view, overBytes = view) => {
  state.view = view;
  pictures[0].show(overBytes, new ByteAxis(overBytes));
  pictures[1].show(view, new TimeAxis(view, element("quiet").checked));
};

/** Draws a view from its begin. */
const showLanes = (view) => {
  showPictures(view);
  setMode(state.mode);
  for (const picture of shown()) begin(picture);
  select(null);
};

/** The values between which less than all is seen, else null. */
const partOf = ({ window }) => (window.isPart ? [window.first, window.last] : null);

/** Draws a view that is still coming, all of it. grown: it has the pieces of the one before and further ones, so what was
 *  selected and zoomed stays. */
const growLanes = (view, overBytes, grown) => {
  const parts = grown ? pictures.map(partOf) : [];
  const kept = grown ? state.selected : null;
  showPictures(view, overBytes);
  const lane = kept && view.lanes.find(({ name }) => name === kept.lane.name);
  state.selected = lane ? { lane, piece: kept.piece } : null;
  setMode(state.mode);
  parts.forEach((part, i) => part && pictures[i].window.put(...part));
  select(lane, kept?.piece, false);
};

/** The next or previous piece of a lane, in the order of the picture. */
const step = (picture, by) => {
  const { lane, piece } = state.selected;
  if (picture.overTime && lane.time && lane.time.place[piece] >= 0) {
    const k = Math.min(Math.max(lane.time.place[piece] + by, 0), lane.time.order.length - 1);
    select(lane, lane.time.order[k]);
  } else {
    select(lane, Math.min(Math.max(piece + by, 0), lane.count - 1));
  }
};
const changeLane = (picture, by) => {
  const lanes = picture.places.map((place) => place.lane);
  const { lane, piece } = state.selected;
  const next = lanes[lanes.indexOf(lane) + by];
  if (next) select(next, Math.min(next.sharing(lane.begin[piece], lane.end[piece])[0], next.count - 1));
};
const enterLanes = (picture) => {
  const { lane } = picture.places[0];
  select(lane, picture.overTime ? lane.time.order[Math.max(after(lane.time.reach, picture.window.first), 0)] ?? 0
    : Math.min(after(lane.reach, picture.window.first), lane.count - 1));
};

const onKey = (picture, event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = () => {
    const { window } = picture;
    if (!state.selected) return window.left + window.width / 2;
    const { lane, piece } = state.selected;
    const at = picture.overTime ? lane.time?.begin[lane.time.place[piece]] : (lane.begin[piece] + lane.end[piece]) / 2;
    const x = at === undefined ? NaN : window.x(at);
    return x >= window.left && x <= window.left + window.width ? x : window.left + window.width / 2;
  };
  const keys = {
    "+": () => picture.window.zoom(0.6, middle()), "=": () => picture.window.zoom(0.6, middle()),
    "-": () => picture.window.zoom(1 / 0.6, middle()), "0": () => picture.window.all(),
    Escape: () => select(null),
    ArrowLeft: () => step(picture, -1), ArrowRight: () => step(picture, 1),
    ArrowUp: () => changeLane(picture, -1), ArrowDown: () => changeLane(picture, 1),
    Home: () => select(state.selected.lane, 0), End: () => select(state.selected.lane, state.selected.lane.count - 1),
  };
  if (event.shiftKey && event.key.startsWith("Arrow")) {
    picture.window.move((event.key === "ArrowLeft" ? -0.15 : event.key === "ArrowRight" ? 0.15 : 0) * picture.window.width);
  } else if (keys[event.key]) {
    const moves = event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
    if (moves && !state.selected) enterLanes(picture);
    else keys[event.key]();
  } else {
    return;
  }
  event.preventDefault();
  ask();
};

const wire = (picture, index) => {
  const { canvas } = picture;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  let drag = null;
  canvas.addEventListener("wheel", (event) => {
    const [x] = place(event);
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      picture.window.move(event.deltaX || event.deltaY);
    } else {
      picture.window.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 240))), Math.max(x, GUTTER));
    }
    event.preventDefault();
    ask();
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [x, y] = place(event);
    drag = { x, y, moved: false, strip: y < 18 };
    canvas.setPointerCapture(event.pointerId);
    state.active = index;
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    if (!drag) {
      const found = picture.pieceAt(x, y);
      canvas.title = found ? found.lane.title(found.piece) : "";
      canvas.style.cursor = found ? "pointer" : "grab";
      return;
    }
    if (Math.abs(x - drag.x) < 3 && !drag.moved) return;
    const { window, axis } = picture;
    const scale = drag.strip ? -(axis.high - axis.low) / window.length : 1;
    window.move((drag.x - x) * scale);
    drag = { ...drag, x, moved: true };
    ask();
  });
  canvas.addEventListener("pointerup", (event) => {
    const [x, y] = place(event);
    if (drag && !drag.moved && drag.strip) {
      const { window, axis } = picture;
      const unit = axis.low + ((x - window.left) / window.width) * (axis.high - axis.low);
      window.move(((unit - (window.begin + window.end) / 2) / window.length) * window.width);
      ask();
    } else if (drag && !drag.moved) {
      const found = picture.pieceAt(x, y);
      select(found?.lane, found?.piece, false);
    }
    drag = null;
  });
  canvas.addEventListener("dblclick", (event) => {
    picture.window.zoom(0.4, place(event)[0]);
    ask();
  });
  canvas.addEventListener("keydown", (event) => onKey(picture, event));
  canvas.addEventListener("focus", () => { state.active = index; });
};

const zoomAll = (factor) => {
  for (const { window } of shown()) window.zoom(factor, window.left + window.width / 2);
  ask();
};

/** Once, before the first view is shown. */
const startControls = () => {
  pictures.forEach(wire);
  for (const mode of ["both", "bytes", "time"]) element(mode).addEventListener("click", () => setMode(mode));
  element("in").addEventListener("click", () => zoomAll(0.6));
  element("out").addEventListener("click", () => zoomAll(1 / 0.6));
  element("fit").addEventListener("click", () => {
    for (const { window } of shown()) window.all();
    ask();
  });
  element("quiet").addEventListener("change", () => {
    const part = partOf(pictures[1]);
    pictures[1].show(state.view, new TimeAxis(state.view, element("quiet").checked));
    if (part) pictures[1].window.put(...part);
    resize();
  });
  element("as-table").addEventListener("toggle", ask);
  addEventListener("resize", resize);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ask);
  addEventListener("beforeprint", () => forPaper(true));
  addEventListener("afterprint", () => forPaper(false));
};
