package io.halite.proxy.testing;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A web server that people run behind a proxy. It answers every request with its method, its target and the length of the
 * body as that server understood them, and notes each; the text {@code broken} stands for what it could not understand.
 */
public final class BackEnd implements Closeable {
    /** Debian's, which has what Debian's packages bring. */
    private static final String PYTHON = "/usr/bin/python3";
    private static final String BROKEN = "broken";
    /** Held, since the settings of a logger that nobody holds are forgotten. */
    private static final Logger HELIDON_LOG = Logger.getLogger("io.helidon");

    private final int port;
    private final Notes notes;
    private final Closeable server;

    /** Which server. */
    public enum Program { NGINX, HAPROXY, NODE, LENIENT_NODE, AIOHTTP, HTTP_SERVER, HELIDON }

    /** What was noted, one request after the other. */
    @FunctionalInterface
    private interface Notes {
        List<String> read() throws IOException;
    }

    private BackEnd(int port, Notes notes, Closeable server) {
        this.port = port;
        this.notes = notes;
        this.server = server;
    }

    /**
     * Starts one on a free port; skips the test where it is not installed.
     *
     * @param directory for its files
     */
    public static BackEnd start(Program program, Path directory) throws IOException {
        if (program == Program.HELIDON) {
            return helidon();
        }
        int port = Peer.freePort();
        Path file = directory.resolve(program.name());
        Peer peer = switch (program) {
            case NGINX -> {
                write(file, NGINX.replace("DIRECTORY", directory.toString()).replace("OUTER", String.valueOf(port))
                        .replace("INNER", String.valueOf(Peer.freePort())));
                yield Peer.listening(port, "nginx", "-c", file.toString(), "-e", directory.resolve("nginx.err").toString());
            }
            case HAPROXY -> {
                write(file, HAPROXY.replace("OUTER", String.valueOf(port)));
                yield Peer.listening(port, "haproxy", "-db", "-f", file.toString());
            }
            case NODE -> {
                write(file, NODE);
                yield Peer.listening(port, "node", file.toString(), String.valueOf(port));
            }
            case LENIENT_NODE -> {
                write(file, NODE);
                yield Peer.listening(port, "node", "--insecure-http-parser", file.toString(), String.valueOf(port));
            }
            case AIOHTTP, HTTP_SERVER -> {
                write(file, program == Program.AIOHTTP ? AIOHTTP : HTTP_SERVER);
                Peer.need("python3-aiohttp", PYTHON, "-c", program == Program.AIOHTTP ? "import aiohttp" : "");
                yield Peer.listening(port, PYTHON, file.toString(), String.valueOf(port));
            }
            default -> throw new IllegalArgumentException(program.name());
        };
        return new BackEnd(port, () -> peer.output().lines().filter(BackEnd::isNote).toList(), peer);
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    private static boolean isNote(String line) {
        return line.startsWith(BROKEN) || line.matches("[A-Z]+ [/*].*");
    }

    private static BackEnd helidon() {
        HELIDON_LOG.setLevel(Level.OFF);
        List<String> seen = new CopyOnWriteArrayList<>();
        WebServer server = WebServer.builder().port(0).address(java.net.InetAddress.getLoopbackAddress())
                .routing(routing -> routing.any((request, response) -> helidonAnswers(seen, request, response)))
                .build().start();
        return new BackEnd(server.port(), () -> List.copyOf(seen), server::stop);
    }

    private static void helidonAnswers(List<String> seen, ServerRequest request, ServerResponse response) {
        boolean hasBody = request.content().hasEntity();
        int length = hasBody ? request.content().as(byte[].class).length : 0;
        String line = request.prologue().method().text() + " " + request.prologue().uriPath().rawPath();
        seen.add(line);
        response.header(HeaderNames.CONTENT_TYPE, "text/plain");
        response.send(line + " " + length + "\n");
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** The requests it understood, in their order, as method and target. */
    public List<String> seen() throws IOException {
        return notes.read();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** Two of it: the first reads the body before it asks the second, as it does in front of an application. */
    private static final String NGINX = """
            user root;
            daemon off;
            worker_processes 1;
            pid DIRECTORY/nginx.pid;
            error_log DIRECTORY/nginx.err;
            events {}
            http {
              client_body_temp_path DIRECTORY/b; proxy_temp_path DIRECTORY/p; fastcgi_temp_path DIRECTORY/f;
              uwsgi_temp_path DIRECTORY/u; scgi_temp_path DIRECTORY/s;
              map $content_length $length { "" 0; default $content_length; }
              map $status $what { 400 "broken "; default ""; }
              log_format seen '$what$request_method $request_uri';
              server {
                listen 127.0.0.1:OUTER;
                access_log /dev/stdout seen;
                location / { proxy_pass http://127.0.0.1:INNER; proxy_http_version 1.1; }
              }
              server {
                listen 127.0.0.1:INNER;
                access_log off;
                location / { return 200 "$request_method $request_uri $length\\n"; }
              }
            }
            """;

    private static final String HAPROXY = """
            defaults
              mode http
              timeout connect 10s
              timeout client 30s
              timeout server 30s
            frontend all
              bind 127.0.0.1:OUTER
              option http-buffer-request
              log stdout format raw local0
              log-format "%HM %HU"
              http-request return status 200 content-type text/plain lf-string "%[method] %[url] %[req.body_len]\\n"
            """;

    private static final String NODE = """
            require('http').createServer((request, response) => {
              let length = 0
              request.on('data', piece => length += piece.length)
              request.on('end', () => {
                console.log(request.method + ' ' + request.url)
                response.end(request.method + ' ' + request.url + ' ' + length + '\\n')
              })
            }).on('clientError', (error, socket) => {
              if (String(error.code).startsWith('HPE')) console.log('broken ' + error.code)
              socket.destroy()
            }).listen(+process.argv[2], '127.0.0.1')
            """;

    private static final String AIOHTTP = """
            import sys
            from aiohttp import web
            async def answer(request):
                length = len(await request.read())
                print(request.method, request.raw_path, flush=True)
                return web.Response(text=f'{request.method} {request.raw_path} {length}\\n')
            app = web.Application()
            app.router.add_route('*', '/{rest:.*}', answer)
            web.run_app(app, host='127.0.0.1', port=int(sys.argv[1]), print=None, access_log=None)
            """;

    /**
     * As people write it: the library knows no chunks, so the handler reads them, and not strictly. Its threads note each
     * request by one call of the system, since print() would let the lines of two run into each other.
     */
    private static final String HTTP_SERVER = """
            import os, sys
            from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
            class Answer(BaseHTTPRequestHandler):
                protocol_version = 'HTTP/1.1'
                def body(self):
                    if 'chunked' not in self.headers.get('Transfer-Encoding', '').lower():
                        length = int(self.headers.get('Content-Length', 0))
                        return length, len(self.rfile.read(length)) == length
                    length = 0
                    while True:
                        size = int(self.rfile.readline().split(b';')[0], 16)
                        if size == 0:
                            while self.rfile.readline() not in (b'\\r\\n', b'\\n', b''):
                                pass
                            return length, True
                        length += len(self.rfile.read(size))
                        self.rfile.readline()
                def answer(self):
                    length, whole = self.body()
                    if not whole:
                        self.close_connection = True
                        return
                    os.write(1, f'{self.command} {self.path}\\n'.encode())
                    text = f'{self.command} {self.path} {length}\\n'.encode()
                    self.send_response(200)
                    self.send_header('Content-Length', str(len(text)))
                    self.end_headers()
                    if self.command != 'HEAD':
                        self.wfile.write(text)
                do_GET = do_POST = do_PUT = do_HEAD = do_OPTIONS = answer
                def log_message(self, *rest): pass
                def send_error(self, code, *rest):
                    os.write(1, f'broken {int(code)}\\n'.encode())
                    super().send_error(code, *rest)
            ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Answer).serve_forever()
            """;
}
