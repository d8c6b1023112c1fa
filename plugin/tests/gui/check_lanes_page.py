#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The interactive page of -z seamark,page in a real headless Chromium: what is drawn and selected by mouse and keys, what
the panel and the table say, that nothing is asked of a network, and (--measure) how fast 100,000 pieces are.

usage: check_lanes_page.py --plugin SEAMARK.SO [--measure] [--pictures FOLDER]
"""
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(TOP / "plugin/tests/captures"), str(TOP / "emitter/tests/page")]

import page_data  # noqa: E402
import tshark as runner  # noqa: E402
from browser import Browser, missing  # noqa: E402

PATIENCE = 60  # seconds, for a machine that has other work
CAPTURES = TOP / "test-captures"
LEFT, RIGHT = "\ue012", "\ue014"
UP, DOWN = "\ue013", "\ue015"


class Page:
    def __init__(self, browser, path):
        self.browser = browser
        browser.requests()
        self.path = path
        browser.go(path.as_uri())

    def run(self, script, *arguments):
        return self.browser.run(script, *arguments)

    def wait_for(self, what, script):
        end = time.monotonic() + PATIENCE
        while not (found := self.run(script)):
            assert time.monotonic() < end, f"{what} did not come"
            time.sleep(0.05)
        return found

    def text(self, name):
        return self.run("return document.getElementById(arguments[0]).innerText", name)

    def colours(self, name):
        """How many different colours the canvas has."""
        return self.run("""
            const canvas = document.getElementById(arguments[0]);
            const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
            return new Set(pixels).size""", name)

    def click(self, name, layer, part):
        """In the middle of a piece: of a layer, the piece with this number from 0."""
        self.run("""
            const picture = pictures[arguments[0] === "bytes-canvas" ? 0 : 1];
            const place = picture.places.find(({ lane }) => lane.layer === arguments[1]);
            const { lane } = place;
            const i = arguments[2];
            const x = picture.overTime ? picture.window.x(lane.time.begin[lane.time.place[i]]) + 1
              : picture.window.x((lane.begin[i] + lane.end[i]) / 2);
            const row = picture.overTime && place.rows > 1 ? lane.time.row[lane.time.place[i]] * ROW : 0;
            const box = picture.canvas.getBoundingClientRect();
            const at = { clientX: box.left + x, clientY: box.top + place.top + row + 4, button: 0, pointerId: 1, bubbles: true };
            picture.canvas.setPointerCapture = () => {};
            for (const type of ["pointerdown", "pointerup"]) picture.canvas.dispatchEvent(new PointerEvent(type, at));""",
                 name, layer, part)


def check_nagle(browser, path, complaints):
    page = Page(browser, path)
    page.wait_for("the picture", "return state.view !== null && state.drawn !== undefined")
    expect = lambda what, found, wanted: complaints.extend([] if wanted in found else [f"{what}: {wanted!r} is not in {found!r}"])
    expect("totals", page.text("totals"), "62 writes → 5 segments → 5 reads")
    expect("legend", page.text("legend"), "Nagle")
    for name in ("bytes-canvas", "time-canvas"):
        if page.colours(name) < 12:
            complaints.append(f"{name} has {page.colours(name)} colours")

    page.click("bytes-canvas", "kernel", 1)
    panel = page.text("panel")
    for wanted in ("Kernel: 2: 722 bytes", "waited for those of the next: Nagle's algorithm", "Known:", "TCP_NODELAY was off",
                   "19 writes: 2 send 38 … 20 send 38", "frame.number == 35", "tcp.stream == 0"):
        expect("the panel", panel, wanted)
    page.run("document.getElementById('bytes-canvas').focus()")
    browser.keys(UP)
    expect("a key", page.text("panel"), "Application: 2 send 38")
    browser.keys(RIGHT)
    expect("a key", page.text("said"), "Write 3: send, 38 of 38 bytes")
    browser.keys(DOWN)
    expect("a key", page.text("panel"), "Kernel: 2: 722 bytes")
    page.click("time-canvas", "kernel", 2)
    expect("a click over time", page.text("panel"), "frame.number == 58")

    # To a byte, to a microsecond, and no further than everything.
    narrowest = page.run("""
        return pictures.map((picture) => {
          for (let i = 0; i < 60; ++i) picture.window.zoom(0.5, picture.window.left + 100);
          const length = picture.window.length;
          for (let i = 0; i < 80; ++i) picture.window.zoom(2, picture.window.left + 100);
          return [length, picture.window.length, picture.axis.high - picture.axis.low];
        })""")
    for (low, high, all_of_it), most in zip(narrowest, (4, 1000)):
        if low > most or not all_of_it <= high <= 1.1 * all_of_it:
            complaints.append(f"zoom goes from {low} to {high} of {all_of_it}")

    page.run("document.getElementById('as-table').open = true")
    rows = page.wait_for("the table", "return [...document.querySelectorAll('#rows tr')].map((row) => row.innerText)")
    expect("the table", "\n".join(rows), "segment 2, frame 35: 722 bytes at offset 225")
    return page


def check_names(browser, path, complaints):
    """No lane's name is cut off at the left edge, however long; the panel says of which leg a piece is."""
    page = Page(browser, path)
    page.wait_for("the picture", "return state.drawn !== undefined")
    for index in range(page.run("return page.raw.length")):
        page.run("showView(arguments[0])", index)
        cut = page.run("""
            const { ctx } = pictures[0];
            return state.view.lanes.flatMap((lane) => nameOf(lane).filter((text, i) => {
              ctx.font = NAME_FONTS[i];
              return ctx.measureText(text).width > GUTTER - 10;
            }))""")
        complaints += [f"{path.name}: the name {name!r} is cut off" for name in cut]
        names = page.run("return state.view.lanes.map((lane) => nameOf(lane).join(' / '))")
        complaints += [f"{path.name}: two lanes are {name!r}" for name in set(names) if names.count(name) > 1]
        if page.run("return state.view.kind") == "proxy":
            page.click("bytes-canvas", "server: kernel", 0)
            panel = page.text("panel")
            for wanted in ("Server's kernel: ", "server's", "proxy's"):
                if wanted not in panel:
                    complaints.append(f"{path.name}: the panel has no {wanted!r}, but {panel!r}")


