// SPDX-License-Identifier: GPL-2.0-or-later
// The lanes of a view on a canvas. Only what is seen is looked for, and what is narrower than a
// pixel is drawn as one: the cost of a picture is that of its width, not that of its pieces.

// Okabe and Ito's colours, which colour-blind people can distinguish: those of the SVG pictures.
// Neighbouring pieces have two shades of one; black is legible on all of them.
const SHADES = {
  write: ["#56b4e9", "#a9d9f4"], record: ["#d9a6c2", "#ecd2e0"], chunk: ["#e69f00", "#f3cf80"],
  item: ["#cfa9e0", "#e6d4ef"], other: ["#f0e442", "#f7f2a4"], segment: ["#009e73", "#7fceb8"],
  packet: ["#8fd3bf", "#c6e9de"], read: ["#cc79a7", "#e5bcd3"], held: ["#7fb8d8", "#bcdbeb"],
  sender: ["#999999", "#cccccc"], proxy: ["#0072b2", "#7fb8d8"],
};
const PLAIN = ["#b8b8b8", "#dcdcdc"];
const shadesOf = (look) => SHADES[look] ?? PLAIN;

const GUTTER_LEAST = 118;
let GUTTER = GUTTER_LEAST; // names of the lanes of the view that is shown, and room beside them
const EDGE = 10; // right of the picture
const TALL = 26; // a lane of one row
const ROW = 15; // of a lane with several
const ABOVE = 46; // room above the first lane: the strip that shows where one is, and the scale
const MARKS = 34; // room above a lane for its marks
const MARKS_TIME = 46;
const GAP = 9;
const FONT = "12px system-ui, 'DejaVu Sans', sans-serif";
const SMALL = "11px system-ui, 'DejaVu Sans', sans-serif";

const themeOf = () => {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return { text: value("--text"), page: value("--page"), soft: value("--soft"), line: value("--line"), faint: value("--faint") };
};

const widths = new Map();
const widthOf = (ctx, text) => {
  const key = ctx.font + text.replace(/\d/g, "0");
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > 5000) widths.clear();
    widths.set(key, width = ctx.measureText(text).width);
  }
  return width;
};
/** The first of some texts that has room, or none. */
const fitting = (ctx, room, ...texts) => texts.find((text) => text && widthOf(ctx, text) + 6 <= room);

/** The first word of a label, where there is no room for more. */
const firstWord = (text) => text.split(" ")[0].replace(/[:,]$/, "");

/** The leg of a proxy that a lane is of: "server", "proxy"; empty where there is one leg. */
const legOf = ({ layer }) => (layer.includes(": ") ? layer.split(": ")[0] : "");
/** A lane's name as it stands before it: its layer, and what that cuts; nothing twice. */
const nameOf = (lane) => {
  const leg = legOf(lane);
  const own = leg ? lane.layer.slice(leg.length + 2) : lane.layer;
  const [layer, ...cut] = own.split(" "); // "application writes", those into TLS
  const name = lane.name === own ? cut.join(" ") : lane.name.replace(`${own} `, "");
  return [leg ? `${leg}'s ${layer}` : layer, name];
};
const NAME_FONTS = [`600 ${FONT}`, SMALL];

/** Room that the longest name takes, so that none is cut off at the left edge. */
const gutterOf = (ctx, lanes) => lanes.reduce((most, lane) => NAME_FONTS.reduce((room, font, i) => {
  ctx.font = font;
  return Math.max(room, Math.ceil(ctx.measureText(nameOf(lane)[i]).width) + 14);
}, most), GUTTER_LEAST);

/** Where the lanes of a view stand on a canvas; over time without those that have none. */
const layOut = (view, overTime) => {
  const places = [];
  let y = ABOVE;
  for (const lane of view.lanes) {
    if (overTime ? !lane.time : lane.onlyTime) continue;
    const marks = lane.marks && (overTime ? lane.marks.waiting : lane.marks.drawn).length > 0;
    y += marks ? (overTime ? MARKS_TIME : MARKS) : places.length > 0 ? GAP : 0;
    const rows = overTime ? lane.time.rows : 1;
    const height = rows > 1 ? rows * ROW : TALL;
    places.push({ lane, top: y, height, rows, marks: marks ? (overTime ? MARKS_TIME : MARKS) : 0 });
    y += height;
  }
  return { places, height: y + 10 };
};

const LEAST = 1.5; // pixels of a piece that is drawn by itself

/** Calls draw(first, end, x, toX) for what is seen of a lane over bytes: a piece, or several that are
 *  narrower than a pixel. */
