package io.halite.proxy.relay;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS handshake found out.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipher the name of the cipher suite
 * @param protocol what is spoken inside, by agreement (ALPN), such as {@code h2}; empty when nothing was agreed
 * @param certificate the certificate that the peer proved to own; null when it showed none
 */
public record TlsPeer(String version, String cipher, String protocol, @Nullable X509Certificate certificate) {}
