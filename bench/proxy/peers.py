"""The proxies that are compared: how each is configured and started. Settings are those of a careful operator: unlimited
reuse of connections to the target, no log, as many threads as cores."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

CONNECTIONS = 9500


class Proxy:
    """A proxy with HTTP, TCP and HTTPS listeners on 127.0.0.1 in front of one target, and one before a target of HTTP/2."""

    name = ""
    warm_up = 1.0
    speaks_http2 = True

    def __init__(self, work, ports, root=None):
        self.root = root
        self.work = Path(work) / self.name
        self.work.mkdir()
        self.certificate = Path(work) / "certificate.pem"
        self.key = Path(work) / "key.pem"
        self.http_port, self.tcp_port, self.https_port, self.out2_port, self.udp_port = ports
        self.http2_target_port = None
        self.datagram_target_port = None
        self.process = None

    def configure(self, target_port, cores):
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def version(self):
        raise NotImplementedError

    def rooted(self, *command):
        """The command, within the root file system that the peers come from; our directory is seen at the same place."""
        return ["chroot", self.root, *command] if self.root else list(command)

    def start(self, cpus):
        log = open(self.work / "log", "ab")
        pinned = ["taskset", "-c", cpus] + self.command()
        self.process = subprocess.Popen(pinned, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def prepare(self):
        """What can only be told to a running proxy."""

    def tail(self):
        lines = (self.work / "log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-15:])


def bind(work, root):
    """Shows the working directory at the same place within another root."""
    inside = Path(root) / str(work).lstrip("/")
    inside.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "--bind", str(work), str(inside)], check=True)
    return inside


def make_certificate(work):
    """A key and its own certificate, ECDSA P-256, as certificate authorities sell them today; both in one file too."""
    key, certificate = Path(work) / "key.pem", Path(work) / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    (Path(work) / "both.pem").write_text(certificate.read_text() + key.read_text())


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().splitlines()[0]


class HAProxy(Proxy):
    name = "haproxy"

    def configure(self, target_port, cores):
        # It relays no datagrams but those of its own log.
        self.udp_port = None
        (self.work / "haproxy.cfg").write_text(textwrap.dedent(f"""\
            global
                ssl-default-bind-options ssl-min-ver TLSv1.2
                nbthread {cores}
                maxconn {CONNECTIONS}
            defaults
                mode http
                no log
                maxconn {CONNECTIONS}
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                balance roundrobin
            frontend web
                option http-keep-alive
                option forwardfor
                bind 127.0.0.1:{self.http_port} backlog 4096
                bind 127.0.0.1:{self.https_port} backlog 4096 ssl crt {self.certificate.with_name("both.pem")} alpn h2,http/1.1
                default_backend targets
            backend targets
                http-reuse always
                server t1 127.0.0.1:{target_port} pool-max-conn -1
            frontend raw
                mode tcp
                bind 127.0.0.1:{self.tcp_port} backlog 4096
                default_backend raw_targets
            backend raw_targets
                mode tcp
                server t1 127.0.0.1:{target_port}
            """) + self.before_http2())

    def before_http2(self):
        if self.http2_target_port is None:
            self.out2_port = None
            return ""
        return textwrap.dedent(f"""\
            frontend out2
                option http-keep-alive
                option forwardfor
                bind 127.0.0.1:{self.out2_port} backlog 4096
                default_backend http2_targets
            backend http2_targets
                http-reuse always
                server t1 127.0.0.1:{self.http2_target_port} proto h2 pool-max-conn -1
            """)

    def command(self):
        return self.rooted("haproxy", "-db", "-f", str(self.work / "haproxy.cfg"))

    def version(self):
        return first_line(*self.rooted("haproxy", "-v"))


class Nginx(Proxy):
    name = "nginx"

    def configure(self, target_port, cores):
        stream = textwrap.dedent(f"""\
            stream {{
                upstream raw {{ server 127.0.0.1:{target_port}; }}
                server {{ listen 127.0.0.1:{self.tcp_port} backlog=4096 reuseport; proxy_pass raw; tcp_nodelay on; }}
                upstream datagrams {{ server 127.0.0.1:{self.datagram_target_port}; }}
                server {{ listen 127.0.0.1:{self.udp_port} udp reuseport; proxy_pass datagrams; proxy_timeout 60s; }}
            }}
            """)
        module = Path("/usr/lib/nginx/modules/ngx_stream_module.so")
        present = (Path(self.root or "/") / str(module).lstrip("/")).exists()
        if not present:
            stream = ""
            self.tcp_port = self.udp_port = None
        # It speaks HTTP/2 to no target.
        self.out2_port = None
        self.speaks_http2 = self.minor() >= 25
        http2 = "http2 on; http2_max_concurrent_streams 256;" if self.speaks_http2 else ""
        # Started as root its workers would be somebody else, who may not write below our directory.
        user = "user root;" if os.geteuid() == 0 else ""
        load = f"load_module {module};" if present else ""
        (self.work / "nginx.conf").write_text(load + textwrap.dedent(f"""
            daemon off;
            {user}
            worker_processes {cores};
            worker_rlimit_nofile {raise_file_limit()};
            pid {self.work}/pid;
            error_log stderr error;
            events {{ worker_connections 19000; multi_accept on; }}
            http {{
                access_log off;
                sendfile on;
                tcp_nodelay on;
                keepalive_timeout 65;
                keepalive_requests 100000000;
                client_body_temp_path {self.work}/body;
                proxy_temp_path {self.work}/proxy;
                fastcgi_temp_path {self.work}/fastcgi;
                uwsgi_temp_path {self.work}/uwsgi;
                scgi_temp_path {self.work}/scgi;
                upstream targets {{
                    server 127.0.0.1:{target_port};
                    keepalive 512;
                    keepalive_requests 100000000;
                }}
                server {{
                    listen 127.0.0.1:{self.http_port} backlog=4096 reuseport;
                    listen 127.0.0.1:{self.https_port} backlog=4096 reuseport ssl;
                    {http2}
                    ssl_certificate {self.certificate};
                    ssl_certificate_key {self.key};
                    ssl_protocols TLSv1.2 TLSv1.3;
                    location / {{
                        proxy_pass http://targets;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    }}
                }}
            }}
            """) + stream)

    def command(self):
        return self.rooted("nginx", "-p", str(self.work), "-c", str(self.work / "nginx.conf"), "-e", "stderr")

    def minor(self):
        """Of version 1: since 1.25 every listener may speak HTTP/2, with TLS or without."""
        return int(self.version().rsplit("/", 1)[1].split(".")[1])

    def version(self):
        return first_line(*self.rooted("nginx", "-v"))


class Floor(Proxy):
    """The least that a TCP relay can cost (floor.c): offers that listener alone."""

    name = "floor"

    def configure(self, target_port, cores):
        self.target_port = target_port
        self.http_port = self.https_port = self.out2_port = self.udp_port = None
        subprocess.run(["cc", "-O2", "-o", str(self.work / "floor"), str(Path(__file__).with_name("floor.c"))], check=True)

    def command(self):
        return [str(self.work / "floor"), str(self.tcp_port), str(self.target_port)]

    def version(self):
        return "floor.c, a bare relay of one thread, TCP only"


class Halite(Proxy):
    """A whole node: store, Raft, admin listener, health checks, counters and histograms are all at work."""

    name = "halite"
    # Its code is compiled as it runs, the last of it after half a minute of load.
    warm_up = 12.0

    def __init__(self, work, ports, launcher, admin_ports):
        super().__init__(work, ports)
        self.launcher = launcher
        self.admin_ports = admin_ports

    def configure(self, target_port, cores):
        if self.http2_target_port is None:
            self.out2_port = None
        (self.work / "site.yaml").write_text(textwrap.dedent(f"""\
            apiVersion: halite/v1
            loadBalancers:
              bench:
                listeners:
                  - {{ name: web, address: "127.0.0.1:{self.http_port}", protocol: http }}
                  - {{ name: secure, address: "127.0.0.1:{self.https_port}", protocol: https, certificates: [bench] }}
                  - {{ name: raw, address: "127.0.0.1:{self.tcp_port}", protocol: tcp, pool: targets }}
                  - {{ name: datagrams, address: "127.0.0.1:{self.udp_port}", protocol: udp, pool: datagrams }}
                routes:
                  - forward: targets
            pools:
              targets:
                check: {{ http: {{ path: / }}, interval: 5s }}
                targets: [ "127.0.0.1:{target_port}" ]
              datagrams:
                check: none
                targets: [ "127.0.0.1:{self.datagram_target_port}" ]
            certificates:
              bench: {{ names: [localhost], certificate: {{ file: {self.certificate} }}, key: {{ secret: bench-key }} }}
            """).replace("loadBalancers:\n", "loadBalancers:\n" + self.before_http2())
            .replace("pools:\n", "pools:\n" + self.http2_pool()))

    def before_http2(self):
        return "" if self.out2_port is None else textwrap.indent(textwrap.dedent(f"""\
            bench2:
              listeners: [ {{ name: web, address: "127.0.0.1:{self.out2_port}", protocol: http }} ]
              routes: [ {{ forward: targets2 }} ]
            """), "  ")

    def http2_pool(self):
        return "" if self.out2_port is None else textwrap.indent(textwrap.dedent(f"""\
            targets2:
              check: {{ tcp: {{}}, interval: 5s }}
              protocol: http2
              targets: [ "127.0.0.1:{self.http2_target_port}" ]
            """), "  ")

    def command(self):
        admin, cluster, dns = self.admin_ports
        return [str(self.launcher), "run", "--data", str(self.work / "data"), "--name", "bench", "--bind", "127.0.0.1",
                "--admin-port", str(admin), "--cluster-port", str(cluster), "--dns-port", str(dns),
                "--config", str(self.work / "site.yaml"), "--access-log", self.access_log()]

    def access_log(self):
        return "off"

    def prepare(self):
        # It serves from its config before its admin listener is there.
        local = self.work / "data" / "local.json"
        end = time.monotonic() + 30
        while not local.exists() and time.monotonic() < end:
            time.sleep(0.05)
        subprocess.run([str(self.launcher), "secret", "set", "bench-key", "-f", str(self.key)], check=True,
                       capture_output=True, env=os.environ | {"HALITE_DATA": str(self.work / "data")})

    def version(self):
        return first_line(str(self.launcher), "version")


class LoggingHalite(Halite):
    """The same node with a line in a file for every request."""

    name = "halite-log"

    def access_log(self):
        return str(self.work / "access.log")


def raise_file_limit():
    import resource
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def own_scheduling_group():
    """With sched_autogroup a busy neighbour group gets half the machine whatever its nice value: weigh ours up."""
    try:
        os.setsid()
    except OSError:
        pass
    try:
        Path("/proc/self/autogroup").write_text("-19")
    except OSError as e:
        print(f"cannot raise the scheduling weight ({e}): expect more noise", file=sys.stderr)
