// SPDX-License-Identifier: GPL-2.0-or-later
// Where the time of events went: a lane over time, in which each event is as long as its time, from
// when the event before it was written to when it could be read, divided into the layers that had
// it. Filled: known. Hollow: consistent with the evidence.

// Colours of layers: those of the lanes that show them, where there are any.
const LAYER_LOOKS = {
  application: "write", sender: "sender", stack: "segment", wire: "packet", hop: "packet", rest: "record",
  receiver: "read", proxy: "proxy",
};
const layerColour = (layer) => shadesOf(LAYER_LOOKS[layer])[0];
const layerInk = (layer) => (layer === "proxy" ? "#fff" : "#000");

const ROWS_OF_EVENTS = 16;
const NO_ROW = 255;
const [KNOWN, RUNS_BACK, KEPT, SINCE_REQUEST] = [1, 2, 4, 8]; // of a row

/** As the tables write it: cut to microseconds. */
const msOf = (ns) => `${(Math.floor(ns / 1000) / 1000).toFixed(3)} ms`;

/** Events in order of time, one a row; where there is no row left, the longest stay. */
class EventsInTime {
  constructor(begin, total) {
    const count = begin.length;
    this.order = Uint32Array.from({ length: count }, (_, i) => i);
    if (begin.some((time, i) => i > 0 && time < begin[i - 1])) this.order.sort((a, b) => begin[a] - begin[b] || a - b);
    this.begin = Float64Array.from(this.order, (i) => begin[i]);
    this.end = Float64Array.from(this.order, (i) => begin[i] + total[i]);
    this.reach = highest(this.end);
    this.row = new Uint8Array(count).fill(NO_ROW);
    const last = [];
    for (let k = 0; k < count; ++k) {
      let row = last.findIndex((before) => this.end[before] <= this.begin[k]);
      if (row < 0 && last.length < ROWS_OF_EVENTS) row = last.push(k) - 1;
      if (row < 0) {
        const length = (of) => this.end[of] - this.begin[of];
        row = last.reduce((least, before, at) => (length(before) < length(last[least]) ? at : least), 0);
        if (length(last[row]) >= length(k)) continue;
        this.row[last[row]] = NO_ROW;
      }
      last[row] = k;
      this.row[k] = row;
    }
    this.rows = Math.max(last.length, 1);
    this.place = new Int32Array(count);
    this.order.forEach((piece, k) => { this.place[piece] = k; });
    /** Of each row its events, which do not overlap. */
    this.ofRow = Array.from({ length: this.rows }, () => []);
    this.hidden = new Uint32Array(count + 1); // how many of the first have no row
    for (let k = 0; k < count; ++k) {
      this.hidden[k + 1] = this.hidden[k] + (this.row[k] === NO_ROW ? 1 : 0);
      if (this.row[k] !== NO_ROW) this.ofRow[this.row[k]].push(k);
    }
    this.ends = this.ofRow.map((row) => Float64Array.from(row, (k) => this.end[k]));
    this.begins = this.ofRow.map((row) => Float64Array.from(row, (k) => this.begin[k]));
  }
}

/** One response's events, as the data has them. */
class Response {
  constructor(raw) {
    this.unit = raw.unit;
    this.exchange = raw.exchange;
    this.count = raw.count;
    this.number = running(raw.number);
    this.frames = raw.frames.map(running);
    const column = (values) => (Array.isArray(values) ? values : new Array(raw.count).fill(values));
    this.flags = column(raw.flags);
    this.layers = raw.layers.map((layer) => ({
      layer: layer.layer, name: textOf(layer.name), at: textOf(layer.at), ns: column(layer.ns),
      cause: "cause" in layer ? column(layer.cause) : null, sure: "sure" in layer ? column(layer.sure) : null,
    }));
    this.verdict = raw.verdict.map(textOf);
    this.total = new Float64Array(raw.count);
    this.start = new Float64Array(raw.count);
    for (let i = 0, expected = 0; i < raw.count; ++i) {
      this.start[i] = expected + raw.start[i];
      let first = null;
      for (const { ns } of this.layers) {
        this.total[i] += ns[i] ?? 0;
        first ??= ns[i];
      }
      expected = this.start[i] + (first ?? 0);
    }
  }
}

