package io.halite.proxy.tls;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one listener by server name: those of the exact name, else those of {@code *.} and the name without
 * its first label, else the listener's first, which is also for clients that name nobody. Immutable.
 */
final class CertificateTable {
    private static final String WILDCARD = "*.";

    private final List<ServedCertificate> all;
    private final Map<String, List<ServedCertificate>> byName = new HashMap<>();
    /** The first, and those of its names with another kind of key. */
    private final List<ServedCertificate> unnamed;

    /** A table of certificates, the default first; at least one. */
    CertificateTable(List<ServedCertificate> all) {
        this.all = List.copyOf(all);
        for (ServedCertificate certificate : all) {
            for (String name : certificate.names()) {
                byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(certificate);
            }
        }
        ServedCertificate first = all.getFirst();
        unnamed = all.stream()
                .filter(one -> one.equals(first) || !Collections.disjoint(one.names(), first.names())).toList();
    }

    List<ServedCertificate> all() {
        return all;
    }

    /**
     * The certificate for a client.
     *
     * @param serverName what the client asks for; null when it asks for nobody
     * @param algorithm a kind of key that the client can verify
     * @return null when there is none with a key of this kind
     */
    @Nullable ServedCertificate choose(@Nullable String serverName, String algorithm) {
        for (ServedCertificate candidate : named(serverName)) {
            if (candidate.algorithm().equals(algorithm)) {
                return candidate;
            }
        }
        return null;
    }

    /** All certificates that a client may get who asks for this name, or for nobody. */
    List<ServedCertificate> named(@Nullable String serverName) {
        if (serverName == null) {
            return unnamed;
        }
        String name = serverName.toLowerCase(Locale.ROOT);
        List<ServedCertificate> exact = byName.get(name);
        return exact != null ? exact : byName.getOrDefault(WILDCARD + name.substring(name.indexOf('.') + 1), unnamed);
    }
}
