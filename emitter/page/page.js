// SPDX-License-Identifier: GPL-2.0-or-later
//
// Sends what the form says, reads the response piece by piece, and asks the server on another
// connection which writes it made. Draws both over the bytes of the body.
"use strict";

const $ = (id) => document.getElementById(id);
const form = $("form");
const laneWidth = 880, laneLeft = 110, mostRows = 500, mostBlocks = 2000;
let run = null;

function query() {
  const chosen = new URLSearchParams();
  for (const field of form.querySelectorAll("[name]")) {
    if (field.value !== "") chosen.append(field.name, field.value);
  }
  return chosen;
}

function showAddress() {
  const text = query().toString();
  $("address").textContent = "/emit" + (text ? "?" + text : "");
}

function say(text, bad) {
  $("status").textContent = text;
  $("status").className = bad ? "bad" : "";
}

// The report comes in parts: what the server wrote since the last time.
async function follow(run) {
  while (true) {
    const answer = await fetch(`/report?id=${run.id}&from=${run.asked}`, { cache: "no-store" });
    if (answer.ok) {
      const report = await answer.json();
      run.asked += report.writes.length;
      run.unreported = report.unreported;
      for (const write of report.writes) {
        if (write.data === 0) { run.bare += 1; continue; }
        run.writes.push({ ...write, from: run.written });
        run.written += write.data;
      }
      redraw(run);
      if (report.done && report.writes.length === 0) return;
      if (report.writes.length > 0) continue;
    } else if (answer.status !== 404 || run.ended) {
      throw new Error(await answer.text());
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

async function receive(run, response) {
  const reader = response.body.getReader();
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    run.pieces.push({ from: run.received, size: value.length, at: performance.now() - run.started });
    run.received += value.length;
    redraw(run);
  }
}

async function send(target, options) {
  if (run) run.abort.abort();
  const own = { id: crypto.getRandomValues(new Uint32Array(4)).join("-"), asked: 0, bare: 0, writes: [],
                written: 0, unreported: 0, pieces: [], received: 0, started: performance.now(),
                ended: false, drawn: false, coding: null, abort: new AbortController() };
  run = own;
  $("stop").disabled = false;
  say("Sending …");
  redraw(own);
  $("seen").scrollIntoView({ block: "start" });
  try {
    target.append("report", own.id);
    const response = await fetch("/emit?" + target, { ...options, cache: "no-store", signal: own.abort.signal });
    if (!response.ok) {
      say(await response.text(), true);
      return;
    }
    own.coding = response.headers.get("Content-Encoding");
    const reported = follow(own);
    try {
      await receive(own, response);
    } finally {
      own.ended = true;
    }
    await reported;
    say(outcome(own), own.received !== own.written && own.unreported === 0 && !own.coding);
  } catch (problem) {
    say(own.abort.signal.aborted ? `Stopped after ${own.received} bytes.`
      : `The response broke off after ${own.received} bytes: ${problem.message}`, true);
  } finally {
    if (run === own) $("stop").disabled = true;
  }
}

function outcome(run) {
  const writes = `${run.writes.length} writes carried ${run.written} bytes of the body`;
  const other = run.bare === 1 ? "1 other write carried none" : `${run.bare} other writes carried none`;
  const pieces = run.pieces.length === 1 ? "1 piece" : `${run.pieces.length} pieces`;
  let text = `${writes} (${other}). They came as ${pieces}, ${run.received} bytes.`;
  if (run.coding) text += ` The pieces are what ${run.coding} was taken out of by the browser.`;
  else if (run.unreported > 0) text += ` The report ends before ${run.unreported} further writes.`;
  else if (run.received !== run.written) text += " The sums differ.";
  return text;
}

function redraw(run) {
  if (run.drawn) return;
  run.drawn = true;
  requestAnimationFrame(() => { run.drawn = false; draw(run); });
}

function element(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function lane(group, kind, label, y, blocks, total) {
  group.append(element("text", { x: 8, y: y + 32 }, label));
  group.append(element("text", { x: 8, y: y + 50 }, blocks.length));
  blocks.slice(0, mostBlocks).forEach((block, i) => {
    const x = laneLeft + block.from / total * laneWidth, width = block.size / total * laneWidth;
    const shape = element("rect", { class: `block ${kind}${i % 2 ? " odd" : ""}`, x, y, width, height: 56 });
    shape.append(element("title", {}, block.title));
    group.append(shape);
    if (width > 9 * block.name.length) {
      group.append(element("text", { class: "on", x: x + width / 2, y: y + 33 }, block.name));
    }
  });
}

// The writes with a byte in a piece; both lists are in order.
function writesIn(run, piece) {
  if (run.coding) return "not known: compressed";
  const end = piece.from + piece.size;
  let low = 0, high = run.writes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run.writes[middle].from + run.writes[middle].data <= piece.from) low = middle + 1; else high = middle;
  }
  const first = run.writes[low];
  if (!first || first.from >= end) return "not reported yet";
  let last = first;
  for (let i = low; i < run.writes.length && run.writes[i].from < end; ++i) last = run.writes[i];
  return first === last ? `${first.index}` : `${first.index} to ${last.index}`;
}

function draw(run) {
  const written = Math.max(run.written, run.coding ? 1 : run.received, 1);
  const received = Math.max(run.received, run.coding ? 1 : run.written, 1);
  const group = $("drawing");
  group.replaceChildren();
  const writes = run.writes.map((write) => ({
    from: write.from, size: write.data, name: `${write.index}`,
    title: `write ${write.index}: ${write.taken} of ${write.requested} bytes taken by the kernel, ${write.data} of them of the body, after ${(write.at / 1000).toFixed(1)} ms` }));
  const pieces = run.pieces.map((piece, i) => ({
    from: piece.from, size: piece.size, name: `${i + 1}`,
    title: `piece ${i + 1}: ${piece.size} bytes, of write ${writesIn(run, piece)}, after ${piece.at.toFixed(1)} ms` }));
  lane(group, "write", "writes", 14, writes, written);
  lane(group, "piece", "pieces", 92, pieces, received);
  group.append(element("text", { x: laneLeft, y: 178 }, "byte 0"));
  group.append(element("text", { x: laneLeft + laneWidth, y: 178, "text-anchor": "end" }, run.coding ? `bytes ${written} and ${received}` : `byte ${written}`));
  $("lanes-text").textContent = outcome(run);
  $("caption").textContent = run.pieces.length > mostRows
    ? `The first ${mostRows} of ${run.pieces.length} pieces` : `${run.pieces.length} pieces`;
  $("rows").replaceChildren(...run.pieces.slice(0, mostRows).map((piece, i) => {
    const row = document.createElement("tr");
    for (const value of [i + 1, piece.at.toFixed(1), piece.from, piece.size, writesIn(run, piece)]) {
      const cell = document.createElement("td");
      cell.className = "number";
      cell.textContent = value;
      row.append(cell);
    }
    return row;
  }));
}

form.addEventListener("input", showAddress);
form.addEventListener("submit", (event) => { event.preventDefault(); send(query(), {}); });
$("stop").addEventListener("click", () => run && run.abort.abort());
$("send-plan").addEventListener("click", () => send(query(), {
  method: "POST", body: $("plan").value, headers: { "Content-Type": "text/plain" } }));
showAddress();
// Of a server with TLS the certificate is mostly one that no client believes.
$("raw").textContent = `curl ${location.protocol === "https:" ? "-k " : ""}--raw -i '${location.origin}/emit?writes=3'`;
