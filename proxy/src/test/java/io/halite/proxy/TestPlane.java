package io.halite.proxy;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.Ticker;
import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.DocumentRules;
import io.halite.config.store.ConfigState;
import io.halite.proxy.accesslog.LogDestination;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.tls.KeySource;
import io.halite.proxy.tls.TlsEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A data plane that a test feeds with documents. */
public final class TestPlane implements AutoCloseable {
    private final FakeHealth health = new FakeHealth();
    private final DataPlane plane;
    private final SortedMap<TargetRef, AdminOverride> overrides = new TreeMap<>();
    private ClusterConfig config = ClusterConfig.EMPTY;
    private long revision;

    private TestPlane(InetAddress bind, Engine engine, int loops, KeySource keys, LogDestination accessLog)
            throws IOException {
        this(new DataPlaneSettings(bind, loops, engine, accessLog), keys);
    }

    private TestPlane(DataPlaneSettings settings, KeySource keys) throws IOException {
        this(settings, keys, InstantSource.system());
    }

    private TestPlane(DataPlaneSettings settings, KeySource keys, InstantSource clock) throws IOException {
        plane = new DataPlane(settings, new byte[32], health, _ -> { }, keys, Ticker.SYSTEM, clock);
    }

    /** Starts one without config. */
    public static TestPlane start(Engine engine, int loops) throws IOException {
        return start(engine, loops, KeySource.NONE);
    }

    /** Starts one that finds the keys of certificates there. */
    public static TestPlane start(Engine engine, int loops, KeySource keys) throws IOException {
        return new TestPlane(InetAddress.getLoopbackAddress(), engine, loops, keys, new LogDestination.None());
    }

    /** Starts one that speaks TLS by this engine. */
    public static TestPlane start(Engine engine, int loops, KeySource keys, TlsEngine tls) throws IOException {
        return new TestPlane(new DataPlaneSettings(
                InetAddress.getLoopbackAddress(), loops, engine, new LogDestination.None(), tls), keys);
    }

    /** Starts one that speaks TLS by this engine, and to which it is the time of this clock. */
    public static TestPlane start(TlsEngine tls, KeySource keys, InstantSource clock) throws IOException {
        return new TestPlane(new DataPlaneSettings(
                InetAddress.getLoopbackAddress(), 1, Engine.AUTO, new LogDestination.None(), tls), keys, clock);
    }

    /** Starts one that logs its requests. */
    public static TestPlane logging(Engine engine, int loops, LogDestination accessLog) throws IOException {
        return new TestPlane(InetAddress.getLoopbackAddress(), engine, loops, KeySource.NONE, accessLog);
    }

    /** Starts one that logs its requests, and to which it is the time of this clock. */
    public static TestPlane logging(Engine engine, LogDestination accessLog, InstantSource clock) throws IOException {
        return new TestPlane(new DataPlaneSettings(InetAddress.getLoopbackAddress(), 1, engine, accessLog),
                KeySource.NONE, clock);
    }

    /** Starts one that narrows nothing: a wildcard stands for every address of this machine. */
    public static TestPlane everywhere(Engine engine, int loops) throws IOException {
        return new TestPlane(InetAddress.ofLiteral("0.0.0.0"), engine, loops, KeySource.NONE, new LogDestination.None());
    }

    /** Puts a document to work. */
    public List<ActivationFailure> apply(String document) throws InterruptedException {
        config = switch (ConfigDocument.read(document.getBytes(StandardCharsets.UTF_8), DocumentRules.NONE)) {
            case ConfigDocument.Outcome.Valid valid -> valid.config();
            case ConfigDocument.Outcome.Invalid invalid ->
                    throw new IllegalArgumentException(invalid.problems().toString());
        };
        revision++;
        return activate();
    }

    /** Sets an admin state. */
    public void admin(String pool, String target, AdminState state) throws InterruptedException {
        overrides.put(new TargetRef(pool, target), new AdminOverride(state, "test", "a test says so", Instant.EPOCH));
        activate();
    }

    private List<ActivationFailure> activate() throws InterruptedException {
        return plane.activate(new ConfigState(new Revision(revision), config, 0, overrides));
    }

    public FakeHealth health() {
        return health;
    }

    public DataPlane plane() {
        return plane;
    }

    /** The real port of a listener. */
    public int port(String label) {
        return plane.listeners().stream().filter(open -> open.label().equals(label)).findFirst().orElseThrow()
                .address().getPort();
    }

    @Override
    public void close() {
        plane.close();
    }
}
