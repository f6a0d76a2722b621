package io.halite.proxy.http2;

import io.halite.config.Limits;
import io.halite.config.Timeouts;
import io.halite.proxy.relay.Connection;

/** Whoever a client's connection belongs to: it serves the streams and knows the rules. */
public interface ClientOwner {

    /** A stream began: its connection carries one HTTP/1.1 request. */
    void accepted(Connection stream);

    Limits limits();

    Timeouts timeouts();

    /** The client broke a rule, by reason. */
    void refused(String reason);

    /** The connection is closed, and so are its streams. */
    void ended();
}
