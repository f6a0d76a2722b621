package io.halite.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain, and the name of the secret that holds its key. One without a key is an authority: what it signed is
 * trusted where it is named.
 *
 * @param names DNS names it is served for; empty for those in the certificate
 * @param pem the chain, leaf first
 * @param keySecret the name of a secret, never the key itself; null for an authority
 */
public record Certificate(List<String> names, String pem, @Nullable String keySecret) {
    public Certificate {
        names = List.copyOf(names);
    }
}
