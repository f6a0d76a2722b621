"""From the death of a backend until no node sends anything there: three nodes on this machine.

Each backend dies once and is the only target of its pool, so that a node that routes there answers 200 while it lives,
502 when it was refused, and 503 from the moment when it sends nothing there any more. Half of them die while every node
has requests for them (`under traffic`), half while nobody asks (`without traffic`): those are found by their check alone,
and seen by the admin API of each node, asked in turns."""

import argparse
import json
import multiprocessing
import ssl
import tempfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from nodes import Node, await_true, conditions, free_ports, percentile
from spread import await_status, poll, serve


def backend(port):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    serve(port, Handler)


def site(port, backends):
    routes = "\n".join(f"      - {{ match: {{ path: /p{i} }}, forward: p{i} }}" for i in range(len(backends)))
    pools = "\n".join(
        f"  p{i}: {{ check: {{ http: {{ path: / }}, interval: 1s, timeout: 900ms, rise: 1, fall: 2 }}, whenAllDown: none, "
        f'targets: [ {{ name: t, address: "127.0.0.1:{at}" }} ] }}' for i, at in enumerate(backends))
    return (f'apiVersion: halite/v1\nloadBalancers:\n  bench:\n    listeners:\n'
            f'      - {{ name: web, address: "0.0.0.0:{port}", protocol: http }}\n    routes:\n{routes}\npools:\n{pools}\n')


class Eye:
    """Sees a node's health of a target by its admin API."""

    def __init__(self, node):
        local = json.loads((node.data / "local.json").read_text())
        self.url = local["url"]
        self.token = (node.data / "admin.token").read_text().strip()
        self.context = ssl.create_default_context(cafile=local["ca"])

    def health(self, pool):
        request = urllib.request.Request(f"{self.url}/api/v1/pools/{pool}/targets/t",
                                         headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, context=self.context, timeout=10) as answer:
            return json.load(answer)["health"]


def await_unhealthy(eye, pool, found):
    while eye.health(pool) != "unhealthy":
        time.sleep(0.005)
    found.append(time.monotonic_ns())


def kill(process):
    process.kill()
    process.join()
    return time.monotonic_ns()


def under_traffic(backends, rounds, turn, seen):
    times = []
    for number in range(rounds):
        turn.value = number
        await_status(seen, number, 200)
        died = kill(backends[number])
        times.append((max(await_status(seen, number, 503)) - died) / 1e6)
    return times


def without_traffic(backends, rounds, eyes):
    times = []
    for number in range(rounds, 2 * rounds):
        died, found = kill(backends[number]), []
        watchers = [threading.Thread(target=await_unhealthy, args=(eye, f"p{number}", found)) for eye in eyes]
        for watcher in watchers:
            watcher.start()
        for watcher in watchers:
            watcher.join()
        times.append((max(found) - died) / 1e6)
    return times


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=15, help="deaths of each kind")
    arguments.add_argument("--json", help="a file for the single readings")
    arguments.add_argument("--short", action="store_true", help="does it run at all")
    options = arguments.parse_args()
    print(conditions())
    with tempfile.TemporaryDirectory() as work:
        run(options, work, 2 if options.short else options.rounds)


def run(options, work, rounds):
    port, *ports = free_ports(1 + 2 * rounds)
    turn = multiprocessing.Value("i", 0, lock=False)
    seen = multiprocessing.Queue()
    backends = [multiprocessing.Process(target=backend, args=(at,), daemon=True) for at in ports]
    pollers, nodes = [], []
    try:
        for one in backends:
            one.start()
        for number in (1, 2, 3):
            nodes.append(Node(work, number))
            nodes[-1].start(nodes[0] if number > 1 else None)
        nodes[0].cli("apply", "-f", "-", "--wait", document=site(port, ports))
        await_true(lambda: all(settled(node, len(ports)) for node in nodes), "not every node finds every backend healthy")
        pollers = [multiprocessing.Process(target=poll, args=(node.address, port, turn, len(ports), seen, number),
                                           daemon=True) for number, node in enumerate(nodes)]
        for one in pollers:
            one.start()
        report(options, {"under traffic": under_traffic(backends, rounds, turn, seen),
                         "without traffic": without_traffic(backends, rounds, [Eye(node) for node in nodes])})
    finally:
        for one in pollers + backends:
            if one.is_alive():
                one.kill()
        for node in nodes:
            node.stop()


def settled(node, pools):
    found = node.status().get("pools", [])
    return len(found) == pools and all(pool["targets"][0]["health"] == "healthy" for pool in found)


def report(options, readings):
    for name, values in readings.items():
        print(f"{name}, from its death until no node sends anything there: p50 {percentile(values, 50):.0f} ms, "
              f"max {max(values):.0f} ms, n {len(values)}")
    if options.json:
        Path(options.json).write_text(json.dumps(readings))


if __name__ == "__main__":
    main()
