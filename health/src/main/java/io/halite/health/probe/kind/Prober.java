package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.config.HealthCheck.Kind;
import io.halite.config.HostPort;
import java.io.IOException;

/** Probes one target with one kind of check. */
public sealed interface Prober {

    /** By a dialogue over one plain connection, held together with many others by a {@link DialogueLoop}. */
    non-sealed interface Plain extends Prober {
        /** The dialogue of one probe. */
        Dialogue begin(Attempt attempt);
    }

    /** By calls that block, on a virtual thread: what needs a TLS handshake, a datagram, or more than one connection. */
    @FunctionalInterface
    non-sealed interface Blocking extends Prober {

        /** Probes once. An exception is what went wrong on the wire; {@link Failures} turns it into a verdict. */
        ProbeResult probe(Attempt attempt) throws IOException;

        /** Probes once and always comes back with a verdict; closes what the attempt holds. */
        default ProbeResult verdict(Attempt attempt) {
            try {
                return probe(attempt);
            } catch (IOException | IllegalArgumentException failure) {
                return Failures.verdict(failure, attempt);
            } finally {
                attempt.finish();
            }
        }
    }

    /**
     * The prober of a check.
     *
     * @param target as the document writes it
     * @param manner how the pool speaks to it
     */
    static Prober of(Kind kind, HostPort target, Manner manner) {
        Preamble preamble = Preamble.of(manner.proxyProtocol());
        return switch (kind) {
            case HealthCheck.None _ -> (Blocking) _ -> new ProbeResult.Voided("this pool has no check");
            case HealthCheck.Http http when manner.http2() -> new Http2Prober(http, target, preamble);
            case HealthCheck.Http http when http.tls() -> new HttpsProber(new HttpProber(http, target, Preamble.NONE),
                    preamble);
            case HealthCheck.Http http -> new HttpProber(http, target, preamble);
            case HealthCheck.Tcp tcp -> new TcpProber(tcp, preamble);
            case HealthCheck.Tls tls -> new TlsProber(tls, preamble);
            case HealthCheck.Grpc grpc -> new GrpcProber(grpc, target, manner);
            case HealthCheck.Dns dns -> new DnsProber(dns);
            case HealthCheck.Udp udp -> new UdpProber(udp);
            case HealthCheck.Agent agent -> new AgentProber(agent, preamble);
        };
    }

    /** The key of a kind in the document, which is also its metric label. */
    static String key(Kind kind) {
        return switch (kind) {
            case HealthCheck.None _ -> "none";
            case HealthCheck.Http http -> http.tls() ? "https" : "http";
            case HealthCheck.Tcp _ -> "tcp";
            case HealthCheck.Tls _ -> "tls";
            case HealthCheck.Grpc _ -> "grpc";
            case HealthCheck.Dns _ -> "dns";
            case HealthCheck.Udp _ -> "udp";
            case HealthCheck.Agent _ -> "agent";
        };
    }
}
