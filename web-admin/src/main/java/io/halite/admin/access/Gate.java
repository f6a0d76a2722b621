package io.halite.admin.access;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells from the credentials of a request who sent it. Safe for use by many threads. */
public final class Gate {
    private static final String BEARER = "bearer ";

    private final AccessTokens tokens;
    private final FailedAttempts failures;

    public Gate(AccessTokens tokens, FailedAttempts failures) {
        this.tokens = tokens;
        this.failures = failures;
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
    }

    /** Judges the {@code Authorization} header of a request. */
    public Admission admit(@Nullable String authorization, String source) {
        if (authorization == null) {
            return new Admission.Missing();
        }
        Optional<Caller> caller = authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? tokens.verify(authorization.substring(BEARER.length()).strip()) : Optional.empty();
        return caller.<Admission>map(Admission.Known::new).orElseGet(() -> failures.isTooMany(source)
                ? new Admission.TooMany() : new Admission.Wrong());
    }
}