const eachOverBytes = (lane, window, draw) => {
  const last = window.last;
  for (let i = after(lane.reach, window.first); i < lane.count && lane.begin[i] < last;) {
    const x = window.x(lane.begin[i]);
    const toX = window.x(lane.end[i]);
    if (toX - x >= LEAST) {
      draw(i, ++i, x, toX);
      continue;
    }
    const end = Math.max(from(lane.begin, window.value(x + LEAST)), i + 1);
    draw(i, end, x, Math.max(window.x(lane.end[end - 1]), x + 1));
    i = end;
  }
};

/** The same over time, by row; indices are those of lane.time.order. */
const eachOverTime = (lane, window, draw) => {
  const { time } = lane;
  const last = window.last;
  const edges = new Float64Array(time.rows).fill(-Infinity);
  for (let k = after(time.reach, window.first - 1); k < time.order.length && time.begin[k] <= last;) {
    const x = window.x(time.begin[k]);
    const toX = window.x(time.end[k]);
    const row = time.row[k];
    if (toX - x >= 2 * LEAST || time.rows > 1) {
      if (toX - edges[row] > 0.5) draw(k, k + 1, Math.max(x, edges[row]), Math.max(toX, x + 2));
      edges[row] = Math.max(toX, edges[row]);
      ++k;
      continue;
    }
    let end = Math.max(after(time.begin, window.value(x + LEAST)), k + 1);
    if (end > k + 1) while (end > k + 1 && window.x(time.end[end - 1]) - x > 8) --end; // a long one by itself
    draw(k, end, x, Math.max(window.x(time.end[end - 1]), x + 3));
    k = end;
  }
};

