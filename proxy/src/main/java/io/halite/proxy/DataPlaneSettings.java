package io.halite.proxy;

import io.halite.proxy.accesslog.LogDestination;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.tls.TlsEngine;
import java.net.InetAddress;

/**
 * What a node decides about its data plane, apart from the config.
 *
 * @param bind the address that a listener on a wildcard address is narrowed to
 * @param loops relay loops, one per core in the ordinary case
 * @param accessLog where requests are logged
 * @param tls what does the cryptography of https listeners
 */
public record DataPlaneSettings(InetAddress bind, int loops, Engine engine, LogDestination accessLog, TlsEngine tls) {
    public DataPlaneSettings {
        if (loops < 1) {
            throw new IllegalArgumentException("loops: " + loops + " (expected: 1 or more)");
        }
    }

    /** Settings with the best TLS of the machine. */
    public DataPlaneSettings(InetAddress bind, int loops, Engine engine, LogDestination accessLog) {
        this(bind, loops, engine, accessLog, TlsEngine.AUTO);
    }

    /** One loop per core. */
    public static DataPlaneSettings on(InetAddress bind, LogDestination accessLog, Engine engine, TlsEngine tls) {
        return new DataPlaneSettings(bind, Runtime.getRuntime().availableProcessors(), engine, accessLog, tls);
    }
}