def check_words(browser, path, complaints):
    """Each cut has a word: beside it, or with others of its cause where there is no room beside it."""
    page = Page(browser, path)
    page.wait_for("the picture", "return state.drawn !== undefined")
    written = page.run("""
        const texts = [];
        const { ctx } = pictures[0];
        ctx.fillText = function (text, ...at) { texts.push(text); CanvasRenderingContext2D.prototype.fillText.call(this, text, ...at); };
        draw();
        delete ctx.fillText;
        return texts""")
    if "20 cuts: MSS?" not in written:
        complaints.append(f"{path.name}: 20 cuts by the MSS have no word: {written}")


def check_print(browser, path, complaints):
    """On paper: light whatever the screen's setting, in the canvas's own proportions, with what it is of and no wider than
    the paper, without what can only be clicked. Afterwards the screen is as it was."""
    page = Page(browser, path)
    page.wait_for("the picture", "return state.drawn !== undefined")
    screen = page.run("return pictures.map(({ canvas }) => canvas.width)")
    page.run("dispatchEvent(new Event('beforeprint'))")
    browser.devtools("Emulation.setEmulatedMedia", media="print")
    browser.devtools("Emulation.setDeviceMetricsOverride", width=718, height=1000, deviceScaleFactor=1, mobile=False)
    printed = page.run("""
        const seen = (name) => document.querySelector(name).checkVisibility();
        return { ground: pictures.map(({ ctx }) => Math.min(...ctx.getImageData(2, 2, 1, 1).data)),
          shape: pictures.map(({ canvas }) => canvas.clientWidth / canvas.clientHeight / (canvas.width / canvas.height)),
          sharp: pictures.map(({ canvas }) => canvas.width / canvas.clientWidth),
          wide: document.documentElement.scrollWidth, seen: ["#views", "#totals", "#legend"].filter(seen),
          idle: [".bar", "#panel"].filter(seen) }""")
    browser.devtools("Emulation.clearDeviceMetricsOverride")
    browser.devtools("Emulation.setEmulatedMedia", media="")
    page.run("dispatchEvent(new Event('afterprint'))")
    if min(printed["ground"]) < 250:
        complaints.append(f"the print is not light: {printed['ground']}")
    if any(abs(shape - 1) > 0.01 for shape in printed["shape"]):
        complaints.append(f"the print is squeezed: {printed['shape']}")
    if min(printed["sharp"]) < 3:
        complaints.append(f"the print has {printed['sharp']} pixels of the canvas for one of the paper")
    if printed["wide"] > 718 or len(printed["seen"]) < 3 or printed["idle"]:
        complaints.append(f"the print: {printed}")
    if (after := page.run("return pictures.map(({ canvas }) => canvas.width)")) != screen:
        complaints.append(f"after the print the pictures are {after} pixels wide and not {screen}")


