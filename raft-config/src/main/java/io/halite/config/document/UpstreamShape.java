package io.halite.config.document;

import io.halite.config.Limits;
import io.halite.config.Upstream.HttpVersion;
import io.halite.config.Upstream.KeepAlive;
import io.halite.config.Upstream.ProxyVersion;
import io.halite.config.Upstream.TargetLimits;
import io.halite.config.Upstream.TargetTls;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import java.time.Duration;
import java.util.List;

/** How the targets of a pool are spoken to. Stateless. */
final class UpstreamShape {
    static final int MAX_COUNT = 1_000_000;
    private static final Duration LONGEST = Duration.ofHours(1);

    static final Type<HttpVersion> HTTP_VERSION = Scalars.choice(List.of(HttpVersion.values()), HttpVersion::key);
    static final Type<ProxyVersion> PROXY_VERSION = Scalars.choice(List.of(ProxyVersion.values()), ProxyVersion::key);

    private static final Key<TargetTls, Boolean> VERIFY = Key.of("verify", TargetTls::verify, Scalars.bool(), true,
            "whether a target must prove its name; without it anybody in between may pose as the target");
    private static final Key<TargetTls, String> AUTHORITY = Key.optional("authority", TargetTls::authority,
            Scalars.reference("certificates"),
            "the one of the certificates that must have signed the target's; by default those that the system trusts");
    private static final Key<TargetTls, String> SERVER_NAME = Key.optional("serverName", TargetTls::serverName,
            HttpWords.DNS_NAME, "the name asked for (SNI) and verified; by default the target's host");
    private static final Key<TargetTls, String> CERTIFICATE = Key.optional("certificate", TargetTls::certificate,
            CertificateShape.WITH_KEY, "the one of the certificates that is shown to targets");
    static final Shape<TargetTls> TLS = Shape.of(fields -> new TargetTls(fields.get(VERIFY), fields.find(AUTHORITY),
            fields.find(SERVER_NAME), fields.find(CERTIFICATE)), VERIFY, AUTHORITY, SERVER_NAME, CERTIFICATE);

    private static final Key<KeepAlive, Duration> IDLE = Key.of("idle", KeepAlive::idle,
            Scalars.duration(Duration.ZERO, LONGEST), KeepAlive.DEFAULT.idle(),
            "how long a connection waits for its next request; shorter than what targets keep");
    private static final Key<KeepAlive, Integer> IDLE_CONNECTIONS = Key.of("connections", KeepAlive::connections,
            Scalars.integer(0, MAX_COUNT), KeepAlive.DEFAULT.connections(), "how many wait, per target and node");
    static final Shape<KeepAlive> KEEP_ALIVE =
            Shape.of(fields -> new KeepAlive(fields.get(IDLE), fields.get(IDLE_CONNECTIONS)), IDLE, IDLE_CONNECTIONS);

    private static final Key<TargetLimits, Integer> CONNECTIONS = Key.optional("connections",
            limits -> limits.connections() == Limits.NO_LIMIT ? null : limits.connections(), Scalars.integer(1, MAX_COUNT),
            "open connections to one target from one node; by default without limit");
    private static final Key<TargetLimits, Integer> REQUESTS = Key.of("requests", TargetLimits::requests,
            Scalars.integer(1, MAX_COUNT), TargetLimits.DEFAULT.requests(),
            "requests in flight to one target from one node");
    private static final Key<TargetLimits, Integer> QUEUE = Key.of("queue", TargetLimits::queue,
            Scalars.integer(0, MAX_COUNT), TargetLimits.DEFAULT.queue(),
            "requests that wait while every target is at its limit; more are answered 503");
    private static final Key<TargetLimits, Duration> QUEUE_TIMEOUT = Key.of("queueTimeout", TargetLimits::queueTimeout,
            Scalars.duration(Duration.ofMillis(1), LONGEST), TargetLimits.DEFAULT.queueTimeout(),
            "how long they wait before they are answered 503");
    static final Shape<TargetLimits> LIMITS = Shape.of(fields -> {
        Integer connections = fields.find(CONNECTIONS);
        return new TargetLimits(connections == null ? Limits.NO_LIMIT : connections, fields.get(REQUESTS),
                fields.get(QUEUE), fields.get(QUEUE_TIMEOUT));
    }, CONNECTIONS, REQUESTS, QUEUE, QUEUE_TIMEOUT);

    private UpstreamShape() {}
}
