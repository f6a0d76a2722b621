package io.halite.proxy.tls;

import io.halite.config.ListenerTls.Version;
import java.util.List;

/** What is spoken on either side: forward secret and authenticated, the cheapest first. */
final class Ciphers {
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private Ciphers() {}

    /** The suites, in JSSE's names. */
    static String[] suites() {
        return SUITES.toArray(String[]::new);
    }

    /** The versions from this one on, in JSSE's names. */
    static String[] versions(Version oldest) {
        return switch (oldest) {
            case TLS_1_2 -> new String[] {"TLSv1.3", "TLSv1.2"};
            case TLS_1_3 -> new String[] {"TLSv1.3"};
        };
    }
}