def check_labels(browser, complaints):
    """Whatever takes the focus has a role and a name for a screen reader."""
    nodes = browser.devtools("Accessibility.getFullAXTree")["nodes"]
    for node in nodes:
        role, name = (node.get(key, {}).get("value", "") for key in ("role", "name"))
        focusable = any(entry["name"] == "focusable" and entry["value"].get("value") for entry in node.get("properties", []))
        if not node.get("ignored") and focusable and not re.search(r"\w{2}", name):
            complaints.append(f"a screen reader has no name for a {role}: {name!r}")


def check_choice(browser, path, complaints):
    """Legs of a proxy first, then responses; requests last. One frame can be asked for."""
    page = Page(browser, path)
    kinds = page.wait_for("the picture", "return page.raw.map((view) => view.kind)")
    if kinds[0] != "proxy" or kinds != sorted(kinds, key=["proxy", "response", "request"].index):
        complaints.append(f"views: {kinds}")
    for index in range(len(kinds)):
        page.run("showView(arguments[0])", index)
        page.run("draw()")
    # nginx's first segment to the client: its bytes are in both legs, and in the response alone.
    found = page.run("const { index, lane } = pieceOfFrame(132); return [page.raw[index].kind, lane.layer]")
    if found != ["proxy", "proxy: kernel"]:
        complaints.append(f"frame 132 is looked for in {found}")


def check_fields(browser, path, complaints):
    """The script reads what the reader of the tests reads."""
    page = Page(browser, path)
    for index, view in enumerate(page_data.views_of(path.read_text(encoding="utf-8"))):
        found = page.run("""
            return page.view(arguments[0]).lanes.filter((lane) => !lane.onlyTime).map((lane) => ({ layer: lane.layer, name: lane.name, begin: [...lane.begin],
              end: [...lane.end], title: [...lane.begin].map((_, i) => lane.title(i)),
              text: lane.marks ? [...lane.marks.piece].map((_, i) => [lane.marks.text.row(i), lane.marks.text.list(i)]) : [] }))""", index)
        wanted = [{"layer": lane.layer, "name": lane.name, "begin": lane.begin, "end": lane.end, "title": lane.title,
                   "text": [[mark["sentence"], mark["evidence"]] for mark in lane.marks]} for lane in view.lanes]
        key = lambda lane: (lane["layer"], lane["name"])
        if sorted(found, key=key) != sorted(wanted, key=key):
            complaints.append(f"{path.name}: {view.heading}: the script reads other lanes")


