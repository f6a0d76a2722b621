package io.halite.proxy.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Peer;
import io.halite.proxy.testing.ScriptedTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of gRPC through the proxy: real clients and servers, and what they hear of failures of the proxy's own. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class GrpcTest {
    private static final String PYTHON = "/usr/bin/python3";

    @Parameter
    Engine engine = Engine.AUTO;

    @TempDir
    Path directory = Path.of("");

    private TestPlane plane(String target, String down) throws Exception {
        TestPlane plane = TestPlane.start(engine, 1);
        plane.apply("""
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    timeouts: { responseHeader: 5s }
                    routes:
                      - match: { path: "/test.Echo/*" }
                        forward: app
                      - match: { path: "/down.Service/*" }
                        forward: down
                pools:
                  app: { check: none, protocol: http2, targets: [ { name: one, address: "%s" } ] }
                  down: { check: none, protocol: http2, targets: [ { name: one, address: "%s" } ] }
                """.formatted(target, down));
        return plane;
    }

    @Test
    void callsOfEveryKind() throws Exception {
        Peer.need("python3-grpcio", PYTHON, "-c", "import grpc");
        Path script = script();
        int port = Peer.freePort();
        int nobody = Peer.freePort();
        try (Peer server = Peer.listening(port, PYTHON, script.toString(), "server", "" + port);
                TestPlane plane = plane("127.0.0.1:" + port, "127.0.0.1:" + nobody)) {
            String said = Peer.run(PYTHON, script.toString(), "client", "" + plane.port("shop/web"));
            assertEquals(List.of("unary unary:abc 3 OK", "large 3000006", "download 0:a 1:a 2:a", "upload a+b+c",
                    "chat echo:one echo:two echo:three 0", "fail FAILED_PRECONDITION not now: \u00c3\u00bc",
                    "unknown UNIMPLEMENTED Method not found!", "deadline DEADLINE_EXCEEDED ", "events 2",
                    "unrouted UNIMPLEMENTED NO_ROUTE: No route matches the request.",
                    "down UNAVAILABLE CONNECT_REFUSED: The target refused the connection.",
                    "downUpload UNAVAILABLE CONNECT_REFUSED: The target refused the connection.", "many 200"),
                    said.lines().toList(), server.output());
        }
    }

    private Path script() throws IOException {
        Path script = directory.resolve("grpc_peer.py");
        try (InputStream source = GrpcTest.class.getResourceAsStream("grpc_peer.py")) {
            Files.write(script, source == null ? new byte[0] : source.readAllBytes());
        }
        return script;
    }

    /** Trailers alone, trailers behind content, and a target that says nothing at all. */
    @Test
    void statusesStandInTrailers() throws Exception {
        ScriptedTarget target = FrameTarget.running((peer, self) -> {
            while (true) {
                FrameTarget.Request request = FrameTarget.request(peer);
                assertEquals("trailers", request.field("te"));
                switch (request.field(":path")) {
                    case "/test.Echo/Alone" -> peer.headers(request.stream(), true, ":status: 200",
                            "content-type: application/grpc", "grpc-status: 5");
                    case "/test.Echo/Behind" -> peer.headers(request.stream(), false, ":status: 200",
                            "content-type: application/grpc").data(request.stream(), "message", false)
                            .headers(request.stream(), true, "grpc-status: 0", "grpc-message: fine");
                    default -> { }
                }
            }
        });
        try (target; TestPlane plane = plane(target.address(), target.address());
                FrameClient client = FrameClient.ready(plane.port("shop/web"))) {
            List<String> alone = call(client, 1, "/test.Echo/Alone");
            assertTrue(alone.contains("grpc-status: 5"), alone.toString());
            List<String> silent = call(client, 3, "/test.Echo/Silent");
            assertEquals(":status: 200", silent.getFirst());
            assertTrue(silent.containsAll(List.of("content-type: application/grpc", "grpc-status: 4")), silent.toString());
            List<String> hasty = call(client, 5, "/test.Echo/Silent", "grpc-timeout: 50m");
            assertTrue(hasty.contains("grpc-status: 4"), hasty.toString());
            List<String> behind = call(client, 7, "/test.Echo/Behind");
            assertEquals(List.of("message", "grpc-status: 0", "grpc-message: fine"),
                    behind.subList(behind.size() - 3, behind.size()));
        }
    }

    private static List<String> call(FrameClient client, int stream, String path, String... more) throws Exception {
        List<String> lines = new ArrayList<>(List.of("te: trailers", "content-type: application/grpc+proto"));
        lines.addAll(List.of(more));
        return client.post(stream, path, lines.toArray(String[]::new)).data(stream, "", true).response(stream);
    }

    @Test
    void whatIsNoCallHearsOrdinaryErrors() throws Exception {
        try (TestPlane plane = plane("127.0.0.1:1", "127.0.0.1:1");
                FrameClient client = FrameClient.ready(plane.port("shop/web"))) {
            List<String> web = client.post(1, "/other", "content-type: application/grpc-web").data(1, "", true).response(1);
            assertEquals(":status: 404", web.getFirst());
            List<String> call = client.post(3, "/other", "content-type: application/grpc").data(3, "", true).response(3);
            assertEquals(":status: 200", call.getFirst());
            assertTrue(call.contains("grpc-status: 12"), call.toString());
        }
    }
}
