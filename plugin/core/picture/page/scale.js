// SPDX-License-Identifier: GPL-2.0-or-later
// What runs from left to right, in units: a byte is a unit; of time a ns is one, but for quiet
// stretches, which are drawn shorter than they are and say so.

/** Bytes are to scale everywhere. */
class ByteAxis {
  constructor(view) {
    this.low = view.lowest;
    this.high = Math.max(view.highest, view.lowest + 1);
    this.least = 4; // units in the narrowest window
    this.quiet = [];
  }
  unit(value) { return value; }
  value(unit) { return unit; }
  /** What stands at a step of the scale. */
  text(value) { return String(value).replace(/\B(?=(\d{3})+$)/g, " "); }
  span(value) { return `${this.text(Math.round(value))} bytes`; }
}

const SHARE = 5; // half of all gaps have at least a fifth of what an equal share would be

/** Times, from the view's zero. shorten: quiet stretches are drawn short. */
class TimeAxis {
  constructor(view, shorten) {
    this.zero = view.zero;
    this.least = 1000;
    const moments = TimeAxis.moments(view);
    this.low = moments[0] ?? 0;
    const last = moments.length > 0 ? moments[moments.length - 1] : 0;
    this.quiet = [];
    if (shorten && moments.length > 2) this.shorten(moments, TimeAxis.moments(view, false));
    this.times = this.quiet.flatMap((gap) => [gap.begin, gap.end]);
    this.units = [];
    let saved = 0;
    for (const gap of this.quiet) {
      gap.from = gap.begin - saved;
      saved += gap.end - gap.begin - gap.width;
      gap.to = gap.end - saved;
      this.units.push(gap.from, gap.to);
    }
    this.high = Math.max(last - saved, this.low + 1);
  }
  /** When anything begins, and where it is asked for also when it ends, each moment once. */
  static moments(view, ends = true) {
    const all = [];
    for (const lane of view.lanes) if (lane.time) all.push(lane.time.begin, ...(ends ? [lane.time.end] : []));
    const joined = new Float64Array(all.reduce((sum, list) => sum + list.length, 0));
    let at = 0;
    for (const list of all) {
      joined.set(list, at);
      at += list.length;
    }
    joined.sort();
    let count = 0;
    for (const moment of joined) if (count === 0 || moment > joined[count - 1]) joined[count++] = moment;
    return joined.subarray(0, count);
  }
  /** Of a gap longer than the limit: it grows with the logarithm of the rest. */
  static shortened(gap, limit) {
    return gap <= limit ? gap : limit * (1 + 0.5 * Math.log10(gap / limit));
  }
  static gaps(moments) {
    return Float64Array.from({ length: Math.max(moments.length - 1, 0) }, (_, i) => moments[i + 1] - moments[i]);
  }
  /** Between one beginning and the next there is to be room; how short calls are is no measure. */
  shorten(moments, begins) {
    const gaps = TimeAxis.gaps(begins);
    if (gaps.length === 0) return;
    const sorted = Float64Array.from(gaps).sort();
    const middle = sorted[sorted.length >> 1];
    let limit = sorted[sorted.length - 1];
    for (let tries = 0; tries < 60 && limit > middle; ++tries, limit /= 2) {
      let total = 0;
      for (const gap of gaps) total += TimeAxis.shortened(gap, limit);
      if (middle * SHARE * gaps.length >= total) break;
    }
    TimeAxis.gaps(moments).forEach((gap, i) => {
      if (gap <= limit * 1.5) return;
      this.quiet.push({ begin: moments[i], end: moments[i + 1], width: TimeAxis.shortened(gap, limit) });
    });
  }
  unit(time) { return this.map(time, this.times, this.units); }
  value(unit) { return this.map(unit, this.units, this.times); }
  /** Straight between the ends of quiet stretches. */
  map(x, of, to) {
    const at = after(of, x); // the first end after it
    if (at === 0) return x;
    if (at % 2 === 0) return x - of[at - 1] + to[at - 1];
    const part = (x - of[at - 1]) / (of[at] - of[at - 1]);
    return to[at - 1] + part * (to[at] - to[at - 1]);
  }
  text(time, step) {
    const ms = (time - this.zero) / 1e6;
    const decimals = Math.max(0, Math.min(6, Math.ceil(-Math.log10((step ?? 1000) / 1e6))));
    return `${ms.toFixed(decimals)}`;
  }
  span(ns) { return spanOf(ns); }
}