def check_delays(browser, path, complaints):
    """Where the time of events went: what is drawn, selected and said is what the data has."""
    page = Page(browser, path)
    page.wait_for("the picture", "return state.view !== null && state.drawn !== undefined")
    expect = lambda what, found, wanted: complaints.extend([] if wanted in found else [f"{what}: {wanted!r} is not in {found!r}"])
    for index, view in enumerate(page_data.views_of(path.read_text(encoding="utf-8"))):
        found = page.run("""
            const { delays } = page.view(arguments[0]);
            return delays && [...delays.begin].map((begin, i) => ({ number: delays.number(i), begin, end: delays.end[i],
              start: delays.time.begin[delays.time.place[i]], time: delays.total[i], known: delays.known(i),
              frames: delays.framesOf(i), shares: delays.shares(i).map(([layer, ns]) => [layer.layer, layer.at, ns]),
              holder: delays.holder(i)?.[0].at ?? null }))""", index)
        wanted = [{"number": row["number"], "begin": row["begin"], "end": row["end"], "start": row["start"],
                   "time": row["time"], "known": row["known"], "frames": row["frames"],
                   "shares": [[share["layer"], share["at"], share["ns"]] for share in row["shares"]],
                   "holder": row["holder"] and row["holder"]["at"]} for band in view.delays for row in band.rows]
        if (found or []) != wanted:
            complaints.append(f"{path.name}: {view.heading}: the script reads other times of events")
    band = page_data.views_of(path.read_text(encoding="utf-8"))[0].delays[0]
    expect("the verdict", page.text("verdict"), band.verdict[0])
    expect("the legend", page.text("legend"), "time: proxy")
    longest = max((row for row in band.rows if not row["since_request"]), key=lambda row: row["time"])
    number = band.rows.index(longest)
    page.click("time-canvas", "time", number)
    name = f"event {longest['number']}, {longest['holder']['layer']}"
    panel = page.text("panel")
    expect("the panel", panel, name)
    for share in longest["shares"]:
        expect("the panel", panel, f"{share['at']}: {share['ns'] // 1000 / 1000:.3f} ms")
    expect("the panel", panel, "frame.number in {" + ", ".join(map(str, longest["frames"])) + "}")
    expect("the panel", panel, "consistent")
    # What shares its bytes is lit in the lanes: the segments of both legs.
    expect("what shares its bytes", panel, "segment")
    lit = page.run("""
        return state.view.lanes.filter((lane) => lane !== state.selected.lane)
          .map((lane) => lane.sharing(pictures[1].selected.begin, pictures[1].selected.end)).filter(([first, end]) => end > first).length""")
    if lit < 2:
        complaints.append(f"an event shares its bytes with pieces of {lit} lanes")
    expect("what is said", page.text("said"), f"Event {longest['number']}")
    page.run("document.getElementById('time-canvas').focus()")
    browser.keys(RIGHT)
    expect("a key", page.text("said"), f"Event {band.rows[number + 1]['number']}, ")
    browser.keys(DOWN)
    if "Time: " in page.text("panel"):
        complaints.append("the key for the next layer stays in the lane of times")
    browser.keys(UP)
    expect("a key", page.text("panel"), "Where its time went")
    page.run("document.getElementById('as-table').open = true; state.active = 1; draw()")
    rows = page.wait_for("the table", "return [...document.querySelectorAll('#rows tr')].map((row) => row.innerText)")
    expect("the table", "\n".join(rows), f"{longest['holder']['ns'] // 1000 / 1000:.3f} ms of {longest['time'] // 1000 / 1000:.3f} ms")
    # By bytes there is no such lane.
    if page.run("return pictures[0].places.some(({ lane }) => lane === state.view.delays)"):
        complaints.append("the times of events are in the picture over bytes")
    # Where times run back (two clocks), no layer is drawn.
    drawn, back = page.run("""
        const picture = pictures[1], colour = layerColour("proxy");
        const shares = () => {
          let found = 0;
          const { ctx } = picture;
          ctx.fillRect = (...box) => { found += ctx.fillStyle === colour; CanvasRenderingContext2D.prototype.fillRect.apply(ctx, box); };
          draw();
          delete ctx.fillRect;
          return found;
        };
        const before = shares();
        for (const response of state.view.delays.responses) response.flags = response.flags.map((flags) => flags | RUNS_BACK);
        return [before, shares()]""")
    if drawn < 10 or back > 0:
        complaints.append(f"{drawn} shares of the proxy are drawn, and {back} where times run back")
    return page


