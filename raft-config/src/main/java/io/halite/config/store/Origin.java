package io.halite.config.store;

import java.time.Instant;

/**
 * Who asks for a change, when and why; kept in the history.
 *
 * @param requestId identifies a retry of the same request, which is applied once
 */
public record Origin(String author, String reason, Instant time, String requestId) {}
