package io.halite.admin;

import java.io.IOException;
import javax.net.ssl.SSLContext;

/** The admin listener of a node. Safe for use by many threads. */
public final class AdminServer implements AutoCloseable {
    private final AdminSettings settings;
    private final AdminParts parts;
    private volatile SSLContext tls;

    public AdminServer(AdminSettings settings, SSLContext tls, AdminParts parts) {
        this.settings = settings;
        this.tls = tls;
        this.parts = parts;
    }

    /**
     * Opens the listener.
     *
     * @return the real port
     * @throws IOException when the port cannot be had; the message names it
     */
    public int start() throws IOException {
        throw new UnsupportedOperationException("pending " + settings + parts + tls);
    }

    /** New connections use this certificate from now on. */
    public void reload(SSLContext context) {
        tls = context;
    }

    @Override
    public void close() {}
}