def many_events(html, count):
    """The page with as many events of a response, some of which wait behind many others."""
    page = json.loads(page_data.data_of(html))
    view = next(view for view in page["views"] if view["kind"] == "response" and view.get("delays"))
    band = view["delays"][0]
    pace, most = 1_000_000, 40
    held = [pace * (most - i % most) for i in range(count)]
    band.update(count=count, number=[1] * count, gap=[0] * count, size=[100] * count, start=[0] * count, flags=0,
                frames=[[1] * count for _ in band["frames"]])
    for layer in band["layers"]:
        layer["ns"] = 0
    band["layers"][0]["ns"] = [pace] * count
    next(layer for layer in band["layers"] if layer["layer"] == "proxy")["ns"] = held
    for lane in view["lanes"]:
        lane.pop("marks", None)
    page["views"] = [view]
    data = json.dumps(page, separators=(",", ":")).replace("<", "\\u003c")
    return html.replace(page_data.data_of(html), data)


def check_many_events(browser, folder, html, measure, complaints):
    """100,000 events: what is drawn is bounded by the picture's width, and what has no row is counted."""
    path = Path(folder) / "events.html"
    path.write_text(many_events(html, 100_000), encoding="utf-8")
    page = Page(browser, path)
    page.wait_for("the picture", "return state.drawn !== undefined")
    hidden, shown, longest = page.run("""
        const { time, total } = state.view.delays;
        const lost = [...time.row.keys()].filter((k) => time.row[k] === NO_ROW);
        pictures[1].window.all();
        draw();
        return [pictures[1].places[0].hidden, lost.length, Math.max(...lost.map((k) => total[time.order[k]])) / 1e6]""")
    if hidden != shown or hidden == 0 or longest > 41 - 14:
        complaints.append(f"{shown} events have no row, the longest {longest} ms; {hidden} are counted")
    width = page.run("return pictures[1].window.width")
    times, drawn = [], []
    for _ in range(40 if measure else 8):
        took, count = page.run("""
            const { window } = pictures[1];
            window.zoom(arguments[0], window.left + window.width * 0.4);
            const began = performance.now();
            draw();
            const took = performance.now() - began;
            let count = 0;
            eachEvent(state.view.delays, window, () => ++count);
            return [took, count]""", 0.75 if measure else 0.25)
        times.append(took)
        drawn.append(count)
    if max(drawn) > width * 16:
        complaints.append(f"{max(drawn)} events are drawn on {width} pixels")
    if measure:
        loaded = page.run("return performance.getEntriesByType('navigation')[0].domComplete")
        print(f"100,000 events: first picture after {loaded:.0f} ms, a zoom step {sorted(times)[len(times) // 2]:.1f} ms "
              f"(median of {len(times)}), {max(times):.1f} ms (longest)")