/** A lane of the time of events: of all responses of a view. */
class Delays {
  constructor(raws, page) {
    this.page = page;
    this.responses = raws.map((raw) => new Response(raw));
    this.layer = "time";
    this.name = this.responses.every(({ unit }) => unit === "chunk") ? "of each chunk" : "of each event";
    this.onlyTime = true;
    this.marks = null;
    this.frames = null;
    const joined = (of) => {
      const lists = this.responses.map(of);
      const out = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
      lists.reduce((at, list) => {
        out.set(list, at);
        return at + list.length;
      }, 0);
      return out;
    };
    this.first = [0];
    for (const { count } of this.responses) this.first.push(this.first.at(-1) + count);
    this.count = this.first.at(-1);
    this.begin = new Float64Array(this.count);
    this.end = new Float64Array(this.count);
    let i = 0;
    for (const raw of raws) {
      for (let k = 0, at = 0; k < raw.count; ++k, ++i) {
        this.begin[i] = at + raw.gap[k];
        this.end[i] = at = this.begin[i] + raw.size[k];
      }
    }
    this.reach = highest(this.end);
    this.total = joined((response) => response.total);
    this.time = new EventsInTime(joined((response) => response.start), this.total);
  }
  /** The response of a piece, and its row there. */
  at(piece) {
    const which = after(this.first, piece) - 1;
    return [this.responses[which], piece - this.first[which]];
  }
  flag(piece, flag) {
    const [response, i] = this.at(piece);
    return (response.flags[i] & flag) !== 0;
  }
  /** [layer, ns] of each share, in the order of the path. */
  shares(piece) {
    const [response, i] = this.at(piece);
    return response.layers.filter(({ ns }) => ns[i] !== null).map((layer) => [layer, layer.ns[i]]);
  }
  /** The layer with the largest share; none where times run back, or nothing took time. */
  holder(piece) {
    if (this.flag(piece, RUNS_BACK)) return null;
    let most = null;
    for (const share of this.shares(piece)) if (share[1] > 0 && share[1] > (most?.[1] ?? 0)) most = share;
    return most;
  }
  known(piece) { return this.flag(piece, KNOWN); }
  /** "proxy? 420 ms": what is written in the share of the holder. */
  held(piece) {
    const holder = this.holder(piece);
    if (!holder) return this.flag(piece, RUNS_BACK) ? "times run back" : "";
    return `${holder[0].name}${this.known(piece) ? "" : "?"} ${spanOf(holder[1])}`;
  }
  number(piece) {
    const [response, i] = this.at(piece);
    return response.number[i];
  }
  label(piece) {
    const [response] = this.at(piece);
    const held = this.held(piece);
    return `${response.unit} ${this.number(piece)}${held && `, ${held}`}`;
  }
  /** Why: what held it, and how sure that is. */
  why(piece) {
    const holder = this.holder(piece);
    if (!holder) return this.flag(piece, RUNS_BACK) ? "times run back between two places (two clocks): no layer is named" : "";
    const [{ at, layer }, ns] = holder;
    const since = layer === "application" || layer === "sender"
      ? this.flag(piece, SINCE_REQUEST) ? ", counted from the request" : ", the pause since the event before it" : "";
    return `${msOf(ns)} of ${msOf(this.total[piece])}: ${at}${since} (${this.known(piece) ? "known" : "consistent"})`;
  }
  title(piece) {
    const [response] = this.at(piece);
    const shares = this.shares(piece).map(([layer, ns]) => `${layer.name} ${msOf(ns)}`).join(", ");
    const kept = this.flag(piece, KEPT) ? "; its compressor kept it" : "";
    const frames = this.framesOf(piece);
    return `${response.unit} ${this.number(piece)}, ${frames.length > 1 ? "frames" : "frame"} ${frames.join(" → ")}: ${msOf(this.total[piece])}, ${shares}${kept}`;
  }
  /** Of its last byte, on each leg from the server to the client. */
  framesOf(piece) {
    const [response, i] = this.at(piece);
    return response.frames.map((leg) => leg[i]).filter((frame) => frame > 0);
  }
  /** The layers that have time in any event, each once. */
  used() {
    const found = new Map();
    for (const { layers } of this.responses) {
      for (const { layer, ns } of layers) if (!found.has(layer) && ns.some((one) => one > 0)) found.set(layer, layerColour(layer));
    }
    return found;
  }
  sharing(begin, end) { return Lane.prototype.sharing.call(this, begin, end); }
}

