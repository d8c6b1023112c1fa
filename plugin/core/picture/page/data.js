"use strict";
// SPDX-License-Identifier: GPL-2.0-or-later
// The data of the page: columns of numbers as docs/page.md describes them, made into arrays that
// are searched by halving. Bytes count along the view's axis, times are ns from the page's epoch.

const decoder = new TextDecoder();
/** Text of the data: each of its characters is a byte of UTF-8. */
const textOf = (bytes) => decoder.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));

const NUMBER = "\u0001"; // where a shape has a number

/** Rows of text, put together when they are asked for. lists: a count and so many rows follow each. */
class Texts {
  constructor(flat, shapes, lists) {
    this.flat = flat;
    this.shapes = shapes;
    this.lists = lists;
    this.from = null;
  }
  /** Numbers are differences to the last text of the same shape: once through, in order. */
  prepare() {
    const last = this.shapes.map((parts) => new Array(parts.length - 1).fill(0));
    const { flat } = this;
    this.from = [];
    let at = 0;
    const take = () => {
      const mine = last[flat[at++]];
      for (let k = 0; k < mine.length; ++k, ++at) {
        if (typeof flat[at] === "number") flat[at] = mine[k] += flat[at];
      }
    };
    while (at < flat.length) {
      this.from.push(at);
      take();
      if (this.lists) for (let left = flat[at++]; left > 0; --left) take();
    }
  }
  put(at) {
    const parts = this.shapes[this.flat[at]];
    let text = parts[0];
    for (let k = 1; k < parts.length; ++k) text += this.flat[at + k] + parts[k];
    return [text, at + parts.length];
  }
  row(i) {
    if (this.from === null) this.prepare();
    return this.put(this.from[i])[0];
  }
  list(i) {
    if (this.from === null) this.prepare();
    let [, at] = this.put(this.from[i]);
    const rows = [];
    for (let left = this.flat[at++], text; left > 0; --left) {
      [text, at] = this.put(at);
      rows.push(text);
    }
    return rows;
  }
}

const running = (steps) => {
  const out = new Float64Array(steps.length);
  for (let i = 0, sum = 0; i < steps.length; ++i) out[i] = sum += steps[i];
  return out;
};

/** The first index whose value is greater than x; values ascend. */
const after = (values, x) => {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > x) high = middle;
    else low = middle + 1;
  }
  return low;
};
/** The first index whose value is at least x. */
const from = (values, x) => {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] >= x) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** The largest value up to each index. */
const highest = (values) => {
  const out = new Float64Array(values.length);
  for (let i = 0, most = -Infinity; i < values.length; ++i) out[i] = most = Math.max(most, values[i]);
  return out;
};

const MOST_ROWS = 5; // of a lane over time whose pieces lie over each other

/** Pieces of a lane in order of time: when they begin and end, and in which row they are drawn. */
class InTime {
  constructor(starts, took) {
    const order = [];
    for (let i = 0; i < starts.length; ++i) if (starts[i] !== null) order.push(i);
    const absolute = new Float64Array(starts.length).fill(NaN);
    for (let i = 0, sum = 0; i < starts.length; ++i) {
      if (starts[i] !== null) absolute[i] = sum += starts[i];
    }
    const disordered = order.some((piece, k) => k > 0 && absolute[piece] < absolute[order[k - 1]]);
    if (disordered) order.sort((a, b) => absolute[a] - absolute[b] || a - b);
    this.order = Uint32Array.from(order);
    this.begin = Float64Array.from(order, (i) => absolute[i]);
    this.end = Float64Array.from(order, (i) => absolute[i] + (took ? took[i] : 0));
    this.reach = highest(this.end);
    this.row = new Uint8Array(order.length);
    const free = [-Infinity];
    for (let k = 0; k < order.length; ++k) {
      let row = free.findIndex((end) => end <= this.begin[k]);
      if (row < 0) row = free.length < MOST_ROWS ? free.push(0) - 1 : MOST_ROWS - 1;
      free[row] = Math.max(free[row], this.end[k]);
      this.row[k] = row;
    }
    this.rows = free.length;
    this.place = new Int32Array(starts.length).fill(-1); // of a piece, in order of time
    order.forEach((piece, k) => { this.place[piece] = k; });
  }
}

