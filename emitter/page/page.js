// SPDX-License-Identifier: GPL-2.0-or-later
// Sends what the form says, reads the response piece by piece, and asks the server on another
// connection which writes it made. Draws both over bytes and over time.

const form = element("form");
const OFTEN = 100; // ms between two pictures of a response that is still coming
let run = null;

const query = () => {
  const chosen = new URLSearchParams();
  for (const field of form.querySelectorAll("[name]")) if (field.value !== "") chosen.append(field.name, field.value);
  return chosen;
};

const showAddress = () => {
  const text = query().toString();
  element("address").textContent = `/emit${text ? `?${text}` : ""}`;
  for (const link of element("examples").querySelectorAll("a")) {
    if (link.getAttribute("href") === element("address").textContent) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};

const say = (text, bad) => {
  element("status").textContent = text;
  element("status").className = bad ? "bad" : "";
};

/** The report comes in parts: what the server wrote since the last time. */
const follow = async (own) => {
  for (;;) {
    const answer = await fetch(`/report?id=${own.id}&from=${own.asked}`, { cache: "no-store" });
    if (answer.ok) {
      const report = await answer.json();
      own.asked += report.writes.length;
      own.unreported = report.unreported;
      for (const write of report.writes) {
        if (write.data === 0) {
          own.bare += 1;
          continue;
        }
        own.writes.push({ ...write, from: own.written, number: own.writes.length + 1 });
        own.written += write.data;
      }
      redraw(own);
      if (report.done && report.writes.length === 0) return;
      if (report.writes.length > 0) continue;
    } else if (answer.status !== 404 || own.ended) {
      throw new Error(await answer.text());
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
};

const receive = async (own, response) => {
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    own.pieces.push({ from: own.received, size: value.length, at: performance.now() - own.head });
    own.received += value.length;
    redraw(own);
  }
};

const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const outcome = (own) => {
  const writes = `${counted(own.writes.length, "write")} carried ${own.written} bytes of the body`;
  const other = `${counted(own.bare, "other write")} carried none`;
  let text = `${writes} (${other}). They came as ${counted(own.pieces.length, "piece")}, ${own.received} bytes.`;
  if (own.coding) text += ` The pieces are what ${own.coding} was taken out of by the browser.`;
  else if (own.unreported > 0) text += ` The report ends before ${counted(own.unreported, "further write")}.`;
  else if (own.received !== own.written) text += " The sums differ.";
  return text;
};

const drawRun = (own) => {
  clearTimeout(own.waits);
  own.waits = 0;
  if (run !== own) return;
  const views = viewOfRun(own);
  element("result").hidden = views === null;
  element("totals").replaceChildren(...(views ? [make("b", `${counted(own.writes.length, "write")} → ${counted(own.pieces.length, "piece")}`)] : []));
  if (!views) return;
  element("remarks").replaceChildren(...views.overTime.remarks.map((text) => make("li", text)));
  growLanes(views.overTime, views.overBytes, own.drawn);
  own.drawn = true;
};
const redraw = (own) => {
  own.waits ||= setTimeout(() => drawRun(own), OFTEN);
};

const send = async (target, options) => {
  if (run) run.abort.abort();
  const own = { id: crypto.getRandomValues(new Uint32Array(4)).join("-"), asked: 0, bare: 0, writes: [],
    written: 0, unreported: 0, pieces: [], received: 0, head: performance.now(),
    ended: false, waits: 0, drawn: false, coding: null, abort: new AbortController() };
  run = own;
  element("stop").disabled = false;
  say("Sending …");
  drawRun(own);
  const close = (text, bad) => {
    own.ended = true;
    if (run !== own) return; // a later one has the page
    drawRun(own);
    element("stop").disabled = true;
    say(text, bad);
  };
  try {
    target.append("report", own.id);
    const response = await fetch(`/emit?${target}`, { ...options, cache: "no-store", signal: own.abort.signal });
    own.head = performance.now();
    if (!response.ok) {
      close(await response.text(), true);
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
    close(outcome(own), own.received !== own.written && own.unreported === 0 && !own.coding);
  } catch (problem) {
    close(own.abort.signal.aborted ? `Stopped after ${own.received} bytes.`
      : `The response broke off after ${own.received} bytes: ${problem.message}`, true);
  }
};

/** A question's parameters, all others at their defaults. */
const fill = (search) => {
  const wanted = new URLSearchParams(search);
  for (const field of form.querySelectorAll("[name]")) field.value = wanted.get(field.name) ?? "";
  element("others").open ||= [...element("others").querySelectorAll("[name]")].some((field) => field.value !== "");
  showAddress();
};

form.addEventListener("input", showAddress);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(query(), {});
});
element("examples").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // as any link, into another tab
  event.preventDefault();
  fill(link.search);
  send(query(), {});
});
element("stop").addEventListener("click", () => run && run.abort.abort());
element("send-plan").addEventListener("click", () => send(query(), {
  method: "POST", body: element("plan").value, headers: { "Content-Type": "text/plain" } }));
element("panel").dataset.empty = "Click a piece: what has the same bytes is outlined in the other lane.";
startControls();
showAddress();
// Of a server with TLS the certificate is mostly one that no client believes.
element("raw").textContent = `curl ${location.protocol === "https:" ? "-k " : ""}--raw -i '${location.origin}/emit?writes=3'`;
