package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A connection; then, if given, bytes sent and bytes awaited in the first 64 KiB of the answer. */
final class TcpProber implements Prober.Plain {
    static final int MAX_ANSWER = 64 << 10;
    private static final ProbeResult CONNECTED = ProbeResult.passed("connected");

    private final @Nullable String expected;
    private final byte[] opening;

    TcpProber(HealthCheck.Tcp check, Preamble preamble) {
        expected = check.expect();
        opening = preamble.before((check.send() == null ? "" : check.send()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Dialogue begin(Attempt attempt) {
        return new Exchange(attempt, expected == null ? null : new TextSearch(expected));
    }

    private final class Exchange implements Dialogue {
        private final Attempt attempt;
        private final @Nullable TextSearch search;
        private int seen;

        Exchange(Attempt attempt, @Nullable TextSearch search) {
            this.attempt = attempt;
            this.search = search;
        }

        @Override
        public byte[] opening() {
            return opening;
        }

        @Override
        public @Nullable ProbeResult opened() {
            if (search == null || search.isFound()) {
                return CONNECTED;
            }
            attempt.phase("awaiting the expected answer");
            return null;
        }

        @Override
        public @Nullable ProbeResult heard(ByteBuffer bytes) {
            int count = Math.min(bytes.remaining(), MAX_ANSWER - seen);
            seen += count;
            if (search != null && search.feed(bytes, count)) {
                return ProbeResult.passed("the answer matched");
            }
            return seen < MAX_ANSWER ? null : ended();
        }

        @Override
        public ProbeResult ended() {
            return new Failed(Reason.RESPONSE_BODY_MISMATCH, "the answer of " + seen + " bytes lacks the expected text");
        }
    }
}
