"""Halite, HAProxy and nginx in front of the same target, load to one at a time, interleaved so that drift hits all."""

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure
import peers

HERE = measure.HERE
CASES = {
    # name: (listener, path, connections, connection per request)
    "keep-alive 1 KB, 64 connections": ("http", "/", 64, False),
    "keep-alive 1 KB, 256 connections": ("http", "/", 256, False),
    "connection per request, 64 at a time": ("http", "/", 64, True),
    "keep-alive 64 KB, 64 connections": ("http", "/bytes/65536", 64, False),
    "keep-alive 1 MB, 16 connections": ("http", "/bytes/1048576", 16, False),
    "TCP relay 1 KB, 64 connections": ("tcp", "/", 64, False),
    # By datagrams.c: each client sends the next datagram when the last came back.
    "UDP relay 200 bytes, 64 sessions": ("udp", "", 64, False),
    "TLS keep-alive 1 KB, 64 connections": ("https", "/", 64, False),
    "TLS keep-alive 64 KB, 64 connections": ("https", "/bytes/65536", 64, False),
    # wrk comes back with the ticket that it got, as browsers do; "full" has it forget.
    "TLS handshake per request, resumed, 64 at a time": ("https", "/", 64, True),
    "TLS handshake per request, full, 64 at a time": ("full", "/", 64, True),
    # HTTP/2 by h2load: 16 connections of 8 streams each.
    "HTTP/2 without TLS 1 KB, 128 streams": ("h2c", "/", 16, False),
    "HTTP/2 over TLS 1 KB, 128 streams": ("h2", "/", 16, False),
    "HTTP/2 over TLS 64 KB, 128 streams": ("h2", "/bytes/65536", 16, False),
    "HTTP/1.1 to a target of HTTP/2 1 KB, 64 connections": ("out2", "/index.html", 64, False),
    "HTTP/2 to a target of HTTP/2 1 KB, 128 streams": ("h2out2", "/index.html", 16, False),
}
STREAMS = 8
DATAGRAM = 200
SHORT = ["keep-alive 1 KB, 64 connections", "connection per request, 64 at a time"]
IDLE = 9000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="two cases, one round: does it run at all, for CI")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--cases", default="", help="only cases that contain this text")
    parser.add_argument("--two-cores", action="store_true",
                        help="nothing pinned, two threads each; else the proxy has CPU 0, load and target CPU 1")
    parser.add_argument("--proxies", default="haproxy,nginx,halite,floor",
                        help="the first is what the others are compared to; floor is a bare TCP relay in C, halite-log writes its access log")
    parser.add_argument("--halite", default=str(HERE.parent.parent / "appliance/target/halite/bin/halite"),
                        help="the launcher of the distribution")
    parser.add_argument("--peer-root", help="a root file system (mmdebstrap) that HAProxy and nginx are taken from")
    parser.add_argument("--no-extras", action="store_true", help="skip idle connections and start-up")
    parser.add_argument("--json", help="also write every single reading to this file")
    return parser.parse_args()


