package io.halite.config;

import java.time.Instant;

/** An admin state other than ready, with who set it, when and why. */
public record AdminOverride(AdminState state, String author, String reason, Instant since) {}
