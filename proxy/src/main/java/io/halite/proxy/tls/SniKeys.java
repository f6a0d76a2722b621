package io.halite.proxy.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Chooses the certificate that a client asks for; on the other side, shows the one it has. Immutable. */
final class SniKeys extends X509ExtendedKeyManager {
    private final CertificateTable certificates;

    SniKeys(CertificateTable certificates) {
        this.certificates = certificates;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(certificates.choose(engine == null ? null : serverName(engine), keyType));
    }

    private static @Nullable String serverName(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (String keyType : keyTypes == null ? new String[0] : keyTypes) {
            String alias = alias(certificates.choose(null, keyType));
            if (alias != null) {
                return alias;
            }
        }
        return null;
    }

    private @Nullable String alias(@Nullable ServedCertificate certificate) {
        int index = certificate == null ? -1 : certificates.all().indexOf(certificate);
        return index < 0 ? null : Integer.toString(index);
    }

    private @Nullable ServedCertificate of(@Nullable String alias) {
        return alias == null ? null : certificates.all().get(Integer.parseInt(alias));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        ServedCertificate certificate = of(alias);
        return certificate == null ? null : certificate.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        ServedCertificate certificate = of(alias);
        return certificate == null ? null : certificate.key();
    }

    @Override
    public String @Nullable [] getClientAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keyType == null ? null : alias(certificates.choose(null, keyType));
    }
}
