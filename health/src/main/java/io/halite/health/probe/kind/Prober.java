package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.config.HealthCheck.Kind;
import java.io.IOException;

/** Probes targets with one kind of check. Blocking, on a virtual thread, one at a time. */
@FunctionalInterface
public interface Prober {

    /** Probes once. An exception is what went wrong on the wire; {@link Failures} turns it into a verdict. */
    ProbeResult probe(Attempt attempt) throws IOException;

    /** The prober of a check. */
    static Prober of(Kind kind) {
        return switch (kind) {
            case HealthCheck.None _ -> _ -> new ProbeResult.Voided("this pool has no check");
            case HealthCheck.Http http -> new HttpProber(http);
            case HealthCheck.Tcp tcp -> new TcpProber(tcp);
            case HealthCheck.Tls tls -> new TlsProber(tls);
            case HealthCheck.Grpc grpc -> new GrpcProber(grpc);
            case HealthCheck.Dns dns -> new DnsProber(dns);
            case HealthCheck.Udp udp -> new UdpProber(udp);
            case HealthCheck.Agent agent -> new AgentProber(agent);
        };
    }

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
