"""How long a verdict takes to every node's routing: three nodes on this machine, measured by the requests they route.

Each pool has one target, so that a node answers 200 while it routes there and 503 once it does not. A poller per node
asks without pause; the target says when it gave the answer that changed the verdict."""

import argparse
import json
import multiprocessing
import queue
import socket
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from nodes import Node, await_true, conditions, free_ports, percentile

FLIPS_PER_POOL = 4  # falls; more than five in five minutes would count as flapping


def serve(port, handler):
    """Answers on 127.0.0.1 by this handler, for ever."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass  # a prober that closes while it is answered

    Server(("127.0.0.1", port), handler).serve_forever()


def target(port, healthy, answered_at):
    """Answers /health/N by the state of N, and notes when it first gave each answer since that was forgotten."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status = 200
            if self.path.startswith("/health/"):
                index = int(self.path.rsplit("/", 1)[1])
                up = healthy[index]
                status = 200 if up else 503
                if answered_at[2 * index + up] == 0:
                    answered_at[2 * index + up] = time.monotonic_ns()
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    serve(port, Handler)


def poll(address, port, turn, pools, seen, number):
    """Asks a node for the pool whose turn it is, over and over, and notes when the answer changed to what."""
    connection, buffered, asked, last = None, b"", None, None
    while True:
        now = turn.value
        try:
            if connection is None:
                connection, buffered = socket.create_connection((address, port), timeout=5), b""
            connection.sendall(f"GET /p{now % pools} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
            status, buffered = response(connection, buffered)
        except OSError:
            connection = None
            continue
        if (asked, last) != (now, status):
            asked, last = now, status
            seen.put((number, now, status, time.monotonic_ns()))
        time.sleep(0.001)


def response(connection, buffered):
    while b"\r\n\r\n" not in buffered:
        more = connection.recv(65536)
        if not more:
            raise OSError("closed")
        buffered += more
    head, rest = buffered.split(b"\r\n\r\n", 1)
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                   if line.startswith(b"content-length:")), 0)
    while len(rest) < length:
        rest += connection.recv(65536)
    return int(head.split(b" ", 2)[1]), rest[length:]


def site(port, target_port, pools):
    routes = "\n".join(f"      - {{ match: {{ path: /p{i} }}, forward: p{i} }}" for i in range(pools))
    declared = "\n".join(
        f"  p{i}: {{ check: {{ http: {{ path: /health/{i} }}, interval: 500ms, timeout: 400ms, rise: 1, fall: 1 }}, "
        f'whenAllDown: none, targets: [ {{ name: t, address: "127.0.0.1:{target_port}" }} ] }}' for i in range(pools))
    return (f'apiVersion: halite/v1\nloadBalancers:\n  bench:\n    listeners:\n'
            f'      - {{ name: web, address: "0.0.0.0:{port}", protocol: http }}\n    routes:\n{routes}\npools:\n{declared}\n')


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pools", type=int, default=50)
    arguments.add_argument("--json", help="a file for the single readings")
    arguments.add_argument("--short", action="store_true", help="does it run at all")
    options = arguments.parse_args()
    print(conditions())
    with tempfile.TemporaryDirectory() as work:
        run(options, work, 5 if options.short else options.pools)


def run(options, work, pools):
    port, target_port = free_ports(2)
    healthy = multiprocessing.Array("i", [1] * pools, lock=False)
    answered_at = multiprocessing.Array("q", [0] * 2 * pools, lock=False)
    turn = multiprocessing.Value("i", 0, lock=False)
    seen = multiprocessing.Queue()
    helpers = [multiprocessing.Process(target=target, args=(target_port, healthy, answered_at), daemon=True)]
    nodes = []
    try:
        helpers[0].start()
        for number in (1, 2, 3):
            nodes.append(Node(work, number))
            nodes[-1].start(nodes[0] if number > 1 else None)
        nodes[0].cli("apply", "-f", "-", "--wait", document=site(port, target_port, pools))
        await_true(lambda: all(settled(node, pools) for node in nodes), "the checks are not divided between three nodes")
        for number, node in enumerate(nodes):
            helpers.append(multiprocessing.Process(
                target=poll, args=(node.address, port, turn, pools, seen, number), daemon=True))
            helpers[-1].start()
        report(options, flip(pools, FLIPS_PER_POOL if not options.short else 1, healthy, answered_at, turn, seen))
    finally:
        for helper in helpers:
            helper.kill()
        for node in nodes:
            node.stop()


def settled(node, pools):
    shares = json.loads(node.cli("get", "assignments", "-o", "json"))["assignments"]
    found = node.status().get("pools", [])
    return (len(shares) == 3 and sum(len(share["targets"]) for share in shares) == pools
            and len(found) == pools and all(pool["targets"][0]["health"] == "healthy" for pool in found))


def flip(pools, falls, healthy, answered_at, turn, seen):
    """Between the first node and the last, and from the target's answer to the last, in milliseconds; turns given up."""
    spreads, totals, given_up = [], [], 0
    for number in range(falls * pools):
        turn.value, pool = number, number % pools
        try:
            await_status(seen, number, 200)
            for status in (503, 200):
                now = 1 if status == 200 else 0
                answered_at[2 * pool + now] = 0
                healthy[pool] = now
                times = await_status(seen, number, status)
                spreads.append((max(times) - min(times)) / 1e6)
                totals.append((max(times) - answered_at[2 * pool + now]) / 1e6)
        except queue.Empty:
            # On a starved machine a check may time out by itself, which spoils the turn, or makes a target flap.
            healthy[pool] = 1
            given_up += 1
    return spreads, totals, given_up


def await_status(seen, turn, status, seconds=30.0):
    """When each node first answered so."""
    times, end = {}, time.monotonic() + seconds
    while len(times) < 3:
        number, about, found, at = seen.get(timeout=max(0.1, end - time.monotonic()))
        if about == turn and found == status:
            times[number] = at
    return list(times.values())


def report(options, readings):
    if not readings[0]:
        raise RuntimeError("no turn came to its end")
    for name, values in zip(("from the first node's routing to the last's",
                             "from the target's answer to the last node's routing"), readings[:2]):
        print(f"{name}: p50 {percentile(values, 50):.1f} ms, p90 {percentile(values, 90):.1f} ms, "
              f"p99 {percentile(values, 99):.1f} ms, max {max(values):.1f} ms, n {len(values)}")
    print(f"turns given up: {readings[2]}")
    if options.json:
        Path(options.json).write_text(json.dumps({"spread": readings[0], "total": readings[1]}))


if __name__ == "__main__":
    main()
