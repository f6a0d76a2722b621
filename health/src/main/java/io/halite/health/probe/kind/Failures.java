package io.halite.health.probe.kind;

import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import io.halite.health.probe.kind.ProbeResult.Voided;
import java.io.EOFException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Turns what went wrong on the wire into a verdict. Stateless. */
final class Failures {
    /** What this node lacks, in the kernel's words: no evidence against a target. */
    private static final List<String> OWN_FAULTS = List.of(
            "too many open files", "cannot assign requested address", "no buffer space", "cannot allocate memory",
            "address already in use", "operation not permitted");

    private Failures() {}

    static ProbeResult verdict(Exception failure, Attempt attempt) {
        if (attempt.isExpired()) {
            return timeout(attempt);
        }
        String said = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String words = said.toLowerCase(Locale.ROOT);
        if (failure instanceof BindException || OWN_FAULTS.stream().anyMatch(words::contains)) {
            return new Voided("this node could not probe: " + said);
        }
        String where = " while " + attempt.phase();
        return switch (failure) {
            case PortUnreachableException _ ->
                    new Failed(Reason.CONNECTION_REFUSED, "the port is closed (ICMP port unreachable)");
            case NoRouteToHostException _ -> new Failed(Reason.UNREACHABLE, said + where);
            case ConnectException _ -> connect(said, words, attempt);
            case SSLException _ -> new Failed(Reason.TLS_FAILED, said + where);
            case EOFException _ -> new Failed(Reason.CONNECTION_CLOSED, "the target closed the connection" + where);
            case ProtocolException _ -> new Failed(Reason.INVALID_RESPONSE, said + where);
            case IllegalArgumentException _ -> new Voided("this check cannot be run: " + said);
            default -> other(said, words, where);
        };
    }

    static Failed timeout(Attempt attempt) {
        return new Failed(Reason.TIMEOUT,
                "no answer within " + attempt.timeout().toMillis() + " ms (while " + attempt.phase() + ")");
    }

    private static ProbeResult connect(String said, String words, Attempt attempt) {
        if (words.contains("refused")) {
            return new Failed(Reason.CONNECTION_REFUSED, attempt.target() + " refused the connection");
        }
        if (words.contains("timed out")) {
            return timeout(attempt);
        }
        return new Failed(Reason.UNREACHABLE, said);
    }

    private static ProbeResult other(String said, String words, String where) {
        if (words.contains("reset") || words.contains("broken pipe") || words.contains("aborted")) {
            return new Failed(Reason.CONNECTION_RESET, "the target reset the connection" + where);
        }
        if (words.contains("unreachable") || words.contains("no route")) {
            return new Failed(Reason.UNREACHABLE, said + where);
        }
        return new Failed(Reason.INVALID_RESPONSE, said + where);
    }
}
