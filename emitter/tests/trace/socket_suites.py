# SPDX-License-Identifier: GPL-2.0-or-later
"""CPython's own tests of sockets and what stands on them, each with the same result under seamark
trace as without, test by test. What differs is run once more both ways: a test that is not the same
twice without us says nothing about us.

usage: socket_suites.py SEAMARK [MODULE...]     (Debian has the tests in libpython3.X-testsuite)

Exit status 77 if the tests are not installed."""

import collections
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

import events as recorded

PYTHON = "/usr/bin/python3"
ALL = ("test_socket", "test_httplib", "test_httpservers", "test_socketserver", "test_selectors", "test_select",
       "test_poll", "test_epoll", "test_asyncore", "test_asynchat", "test_asyncio", "test_ssl", "test_ftplib",
       "test_poplib", "test_smtplib", "test_imaplib", "test_nntplib", "test_telnetlib", "test_xmlrpc",
       "test_urllib2_localnet", "test_wsgiref", "test_subprocess", "test_posix", "test_fork1", "test_eintr",
       "test_signal", "test_threading")
# Sockets of a virtual machine's host wait for ever where the host does not answer.
LEFT_OUT = ["-i", "*VSOCK*"]
# Asks for the network and uses loopback.
NETWORK = {"test_socketserver": ["-u", "network"]}

seamark, modules = os.path.abspath(sys.argv[1]), sys.argv[2:] or ALL
if " " in seamark or ":" in seamark:
    print(f"skipped: LD_PRELOAD can name no library below {seamark}: a blank or a colon ends a name")
    sys.exit(77)
if subprocess.run([PYTHON, "-c", "import test.test_socket"], stderr=subprocess.DEVNULL).returncode != 0:
    print(f"skipped: {PYTHON} has no module test.test_socket (apt-get install libpython3-testsuite)")
    sys.exit(77)


def results(prefix, module, folder):
    """{test: "ok", "skipped", "failure" or "error"} and the seconds it took."""
    report = os.path.join(folder, "report.xml")
    begin = time.monotonic()
    run = subprocess.run([*prefix, PYTHON, "-m", "test", "--timeout", "300", "--junit-xml", report, *LEFT_OUT, *NETWORK.get(module, []),
                          module],
                         cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, errors="replace")
    took = time.monotonic() - begin
    found = {}
    if os.path.exists(report):
        for case in xml.parse(report).getroot().iter("testcase"):
            kinds = [part.tag for part in case if part.tag in ("skipped", "failure", "error")]
            found[case.get("name")] = kinds[0] if kinds else "ok"
        os.unlink(report)
    elif "Run tests sequentially" not in run.stdout or "No module named" in run.stdout:
        found = None
    return found, took, run.stdout


def differences(module, folder, file):
    bare, bare_took, _ = results([], module, folder)
    traced, traced_took, output = results([seamark, "trace", "-o", file, "--"], module, folder)
    names = sorted(set(bare or ()) | set(traced or ()))
    differing = {name: (bare.get(name, "missing"), traced.get(name, "missing"))
                 for name in names if bare.get(name) != traced.get(name)}
    return bare, differing, bare_took, traced_took, output


failed = 0
with tempfile.TemporaryDirectory() as work:
    trace_file = os.path.join(work, "events.pcapng")
    tests = 0
    for title in modules:
        bare, differing, bare_took, traced_took, said = differences(title, work, trace_file)
        if not bare:
            print(f"{title}: not there, or it has no results here")
            continue
        if differing:
            again = differences(title, work, trace_file)[1]
            differing = {name: both for name, both in differing.items() if name in again}
        found = list(recorded.events(trace_file))
        kinds = collections.Counter(event.kind for event in found)
        counts = collections.Counter(bare.values())
        tests += len(bare)
        print(f"{title}: {len(bare)} tests ({', '.join(f'{count} {kind}' for kind, count in counts.items())}), "
              f"{'the same traced' if not differing else f'{len(differing)} differ traced'}; "
              f"{bare_took:.1f} s, traced {traced_took:.1f} s; {kinds[recorded.WRITE]} writes, "
              f"{kinds[recorded.READ]} reads of {len({event.connection for event in found}) - 1} connections",
              flush=True)
        if found[-1].kind != recorded.END or found[-1].taken != 0:
            failed += 1
            print(f"  the record has no proper end: {found[-1]}")
        failed += len(differing)
        for name, (without, under) in differing.items():
            print(f"  {name}: {without}, traced {under}\n{said[-3000:]}")
print(f"{tests} tests, {failed} differ")
sys.exit(1 if failed or tests == 0 else 0)
