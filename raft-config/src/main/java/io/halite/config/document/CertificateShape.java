package io.halite.config.document;

import io.halite.config.Certificate;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Certificates. Stateless. */
final class CertificateShape {
    static final String FILE_KEY = "file";
    static final String PEM_KEY = "pem";

    /** The chain as a document gives it. */
    private record Chain(@Nullable String pem, @Nullable String file) {}

    private static final Key<Chain, String> PEM = Key.optional(PEM_KEY, Chain::pem,
            Scalars.checked(Scalars.text(), CertificateShape::chain), "the chain, leaf first, as PEM text");
    private static final Key<Chain, String> FILE = Key.optional(FILE_KEY, Chain::file, Scalars.line("a file name"),
            "a PEM file beside the document; the command line reads it and sends its text");
    private static final Key<String, String> SECRET = Key.required("secret", secret -> secret, Scalars.name(),
            "the name of the secret that holds the private key (`halite secret set`)");

    private static final Key<Certificate, List<String>> NAMES = Key.of("names", Certificate::names,
            Composites.list(Scalars.spelled(RouteMatchShape::host, name -> name, "INVALID_DNS_NAME", "DNS name",
                    "write shop.example.com or *.example.com")), List.of(),
            "the DNS names it is served for; by default those in the certificate");
    private static final Key<Certificate, Chain> CERTIFICATE_KEY = Key.required("certificate",
            certificate -> new Chain(certificate.pem(), null), Shape.of(CertificateShape::given, PEM, FILE),
            "{ file: shop.pem } or { pem: … }");
    private static final Key<Certificate, String> KEY = Key.optional("key", Certificate::keySecret,
            Shape.of(fields -> fields.find(SECRET), SECRET),
            "{ secret: NAME }, never the key itself; without it the certificate is an authority that others name");

    /** The name of a certificate that has a key, since whoever shows it must prove that it is his. */
    static final Type<String> WITH_KEY = Scalars.checked(Scalars.reference("certificates"), (name, value) -> {
        value.reading().refer(CrossChecks.KEYS, name, value);
        return name;
    });
    static final Shape<Certificate> CERTIFICATE =
            Shape.of(CertificateShape::certificate, NAMES, CERTIFICATE_KEY, KEY);

    private CertificateShape() {}

    private static @Nullable Certificate certificate(Fields fields) {
        Chain chain = fields.find(CERTIFICATE_KEY);
        String secret = fields.find(KEY);
        return chain == null || chain.pem() == null || (secret == null && fields.has(KEY)) ? null
                : new Certificate(fields.get(NAMES), chain.pem(), secret);
    }

    private static @Nullable Chain given(Fields fields) {
        if (fields.has(PEM) && !fields.has(FILE)) {
            String pem = fields.find(PEM);
            return pem == null ? null : new Chain(pem, null);
        }
        if (fields.has(FILE) && !fields.has(PEM)) {
            return fields.owner().error("FILE_NOT_READ", "the file '" + fields.find(FILE) + "' was not read",
                    "apply the document by `halite apply`, which reads files, or give the text itself as `pem`");
        }
        return fields.owner().error("ONE_CERTIFICATE", "a certificate is exactly one of file and pem",
                "name a file that the command line reads, or put the PEM text itself under `pem`");
    }

    private static @Nullable String chain(String pem, Value value) {
        if (pem.contains("PRIVATE KEY-----")) {
            return value.error("KEY_IN_DOCUMENT", "a private key does not belong into the document",
                    "store it by `halite secret set NAME` and refer to it as `key: { secret: NAME }`");
        }
        if (!value.reading().isStrict()) {
            return pem;
        }
        try {
            int count = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))).size();
            return count > 0 && pem.contains("-----BEGIN CERTIFICATE-----") ? pem : noCertificate(value);
        } catch (CertificateException e) {
            return noCertificate(value);
        }
    }

    private static @Nullable String noCertificate(Value value) {
        return value.error("INVALID_CERTIFICATE", "the text holds no X.509 certificate",
                "give PEM text: -----BEGIN CERTIFICATE----- …");
    }
}
