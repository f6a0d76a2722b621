package io.halite.proxy.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** A certificate chain with its private key, and the names that it is served for, in lower case. */
record ServedCertificate(List<String> names, List<X509Certificate> chain, PrivateKey key) {
    private static final int DNS_NAME = 2;

    ServedCertificate {
        names = List.copyOf(names);
        chain = List.copyOf(chain);
    }

    /** A certificate for the names of the config, or else for those it carries. */
    static ServedCertificate of(List<String> names, List<X509Certificate> chain, PrivateKey key) {
        List<String> served = names.isEmpty() ? namesOf(chain.getFirst()) : names;
        return new ServedCertificate(served.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(), chain, key);
    }

    /** The kind of key, such as {@code EC} or {@code RSA}. */
    String algorithm() {
        return key.getAlgorithm();
    }

    X509Certificate[] chainArray() {
        return chain.toArray(X509Certificate[]::new);
    }

    private static List<String> namesOf(X509Certificate leaf) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (Integer.valueOf(DNS_NAME).equals(alternative.getFirst()) && alternative.get(1) instanceof String name) {
                    names.add(name);
                }
            }
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
        return names.isEmpty() ? commonName(leaf) : names;
    }

    private static List<String> commonName(X509Certificate leaf) {
        try {
            for (Rdn part : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return List.of(String.valueOf(part.getValue()));
                }
            }
            return List.of();
        } catch (InvalidNameException unreadable) {
            return List.of();
        }
    }

    /** Whether both show the same chain, for the same names, by the same key. */
    boolean isSameAs(ServedCertificate other) {
        return names.equals(other.names) && chain.equals(other.chain)
                && Arrays.equals(key.getEncoded(), other.key.getEncoded());
    }
}
