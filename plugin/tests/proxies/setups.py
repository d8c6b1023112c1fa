# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's proxies as they are, with the least configuration, in front of a server on loopback. Each
runs in the foreground, on ports and in a folder of its own."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List


@dataclass(frozen=True)
class Setup:
    name: str
    program: str  # as its package installs it
    says: str
    command: Callable[[str, Path, int, int], List[str]]  # program, folder, its port, server's port
    tagged: bool = True  # it takes chunk extensions; without tags there are no ids either


def nginx(*directives):
    """By default it asks its server by HTTP/1.0; KEEPS_OPEN makes that HTTP/1.1 and a connection for several requests."""
    def command(program, folder, port, server):
        user = "user root;" if os.geteuid() == 0 else ""
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {folder}/pid; error_log stderr; {user}
events {{ }}
http {{
    access_log off;
    {temporary}
    upstream server {{ server 127.0.0.1:{server}; keepalive 4; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://server;
            {" ".join(directives)}
        }}
    }}
}}
""")
        return [program, "-p", str(folder), "-e", "stderr", "-c", f"{folder}/nginx.conf"]
    return command


def haproxy(program, folder, port, server):
    (folder / "haproxy.cfg").write_text(f"""
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend clients
    bind 127.0.0.1:{port}
    default_backend servers
backend servers
    server one 127.0.0.1:{server}
""")
    return [program, "-db", "-f", f"{folder}/haproxy.cfg"]


def varnish(program, folder, port, server):
    return [program, "-F", "-n", f"{folder}/work", "-a", f"127.0.0.1:{port}",
            "-b", f"127.0.0.1:{server}", "-s", "malloc,32m"]


KEEPS_OPEN = 'proxy_http_version 1.1; proxy_set_header Connection "";'
IGNORE = "proxy_ignore_headers X-Accel-Buffering;"
ALL = [
    Setup("nginx-buffering", "nginx", "proxy_buffering on, the server's X-Accel-Buffering ignored",
          nginx(KEEPS_OPEN, IGNORE, "proxy_buffering on;")),
    Setup("nginx-unbuffered", "nginx", "proxy_buffering off", nginx(KEEPS_OPEN, IGNORE, "proxy_buffering off;")),
    Setup("nginx-header", "nginx", "turned off by the server's X-Accel-Buffering: no", nginx(KEEPS_OPEN)),
    Setup("haproxy", "haproxy", "mode http", haproxy),
    Setup("varnish", "varnishd", "resets the connection at a chunk extension, so without tags",
          varnish, tagged=False),
]


def find(program):
    """Where it is installed, also for users whose PATH has no sbin; None where it is not."""
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
