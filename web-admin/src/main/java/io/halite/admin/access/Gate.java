package io.halite.admin.access;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells from the credentials of a request who sent it. Safe for use by many threads. */
public final class Gate {
    private static final String BEARER = "bearer ";

    private final Optional<AccessTokens> tokens;
    private final FailedAttempts failures;

    private Gate(Optional<AccessTokens> tokens, FailedAttempts failures) {
        this.tokens = tokens;
        this.failures = failures;
    }

    public Gate(AccessTokens tokens, FailedAttempts failures) {
        this(Optional.of(tokens), failures);
    }

    /** The gate of a node that belongs to no cluster, which has no tokens. */
    public static Gate unclaimed(FailedAttempts failures) {
        return new Gate(Optional.empty(), failures);
    }

    /** What the credentials of a request are worth. */
    public sealed interface Admission {
        /** They are right. */
        record Known(Caller caller) implements Admission {}

        /** There are none. */
        record Missing() implements Admission {}

        /** They are wrong. */
        record Wrong() implements Admission {}

        /** They are wrong, as they were too often. */
        record TooMany() implements Admission {}

        /** None can be right, since the node belongs to no cluster. */
        record Unclaimed() implements Admission {}
    }

    /** Judges the {@code Authorization} header of a request. */
    public Admission admit(@Nullable String authorization, String source) {
        if (tokens.isEmpty()) {
            return new Admission.Unclaimed();
        }
        if (authorization == null) {
            return new Admission.Missing();
        }
        Optional<Caller> caller = authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? tokens.get().verify(authorization.substring(BEARER.length()).strip()) : Optional.empty();
        return caller.<Admission>map(Admission.Known::new).orElseGet(() -> failures.isTooMany(source)
                ? new Admission.TooMany() : new Admission.Wrong());
    }
}
