// SPDX-License-Identifier: GPL-2.0-or-later
// Why the pieces of a lane are as they are, drawn above it: over bytes a bar over what was merged,
// held or read, and a diamond where something was cut; over time a bar as long as the wait. Filled:
// known. Hollow: consistent with the evidence.

const CAUSE_COLOURS = [
  [/^nagle/, "#d55e00", "#fff"], [/^(cork|more)/, "#0072b2", "#fff"], [/^(cwnd|rwnd)/, "#f0e442", "#000"],
  [/^(mss|gso|gro)/, "#009e73", "#fff"], [/^(send-buffer|source|message|small-queue|autocork)/, "#e69f00", "#000"],
  [/^(pacing|queue)/, "#56b4e9", "#000"], [/^(waited|slow|read-size|low-water)/, "#cc79a7", "#000"],
  [/^(retransmission|duplicate|keep-alive|window-probe)/, "#d55e00", "#fff"], [/./, "#8a8a8a", "#000"],
];
const coloursOf = (cause) => CAUSE_COLOURS.find(([pattern]) => pattern.test(cause)).slice(1);

const wordsOf = (marks, i) => {
  const kind = marks.kindOf(i);
  const name = marks.nameOf(i);
  const wait = marks.waits[i] > 0 ? ` ${spanOf(marks.waits[i])}` : "";
  const sure = marks.known(i) ? "" : "?";
  const [first, ...more] = name.split(/,? or |, /);
  const brief = `${first}${more.length > 0 ? "…" : ""}${sure}`;
  if (kind === "merge") {
    const writes = marks.boundaries[i] + 1;
    return [`${writes} writes merged: ${name}${sure}${wait && `, waited${wait}`}`, `${writes} merged: ${name}${sure}${wait}`,
      `${name}${sure}${wait}`, `${name}${sure}`, `${brief}${wait}`, brief];
  }
  if (kind === "cut") return [`cut: ${name}${sure}`, `${name}${sure}`, brief];
  if (kind === "rest") return [`the rest waits${wait}: ${name}${sure}`, `${name}${sure}${wait}`, brief];
  if (kind === "held") return [`held${wait}: ${name}${sure}`, `${name}${sure}${wait}`, brief, wait.trim()];
  if (kind === "read") return [`${name}${sure}${wait}`, `${name}${sure}`, `${brief}${wait}`, brief, wait.trim()];
  return [`${name}${sure}`];
};

const PILL = 20;

/** A rounded bar with the longest of some texts that has room. */
const drawPill = (picture, marks, i, x, toX, y, texts) => {
  const { ctx, theme } = picture;
  const [fill, ink] = coloursOf(marks.causeOf(i));
  const width = Math.max(toX - x, 2);
  ctx.beginPath();
  if (width > 8) ctx.roundRect(x, y, width, PILL, 5);
  else ctx.rect(x, y, width, PILL);
  if (marks.known(i)) {
    ctx.fillStyle = fill;
    ctx.fill();
  } else {
    ctx.fillStyle = theme.page;
    ctx.fill();
    ctx.strokeStyle = fill;
    ctx.lineWidth = 2;
    ctx.setLineDash([]);
    if (width > 4) ctx.stroke();
    else {
      ctx.fillStyle = fill;
      ctx.fillRect(x, y, 1, PILL);
    }
  }
  ctx.font = FONT;
  const text = fitting(ctx, width - 2, ...texts);
  if (!text) return;
  ctx.textAlign = "center";
  ctx.fillStyle = marks.known(i) ? ink : theme.text;
  ctx.fillText(text, x + width / 2, y + PILL / 2 + 0.5);
};

/** Calls draw(i, x, toX) for the marks that are seen, one for those that share a pixel. */
const eachMark = (picture, marks, draw) => {
  const { window } = picture;
  const last = window.last;
  for (let k = from(marks.reach, window.first); k < marks.drawn.length && marks.at[k] <= last;) {
    const i = marks.drawn[k];
    const x = window.x(marks.begin[i]);
    const toX = window.x(marks.end[i]);
    draw(i, x, toX);
    k = toX - x >= LEAST ? k + 1 : Math.max(after(marks.at, window.value(x + LEAST)), k + 1);
  }
};

/** Over cuts of one cause that have no room beside them for its word: once for all, above them. */
const wordAbove = (picture, marks, run, y, [low, high]) => {
  const { ctx, theme } = picture;
  const [, ...words] = wordsOf(marks, run[0].i);
  const text = fitting(ctx, high - low, ...(run.length > 1 ? [`${run.length} cuts: ${words[0]}`] : []), ...words);
  if (!text) return;
  const half = widthOf(ctx, text) / 2 + 2;
  ctx.textAlign = "center";
  ctx.fillStyle = theme.text;
  ctx.fillText(text, Math.min(Math.max((run[0].x + run.at(-1).x) / 2, low + half), high - half), y + 1);
};

