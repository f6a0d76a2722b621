#!/usr/bin/env python3
"""bench/dns/run flood [ROUNDS] [SECONDS] [RATE]: does a flood of DNS queries hurt the proxy of the same node?

One whole node on core 1; wrk and the flood on core 0. Each round reads the proxy without and with the flood, with 64
connections (the proxy takes what it can get) and with one (latency of a proxy that is mostly idle). Said are requests a second and
p99 as wrk sees them, what each kind of thread of the node had of its core, and what wrk and the flood had of theirs: where those two
together come near 1.00, wrk was held up by its own core and not by the node; so the flood is nicer than wrk.
"""
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HOME = os.path.dirname(os.path.abspath(__file__))
HALITE = os.environ.get('HALITE', os.path.join(HOME, '../../appliance/target/halite/bin/halite'))
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 4
RATE = int(sys.argv[3]) if len(sys.argv) > 3 else 400000
ADMIN, CLUSTER, DNS, WEB = 18443, 17100, 15353, 18080
DOCUMENT = f'''apiVersion: halite/v1
loadBalancers:
  web:
    listeners: [ {{ name: web, address: "127.0.0.1:{WEB}", protocol: http }} ]
    routes: [ {{ respond: {{ status: 200, body: hello }} }} ]
zones:
  bench.test:
    nameservers: [ns1]
    names: {{ %s }}
''' % ', '.join('n%d: { members: [ { address: 192.0.2.1 }, { address: 192.0.2.2 } ] }' % i for i in range(1000))


def pinned(core, *command):
    return ['taskset', '-c', str(core), *command]


def cpu(pid):
    """Seconds on a CPU, and waiting for one, by kind of thread."""
    kinds = {}
    for task in os.listdir(f'/proc/{pid}/task'):
        try:
            name = open(f'/proc/{pid}/task/{task}/comm').read().strip()
            spent, waited, _ = (int(field) / 1e9 for field in open(f'/proc/{pid}/task/{task}/schedstat').read().split())
        except OSError:
            continue
        kind = 'relay' if name.startswith('relay-') and name != 'relay-watchdog' else 'dns' if name.startswith('dns-udp') else 'rest'
        kinds[kind] = kinds.get(kind, 0) + spent
        kinds[kind + '-waits'] = kinds.get(kind + '-waits', 0) + waited
    return kinds


def whole(pid):
    return sum(spent for kind, spent in cpu(pid).items() if not kind.endswith('-waits'))


def answered(work):
    local = json.load(open(f'{work}/node/local.json'))
    return sum(float(line.rsplit(' ', 1)[1]) for line in metrics(work, local).splitlines()
               if line.startswith('halite_dns_queries_total{'))


def metrics(work, local):
    token = open(f'{work}/node/admin.token').read().strip()
    answer = subprocess.run(['curl', '-sk', '-H', f'Authorization: Bearer {token}', f'https://127.0.0.1:{ADMIN}/metrics'],
                            capture_output=True, text=True, check=True)
    return answer.stdout


def read_once(work, node, connections, flooded):
    flood = None
    if flooded:
        flood = subprocess.Popen(pinned(0, 'nice', '-n', '10', f'{work}/flood', str(DNS), '1000', str(SECONDS + 1.5), str(RATE), '16'),
                                 stdout=subprocess.PIPE, text=True)
        time.sleep(0.7)
    count, before, start = answered(work), cpu(node.pid), time.monotonic()
    of_flood = whole(flood.pid) if flood else 0
    wrk = subprocess.Popen(pinned(0, 'wrk', '-t1', f'-c{connections}', f'-d{SECONDS:g}s', '--latency', f'http://127.0.0.1:{WEB}/'),
                           stdout=subprocess.PIPE, text=True)
    time.sleep(SECONDS - 0.2)
    of_wrk, after, took = whole(wrk.pid), cpu(node.pid), time.monotonic() - start
    of_flood = whole(flood.pid) - of_flood if flood else 0
    count = answered(work) - count
    said = wrk.communicate()[0]
    if flood:
        flood.communicate()
    p99, unit = re.search(r'99%\s+([\d.]+)(us|ms|s)', said).groups()
    rest = {kind: (after[kind] - before.get(kind, 0)) / took for kind in after}
    return {'rps': float(re.search(r'Requests/sec:\s+([\d.]+)', said).group(1)), 'p99': float(p99) * {'us': 1, 'ms': 1e3, 's': 1e6}[unit],
            'wrk': of_wrk / took, 'flood': of_flood / took, 'queries': count / took,
            **{kind: rest.get(kind, 0) for kind in ('relay', 'relay-waits', 'dns', 'dns-waits', 'rest')}}


def main():
    work = tempfile.mkdtemp()
    subprocess.run(['gcc', '-O2', '-o', f'{work}/flood', f'{HOME}/flood.c'], check=True)
    node = subprocess.Popen(pinned(1, HALITE, 'run', '--data', f'{work}/node', '--name', 'ns1', '--bind', '127.0.0.1', '--admin-port',
                                   str(ADMIN), '--cluster-port', str(CLUSTER), '--dns-port', str(DNS)),
                            stdout=open(f'{work}/log', 'w'), stderr=subprocess.STDOUT)
    try:
        for _ in range(200):
            if subprocess.run([HALITE, 'status', '-o', 'name', '--data', f'{work}/node'], capture_output=True).returncode == 0:
                break
            time.sleep(0.3)
        subprocess.run([HALITE, 'apply', '-f', '-', '--data', f'{work}/node'], input=DOCUMENT, text=True, check=True, capture_output=True)
        time.sleep(3)
        for _ in range(2):
            read_once(work, node, 64, True)
            read_once(work, node, 64, False)
        rows = {}
        for _ in range(ROUNDS):
            for connections in 64, 1:
                for flooded in False, True:
                    rows.setdefault((connections, flooded), []).append(read_once(work, node, connections, flooded))
        print(f'{"connections":>11} {"flood":>6} {"req/s":>8} {"min..max":>15} {"p99us":>7} | of core 1: {"proxy":>5} {"waits":>5} {"dns":>5} {"waits":>5} {"rest":>5} '
              f'| of core 0: {"wrk":>5} {"flood":>5} | answers/s')
        for (connections, flooded), readings in rows.items():
            m = {key: statistics.median(r[key] for r in readings) for key in readings[0]}
            low, high = min(r['rps'] for r in readings), max(r['rps'] for r in readings)
            print(f'{connections:11} {"yes" if flooded else "no":>6} {m["rps"]:8.0f} {low:7.0f}..{high:6.0f} {m["p99"]:7.0f} |            '
                  f'{m["relay"]:5.2f} {m["relay-waits"]:5.2f} {m["dns"]:5.2f} {m["dns-waits"]:5.2f} {m["rest"]:5.2f} |            {m["wrk"]:5.2f} {m["flood"]:5.2f} | {m["queries"]:9.0f}')
    finally:
        node.send_signal(signal.SIGTERM)
        node.wait()
        shutil.rmtree(work)


if __name__ == '__main__':
    main()