def build_target(work):
    subprocess.run(["cc", "-O2", "-o", f"{work}/target", str(HERE / "target.c")], check=True)
    subprocess.run(["cc", "-O2", "-o", OPTIONS.datagrams, str(HERE / "datagrams.c")], check=True)
    OPTIONS.forget = f"{work}/forget.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", OPTIONS.forget, str(HERE / "forget.c")], check=True)
    process = subprocess.Popen(["taskset", "-c", load_cpus(), f"{work}/target"], stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


def load_cpus():
    return OPTIONS.all_cpus if OPTIONS.two_cores else "1"


def proxy_cpus():
    return OPTIONS.all_cpus if OPTIONS.two_cores else "0"


def start_http2_target(work):
    """A server of others, nghttpd, that speaks nothing but HTTP/2; none where it is not installed."""
    if shutil.which("nghttpd") is None:
        return None, None
    pages = Path(work) / "pages"
    pages.mkdir()
    (pages / "index.html").write_bytes(b"x" * 1024)
    port = measure.free_ports(1)[0]
    command = ["taskset", "-c", load_cpus(), "nghttpd", "--no-tls", "-d", str(pages), str(port)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL), port


def start_datagram_target():
    process = subprocess.Popen(["taskset", "-c", load_cpus(), OPTIONS.datagrams, "target"], stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


def create(work):
    ports = measure.free_ports(31)
    three = lambda: (ports.pop(), ports.pop(), ports.pop())
    five = lambda: (*three(), ports.pop(), ports.pop())
    made = []
    for name in OPTIONS.proxies.split(","):
        if name == "haproxy":
            made.append(peers.HAProxy(work, five(), OPTIONS.peer_root))
        elif name == "nginx":
            made.append(peers.Nginx(work, five(), OPTIONS.peer_root))
        elif name == "halite":
            made.append(peers.Halite(work, five(), OPTIONS.halite, three()))
        elif name == "halite-log":
            made.append(peers.LoggingHalite(work, five(), OPTIONS.halite, three()))
        elif name == "floor":
            made.append(peers.Floor(work, five()))
        else:
            sys.exit(f"no proxy {name}: haproxy, nginx, halite, halite-log, floor")
    return made


def port(proxy, listener):
    return {"http": proxy.http_port, "tcp": proxy.tcp_port, "https": proxy.https_port, "full": proxy.https_port,
            "udp": proxy.udp_port, "out2": proxy.out2_port, "h2c": proxy.http_port, "h2": proxy.https_port, "h2out2": proxy.out2_port}[listener]


def is_secure(listener):
    return listener in ("https", "full", "h2")


def is_http2(listener):
    return listener.startswith("h2")


def one(proxy, case, seconds):
    listener, path, connections, close = CASES[case]
    if listener == "udp":
        return measure.load_datagrams(proxy, OPTIONS.datagrams, port(proxy, listener), connections, DATAGRAM, seconds, load_cpus())
    url = f"{'https' if is_secure(listener) else 'http'}://127.0.0.1:{port(proxy, listener)}{path}"
    if is_http2(listener):
        return measure.load_http2(proxy, url, connections, STREAMS, seconds, load_cpus())
    return measure.load(proxy, url, connections, seconds, close, load_cpus(), OPTIONS.forget if listener == "full" else "")


def serves(proxy, case):
    listener, path, _, _ = CASES[case]
    if port(proxy, listener) is None or (is_http2(listener) and not (proxy.speaks_http2 and shutil.which("h2load"))):
        return False
    if listener == "udp":
        return measure.echoes(port(proxy, listener))
    try:
        measure.await_answer(port(proxy, listener), 10.0, is_secure(listener), path)
        return True
    except TimeoutError:
        return False


def run_cases(proxies, cases):
    readings = {case: {proxy.name: [] for proxy in proxies} for case in cases}
    offered = {case: [proxy for proxy in proxies if serves(proxy, case)] for case in cases}
    for case in cases:
        for proxy in offered[case]:
            one(proxy, case, max(1, round(proxy.warm_up * (0.2 if OPTIONS.short else 1))))
    print("warm", file=sys.stderr)
    for number in range(OPTIONS.rounds):
        for case in cases:
            for proxy in offered[case]:
                readings[case][proxy.name].append(one(proxy, case, OPTIONS.seconds))
                time.sleep(0.2)
        print(f"round {number + 1} of {OPTIONS.rounds} done", file=sys.stderr)
    return readings


def median(readings, key):
    return statistics.median(reading[key] for reading in readings)


def print_case(case, by_proxy):
    print(f"\n### {case}\n")
    print("| proxy | req/s | × | CPU µs/req | × | min–max | p50 / p99 / p99.9 ms | RSS MB | errors |")
    print("|---|---|---|---|---|---|---|---|---|")
    basis = next((readings for readings in by_proxy.values() if readings), None)
    for name, readings in by_proxy.items():
        if not readings:
            print(f"| {name} | not offered | | | | | | | |")
            continue
        cpus = [reading["cpu"] for reading in readings]
        print(f"| {name} | {median(readings, 'rate'):.0f} | {median(readings, 'rate') / median(basis, 'rate'):.2f} "
              f"| {median(readings, 'cpu'):.1f} | {median(readings, 'cpu') / median(basis, 'cpu'):.2f} "
              f"| {min(cpus):.1f}–{max(cpus):.1f} "
              f"| {median(readings, 'p50'):.2f} / {median(readings, 'p99'):.2f} / {median(readings, 'p999'):.2f} "
              f"| {median(readings, 'rss'):.0f} | {sum(reading['errors'] for reading in readings)} |")


def print_ceiling(target_port):
    """Load and target share a core: what they do without a proxy is what no proxy can exceed."""
    rates = []
    for connections in (64, 256):
        command = ["taskset", "-c", load_cpus(), "wrk", "-t1", f"-c{connections}", "-d2s", "-s", str(HERE / "report.lua"),
                   f"http://127.0.0.1:{target_port}/"]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
        rates.append(f"{found['requests'] / (found['micros'] / 1e6):.0f} req/s over {connections} connections")
    print(f"- wrk and the target without a proxy, 1 KB: {', '.join(rates)}; no proxy can be seen to be faster")


def print_memory(proxies):
    print("\n### Memory after the load, by what is mapped\n")
    for proxy in proxies:
        parts = sorted(measure.resident_parts(proxy.process.pid).items(), key=lambda part: -part[1])
        shown = ", ".join(f"{name} {size:.0f} MB" for name, size in parts if size >= 1)
        print(f"- {proxy.name}: {measure.rss_mib(proxy.process.pid):.0f} MB: {shown}")


def print_idle(proxies):
    print(f"\n### {IDLE} idle connections\n\n| proxy | RSS before | RSS with them | KB each |\n|---|---|---|---|")
    for proxy in (proxy for proxy in proxies if proxy.http_port):
        before = measure.rss_mib(proxy.process.pid)
        connections = measure.idle_connections(proxy.http_port, IDLE)
        after = measure.rss_mib(proxy.process.pid)
        print(f"| {proxy.name} | {before:.0f} MB | {after:.0f} MB | {(after - before) * 1024 / IDLE:.1f} |")
        for connection in connections:
            connection.close()
        time.sleep(1)


def print_start(proxies):
    print("\n### From start to the first proxied answer\n\n| proxy | seconds (median of 3) |\n|---|---|")
    for proxy in (proxy for proxy in proxies if proxy.http_port):
        times = []
        for _ in range(3):
            proxy.stop()
            proxy.start(OPTIONS.all_cpus)
            times.append(measure.await_answer(proxy.http_port))
        print(f"| {proxy.name} | {statistics.median(times):.2f} |")


def describe(proxies):
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown CPU")
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} × {model}, Linux {platform.release()}, load average at the start "
          f"{os.getloadavg()[0]:.1f}; "
          + ("two threads each, nothing pinned" if OPTIONS.two_cores else "proxy on CPU 0, wrk and target on CPU 1")
          + f"; {OPTIONS.rounds} rounds of {OPTIONS.seconds} s, medians.")
    for proxy in proxies:
        print(f"- {proxy.version()}")