const marksOverBytes = (picture, place) => {
  const { ctx, window, theme } = picture;
  const { marks } = place.lane;
  const y = place.top - MARKS + 7;
  const [low, high] = [window.left - 3, window.left + window.width + 3];
  let edge = -Infinity; // of what is drawn so far
  const cuts = [];
  eachMark(picture, marks, (i, x, toX) => {
    if (marks.begin[i] === marks.end[i]) {
      cuts.push([i, x]);
      return;
    }
    const [left, right] = [Math.max(x + 1, low, edge), Math.min(toX - 1, high)];
    if (right - left < 0.5) return;
    drawPill(picture, marks, i, left, right, y, wordsOf(marks, i));
    edge = right + 1;
    if (right - left < 20) return;
    ctx.strokeStyle = theme.text; // ticks down to the lane that it is about
    ctx.lineWidth = 1;
    for (const end of [left + 1, right - 1]) {
      ctx.beginPath();
      ctx.moveTo(end, y + PILL);
      ctx.lineTo(end, place.top);
      ctx.stroke();
    }
  });
  ctx.font = FONT;
  let run = []; // of cuts without a word
  let free = low; // from where there is room above
  const endRun = (toX) => {
    if (run.length > 0) wordAbove(picture, marks, run, y, [free, toX]);
    free = run.length > 0 ? run.at(-1).x : free;
    run = [];
  };
  cuts.forEach(([i, x], at) => {
    const [fill] = coloursOf(marks.causeOf(i));
    const [again] = cuts[at - 1] ?? [];
    if (again !== undefined && marks.begin[again] === marks.begin[i]) return; // said with the first
    const [, nextX] = cuts.slice(at + 1).find(([other]) => marks.begin[other] > marks.begin[i]) ?? [0, high];
    const size = 6;
    const middle = y + PILL / 2 + 5; // below the words above it
    ctx.beginPath();
    ctx.moveTo(x, middle - size);
    ctx.lineTo(x + size, middle);
    ctx.lineTo(x, middle + size);
    ctx.lineTo(x - size, middle);
    ctx.closePath();
    ctx.fillStyle = marks.known(i) ? fill : theme.page;
    ctx.fill();
    ctx.strokeStyle = fill;
    ctx.lineWidth = 2;
    ctx.stroke();
    const [rest] = cuts[at + 1] ?? [];
    const both = rest !== undefined && marks.begin[rest] === marks.begin[i] ? wordsOf(marks, rest) : [];
    const own = wordsOf(marks, i);
    const text = fitting(ctx, Math.min(nextX, high) - x - 2 * size - 2,
      both.length > 0 ? `${own[0]}; ${both[0]}` : "", both.length > 0 ? `${own[0]}; ${both.at(-1)}` : "", ...own);
    const like = ({ i: other }) => marks.causeOf(other) === marks.causeOf(i) && marks.known(other) === marks.known(i);
    if (run.length > 0 && (text || !like(run[0]))) endRun(x);
    if (!text) {
      run.push({ i, x });
      return;
    }
    ctx.textAlign = "left";
    const width = widthOf(ctx, text);
    ctx.fillStyle = theme.page;
    ctx.fillRect(x + size + 1, middle - PILL / 2, width + 5, PILL);
    ctx.fillStyle = theme.text;
    ctx.fillText(text, x + size + 4, middle + 0.5);
  });
  endRun(high);
};

const marksOverTime = (picture, place) => {
  const { ctx, window } = picture;
  const { marks } = place.lane;
  const last = window.last;
  const y = place.top - MARKS_TIME;
  const edges = [-Infinity, -Infinity];
  const [low, high] = [window.left - 3, window.left + window.width + 3];
  place.drawnMarks = [];
  for (let k = after(marks.waitReach, window.first); k < marks.waiting.length && marks.from[k] <= last;) {
    const i = marks.waiting[k];
    const x = window.x(marks.first[i]);
    const toX = window.x(marks.until[i]);
    let row = edges[0] <= x + 0.5 ? 0 : 1;
    const left = Math.max(x, low, row === 1 ? edges[1] : -Infinity);
    const right = Math.min(toX, high);
    if (right - left >= 1) {
      drawPill(picture, marks, i, left, right, y + 2 + row * (PILL + 1), wordsOf(marks, i));
      place.drawnMarks.push([i, left, right, row]);
      edges[row] = Math.max(edges[row], right + 1);
      ctx.strokeStyle = coloursOf(marks.causeOf(i))[0]; // down to what left then
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.moveTo(right, y + 4 + row * (PILL + 1));
      ctx.lineTo(right, place.top);
      ctx.stroke();
    }
    k = toX - x >= LEAST ? k + 1 : Math.max(after(marks.from, window.value(x + LEAST)), k + 1);
  }
};

const drawMarks = (picture, place) => (picture.overTime ? marksOverTime : marksOverBytes)(picture, place);

/** The piece whose mark is at a place of the canvas. */
const markAt = (picture, place, x, y) => {
  const { marks } = place.lane;
  let found = null;
  if (picture.overTime) {
    const row = y - (place.top - MARKS_TIME) > PILL + 2 ? 1 : 0;
    for (const [i, left, right, at] of place.drawnMarks ?? []) if (at === row && x >= left && x <= right) found = i;
  } else {
    eachMark(picture, marks, (i, left, right) => {
      if (x >= left - 7 && x <= Math.max(right, left) + 7 && (found === null || marks.end[i] > marks.begin[i])) found = i;
    });
  }
  return found === null ? null : { lane: place.lane, piece: marks.piece[found] };
};
