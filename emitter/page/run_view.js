// SPDX-License-Identifier: GPL-2.0-or-later
// A response that was asked for, as data of the lanes: the writes that the server reports, and the
// pieces that came to this page (docs/page.md has the format of the data).

const PLAIN_TEXT = 0; // the only shape: a text as it is
const WORDS = { shapes: [["", ""]], looks: ["write", "read"], causes: [], names: [], kinds: [], sureness: [] };
const APART = 2 ** 45; // bytes; where compressed bytes and those taken out of them must not be joined

const stepsOf = (values) => values.map((value, i) => value - (i > 0 ? values[i - 1] : 0));

/** entries: { from, size, at (ns), label, title } in order. */
const rawLane = (layer, name, look, entries) => ({
  layer, name, look, count: entries.length,
  gap: entries.map(({ from, size }, i) => from - (i > 0 ? entries[i - 1].from + entries[i - 1].size : 0)),
  size: entries.map(({ size }) => size),
  start: stepsOf(entries.map(({ at }) => at)),
  label: entries.flatMap(({ label }) => [PLAIN_TEXT, label]),
  title: entries.flatMap(({ title }) => [PLAIN_TEXT, title]),
});

/** The writes with a byte in a piece; both lists are in order. */
const writesIn = (run, piece) => {
  if (run.coding) return "not known which writes, since the browser decompressed it";
  const end = piece.from + piece.size;
  let low = 0;
  let high = run.writes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run.writes[middle].from + run.writes[middle].data <= piece.from) low = middle + 1;
    else high = middle;
  }
  const first = run.writes[low];
  if (!first || first.from >= end) return "of writes that are not reported";
  let last = first;
  for (let i = low; i < run.writes.length && run.writes[i].from < end; ++i) last = run.writes[i];
  return first === last ? `of write ${first.number}` : `of writes ${first.number} to ${last.number}`;
};

/** How much later than they were counted pieces are drawn, ms: none can have come before it was written. The two clocks
 *  begin with the head, which took a time that nobody sees. */
const shiftOf = (run) => {
  if (run.coding) return 0;
  let most = 0;
  let k = 0;
  for (const piece of run.pieces) {
    while (k + 1 < run.writes.length && run.writes[k + 1].from < piece.from + piece.size) ++k;
    const last = run.writes[k];
    if (last && last.from < piece.from + piece.size) most = Math.max(most, last.at / 1000 - piece.at);
  }
  return most;
};

const bytesOf = (count) => `${count} ${count === 1 ? "byte" : "bytes"}`;

/** Null before there is anything to draw. */
const viewOfRun = (run) => {
  const writes = run.writes.map((write) => ({
    from: write.from, size: write.data, at: write.at * 1000, label: `${write.number}: ${bytesOf(write.data)}`,
    title: `write ${write.number} of the body, ${write.index} of the connection: ${write.taken} of ${write.requested} bytes taken by the kernel, ${write.data} of them of the body at offset ${write.from}, ${(write.at / 1000).toFixed(1)} ms after the response began` }));
  const shift = shiftOf(run);
  const pieces = run.pieces.map((piece, i) => ({
    from: piece.from + (run.coding ? APART : 0), size: piece.size, at: Math.round((piece.at + shift) * 1e6),
    label: `${i + 1}: ${bytesOf(piece.size)}`,
    title: `piece ${i + 1}: ${bytesOf(piece.size)} at offset ${piece.from}, ${writesIn(run, piece)}, ${piece.at.toFixed(1)} ms after the head` }));
  const lanes = [];
  if (writes.length > 0) lanes.push(rawLane("application", "writes", 0, writes));
  if (pieces.length > 0) lanes.push(rawLane("browser", "pieces", 1, pieces));
  if (lanes.length === 0) return null;
  const remarks = run.coding ? [`The browser decompressed the body (${run.coding}), so writes and pieces have no bytes in common. Over bytes only the writes are drawn.`] : [];
  if (shift > 0) remarks.push(`Pieces are drawn ${shift.toFixed(1)} ms later than this page counted, so that none comes before it was written. How long they were under way is not seen.`);
  const overTime = new View({ kind: "response", heading: "", stream: 0, from: "", to: "", zero: 0, remarks, totals: [], lanes }, WORDS);
  if (!run.coding || writes.length === 0) return { overBytes: overTime, overTime };
  const [first] = overTime.lanes;
  const overBytes = Object.assign(Object.create(View.prototype), overTime, { lanes: [first], highest: first.reach.at(-1) });
  return { overBytes, overTime };
};