class Picture {
  constructor(canvas, overTime) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d");
    this.overTime = overTime;
    this.selected = null;
  }
  show(view, axis) {
    this.view = view;
    this.axis = axis;
    this.window = new Window(axis);
    GUTTER = gutterOf(this.ctx, view.lanes);
    Object.assign(this, layOut(view, this.overTime));
  }
  /** To the window's width, or to a width in pixels of CSS with so many of the canvas for each. */
  resize(width = this.canvas.clientWidth, scale = globalThis.devicePixelRatio || 1) {
    this.canvas.style.height = `${this.height}px`;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(this.height * scale);
    this.scale = scale;
    this.window.left = GUTTER;
    this.window.width = Math.max(width - GUTTER - EDGE, 50);
  }
  draw(theme) {
    const { ctx } = this;
    this.theme = theme;
    ctx.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    ctx.fillStyle = theme.page;
    ctx.fillRect(0, 0, this.canvas.width, this.height);
    ctx.textBaseline = "middle";
    this.drawStrip();
    this.drawScale();
    for (const place of this.places) this.drawName(place);
    ctx.save();
    ctx.beginPath();
    ctx.rect(GUTTER - 2, 0, this.window.width + 4, this.height);
    ctx.clip();
    for (const place of this.places) {
      if (!this.overTime) this.drawOverBytes(place);
      else if (place.lane.onlyTime) drawDelays(this, place);
      else this.drawOverTime(place);
    }
    for (const place of this.places) if (place.marks > 0) drawMarks(this, place);
    if (this.selected) for (const place of this.places) this.drawShared(place);
    ctx.restore();
    for (const place of this.places) if (place.hidden > 0) this.drawHidden(place);
  }
  drawName({ lane, top, height }) {
    const { ctx } = this;
    ctx.textAlign = "right";
    ctx.fillStyle = this.theme.text;
    nameOf(lane).forEach((text, i) => {
      ctx.font = NAME_FONTS[i];
      ctx.fillText(text, GUTTER - 10, top + height / 2 + (i === 0 ? -7 : 7));
    });
  }
  /** How many pieces are seen of which there is no room for any part. */
  drawHidden({ top, height, hidden }) {
    const { ctx } = this;
    ctx.textAlign = "right";
    ctx.fillStyle = this.theme.text;
    ctx.font = SMALL;
    ctx.fillText(`+${hidden} shorter`, GUTTER - 10, top + height / 2 + 21);
  }
  /** A strip of the whole, with what is seen of it. */
  drawStrip() {
    const { ctx, theme, axis, window } = this;
    const width = window.width;
    const x = (unit) => GUTTER + ((unit - axis.low) / (axis.high - axis.low)) * width;
    ctx.fillStyle = theme.faint;
    ctx.fillRect(GUTTER, 4, width, 9);
    const begin = Math.max(x(window.begin), GUTTER);
    const end = Math.min(x(window.end), GUTTER + width);
    ctx.fillStyle = theme.line;
    ctx.fillRect(begin, 4, Math.max(end - begin, 3), 9);
    ctx.font = SMALL;
    ctx.textAlign = "right";
    ctx.fillStyle = theme.text;
    const part = window.length / (axis.high - axis.low);
    ctx.fillText(part > 0.995 ? "all shown" : `${Number((part * 100).toPrecision(2))} % shown`, GUTTER - 10, 9);
  }
  drawScale() {
    const { ctx, theme, window, axis } = this;
    ctx.font = SMALL;
    const bottom = this.height - 6;
    for (const gap of axis.quiet) {
      const x = window.x(gap.begin);
      const toX = window.x(gap.end);
      if (toX < GUTTER || x > GUTTER + window.width) continue;
      const [left, right] = [Math.max(x, GUTTER), Math.min(toX, GUTTER + window.width)];
      ctx.fillStyle = theme.faint;
      ctx.fillRect(left, ABOVE - 12, right - left, bottom - ABOVE + 12);
      ctx.fillStyle = theme.text;
      ctx.textAlign = "center";
      const label = fitting(ctx, right - left, `↔ ${spanOf(gap.end - gap.begin)}`, "↔");
      if (label) ctx.fillText(label, (left + right) / 2, ABOVE - 22);
    }
    ctx.strokeStyle = theme.soft;
    ctx.fillStyle = theme.text;
    ctx.textAlign = "center";
    ctx.lineWidth = 1;
    let edge = -Infinity;
    for (const [x, value, step] of window.ticks(82)) {
      ctx.beginPath();
      ctx.moveTo(Math.round(x) + 0.5, ABOVE - 14);
      ctx.lineTo(Math.round(x) + 0.5, bottom);
      ctx.stroke();
      const text = axis.text(value, step);
      const half = widthOf(ctx, text) / 2;
      if (x - half < edge || axis.quiet.some((gap) => overlaps(x - half, x + half, window.x(gap.begin), window.x(gap.end)))) continue;
      if (x - half < GUTTER - 6 || x + half > GUTTER + window.width + EDGE) continue;
      ctx.fillText(text, x, ABOVE - 22);
      edge = x + half + 8;
    }
    ctx.textAlign = "right";
    ctx.fillText(this.overTime ? "time, ms" : this.view.kind === "proxy" ? "body offset" : "byte offset", GUTTER - 10, ABOVE - 22);
  }
  drawOverBytes({ lane, top, height }) {
    const { ctx, window } = this;
    ctx.font = FONT;
    ctx.textAlign = "center";
    const [low, high] = [window.left - 4, window.left + window.width + 4];
    eachOverBytes(lane, window, (first, end, x, toX) => {
      const look = lane.look(first);
      const shades = shadesOf(look);
      const [left, right] = [Math.max(x, low), Math.min(toX, high)];
      if (end - first > 1) {
        ctx.fillStyle = shades[0];
        ctx.globalAlpha = 0.75;
        ctx.fillRect(left, top, right - left, height);
        ctx.globalAlpha = 1;
        return;
      }
      if (look === "missing") this.dashed(left, top, right - left, height);
      ctx.fillStyle = look === "missing" ? "rgba(213,94,0,.15)" : shades[first & 1];
      ctx.fillRect(left, top, right - left, height);
      if (lane.front) this.drawFeet(lane, first, x, toX, top + height - 5);
      if (right - left < 12) return;
      const text = lane.label(first);
      const label = fitting(ctx, right - left, text, text.split(",")[0], text.split(" ").slice(0, 2).join(" "), firstWord(text));
      if (!label) return;
      ctx.fillStyle = look === "missing" ? this.theme.text : "#000";
      ctx.fillText(label, (left + right) / 2, top + height / 2 - (lane.front ? 1 : 0));
    });
  }
  /** What is not data has dark feet: size lines, line ends, headers of records. */
  drawFeet(lane, i, x, toX, y) {
    const { ctx } = this;
    const each = (toX - x) / (lane.end[i] - lane.begin[i]);
    ctx.fillStyle = "rgba(0,0,0,.45)";
    if (lane.front[i] > 0) ctx.fillRect(x, y, lane.front[i] * each, 5);
    if (lane.back[i] > 0) ctx.fillRect(toX - lane.back[i] * each, y, lane.back[i] * each, 5);
  }
  dashed(x, y, width, height) {
    const { ctx } = this;
    ctx.setLineDash([4, 3]);
    ctx.strokeStyle = "#d55e00";
    ctx.strokeRect(x + 0.5, y + 0.5, Math.max(width - 1, 1), height - 1);
    ctx.setLineDash([]);
  }
  drawOverTime({ lane, top, height, rows }) {
    const { ctx, window } = this;
    ctx.font = FONT;
    const { time } = lane;
    const tall = rows > 1 ? ROW - 2 : height;
    const edge = window.left + window.width;
    let waiting = null; // a label that wants the room up to the next piece
    const put = (nextX) => {
      if (!waiting) return;
      const text = fitting(ctx, nextX - waiting.x, ...waiting.texts);
      if (text) {
        ctx.fillStyle = this.theme.text;
        ctx.textAlign = "left";
        ctx.fillText(text, waiting.x + 3, waiting.y);
      }
      waiting = null;
    };
    eachOverTime(lane, window, (first, end, x, toX) => {
      const piece = time.order[first];
      const look = lane.look(piece);
      const y = top + time.row[first] * (rows > 1 ? ROW : 0);
      const [left, right] = [Math.max(x, window.left - 4), Math.min(toX, edge + 4)];
      if (rows === 1) put(left);
      ctx.fillStyle = look === "missing" ? "#d55e00" : shadesOf(look)[end - first > 1 ? 0 : piece & 1];
      ctx.fillRect(left, y, Math.max(right - left, 1), tall);
      const text = end - first > 1 ? `${end - first} ×` : lane.label(piece);
      const short = firstWord(text);
      const inside = right - left >= 12 && fitting(ctx, right - left, text, short);
      if (inside) {
        ctx.fillStyle = "#000";
        ctx.textAlign = "center";
        ctx.fillText(inside, (left + right) / 2, y + tall / 2);
      } else if (rows === 1) {
        waiting = { x: right, y: y + tall / 2, texts: end - first > 1 ? [text] : [text, text.split(",")[0], short] };
      }
    });
    put(edge);
  }
  /** Outlines what shares bytes with the selected piece, and fades the rest. */
  drawShared({ lane, top, height, rows }) {
    const { ctx, window, overTime, theme } = this;
    const { begin, end } = this.selected;
    const [first, last] = lane.sharing(begin, end);
    const own = this.selected.lane === lane;
    ctx.strokeStyle = theme.text;
    ctx.lineWidth = own ? 3 : 1.5;
    const frame = (x, toX, y, tall) => {
      const [left, right] = [Math.max(x, window.left - 6), Math.min(Math.max(toX, x + 3), window.left + window.width + 6)];
      if (right > left) ctx.strokeRect(left - 1, y - 1, right - left + 2, tall + 2);
    };
    if (last <= first) return;
    if (!overTime) {
      const [low, high] = own ? [begin, end] : [lane.begin[first], lane.end[last - 1]];
      frame(window.x(low), window.x(high), top, height);
      return;
    }
    if (last - first > 2000) return;
    for (let i = first; i < last; ++i) {
      const k = lane.time.place[i];
      if (k < 0 || (own && i !== this.selected.piece) || lane.time.row[k] >= rows) continue;
      frame(window.x(lane.time.begin[k]), window.x(lane.time.end[k]), top + lane.time.row[k] * (rows > 1 ? ROW : 0),
        rows > 1 ? ROW - 2 : height);
    }
  }
  /** The piece at a place of the canvas: {lane, piece}, or null. */
  pieceAt(x, y) {
    const place = this.places.find(({ top, height, marks }) => y >= top - marks && y < top + height);
    if (!place || x < GUTTER - 4) return null;
    const { lane, top } = place;
    if (y < top) return markAt(this, place, x, y);
    if (!this.overTime) {
      const i = after(lane.reach, this.window.value(x));
      return i < lane.count && lane.begin[i] <= this.window.value(x + 2) ? { lane, piece: i } : null;
    }
    if (lane.onlyTime) return eventAt(this, place, x, y);
    const row = place.rows > 1 ? Math.floor((y - top) / ROW) : -1;
    let best = null;
    eachOverTime(lane, this.window, (first, end, left, right) => {
      if (row >= 0 && lane.time.row[first] !== row) return;
      const far = Math.max(left - x, x - right, 0);
      if (far <= 5 && (best === null || far < best.far)) best = { far, lane, piece: lane.time.order[first] };
    });
    return best && { lane: best.lane, piece: best.piece };
  }
}
const overlaps = (a, b, c, d) => a < d && c < b;
