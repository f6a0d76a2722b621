"""Three nodes as processes on 127.0.0.1-3: fail-over by kill -9 and by a graceful stop, the way of a change from the request to what
clients see on every node, the joining of a fourth node, and the memory of an idle one."""

import argparse
import datetime
import http.client
import json
import os
import platform
import shutil
import ssl
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "health"))
import nodes  # noqa: E402  (beside bench/health)

HEAD = "apiVersion: halite/v1\nloadBalancers:\n  site:\n"


class Admin:
    """The admin API of a node over one connection, which is opened anew when it breaks."""

    def __init__(self, node, seconds=60.0):
        self.seconds = seconds
        local = json.loads((node.data / "local.json").read_text())
        self.host, self.port = local["url"].removeprefix("https://").rsplit(":", 1)
        self.tls = ssl.create_default_context(cafile=local["ca"])
        self.token = (node.data / "admin.token").read_text().strip()
        self.connection = None

    def call(self, method, path, body=None, **headers):
        """Status, ETag and body; status 0 when there is no answer."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPSConnection(self.host, int(self.port), timeout=self.seconds,
                                                              context=self.tls)
            self.connection.request(method, path, body=body, headers={"Authorization": f"Bearer {self.token}", **headers})
            answer = self.connection.getresponse()
            return answer.status, answer.getheader("ETag"), answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            return 0, None, b""

    def put(self, document):
        """Whether the config is this one now."""
        _, etag, _ = self.call("GET", "/api/v1/config")
        if etag is None:
            return False
        status, _, _ = self.call("PUT", "/api/v1/config", document.encode(),
                                 **{"If-Match": etag, "Content-Type": "application/yaml"})
        return status == 200

    def status(self):
        """What the node says of itself and the others; nothing when it does not answer."""
        body = self.call("GET", "/api/v1/status")[2]
        return json.loads(body) if body else None


def document(port, body, pools=0):
    text = HEAD + (f'    listeners: [ {{ name: web, address: "0.0.0.0:{port}", protocol: http }} ]\n'
                   f'    routes: [ {{ respond: {{ status: 200, body: "{body}" }} }} ]\n')
    if pools:
        text += "pools:\n" + "".join(f'  p{n}: {{ check: none, targets: [ "127.0.1.1:{1024 + n}" ] }}\n' for n in range(pools))
    return text


def quantiles(seconds):
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    return f"p50 {1000 * statistics.median(ordered):.1f} ms, p99 {1000 * p99:.1f}, max {1000 * ordered[-1]:.1f} (n={len(ordered)})"


def leader_of(cluster):
    for node in cluster:
        if node.process.poll() is None:
            name = (Admin(node).status() or {}).get("leader")
            found = [other for other in cluster if other.name == name and other.process.poll() is None]
            if found:
                return found[0]
    return None


def await_whole(cluster):
    def whole():
        leader = leader_of(cluster)
        if leader is None:
            return False
        status = Admin(leader).status()
        return (status is not None and len(status["nodes"]) == len(cluster) and not status["degraded"]
                and all(str(one["activeRevision"]) == str(status["revision"]) for one in status["nodes"]))
    nodes.await_true(whole, "the cluster is not whole", 90)


def live(cluster, port, count):
    """From sending a change to a follower until clients of each node see it."""
    leader = leader_of(cluster)
    admin = Admin(next(node for node in cluster if node is not leader))
    seen = {node.name: [] for node in cluster}

    def watch(node, body, start):
        connection = http.client.HTTPConnection(node.address, port, timeout=5)
        while time.monotonic() - start < 10:
            connection.request("GET", "/")
            if connection.getresponse().read() == body:
                seen[node.name].append(time.monotonic() - start)
                return
            time.sleep(0.0005)

    answered = []
    for number in range(count):
        body = f"change {number}"
        _, etag, _ = admin.call("GET", "/api/v1/config")
        start = time.monotonic()
        watchers = [threading.Thread(target=watch, args=(node, body.encode(), start)) for node in cluster]
        for watcher in watchers:
            watcher.start()
        status, _, answer = admin.call("PUT", "/api/v1/config", document(port, body).encode(),
                                       **{"If-Match": etag, "Content-Type": "application/yaml"})
        assert status == 200, answer
        answered.append(time.monotonic() - start)
        for watcher in watchers:
            watcher.join()
        time.sleep(0.05)
    print(f"- a lone change, sent to a follower: answered {quantiles(answered)}")
    for node in cluster:
        print(f"  - seen by clients of {node.name}{' (the leader)' if node is leader else ''}: {quantiles(seen[node.name])}")


STEPS = {"leader ended": "its end is noticed", "leading term": "another has won and committed its first entry"}


def steps(cluster, leader, since):
    """When the survivors logged each step first, in seconds after the end of the leader."""
    found = {}
    for node in cluster:
        if node is not leader:
            for line in node.log.read_text(errors="replace").splitlines():
                if line.startswith("{"):
                    entry = json.loads(line)
                    moment = datetime.datetime.fromisoformat(entry["time"][:26] + "+00:00").timestamp() - since
                    for step in STEPS:
                        if moment > 0 and entry["message"].startswith(step):
                            found[step] = min(moment, found.get(step, moment))
    return found


def fail_over(cluster, port, rounds, end, parts=None):
    """From the end of the leader until a survivor takes a change."""
    times = []
    for number in range(rounds):
        await_whole(cluster)
        leader = leader_of(cluster)
        admin = Admin(next(node for node in cluster if node is not leader), 2.0)
        admin.status()
        start = time.monotonic()
        wall = time.time()
        end(leader)
        while not admin.put(document(port, f"{end.__name__} {number}")):
            if time.monotonic() - start > 60:
                raise TimeoutError("no survivor takes a change")
            time.sleep(0.002)
        times.append(time.monotonic() - start)
        if parts is not None:
            for step, moment in steps(cluster, leader, wall).items():
                parts.setdefault(step, []).append(moment)
        leader.process.wait(60)
        leader.restart()
    return times


def kill(node):
    node.process.kill()


def stop(node):
    node.process.terminate()


def join_time(cluster, work, objects, port):
    admin = Admin(leader_of(cluster))
    _, etag, _ = admin.call("GET", "/api/v1/config")
    status, _, answer = admin.call("PUT", "/api/v1/config", document(port, "many", objects).encode(),
                                   **{"If-Match": etag, "Content-Type": "application/yaml"})
    assert status == 200, answer
    revision = json.loads(answer)["revision"]
    start = time.monotonic()
    fourth = nodes.Node(work, 4)
    cluster.append(fourth)
    fourth.start(cluster[0])
    fourth_of = Admin(fourth)

    def has_all():
        status = fourth_of.status()
        return status is not None and any(one["name"] == fourth.name and int(one["activeRevision"]) >= int(revision)
                                          for one in status["nodes"])
    nodes.await_true(has_all, "lb-4 is not up to date", 120)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each fail-over")
    parser.add_argument("--only", choices=["live", "kill", "stop", "join"], help="measure one thing: the way of a change, the "
                        "fail-over by kill -9 or by SIGTERM, or joining and memory")
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--objects", type=int, default=10_000, help="pools that the joining node gets")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="halite-bench-")
    port = nodes.free_ports(1)[0]
    cluster = []
    try:
        print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} CPUs, Linux {platform.release()}, load average at the start "
              f"{os.getloadavg()[0]:.1f}; three nodes and this program share the machine.\n")
        for number in (1, 2, 3):
            cluster.append(nodes.Node(work, number))
            cluster[-1].start(cluster[0] if number > 1 else None)
        await_whole(cluster)
        assert Admin(cluster[0]).put(document(port, "first"))
        time.sleep(2)
        if options.only in (None, "live"):
            live(cluster, port, options.changes)
        if options.only in (None, "kill"):
            parts = {}
            print("- kill -9 of the leader until a survivor takes a change: "
                  f"{quantiles(fail_over(cluster, port, options.rounds, kill, parts))}")
            for step, moments in parts.items():
                print(f"  - until {STEPS[step]}: {quantiles(moments)}")
        if options.only in (None, "stop"):
            print("- SIGTERM of the leader until another takes a change: "
                  f"{quantiles(fail_over(cluster, port, options.rounds, stop))}")
        if options.only not in (None, "join"):
            return
        await_whole(cluster)
        for node in cluster:
            print(f"- memory of {node.name}, idle with a small config: {nodes.measure.rss_mib(node.process.pid):.0f} MB resident")
        print(f"- a fourth node joins and gets {options.objects} pools: {join_time(cluster, work, options.objects, port):.1f} s, its "
              "token's and its own JVM's start included")
        print(f"- its memory then: {nodes.measure.rss_mib(cluster[-1].process.pid):.0f} MB")
    except BaseException:
        for node in (one for one in cluster if one.log.exists()):
            print(f"--- {node.name}\n" + "\n".join(node.log.read_text(errors="replace").splitlines()[-10:]), file=sys.stderr)
        raise
    finally:
        for node in cluster:
            if node.process is not None and node.process.poll() is None:
                node.process.kill()
                node.process.wait()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
