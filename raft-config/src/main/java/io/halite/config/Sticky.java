package io.halite.config;

/** Keeps a client at its target by a cookie of this name. */
public record Sticky(String cookie) {}
