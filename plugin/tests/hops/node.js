// SPDX-License-Identifier: GPL-2.0-or-later
// Events inside gzip without a flush, by Node: node.js PORT.
const http = require("http"), zlib = require("zlib");
http.createServer((request, response) => {
  response.writeHead(200, {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"});
  const gzip = zlib.createGzip();
  gzip.pipe(response);
  let number = 0;
  const timer = setInterval(() => {
    gzip.write(`id: ${++number}\ndata: ${"x".repeat(240)}\n\n`);
    if (number < 40) return;
    clearInterval(timer);
    gzip.end();
  }, 30);
}).listen(Number(process.argv[2]), "127.0.0.1");
