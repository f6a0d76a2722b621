package io.halite.health.probe.kind;

import io.halite.config.HostPort;
import io.halite.config.peer.AnyCertificate;
import io.halite.health.Reason;
import io.halite.health.TargetHealth;
import io.halite.health.probe.kind.ProbeResult.Failed;
import io.halite.health.probe.kind.ProbeResult.Passed;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS side of probes. Certificates are not verified against any authority: inside a pool they are usually the
 * operator's own, and a probe asks whether the target serves, not who it is. Their dates are looked at.
 */
final class TlsHandshake {
    /** People need this long to renew a certificate in peace. */
    static final Duration WARN_BEFORE_EXPIRY = Duration.ofDays(14);

    private static final SSLContext CONTEXT = context();

    private TlsHandshake() {}

    /** Shakes hands over a connected socket. */
    static SSLSocket over(Socket connected, Attempt attempt, @Nullable String serverName, String... protocols)
            throws IOException {
        attempt.phase("shaking hands");
        HostPort target = attempt.target();
        String host = serverName == null ? target.host() : serverName;
        SSLSocket tls = (SSLSocket) CONTEXT.getSocketFactory().createSocket(connected, host, target.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        if (isName(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        parameters.setApplicationProtocols(protocols);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** A passing result, turned into a warning when the target's certificate ends soon. */
    static ProbeResult withExpiry(ProbeResult result, SSLSocket tls, Instant now, boolean strict) {
        Instant end = notAfter(tls);
        if (!(result instanceof Passed passed) || end == null || end.minus(WARN_BEFORE_EXPIRY).isAfter(now)) {
            return result;
        }
        String evidence = passed.evidence() + "; its certificate ends at " + end;
        if (!end.isAfter(now)) {
            return strict ? new Failed(Reason.CERTIFICATE_EXPIRED, "its certificate ended at " + end)
                    : new Passed(Reason.CERTIFICATE_EXPIRED, evidence, passed.weightPercent());
        }
        return new Passed(Reason.CERTIFICATE_EXPIRES, evidence, TargetHealth.FULL_WEIGHT);
    }

    /** A passing result, with a warning when its connection was TLS and the certificate ends soon or has ended. */
    static ProbeResult withExpiry(ProbeResult result, Socket socket) {
        return socket instanceof SSLSocket tls ? withExpiry(result, tls, InstantSource.system().instant(), false) : result;
    }

    private static @Nullable Instant notAfter(SSLSocket tls) {
        try {
            Certificate[] chain = tls.getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf.getNotAfter().toInstant() : null;
        } catch (SSLPeerUnverifiedException anonymous) {
            return null;
        }
    }

    private static boolean isName(String host) {
        return host.indexOf(':') < 0 && !host.matches("[0-9.]+");
    }

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime has no TLS", missing);
        }
    }
}
