package io.halite.appliance.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of a test, whose certificates and keys are made by openssl and lie in a directory. */
public final class TestAuthority {
    private final Path dir;

    private TestAuthority(Path dir) {
        this.dir = dir;
    }

    /** A new authority; its certificate is {@code ca.pem}. */
    public static TestAuthority in(Path dir) {
        TestAuthority authority = new TestAuthority(dir);
        authority.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2"
                + " -subj /CN=halite-test");
        return authority;
    }

    /** Makes {@code NAME.pem} and {@code NAME.key} for {@code NAME.example.com}. */
    public void issue(String name) throws IOException {
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " + name
                + ".csr -subj /CN=" + name + ".example.com");
        Files.writeString(dir.resolve("san"), "subjectAltName=DNS:" + name + ".example.com\n");
        openssl("x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -extfile san -out "
                + name + ".pem");
    }

    /** A context of clients that believe this authority and no other. */
    public SSLContext context() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(dir.resolve("ca.pem"))) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void openssl(String arguments) {
        CommandResult.run(List.of("sh", "-c", "cd " + dir + " && openssl " + arguments), "", Map.of()).ok();
    }
}
