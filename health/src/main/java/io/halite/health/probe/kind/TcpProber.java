package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection; then, if given, bytes sent and bytes awaited in the first 64 KiB of the answer. */
record TcpProber(HealthCheck.Tcp check) implements Prober {
    static final int MAX_ANSWER = 64 << 10;
    private static final ProbeResult CONNECTED = ProbeResult.passed("connected");
    private static final int BUFFER = 2 << 10;

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        Socket socket = Connections.open(attempt);
        if (check.send() != null) {
            attempt.phase("sending");
            socket.getOutputStream().write(check.send().getBytes(StandardCharsets.UTF_8));
        }
        return check.expect() == null ? CONNECTED : await(check.expect(), socket.getInputStream(), attempt);
    }

    private static ProbeResult await(String expected, InputStream in, Attempt attempt) throws IOException {
        attempt.phase("awaiting the expected answer");
        TextSearch search = new TextSearch(expected);
        byte[] buffer = new byte[BUFFER];
        int seen = 0;
        while (seen < MAX_ANSWER && !search.isFound()) {
            int count = in.read(buffer, 0, Math.min(buffer.length, MAX_ANSWER - seen));
            if (count < 0) {
                break;
            }
            search.feed(buffer, 0, count);
            seen += count;
        }
        return search.isFound() ? ProbeResult.passed("the answer matched")
                : new Failed(Reason.RESPONSE_BODY_MISMATCH, "the answer of " + seen + " bytes lacks the expected text");
    }
}
