#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Flask's own server, which sends an event with several calls and leaves Nagle's algorithm on: flask_origin.py PORT."""

import sys
import time

from flask import Flask, Response

app = Flask("events")


@app.route("/events")
def events():
    def each():
        for number in range(1, 41):
            yield f"id: {number}\ndata: {'x' * 240}\n\n"
            time.sleep(0.01)
    return Response(each(), mimetype="text/event-stream")


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), threaded=True)