const MOST_VERDICTS = 3;

/** What held the events of a view, a sentence each; of many responses the first. */
const verdictsOf = (lane) => {
  const { responses } = lane;
  const lines = [];
  for (const { verdict, exchange } of responses.slice(0, MOST_VERDICTS)) {
    for (const sentence of verdict) lines.push(responses.length > 1 ? `exchange ${exchange}: ${sentence}` : sentence);
  }
  const more = responses.length - MOST_VERDICTS;
  if (more > 0) lines.push(`+${more} more ${more === 1 ? "response" : "responses"} whose events have times`);
  return lines;
};

/** Calls draw(k, end, x, toX, row) for what is seen of each row: an event, or the longest of several
 *  that are narrower than a pixel. k counts in order of time. */
const eachEvent = (lane, window, draw) => {
  const { time } = lane;
  const [low, high] = [window.first, window.last];
  for (let row = 0; row < time.rows; ++row) {
    const [ks, begins, ends] = [time.ofRow[row], time.begins[row], time.ends[row]];
    for (let i = from(ends, low); i < ks.length && begins[i] <= high;) {
      const x = window.x(begins[i]);
      const toX = window.x(ends[i]);
      if (toX - x >= LEAST) {
        draw(ks[i], 1, x, toX, row);
        ++i;
        continue;
      }
      const end = Math.max(from(begins, window.value(x + LEAST)), i + 1);
      let longest = i;
      for (let k = i + 1; k < end; ++k) if (ends[k] - begins[k] > ends[longest] - begins[longest]) longest = k;
      draw(ks[longest], end - i, x, Math.max(window.x(ends[end - 1]), x + 1.5), row);
      i = end;
    }
  }
};

const placeOfRow = (place, row) => [place.top + row * (place.rows > 1 ? ROW : 0), place.rows > 1 ? ROW - 2 : place.height];

