"""Reading what a process tree used, and driving load."""

import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def tree(pid):
    """The process and everything below it."""
    pids = [pid]
    for known in pids:
        for children in Path(f"/proc/{known}/task").glob("*/children"):
            try:
                pids += [int(child) for child in children.read_text().split()]
            except OSError:
                pass
    return pids


def cpu_nanos(pid):
    """Time on a CPU over the whole tree, from the scheduler's own books."""
    total = 0
    for member in tree(pid):
        for stat in Path(f"/proc/{member}/task").glob("*/schedstat"):
            try:
                total += int(stat.read_text().split()[0])
            except OSError:
                pass
    return total


def rss_mib(pid):
    total = 0
    for member in tree(pid):
        try:
            for line in Path(f"/proc/{member}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        except OSError:
            pass
    return total / 1024


def java_heap(pid):
    """From where to where the heap of a Java process reaches; nothing for another program."""
    jcmd = Path(f"/proc/{pid}/exe").resolve().with_name("jcmd")
    if not jcmd.exists():
        return range(0)
    said = subprocess.run([str(jcmd), str(pid), "GC.heap_info"], capture_output=True, text=True).stdout
    bounds = [int(bound, 16) for generation in re.findall(r"\[(0x[^)]*)\)", said) for bound in generation.split(",")]
    return range(min(bounds), max(bounds)) if bounds else range(0)


def resident_parts(pid):
    """Resident memory of a process by what it is, in MB: files by their kind, and what belongs to no file."""
    parts = {}
    heap = java_heap(pid)
    kind = ""
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            name = Path(words[5]).name if len(words) > 5 else ""
            if name.endswith(".aot") or name.endswith(".jsa"):
                kind = "AOT cache"
            elif ".so" in name or name in ("haproxy", "nginx", "java", "floor"):
                kind = "programs and libraries"
            elif name == "[heap]":
                kind = "malloc"
            elif name == "modules" or name.endswith(".jar"):
                kind = "jars"
            elif "x" in words[1]:
                kind = "compiled code"
            elif int(words[0].split("-")[0], 16) in heap:
                kind = "Java heap"
            else:
                kind = "anonymous (of Java: metaspace, stacks, RocksDB, Raft)"
        elif words[0] == "Rss:":
            parts[kind] = parts.get(kind, 0) + int(words[1]) / 1024
    return parts


def load(proxy, url, connections, seconds, close, cpus, preload=""):
    """One wrk run, with a library loaded into it before others; what it found, with the proxy's CPU time per request."""
    command = ["taskset", "-c", cpus, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s",
               "-s", str(HERE / "report.lua")]
    if close:
        command += ["-H", "Connection: close"]
    before = cpu_nanos(proxy.process.pid)
    done = subprocess.run(command + [url], capture_output=True, text=True, check=True,
                          env=os.environ | {"LD_PRELOAD": preload})
    spent = cpu_nanos(proxy.process.pid) - before
    found = json.loads(done.stdout.strip().splitlines()[-1])
    if found["requests"] == 0:
        raise RuntimeError(f"{proxy.name} answered nothing:\n{done.stdout}{proxy.tail()}")
    return {
        "rate": found["requests"] / (found["micros"] / 1e6),
        "cpu": spent / found["requests"] / 1000,
        "p50": found["p50"], "p99": found["p99"], "p999": found["p999"],
        "errors": found["errors"], "rss": rss_mib(proxy.process.pid),
    }


def load_http2(proxy, url, connections, streams, seconds, cpus):
    """One h2load run, as load; its own time counts from each request's start, without a queue before it."""
    with tempfile.NamedTemporaryFile() as log:
        command = ["taskset", "-c", cpus, "h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-D{seconds}",
                   f"--log-file={log.name}", url]
        before = cpu_nanos(proxy.process.pid)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        spent = cpu_nanos(proxy.process.pid) - before
        lines = [line.split("\t") for line in Path(log.name).read_text().splitlines()]
    times = sorted(int(line[2]) for line in lines if line[1] == "200")
    if not times:
        raise RuntimeError(f"{proxy.name} answered nothing:\n{done.stdout}{proxy.tail()}")
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))] / 1000
    return {
        "rate": len(times) / seconds, "cpu": spent / len(times) / 1000,
        "p50": at(0.5), "p99": at(0.99), "p999": at(0.999),
        "errors": len(lines) - len(times), "rss": rss_mib(proxy.process.pid),
    }


def load_datagrams(proxy, program, port, clients, size, seconds, cpus):
    """One run of the load of datagrams.c; a request is a datagram that went there and came back."""
    before = cpu_nanos(proxy.process.pid)
    done = subprocess.run(["taskset", "-c", cpus, program, "load", str(port), str(clients), str(size), str(seconds)],
                          capture_output=True, text=True, check=True)
    spent = cpu_nanos(proxy.process.pid) - before
    found = json.loads(done.stdout)
    if found["requests"] == 0:
        raise RuntimeError(f"{proxy.name} sent nothing back:\n{done.stdout}{proxy.tail()}")
    return {
        "rate": found["requests"] / (found["micros"] / 1e6), "cpu": spent / found["requests"] / 1000,
        "p50": found["p50"], "p99": found["p99"], "p999": found["p999"],
        "errors": found["errors"], "rss": rss_mib(proxy.process.pid),
    }


def echoes(port, seconds=10.0):
    """Whether a datagram comes back."""
    end = time.monotonic() + seconds
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.2)
        client.connect(("127.0.0.1", port))
        while time.monotonic() < end:
            try:
                client.send(b"echo")
                if client.recv(100) == b"echo":
                    return True
            except OSError:
                time.sleep(0.05)
    return False


def await_answer(port, seconds=60.0, tls=False, path="/"):
    """Waits for the first 200; the seconds it took."""
    anybody = ssl._create_unverified_context()
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        try:
            connection = (http.client.HTTPSConnection("127.0.0.1", port, timeout=2, context=anybody) if tls
                          else http.client.HTTPConnection("127.0.0.1", port, timeout=2))
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                connection.close()
                return time.monotonic() - start
        except OSError:
            pass
        except http.client.HTTPException:
            pass
        time.sleep(0.005)
    raise TimeoutError(f"no answer at port {port}")


def smoke(port):
    """What every proxy must relay rightly before its speed means anything."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for path, size in (("/", 1024), ("/bytes/200000", 200_000), ("/bytes/3000000", 3_000_000), ("/chunked", 4000)):
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200 and len(response.read()) == size, path
    connection.request("POST", "/", body=b"b" * 100_000)
    response = connection.getresponse()
    assert response.status == 200 and len(response.read()) == 1024, "POST"
    connection.request("GET", "/", headers={"Connection": "close"})
    response = connection.getresponse()
    assert response.status == 200 and len(response.read()) == 1024, "close"
    connection.close()


def idle_connections(port, count):
    """Connections that sent one request each and then wait."""
    request = b"GET /bytes/10 HTTP/1.1\r\nHost: bench\r\n\r\n"
    connections = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        connection.sendall(request)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        connections.append(connection)
    return connections


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
