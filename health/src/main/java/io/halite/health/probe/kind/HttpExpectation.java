package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.config.HealthCheck.StatusRange;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an HTTP check makes of an answer, whatever version of HTTP it came in. */
record HttpExpectation(HealthCheck.Http check) {
    static final int MAX_BODY = 64 << 10;
    private static final ProbeResult OK = ProbeResult.passed("answered 200");

    /** The result, or null when the body decides. */
    @Nullable ProbeResult byHead(int status) {
        if (!accepts(status)) {
            return new Failed(Reason.RESPONSE_CODE_MISMATCH, "answered " + status + " where " + inWords() + " is expected");
        }
        if (check.body() == null) {
            return passed(status);
        }
        boolean bodiless = check.method().equals("HEAD") || status == 204 || status == 304;
        return bodiless ? byBody(status, false, 0) : null;
    }

    /** What looks for the expected text; only when the body decides. */
    TextSearch search() {
        return new TextSearch(check.body() == null ? "" : check.body());
    }

    /** The result once the body has been searched. */
    ProbeResult byBody(int status, boolean found, int bytes) {
        return found ? passed(status) : new Failed(Reason.RESPONSE_BODY_MISMATCH,
                "answered " + status + ", but the first " + bytes + " bytes of the body lack the expected text");
    }

    private static ProbeResult passed(int status) {
        return status == 200 ? OK : ProbeResult.passed("answered " + status);
    }

    private boolean accepts(int status) {
        for (StatusRange range : check.expect()) {
            if (status >= range.from() && status <= range.to()) {
                return true;
            }
        }
        return false;
    }

    private String inWords() {
        return check.expect().stream().map(HttpExpectation::text).collect(Collectors.joining(", "));
    }

    private static String text(StatusRange range) {
        return range.from() == range.to() ? Integer.toString(range.from()) : range.from() + "-" + range.to();
    }
}
