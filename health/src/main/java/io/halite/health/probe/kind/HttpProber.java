package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 request on a connection of its own, so that accepting is checked too. Not helidon-webclient: a probe
 * needs a hard end, a few bytes of memory, and the status line; the client costs three times the processor per
 * request and keeps pools that a probe must not use (notes in DESIGN.md of this module).
 */
final class HttpProber implements Prober.Plain {
    static final String AGENT = "Halite-Health/1";

    private final HealthCheck.Http check;
    private final HttpExpectation expectation;
    private final byte[] opening;

    HttpProber(HealthCheck.Http check, HostPort target, Preamble preamble) {
        this.check = check;
        this.expectation = new HttpExpectation(check);
        this.opening = preamble.before(request(target).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Dialogue begin(Attempt attempt) {
        return new HttpDialogue(this, attempt);
    }

    HttpExpectation expectation() {
        return expectation;
    }

    byte[] opening() {
        return opening;
    }

    private String request(HostPort target) {
        StringBuilder head = new StringBuilder(160);
        head.append(check.method()).append(' ').append(check.path()).append(" HTTP/1.1\r\n");
        if (lacks("host")) {
            head.append("Host: ").append(check.host() == null ? target : check.host()).append("\r\n");
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
}
