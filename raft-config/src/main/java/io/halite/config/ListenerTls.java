package io.halite.config;

import org.jspecify.annotations.Nullable;

/**
 * How an {@code https} listener speaks TLS.
 *
 * @param minVersion the oldest version accepted
 * @param clientCertificates null when clients are not asked for one
 */
public record ListenerTls(Version minVersion, @Nullable ClientCertificates clientCertificates) {
    /** TLS 1.2 is the oldest that is not broken (RFC 8996). */
    public static final ListenerTls DEFAULT = new ListenerTls(Version.TLS_1_2, null);

    /** A version of TLS. */
    public enum Version {
        TLS_1_2("1.2"), TLS_1_3("1.3");

        private final String key;

        Version(String key) {
            this.key = key;
        }

        /** The spelling of the document. */
        public String key() {
            return key;
        }
    }

    /**
     * Certificates of clients.
     *
     * @param required whether a client without one is refused
     * @param authority the name of a certificate whose chain must have signed them
     */
    public record ClientCertificates(boolean required, String authority) {}
}