/** "19.2 ms", as short as it can be said. */
const spanOf = (ns) => {
  const [value, unit] = ns >= 1e9 ? [ns / 1e9, "s"] : ns >= 1e6 ? [ns / 1e6, "ms"] : [ns / 1e3, "µs"];
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(value >= 10 ? 3 : 2))} ${unit}`;
};

/** 1, 2, 5, 10 … that is at least as large. */
const roundStep = (least) => {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= least * 0.999);
};

/** The part of an axis that is drawn between two places of a canvas. */
class Window {
  constructor(axis) {
    this.axis = axis;
    this.left = 0;
    this.width = 1;
    this.all();
  }
  all() {
    const room = (this.axis.high - this.axis.low) * 0.01;
    this.begin = this.axis.low - room;
    this.end = this.axis.high + room;
  }
  get length() { return this.end - this.begin; }
  /** Less than all is seen. */
  get isPart() { return this.length < (this.axis.high - this.axis.low) * 1.01; }
  x(value) { return this.left + ((this.axis.unit(value) - this.begin) / this.length) * this.width; }
  value(x) { return this.axis.value(this.begin + ((x - this.left) / this.width) * this.length); }
  get first() { return this.value(this.left); }
  get last() { return this.value(this.left + this.width); }
  /** By a factor, around a place that stays. */
  zoom(factor, x) {
    const { axis } = this;
    const most = (axis.high - axis.low) * 1.02;
    const length = Math.min(Math.max(this.length * factor, Math.min(axis.least, most)), most);
    const part = (x - this.left) / this.width;
    this.begin += (this.length - length) * part;
    this.end = this.begin + length;
    this.hold();
  }
  move(pixels) {
    const by = (pixels / this.width) * this.length;
    this.begin += by;
    this.end += by;
    this.hold();
  }
  hold() {
    const room = (this.axis.high - this.axis.low) * 0.01;
    const back = Math.max(this.axis.low - room - this.begin, 0) || Math.min(this.axis.high + room - this.end, 0);
    this.begin += back;
    this.end += back;
  }
  /** From one value to another, as first and last give them. */
  put(first, last) {
    [this.begin, this.end] = [this.axis.unit(first), this.axis.unit(last)];
    this.hold();
  }
  show(begin, end) {
    const [low, high] = [this.axis.unit(begin), this.axis.unit(end)];
    const room = Math.max((high - low) * 0.03, this.axis.least / 8);
    this.begin = low - room;
    this.end = Math.max(high + room, this.begin + this.axis.least);
    this.hold();
  }
  /** Moves as little as shows the range, or its begin. */
  reveal(begin, end) {
    const [low, high] = [this.axis.unit(begin), this.axis.unit(end)];
    if (low >= this.begin && high <= this.end) return;
    if (low < this.end && high > this.begin && high - low > this.length) return;
    const middle = high - low < this.length ? (low + high) / 2 : low + this.length / 2;
    const { length } = this;
    this.begin = middle - length / 2;
    this.end = this.begin + length;
    this.hold();
  }
  /** Places of the scale's marks: [x, value, step], at least `apart` pixels from each other. */
  ticks(apart) {
    const perPixel = this.length / this.width;
    const step = Math.max(roundStep(perPixel * apart), 1);
    const zero = this.axis.zero ?? 0;
    const out = [];
    let edge = -Infinity;
    const stretches = [];
    let at = this.first;
    for (const gap of this.axis.quiet) {
      if (gap.end <= at || gap.begin >= this.last) continue;
      stretches.push([at, gap.begin]);
      at = gap.end;
    }
    stretches.push([at, this.last]);
    for (const [begin, end] of stretches) {
      const before = out.length;
      for (let tick = Math.ceil((begin - zero) / step) * step + zero; tick <= end; tick += step) {
        const x = this.x(tick);
        if (x - edge < apart * 0.8) continue;
        if (tick >= this.axis.value(this.axis.low) - step) out.push([x, tick, step]);
        edge = x;
      }
      // Between two quiet stretches the axis says where it is.
      const x = this.x(begin);
      if (out.length > before || this.axis.quiet.length === 0 || x - edge < apart * 0.6) continue;
      out.push([x, begin, Math.min(step, Math.max((end - begin) / 2, 1000))]);
      edge = x;
    }
    return out;
  }
}