def main():
    if OPTIONS.short:
        OPTIONS.rounds, OPTIONS.seconds = 1, 2
    cases = [case for case in (SHORT if OPTIONS.short else CASES) if OPTIONS.cases in case]
    if "halite" in OPTIONS.proxies and not Path(OPTIONS.halite).exists():
        sys.exit(f"{OPTIONS.halite} is not there: build it first (mvn -DskipTests package)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    limit = peers.raise_file_limit()
    peers.own_scheduling_group()
    work = tempfile.mkdtemp(prefix="halite-bench-")
    OPTIONS.datagrams = f"{work}/datagrams"
    target, target_port = build_target(work)
    datagram_target, datagram_target_port = start_datagram_target()
    http2_target, http2_target_port = start_http2_target(work)
    peers.make_certificate(work)
    inside = peers.bind(work, OPTIONS.peer_root) if OPTIONS.peer_root else None
    proxies = create(work)
    try:
        describe(proxies)
        print_ceiling(target_port)
        for proxy in proxies:
            proxy.http2_target_port = http2_target_port
            proxy.datagram_target_port = datagram_target_port
            proxy.configure(target_port, 2 if OPTIONS.two_cores else 1)
            proxy.start(proxy_cpus())
        for proxy in (proxy for proxy in proxies if proxy.http_port):
            measure.await_answer(proxy.http_port)
            proxy.prepare()
            measure.smoke(proxy.http_port)
        readings = run_cases(proxies, cases)
        for case in cases:
            print_case(case, readings[case])
        print_memory(proxies)
        if not OPTIONS.short and not OPTIONS.no_extras:
            if limit >= 2 * IDLE + 1000:
                print_idle(proxies)
            else:
                print(f"\nidle connections: skipped, the limit of open files is {limit}")
            print_start(proxies)
        if OPTIONS.json:
            Path(OPTIONS.json).write_text(json.dumps(readings, indent=1))
    except Exception:
        for proxy in proxies:
            if (proxy.work / "log").exists():
                print(f"--- {proxy.name}\n{proxy.tail()}", file=sys.stderr)
        raise
    finally:
        for proxy in proxies:
            proxy.stop()
        target.kill()
        datagram_target.kill()
        if http2_target:
            http2_target.kill()
        if inside:
            subprocess.run(["umount", str(inside)], check=False)
        shutil.rmtree(work, ignore_errors=True)


OPTIONS = arguments()
OPTIONS.all_cpus = f"0-{os.cpu_count() - 1}"
if __name__ == "__main__":
    main()
