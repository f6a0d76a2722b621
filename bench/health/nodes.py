"""Nodes of Halite's distribution as processes, for the measurements beside this file."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAUNCHER = HERE.parent.parent / "appliance" / "target" / "halite" / "bin" / "halite"

sys.path.insert(0, str(HERE.parent / "proxy"))
import measure  # noqa: E402  (beside bench/proxy)

free_ports = measure.free_ports
cpu_nanos = measure.cpu_nanos


class Node:
    """One node on its own loopback address."""

    def __init__(self, work, number, pin=None):
        self.name = f"lb-{number}"
        self.address = f"127.0.0.{number}"
        self.data = Path(work) / self.name
        self.log = Path(work) / f"{self.name}.log"
        self.pin = pin
        self.process = None
        self.command = []

    def start(self, member=None):
        admin, cluster = free_ports(2)
        command = [str(LAUNCHER), "run", "--data", str(self.data), "--name", self.name, "--bind", self.address,
                   "--admin-port", str(admin), "--cluster-port", str(cluster), "--dns-port", "0"]
        if self.pin is not None:
            command = ["taskset", "-c", self.pin] + command
        self.command = list(command)
        if member is not None:
            token = member.cli("token", "create").strip().splitlines()[-1]
            url = json.loads((member.data / "local.json").read_text())["url"]
            command += ["--join", url.removeprefix("https://"), "--token", token]
        return self.launch(command)

    def restart(self):
        """Starts the ended process again, on the same ports."""
        return self.launch(self.command)

    def launch(self, command):
        (self.data / "local.json").unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        await_true(lambda: all((self.data / one).exists() for one in ("admin.token", "local.json")) and self.answers(),
                   f"{self.name} is not up")
        return self

    def answers(self):
        return self.run("status", "-o", "name").returncode in (0, 8)

    def run(self, *arguments, document=None):
        return subprocess.run([str(LAUNCHER), *arguments], input=document, capture_output=True, text=True,
                              env={**os.environ, "HALITE_DATA": str(self.data)})

    def cli(self, *arguments, document=None):
        done = self.run(*arguments, document=document)
        if done.returncode != 0:
            raise RuntimeError(f"halite {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    def status(self):
        done = self.run("status", "-o", "json")
        return json.loads(done.stdout) if done.returncode in (0, 8) else {}

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def await_true(condition, otherwise, seconds=90.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError(otherwise)


def conditions():
    """What a reader of the figures must know of the machine."""
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown")
    load = Path("/proc/loadavg").read_text().split()[0]
    return f"{os.cpu_count()} x {model}, Linux {os.uname().release}, load average {load} at the start"


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