/** A share: filled where it is known, else hollow. */
const drawShare = (picture, layer, known, x, toX, y, tall) => {
  const { ctx } = picture;
  const colour = layerColour(layer);
  ctx.fillStyle = colour;
  if (!known) ctx.globalAlpha = 0.3;
  ctx.fillRect(x, y, toX - x, tall);
  ctx.globalAlpha = 1;
  if (known || toX - x < 3) {
    if (!known) ctx.fillRect(x, y, Math.min(toX - x, 1), tall);
    return;
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(x + 0.75, y + 0.75, toX - x - 1.5, tall - 1.5);
};

const drawDelays = (picture, place) => {
  const { ctx, window, theme } = picture;
  const { lane } = place;
  const { time } = lane;
  const [low, high] = [window.left - 4, window.left + window.width + 4];
  ctx.font = place.rows > 1 ? SMALL : FONT;
  const waiting = []; // by row: a label that wants the room up to the next event
  const put = (row, nextX) => {
    const one = waiting[row];
    waiting[row] = null;
    if (!one) return;
    const text = fitting(ctx, nextX - one.x, ...one.texts);
    if (!text) return;
    ctx.fillStyle = theme.text;
    ctx.textAlign = "left";
    ctx.fillText(text, one.x + 3, one.y);
  };
  eachEvent(lane, window, (k, count, x, toX, row) => {
    const piece = time.order[k];
    const [y, tall] = placeOfRow(place, row);
    put(row, x);
    const holder = lane.holder(piece);
    if (toX - x < 2 * LEAST) {
      ctx.fillStyle = holder ? layerColour(holder[0].layer) : theme.line;
      ctx.globalAlpha = 0.75;
      ctx.fillRect(x, y, toX - x, tall);
      ctx.globalAlpha = 1;
      waiting[row] = { x: toX, y: y + tall / 2, texts: count > 1 ? [`${count} ×`] : [`${lane.number(piece)}: ${lane.held(piece)}`] };
      return;
    }
    let at = time.begin[k];
    let label = null;
    // By two clocks a share could be anything: none is drawn.
    const back = lane.flag(piece, RUNS_BACK);
    if (back) label = { left: Math.max(x, low), right: Math.min(toX, high), known: false, ink: theme.text };
    for (const share of back ? [] : lane.shares(piece)) {
      const [layer, ns] = share;
      const [left, right] = [Math.max(window.x(at), low), Math.min(window.x(at + ns), high)];
      at += ns;
      if (right - left < 0.4) continue;
      const mine = holder && layer === holder[0];
      const known = mine && lane.known(piece);
      drawShare(picture, layer.layer, known, left, right, y, tall);
      if (mine) label = { left, right, known, ink: known ? layerInk(layer.layer) : theme.text };
    }
    ctx.strokeStyle = theme.line;
    ctx.lineWidth = 0.5;
    ctx.strokeRect(Math.max(x, low), y, Math.min(toX, high) - Math.max(x, low), tall);
    const held = lane.held(piece);
    const number = String(lane.number(piece));
    const texts = held ? [`${number}: ${held}`, held, held.split(" ")[0]] : [number];
    const inside = label && fitting(ctx, label.right - label.left, ...texts, number);
    if (inside) {
      ctx.fillStyle = label.ink;
      ctx.textAlign = "center";
      ctx.fillText(inside, (label.left + label.right) / 2, y + tall / 2 + 0.5);
    } else if (toX < high) {
      waiting[row] = { x: toX, y: y + tall / 2, texts: [...texts, number] };
    }
  });
  for (let row = 0; row < place.rows; ++row) put(row, high);
  // What has no row is counted, below the name of the lane.
  const hidden = time.hidden[after(time.begin, window.last)] - time.hidden[after(time.reach, window.first)];
  place.hidden = hidden;
};

/** The event at a place of the canvas. */
const eventAt = (picture, place, x, y) => {
  const row = place.rows > 1 ? Math.floor((y - place.top) / ROW) : 0;
  let best = null;
  eachEvent(place.lane, picture.window, (k, count, left, right, at) => {
    if (at !== row) return;
    const far = Math.max(left - x, x - right, 0);
    if (far <= 4 && (best === null || far < best.far)) best = { far, k };
  });
  return best && { lane: place.lane, piece: place.lane.time.order[best.k] };
};

/** Every share of an event, for the panel. */
const addShares = (panel, lane, piece) => {
  const holder = lane.holder(piece);
  const total = lane.total[piece];
  panel.append(make("h3", "Where its time went"));
  const why = lane.why(piece);
  if (why) {
    const block = make("div", "", lane.known(piece) ? "cause" : "cause open");
    if (holder) block.style.borderColor = layerColour(holder[0].layer);
    block.append(make("p", `${capital(why)}.`));
    if (holder) {
      block.append(make("p", lane.known(piece) ? "Known: recorded calls or packets show that the time was spent there."
        : "Consistent: nothing speaks against it, and nothing proves it."));
    }
    panel.append(block);
  }
  const list = make("ul", "", "shares");
  const [, i] = lane.at(piece);
  for (const [layer, ns] of lane.shares(piece)) {
    const line = make("li");
    const swatch = make("i");
    swatch.style.background = layerColour(layer.layer);
    const part = ns > 0 ? `, ${ns * 100 < total ? "less than 1" : Math.round((100 * ns) / total)} %` : "";
    line.append(swatch, `${layer.at}: ${msOf(ns)}${part}`);
    if (layer.cause && layer.cause[i] !== null)
      line.append(`. ${capital(lane.page.names[layer.cause[i]])} (${lane.page.sureness[layer.sure[i]]})`);
    list.append(line);
  }
  panel.append(list);
  if (lane.flag(piece, KEPT))
    panel.append(make("p", "The compressor was not flushed after it: it left only with what followed."));
};