def many_pieces(html, count):
    """The page with as many pieces: writes of which each three share a segment, and reads."""
    page = json.loads(page_data.data_of(html))
    view = next(view for view in page["views"] if view["kind"] == "response")
    writes = count * 3 // 5
    lanes = {"application": (writes, 38, 400_000), "kernel": (writes // 3, 114, 1_200_000), "receiver": (writes // 3, 114, 1_200_000)}
    view["lanes"] = [lane for lane in view["lanes"] if lane["layer"] in lanes]
    view.pop("delays", None)
    for lane in view["lanes"]:
        n, size, apart = lanes[lane["layer"]]
        shape = {name: lane[name][0] for name in ("label", "title")}
        numbers = {name: page["shapes"][shape[name]].count("\x01") for name in shape}
        lane.update(count=n, gap=[0] * n, size=[size] * n, start=[apart] * n, took=[1500] * n, frame=[1] * n, look=lane["look"])
        for name in shape:
            lane[name] = [shape[name], *[1] * numbers[name]] * n
        for name in ("front", "back"):
            lane.pop(name, None)
        if lane["layer"] == "kernel":
            text = lane["marks"]["text"][:1]
            parts = page["shapes"][text[0]].count("\x01")
            lane["marks"] = {"piece": [0] + [1] * (n - 1), "gap": [0] + [size] * (n - 1), "size": [size] * n, "first": [apart] * n, "last": [400_000] * n,
                             "wait": [900_000] * n, "cause": [0] * n, "sure": [2] * n, "kind": [page["kinds"].index("merge")] * n,
                             "boundaries": [2] * n, "text": [*text, *[1] * parts, 0] * n}
        else:
            lane.pop("marks", None)
    page["views"] = [view]
    data = json.dumps(page, separators=(",", ":")).replace("<", "\\u003c")
    return html.replace(page_data.data_of(html), data)


def check_many(browser, folder, html, measure, complaints):
    """100,000 pieces: as many as are seen are drawn, whatever the zoom."""
    path = Path(folder) / "many.html"
    path.write_text(many_pieces(html, 100_000), encoding="utf-8")
    page = Page(browser, path)
    page.wait_for("the picture", "return state.drawn !== undefined")
    counts = page.run("return state.view.lanes.map((lane) => lane.count)")
    if sum(counts) < 99_000:
        complaints.append(f"{counts} pieces of 100,000")
    width = page.run("for (const picture of pictures) picture.window.all(); return pictures[0].window.width")
    times, drawn = [], []
    for _ in range(40 if measure else 8):
        took, count = page.run("""
            for (const { window } of pictures) window.zoom(arguments[0], window.left + window.width * 0.4);
            const began = performance.now();
            draw();
            const took = performance.now() - began;
            const counts = pictures[0].places.map(({ lane }) => {
              let count = 0;
              eachOverBytes(lane, pictures[0].window, () => ++count);
              return count;
            });
            return [took, Math.max(...counts)]""", 0.75 if measure else 0.25)
        times.append(took)
        drawn.append(count)
    if max(drawn) > width:
        complaints.append(f"{max(drawn)} pieces of a lane are drawn on {width} pixels")
    if measure:
        loaded = page.run("return performance.getEntriesByType('navigation')[0].domComplete")
        print(f"100,000 pieces: first picture after {loaded:.0f} ms, a zoom step {sorted(times)[len(times) // 2]:.1f} ms "
              f"(median of {len(times)}), {max(times):.1f} ms (longest)")


def check(tshark, given):
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # as root, tshark runs as nobody
        pages = []
        for name in ("labs/nagle.pcapng", "labs/nginx-buffering.pcapng", "labs/tls-small-records.pcapng", "tls/tls13.pcapng", "retransmission.pcap",
                     "labs/sse-two-proxies.pcapng", "labs/mss.pcapng"):
            capture = CAPTURES / name
            tshark.add([capture])
            pages.append(Path(folder) / f"{capture.stem}.html")
            tshark.run(capture.name, "-q", "-z", f"seamark,page={pages[-1]}")
        with Browser() as browser:
            page = check_nagle(browser, pages[0], complaints)
            if given.pictures:
                browser.screenshot(f"{given.pictures}/page.png")
            for path in pages:
                check_fields(browser, path, complaints)
                check_names(browser, path, complaints)
            check_choice(browser, pages[1], complaints)
            check_labels(browser, complaints)
            check_words(browser, pages[6], complaints)
            check_print(browser, pages[0], complaints)
            check_delays(browser, pages[5], complaints)
            if given.pictures:
                browser.screenshot(f"{given.pictures}/page-times.png")
            check_many_events(browser, folder, pages[5].read_text(encoding="utf-8"), given.measure, complaints)
            check_many(browser, folder, pages[0].read_text(encoding="utf-8"), given.measure, complaints)
            asked = [url for url in browser.requests() if not url.startswith(("file:", "data:"))]
            complaints += [f"the page asked for {url}" for url in asked]
            complaints += [f"console: {entry['message']}" for entry in browser.logs("browser")]
        with Browser(dark=True) as browser:
            page = Page(browser, pages[0])
            page.wait_for("the picture", "return state.drawn !== undefined")
            ground = page.run("return [...pictures[0].ctx.getImageData(2, 2, 1, 1).data]")
            if sum(ground[:3]) > 150:
                complaints.append(f"the picture is not dark: {ground}")
            check_print(browser, pages[0], complaints)
    print("the page shows, selects and says what the data has")
    return complaints


if __name__ == "__main__":
    if name := missing():
        print(f"skipped: {name} is not installed (./run gui installs it)")
        sys.exit(1 if os.environ.get("CI") else 77)  # CI is to have it
    runner.main(check, __doc__, ("--measure", {"action": "store_true"}), ("--pictures", {}))
