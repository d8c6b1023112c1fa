# SPDX-License-Identifier: GPL-2.0-or-later
"""Set-ups whose fault is in a known hop: who serves, what stands between, who reads, and where the time has to be found."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, FrozenSet, List, Optional

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "proxies"))
import setups  # noqa: E402

PYTHON = ["/usr/bin/python3", "-B"]


@dataclass(frozen=True)
class Stack:
    name: str
    hop: str  # "server", "proxy" or "client": whose fault it is
    layers: FrozenSet[str]  # in which it may be found where nothing is recorded …
    recorded: FrozenSet[str]  # … and where calls are
    origin: str = "steady"
    client: str = "quick"
    proxy: Optional[Callable[[str, Path, int, int], List[str]]] = None
    program: Optional[str] = None  # of the proxy, or a server that is no Python
    compressor: bool = False  # one that was not flushed, which has to be said
    causes: FrozenSet[str] = frozenset()  # one of these has to be named where calls are recorded

    def serve(self, port):
        if self.origin == "node":
            return ["node", str(HERE / "node.js"), str(port)]
        return [*PYTHON, str(HERE / "origin.py"), self.origin, str(port)]

    def read(self, port):
        return [*PYTHON, str(HERE / "client.py"), str(port), self.client]

    def missing(self):
        """What is not installed here; "" where nothing is missing."""
        if self.program and not setups.find(self.program):
            return self.program
        return ""


def apache(program, folder, port, server):
    modules = "/usr/lib/apache2/modules"
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    if user:
        shutil.chown(folder, "www-data", "www-data")
    (folder / "apache.conf").write_text(f"""
ServerRoot {folder}
ServerName server
PidFile {folder}/pid
ErrorLog {folder}/errors
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule filter_module {modules}/mod_filter.so
LoadModule deflate_module {modules}/mod_deflate.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
DefaultRuntimeDir {folder}
{user}
ProxyPass / http://127.0.0.1:{server}/
SetOutputFilter DEFLATE
""")
    return [program, "-f", f"{folder}/apache.conf", "-DFOREGROUND"]


def varnish(program, folder, port, server):
    (folder / "whole.vcl").write_text(f"""
vcl 4.1;
backend server {{ .host = "127.0.0.1"; .port = "{server}"; }}
sub vcl_recv {{ return (pass); }}
sub vcl_backend_response {{ set beresp.do_stream = false; }}
""")
    return [program, "-F", "-n", f"{folder}/work", "-a", f"127.0.0.1:{port}", "-f", f"{folder}/whole.vcl",
            "-s", "malloc,32m"]


def squid(program, folder, port, server):
    if os.geteuid() == 0:
        shutil.chown(folder, "proxy", "proxy")
    (folder / "squid.conf").write_text(f"""
http_port 127.0.0.1:{port} accel defaultsite=server no-vhost
cache_peer 127.0.0.1 parent {server} 0 no-query originserver
http_access allow all
cache deny all
pid_filename {folder}/pid
access_log none
cache_log {folder}/log
shutdown_lifetime 0 seconds
coredump_dir {folder}
read_ahead_gap 64 KB
delay_pools 1
delay_class 1 1
delay_parameters 1 2000/2000
delay_access 1 allow all
""")
    return [program, "-N", "-f", f"{folder}/squid.conf"]


PROXY, KERNEL = frozenset({"proxy"}), frozenset({"proxy", "stack", "receiver"})
SENDER = frozenset({"sender"})
# With an upstream of HTTP/1.0 it hands on what fills a buffer, or the end.
BUFFERS = setups.nginx()
GZIPS = setups.nginx("gzip on; gzip_types text/event-stream; gzip_min_length 0;")

ALL = [
    Stack("nginx-buffering", "proxy", PROXY, PROXY, proxy=BUFFERS, program="nginx"),
    Stack("nginx-gzip", "proxy", PROXY, PROXY, proxy=GZIPS, program="nginx", client="gzip"),
    Stack("haproxy", "proxy", PROXY, KERNEL, proxy=setups.haproxy, program="haproxy"),
    # It flushes where its source pauses: it holds nothing, and the source is what is to be named.
    Stack("apache-deflate", "server", SENDER, frozenset({"application", "stack"}), proxy=apache, program="apache2", client="gzip"),
    Stack("varnish", "proxy", PROXY, PROXY, proxy=varnish, program="varnishd"),
    Stack("squid", "proxy", PROXY, KERNEL, proxy=squid, program="squid"),
    Stack("node-gzip", "server", SENDER, frozenset({"application"}), origin="node", program="node", client="gzip", compressor=True),
    Stack("python-gzip", "server", SENDER, frozenset({"application"}), origin="gzip", client="gzip", compressor=True),
    Stack("slow-reader", "client", frozenset(), frozenset({"receiver"}), client="slow"),
    Stack("small-window", "client", frozenset(), frozenset({"receiver", "stack"}), origin="large", client="small",
          causes=frozenset({"rwnd", "send-buffer"})),
    Stack("slow-provider", "server", SENDER, frozenset({"application"}), origin="pauses"),
]
