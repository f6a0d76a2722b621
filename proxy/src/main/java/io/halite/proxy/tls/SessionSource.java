package io.halite.proxy.tls;

import io.halite.proxy.relay.TlsSession;

/** What makes the sessions of a listener. Safe for use by many threads. */
interface SessionSource {

    /** A session for a new client. */
    TlsSession session();
}
