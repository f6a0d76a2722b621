package io.halite.proxy.tls;

import io.halite.config.Certificate;
import io.halite.config.ClusterConfig;
import io.halite.config.Listener;
import io.halite.config.ListenerTls.ClientCertificates;
import io.halite.config.Protocol;
import io.halite.config.Upstream.TargetTls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns certificates and their keys into what listeners and pools work by. A certificate that cannot be used is left out
 * alone; one that once could be is served as it was. Called by one thread at a time.
 */
public final class TlsCompiler {
    private final KeySource keys;
    private final TlsEngine engine;
    private final TicketKeys tickets;
    /** The certificates with a key, as they were served last. */
    private final Map<String, ServedCertificate> served = new HashMap<>();
    private TlsTable latest = TlsTable.EMPTY;

    /** A compiler whose listeners speak TLS by this engine. */
    public TlsCompiler(KeySource keys, TlsEngine engine, TicketKeys tickets) {
        this.keys = keys;
        this.engine = engine;
        this.tickets = tickets;
    }

    /** The table of a config, sharing with the previous one what did not change. */
    public TlsTable compile(ClusterConfig config) {
        List<TlsProblem> problems = new ArrayList<>();
        served.keySet().retainAll(config.certificates().keySet());
        config.certificates().forEach((name, certificate) -> {
            if (certificate.keySecret() != null) {
                load(name, certificate, certificate.keySecret(), problems);
            }
        });
        SortedMap<String, ServerTls> listeners = new TreeMap<>();
        config.loadBalancers().forEach((name, balancer) -> {
            for (Listener listener : balancer.listeners()) {
                if (listener.protocol() == Protocol.HTTPS) {
                    String label = name + "/" + listener.name();
                    ServerTls tls = server(label, listener, config, problems);
                    if (tls != null) {
                        listeners.put(label, tls);
                    }
                }
            }
        });
        SortedMap<String, ClientTls> pools = new TreeMap<>();
        Set<String> muted = new HashSet<>();
        config.pools().forEach((name, pool) -> {
            TargetTls settings = pool.upstream().tls();
            ClientTls tls = settings == null ? null : client(name, settings, config, problems);
            if (tls != null) {
                pools.put(name, tls);
            } else if (settings != null) {
                muted.add(name);
            }
        });
        latest = new TlsTable(listeners, pools, muted, problems);
        return latest;
    }

    private void load(String name, Certificate certificate, String secret, List<TlsProblem> problems) {
        try {
            List<X509Certificate> chain = PemFiles.certificates(certificate.pem());
            Optional<byte[]> pem = keys.secret(secret);
            if (pem.isEmpty()) {
                problems.add(problem(name, "SECRET_MISSING", "there is no secret '" + secret
                        + "' yet: `halite secret set " + secret + "` stores the key"));
                return;
            }
            PrivateKey key = PemFiles.key(pem.get(), chain.getFirst().getPublicKey());
            if (!PemFiles.belong(key, chain.getFirst().getPublicKey())) {
                problems.add(problem(name, "KEY_MISMATCH",
                        "the key in the secret '" + secret + "' does not belong to the first certificate of the chain"));
                return;
            }
            ServedCertificate loaded = ServedCertificate.of(certificate.names(), chain, key);
            ServedCertificate known = served.get(name);
            served.put(name, known != null && known.isSameAs(loaded) ? known : loaded);
        } catch (CertificateException bad) {
            problems.add(problem(name, "INVALID_CERTIFICATE", "the chain cannot be read: " + bad.getMessage()));
        } catch (IOException bad) {
            problems.add(problem(name, "INVALID_KEY",
                    "the key in the secret '" + secret + "' cannot be read: " + bad.getMessage()));
        } catch (IllegalArgumentException closed) {
            problems.add(problem(name, "SECRET_NOT_OPENED", String.valueOf(closed.getMessage())));
        }
    }

    private TlsProblem problem(String name, String code, String cause) {
        return new TlsProblem("certificates/" + name, code, cause + (served.containsKey(name)
                ? "; until then it is served as it was" : "; until then it is not served"));
    }

    private @Nullable ServerTls server(
            String label, Listener listener, ClusterConfig config, List<TlsProblem> problems) {
        ServerTls before = latest.listener(label);
        try {
            List<ServedCertificate> certificates = new ArrayList<>();
            for (String name : listener.certificates()) {
                ServedCertificate certificate = served.get(name);
                if (certificate != null) {
                    certificates.add(certificate);
                }
            }
            if (certificates.isEmpty()) {
                return null;
            }
            ClientCertificates clients = listener.tls().clientCertificates();
            ServerTls.Source source = new ServerTls.Source(listener.tls(), certificates,
                    clients == null ? List.of() : authorities(clients.authority(), config), listener.http2());
            return before != null && before.isOf(source) ? before : new ServerTls(source, engine, tickets);
        } catch (GeneralSecurityException | RuntimeException failed) {
            problems.add(new TlsProblem(object(label), "TLS_NOT_COMPILED", (before == null
                    ? "it cannot speak TLS as the config says: " : "it speaks TLS as before: ") + failed.getMessage()));
            return before;
        }
    }

    private @Nullable ClientTls client(
            String pool, TargetTls settings, ClusterConfig config, List<TlsProblem> problems) {
        ClientTls before = latest.pool(pool);
        try {
            String shown = settings.certificate();
            ServedCertificate certificate = shown == null ? null : served.get(shown);
            if (shown != null && certificate == null) {
                throw new CertificateException("the certificate '" + shown + "' cannot be used");
            }
            ClientTls.Source source = new ClientTls.Source(settings, settings.authority() == null ? List.of()
                    : authorities(settings.authority(), config), certificate);
            return before != null && before.isOf(source) ? before : new ClientTls(source);
        } catch (GeneralSecurityException | RuntimeException failed) {
            problems.add(new TlsProblem("pools/" + pool, "TLS_NOT_COMPILED", (before == null
                    ? "no target is spoken to: " : "targets are spoken to as before: ") + failed.getMessage()));
            return before;
        }
    }

    private static List<X509Certificate> authorities(String name, ClusterConfig config) throws CertificateException {
        Certificate authority = config.certificates().get(name);
        if (authority == null) {
            throw new CertificateException("there is no certificate '" + name + "'");
        }
        return PemFiles.certificates(authority.pem());
    }

    private static String object(String label) {
        int slash = label.indexOf('/');
        return "loadBalancers/" + label.substring(0, slash) + "/listeners/" + label.substring(slash + 1);
    }
}
