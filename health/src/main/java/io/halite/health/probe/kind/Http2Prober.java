package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The HTTP check of a pool that speaks HTTP/2: one request on a connection of its own, over TLS by agreement (ALPN), without
 * TLS with prior knowledge, as the pool's requests go.
 */
final class Http2Prober implements Prober.Blocking {
    /** What HTTP/2 has no use for (RFC 9113 §8.2.2), or says otherwise. */
    private static final Set<String> LEFT_OUT =
            Set.of("host", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final HealthCheck.Http check;
    private final HttpExpectation expectation;
    private final Preamble preamble;
    private final byte[] opening;

    Http2Prober(HealthCheck.Http check, HostPort target, Preamble preamble) {
        this.check = check;
        this.expectation = new HttpExpectation(check);
        this.preamble = preamble;
        this.opening = request(target).bytes(null);
    }

    private Http2Request request(HostPort target) {
        String authority = check.host() == null ? target.toString() : check.host();
        boolean named = false;
        for (Map.Entry<String, String> header : check.headers().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            authority = name.equals("host") ? header.getValue() : authority;
            named |= name.equals("user-agent");
        }
        Http2Request request =
                new Http2Request(check.method(), check.tls() ? "https" : "http", authority, check.path());
        check.headers().forEach((key, value) -> {
            String name = key.toLowerCase(Locale.ROOT);
            if (!LEFT_OUT.contains(name)) {
                request.header(name, value);
            }
        });
        if (!named) {
            request.header("user-agent", HttpProber.AGENT);
        }
        return request;
    }

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        Socket socket = Connections.openHttp2(attempt, preamble, check.tls(), check.host());
        socket.getOutputStream().write(opening);
        attempt.phase("awaiting the response (HTTP/2)");
        ProbeResult result = verdict(new Http2Answer(socket), attempt);
        return TlsHandshake.withExpiry(result, socket);
    }

    private ProbeResult verdict(Http2Answer answer, Attempt attempt) throws IOException {
        answer.readHead();
        ProbeResult byHead = expectation.byHead(answer.status());
        if (byHead != null) {
            return byHead;
        }
        attempt.phase("reading the body");
        TextSearch search = expectation.search();
        int seen = 0;
        while (!search.isFound() && !answer.isEnded() && seen < HttpExpectation.MAX_BODY) {
            answer.readFrame();
            int count = Math.min(answer.data().length, HttpExpectation.MAX_BODY - seen);
            search.feed(ByteBuffer.wrap(answer.data()), count);
            seen += count;
        }
        return expectation.byBody(answer.status(), search.isFound(), seen);
    }
}
