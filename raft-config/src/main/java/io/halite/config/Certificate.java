package io.halite.config;

import java.util.List;

/**
 * A certificate chain and the name of the secret that holds its key.
 *
 * @param names DNS names it is served for
 * @param pem the chain, leaf first
 * @param keySecret the name of a secret; never the key itself
 */
public record Certificate(List<String> names, String pem, String keySecret) {
    public Certificate {
        names = List.copyOf(names);
    }
}