class Marks {
  constructor(raw, page) {
    this.page = page;
    this.piece = running(raw.piece);
    this.begin = running(raw.gap);
    this.end = this.begin.map((begin, i) => begin + raw.size[i]);
    const first = running(raw.first);
    this.waits = raw.wait;
    this.first = first;
    this.last = first.map((time, i) => time + raw.last[i]);
    this.until = first.map((time, i) => time + raw.wait[i]);
    this.cause = raw.cause;
    this.sure = raw.sure;
    this.kind = raw.kind;
    this.boundaries = raw.boundaries;
    this.text = new Texts(raw.text, page.shapes, true);
    const drawn = [];
    for (let i = 0; i < raw.piece.length; ++i) if (this.says(i)) drawn.push(i);
    if (drawn.some((i, k) => k > 0 && this.begin[i] < this.begin[drawn[k - 1]]))
      drawn.sort((a, b) => this.begin[a] - this.begin[b] || a - b);
    this.drawn = drawn;
    this.at = Float64Array.from(drawn, (i) => this.begin[i]);
    this.reach = highest(Float64Array.from(drawn, (i) => this.end[i]));
    const waiting = drawn.filter((i) => this.waits[i] > 0);
    waiting.sort((a, b) => this.first[a] - this.first[b] || a - b);
    this.waiting = waiting;
    this.from = Float64Array.from(waiting, (i) => this.first[i]);
    this.waitReach = highest(Float64Array.from(waiting, (i) => this.until[i]));
  }
  kindOf(i) { return this.page.kinds[this.kind[i]]; }
  causeOf(i) { return this.page.causes[this.cause[i]]; }
  nameOf(i) { return this.page.names[this.cause[i]]; }
  known(i) { return this.page.sureness[this.sure[i]] === "known"; }
  /** Whether it stands between the lanes: something was merged, cut, held or read otherwise. */
  says(i) {
    const kind = this.kindOf(i);
    if (kind === "whole") return false;
    if (kind === "read") return this.causeOf(i) !== "segment" && this.causeOf(i) !== "unknown";
    return !(kind === "cut" && this.causeOf(i) === "end");
  }
  /** The marks of a piece. */
  ofPiece(piece) {
    const found = [];
    for (let i = from(this.piece, piece); i < this.piece.length && this.piece[i] === piece; ++i) found.push(i);
    return found;
  }
}

class Lane {
  constructor(raw, page) {
    this.layer = textOf(raw.layer);
    this.name = textOf(raw.name);
    this.count = raw.count;
    this.begin = new Float64Array(raw.count);
    this.end = new Float64Array(raw.count);
    for (let i = 0, at = 0; i < raw.count; ++i) {
      this.begin[i] = at + raw.gap[i];
      this.end[i] = at = this.begin[i] + raw.size[i];
    }
    this.reach = highest(this.end);
    this.looks = raw.look;
    this.page = page;
    this.frames = raw.frame ? running(raw.frame) : null;
    this.front = raw.front || null;
    this.back = raw.back || null;
    this.labels = new Texts(raw.label, page.shapes, false);
    this.titles = new Texts(raw.title, page.shapes, false);
    this.time = raw.start ? new InTime(raw.start, raw.took) : null;
    this.marks = raw.marks && raw.marks.piece.length > 0 ? new Marks(raw.marks, page) : null;
  }
  look(i) { return this.page.looks[Array.isArray(this.looks) ? this.looks[i] : this.looks]; }
  label(i) { return this.labels.row(i); }
  title(i) { return this.titles.row(i); }
  /** Indices [first, end) of the pieces that share bytes with a range; of a boundary, the one in front. */
  sharing(begin, end) {
    return [after(this.reach, begin), from(this.begin, Math.max(end, begin + 1))];
  }
}

class View {
  constructor(raw, page) {
    this.kind = raw.kind;
    this.heading = textOf(raw.heading);
    this.stream = raw.stream;
    this.from = textOf(raw.from);
    this.to = textOf(raw.to);
    this.zero = raw.zero;
    this.remarks = raw.remarks.map(textOf);
    this.totals = raw.totals.map(textOf);
    this.lanes = View.inOrder(raw.lanes.map((lane) => new Lane(lane, page)));
    this.delays = raw.delays ? new Delays(raw.delays, page) : null;
    if (raw.delays) this.note(raw.delays);
    this.lowest = Math.min(...this.lanes.map((lane) => lane.begin[0]));
    this.highest = Math.max(...this.lanes.map((lane) => lane.reach[lane.count - 1]));
  }
  /** What is not seen of the time of events, and how clocks differ. */
  note(raws) {
    const said = raws.flatMap((raw) => [...raw.clocks.map((text) => `Clocks: ${textOf(text)}`),
      ...raw.not_seen.map((text) => `Time, not seen: ${textOf(text)}`)]);
    this.remarks.push(...new Set(said));
    this.lanes.unshift(this.delays);
  }
  /** What a message is made of stands above the calls that hand it on, these right above the segments. */
  static inOrder(lanes) {
    const out = [...lanes];
    for (let i = 0; i < out.length; ++i) {
      if (!out[i].layer.endsWith("application") || out[i].moved) continue;
      const [writes] = out.splice(i--, 1);
      writes.moved = true;
      const prefix = writes.layer.slice(0, -"application".length);
      const segments = out.findIndex((lane, k) => k > i && lane.layer === `${prefix}kernel`);
      out.splice(segments < 0 ? i + 1 : segments, 0, writes);
    }
    return out;
  }
}

const readPage = () => {
  const raw = JSON.parse(document.getElementById("data").textContent);
  const page = {
    title: textOf(raw.title), frame: raw.frame,
    shapes: raw.shapes.map((shape) => textOf(shape).split(NUMBER)),
    looks: raw.looks, causes: raw.causes, names: raw.names.map(textOf), kinds: raw.kinds,
    sureness: raw.sureness,
  };
  page.raw = raw.views;
  page.views = raw.views.map(() => null);
  /** A view is decoded when it is first looked at. */
  page.view = (i) => (page.views[i] ??= new View(raw.views[i], page));
  return page;
};
