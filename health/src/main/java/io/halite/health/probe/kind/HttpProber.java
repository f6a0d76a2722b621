package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.config.HealthCheck.StatusRange;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/1.1 request on a connection of its own, so that accepting is checked too. Not helidon-webclient: a probe
 * needs a hard end, a few bytes of memory, and the status line; the client costs three times the processor per
 * request and keeps pools that a probe must not use (notes in DESIGN.md of this module).
 */
final class HttpProber implements Prober {
    static final int MAX_BODY = 64 << 10;
    private static final String AGENT = "Halite-Health/1";

    private final HealthCheck.Http check;

    HttpProber(HealthCheck.Http check) {
        this.check = check;
    }

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        Socket socket = Connections.open(attempt);
        if (!check.tls()) {
            return exchange(socket, attempt);
        }
        SSLSocket tls = TlsHandshake.over(socket, attempt, check.host(), "http/1.1");
        return TlsHandshake.withExpiry(exchange(tls, attempt), tls, InstantSource.system().instant(), false);
    }

    private ProbeResult exchange(Socket socket, Attempt attempt) throws IOException {
        attempt.phase("sending the request");
        socket.getOutputStream().write(request(attempt).getBytes(StandardCharsets.UTF_8));
        attempt.phase("awaiting the response");
        HttpAnswer answer = HttpAnswer.read(socket.getInputStream());
        if (!answer.isHttp()) {
            return new Failed(Reason.INVALID_RESPONSE, "the answer is not HTTP/1.x");
        }
        int status = answer.status();
        if (check.expect().stream().noneMatch(range -> status >= range.from() && status <= range.to())) {
            return new Failed(Reason.RESPONSE_CODE_MISMATCH,
                    "answered " + status + " where " + expected() + " is expected");
        }
        if (check.body() == null) {
            return passed(status);
        }
        attempt.phase("reading the body");
        TextSearch search = new TextSearch(check.body());
        boolean bodiless = check.method().equals("HEAD");
        int read = bodiless ? 0 : answer.searchBody(search, MAX_BODY);
        return search.isFound() ? passed(status) : new Failed(Reason.RESPONSE_BODY_MISMATCH,
                "answered " + status + ", but the first " + read + " bytes of the body lack the expected text");
    }

    private static ProbeResult passed(int status) {
        return status == 200 ? ProbeResults.OK : ProbeResult.passed("answered " + status);
    }

    private String expected() {
        return check.expect().stream().map(HttpProber::text).collect(Collectors.joining(", "));
    }

    private static String text(StatusRange range) {
        return range.from() == range.to() ? Integer.toString(range.from()) : range.from() + "-" + range.to();
    }

    private String request(Attempt attempt) {
        StringBuilder head = new StringBuilder(160);
        head.append(check.method()).append(' ').append(check.path()).append(" HTTP/1.1\r\n");
        if (lacks("host")) {
            head.append("Host: ").append(check.host() == null ? attempt.target() : check.host()).append("\r\n");
        }
        if (lacks("user-agent")) {
            head.append("User-Agent: ").append(AGENT).append("\r\n");
        }
        for (Map.Entry<String, String> header : check.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        if (lacks("content-length") && !check.method().equals("GET") && !check.method().equals("HEAD")) {
            head.append("Content-Length: 0\r\n");
        }
        return head.append("Accept: */*\r\nConnection: close\r\n\r\n").toString();
    }

    private boolean lacks(String name) {
        return check.headers().keySet().stream().noneMatch(key -> key.toLowerCase(Locale.ROOT).equals(name));
    }

    /** The result nearly every probe has, made once. */
    private static final class ProbeResults {
        static final ProbeResult OK = ProbeResult.passed("answered 200");
    }
}
