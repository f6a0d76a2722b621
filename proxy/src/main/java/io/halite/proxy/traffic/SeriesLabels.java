package io.halite.proxy.traffic;

/** The labels of one way through the proxy; empty where a request did not get so far. */
public record SeriesLabels(String listener, String route, String pool, String target) {}
