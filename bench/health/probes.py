"""CPU per health check of Halite and of HAProxy: the same targets, the same interval, in turns within one run."""

import argparse
import json
import os
import resource
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from nodes import HERE, Node, await_true, conditions, cpu_nanos, free_ports, percentile


def addresses(count):
    return [f"127.1.{i // 250}.{1 + i % 250}" for i in range(count)]


def haproxy_config(path, targets, port, interval):
    lines = ["global", "  nbthread 1", "  maxconn 100", "  spread-checks 10", "defaults", "  mode http",
             "  timeout connect 1s", "  timeout client 5s", "  timeout server 5s", "  timeout check 1s",
             # Without a listener it does not start.
             "frontend idle", f"  bind 127.0.0.1:{free_ports(1)[0]}", "  default_backend many", "backend many", "  option httpchk GET /health",
             f"  default-server check inter {interval}ms fastinter {interval}ms downinter {interval}ms rise 2 fall 3"]
    lines += [f"  server t{i} {address}:{port}" for i, address in enumerate(targets)]
    Path(path).write_text("\n".join(lines) + "\n")


def halite_config(targets, port, interval):
    listed = "\n".join(f'      - {{ name: t{i}, address: "{address}:{port}" }}' for i, address in enumerate(targets))
    return ("apiVersion: halite/v1\npools:\n  many:\n"
            f"    check: {{ http: {{ path: /health }}, interval: {interval}ms, timeout: {interval}ms, rise: 2, fall: 3 }}\n"
            f"    targets:\n{listed}\n")


def answered(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/count", timeout=10) as answer:
        return int(answer.read())


class Turn:
    """A prober that is stopped while others are measured."""

    def __init__(self, name, process):
        self.name, self.process = name, process
        self.cpu, self.rate = [], []

    def pause(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def measure(self, port, settle, seconds):
        os.kill(self.process.pid, signal.SIGCONT)
        time.sleep(settle)
        before, spent, begun = answered(port), cpu_nanos(self.process.pid), time.monotonic()
        time.sleep(seconds)
        probes, spent = answered(port) - before, cpu_nanos(self.process.pid) - spent
        self.pause()
        self.rate.append(probes / (time.monotonic() - begun))
        self.cpu.append(spent / 1000 / max(1, probes))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--targets", type=int, default=5000)
    arguments.add_argument("--interval", type=int, default=1000, help="milliseconds")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--settle", type=float, default=5, help="seconds before each reading")
    arguments.add_argument("--haproxy", default="haproxy", help="the command")
    arguments.add_argument("--json", help="a file for the single readings")
    arguments.add_argument("--short", action="store_true", help="does it run at all")
    options = arguments.parse_args()
    if options.short:
        options.targets, options.rounds, options.seconds, options.settle = 500, 1, 3, 2
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    print(conditions())
    with tempfile.TemporaryDirectory() as work:
        run(options, work)


def run(options, work):
    target_binary = f"{work}/target"
    subprocess.run(["cc", "-O2", "-o", target_binary, str(HERE / "target.c")], check=True)
    target = subprocess.Popen(["taskset", "-c", "1", target_binary], stdout=subprocess.PIPE, text=True)
    port = int(target.stdout.readline())
    turns, node = [], Node(work, 1, pin="0")
    try:
        targets = addresses(options.targets)
        haproxy_config(f"{work}/haproxy.cfg", targets, port, options.interval)
        peer = subprocess.Popen(["taskset", "-c", "0", *options.haproxy.split(), "-db", "-f", f"{work}/haproxy.cfg"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        turns.append(Turn("haproxy", peer))
        time.sleep(2)
        if peer.poll() is not None:
            raise RuntimeError("haproxy ended: " + subprocess.run(
                [*options.haproxy.split(), "-c", "-f", f"{work}/haproxy.cfg"], capture_output=True, text=True).stderr)
        turns[0].pause()
        node.start()
        before = cpu_nanos(node.process.pid)
        time.sleep(options.seconds)
        idle = (cpu_nanos(node.process.pid) - before) / 1000 / options.seconds
        node.cli("apply", "-f", "-", document=halite_config(targets, port, options.interval))
        await_true(lambda: healthy(node) == options.targets, "not all targets are healthy")
        # The code that probes is compiled after some ten thousand probes, as on any node that runs for a while.
        time.sleep(5 if options.short else 30)
        turns.append(Turn("halite", node.process))
        turns[1].pause()
        for _ in range(options.rounds):
            for turn in turns:
                turn.measure(port, options.settle, options.seconds)
        os.kill(node.process.pid, signal.SIGCONT)
        time.sleep(3)
        print(f"{options.targets} HTTP checks, every {options.interval} ms, {options.rounds} rounds of {options.seconds} s, "
              "probers on CPU 0, target on CPU 1; medians")
        print(f"{'':10}{'probes/s':>10}{'CPU us/probe':>14}{'of a core':>11}{'x CPU':>7}")
        base = percentile(turns[0].cpu, 50)
        for turn in turns:
            cpu, rate = percentile(turn.cpu, 50), percentile(turn.rate, 50)
            print(f"{turn.name:10}{rate:10.0f}{cpu:14.1f}{cpu * rate / 1e6:11.2f}{cpu / base:7.2f}")
        halite = turns[1]
        rate = percentile(halite.rate, 50)
        print(f"the node without any check: {idle / 1e6:.3f} of a core; the checks alone: "
              f"{percentile(halite.cpu, 50) - idle / max(1, rate):.1f} us/probe")
        print(f"healthy at the end: {healthy(node)} of {options.targets}; false downs: {flips(node)}")
        if options.json:
            Path(options.json).write_text(json.dumps({turn.name: {"cpu": turn.cpu, "rate": turn.rate} for turn in turns}))
    finally:
        for turn in turns:
            if turn.process.poll() is None:
                os.kill(turn.process.pid, signal.SIGCONT)
                turn.process.terminate()
                turn.process.wait(20)
        node.stop()
        target.kill()


def healthy(node):
    pools = node.status().get("pools", [])
    return sum(target["health"] == "healthy" for pool in pools for target in pool["targets"])


def flips(node):
    return sum("from=healthy to=unhealthy" in line for line in node.log.read_text(errors="replace").splitlines())


if __name__ == "__main__":
    main()
