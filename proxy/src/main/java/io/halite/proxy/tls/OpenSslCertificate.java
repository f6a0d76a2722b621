package io.halite.proxy.tls;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayInputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain and its key as OpenSSL has them. Immutable until it is given back. */
final class OpenSslCertificate {
    private static final int CTRL_CHAIN_CERTIFICATE = 89;

    private static final MethodHandle DECODE = OpenSsl.function("d2i_X509", JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle ENCODE = OpenSsl.function("i2d_X509", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle FREE = OpenSsl.function("X509_free", null, JAVA_LONG);
    private static final MethodHandle DECODE_KEY =
            OpenSsl.function("d2i_AutoPrivateKey", JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle FREE_KEY = OpenSsl.function("EVP_PKEY_free", null, JAVA_LONG);
    private static final MethodHandle USE_IN_CONTEXT =
            OpenSsl.function("SSL_CTX_use_certificate", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle USE_KEY_IN_CONTEXT =
            OpenSsl.function("SSL_CTX_use_PrivateKey", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CONTEXT_CTRL =
            OpenSsl.function("SSL_CTX_ctrl", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CLEAR = OpenSsl.function("SSL_certs_clear", null, JAVA_LONG);
    private static final MethodHandle USE = OpenSsl.function("SSL_use_certificate", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle USE_KEY = OpenSsl.function("SSL_use_PrivateKey", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CTRL =
            OpenSsl.function("SSL_ctrl", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);

    private final List<Long> chain = new ArrayList<>();
    private long key;

    private OpenSslCertificate() {}

    /** Brings a certificate over. */
    static OpenSslCertificate of(ServedCertificate certificate) throws GeneralSecurityException {
        OpenSslCertificate made = new OpenSslCertificate();
        try {
            for (X509Certificate one : certificate.chain()) {
                made.chain.add(decode(one));
            }
            made.key = decode(DECODE_KEY, certificate.key().getEncoded());
            return made;
        } catch (GeneralSecurityException refused) {
            made.free();
            throw refused;
        }
    }

    /** A certificate of OpenSSL's, which must be given back by {@link #free(long)}. */
    static long decode(X509Certificate certificate) throws GeneralSecurityException {
        return decode(DECODE, certificate.getEncoded());
    }

    private static long decode(MethodHandle decoder, byte[] bytes) throws GeneralSecurityException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(bytes.length);
            copy.copyFrom(MemorySegment.ofArray(bytes));
            MemorySegment pointer = arena.allocate(ADDRESS);
            pointer.set(ADDRESS, 0, copy);
            long decoded = (long) decoder.invokeExact(0L, pointer, (long) bytes.length);
            copy.fill((byte) 0);
            if (decoded == 0) {
                throw new GeneralSecurityException(OpenSsl.takeError());
            }
            return decoded;
        } catch (GeneralSecurityException refused) {
            throw refused;
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }

    /** A certificate of OpenSSL's as Java has it. */
    static @Nullable X509Certificate encode(long certificate) throws GeneralSecurityException {
        try (Arena arena = Arena.ofConfined()) {
            int size = (int) ENCODE.invokeExact(certificate, MemorySegment.NULL);
            MemorySegment bytes = arena.allocate(Math.max(1, size));
            MemorySegment pointer = arena.allocate(ADDRESS);
            pointer.set(ADDRESS, 0, bytes);
            int written = (int) ENCODE.invokeExact(certificate, pointer);
            return written == size && CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(bytes.toArray(JAVA_BYTE))) instanceof X509Certificate read ? read : null;
        } catch (GeneralSecurityException refused) {
            throw refused;
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }

    /** Shows it to the clients of a context. */
    void showIn(long context) throws GeneralSecurityException {
        try {
            check((int) USE_IN_CONTEXT.invokeExact(context, (long) chain.getFirst()));
            check((int) USE_KEY_IN_CONTEXT.invokeExact(context, key));
            for (long above : chain.subList(1, chain.size())) {
                check((int) (long) CONTEXT_CTRL.invokeExact(context, CTRL_CHAIN_CERTIFICATE, 1L, above));
            }
        } catch (GeneralSecurityException refused) {
            throw refused;
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }

    /** Shows nothing any more to the client of a conversation. */
    static void clear(long ssl) {
        try {
            CLEAR.invokeExact(ssl);
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }

    /** Shows it to the client of a conversation, beside those with another kind of key. */
    void showTo(long ssl) throws GeneralSecurityException {
        try {
            check((int) USE.invokeExact(ssl, (long) chain.getFirst()));
            check((int) USE_KEY.invokeExact(ssl, key));
            for (long above : chain.subList(1, chain.size())) {
                check((int) (long) CTRL.invokeExact(ssl, CTRL_CHAIN_CERTIFICATE, 1L, above));
            }
        } catch (GeneralSecurityException refused) {
            throw refused;
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }

    private static void check(int result) throws GeneralSecurityException {
        if (result != 1) {
            throw new GeneralSecurityException(OpenSsl.takeError());
        }
    }

    static void free(long certificate) {
        try {
            FREE.invokeExact(certificate);
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }

    /** Gives it back; conversations that show it keep it alive themselves. */
    void free() {
        chain.forEach(OpenSslCertificate::free);
        chain.clear();
        try {
            FREE_KEY.invokeExact(key);
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
        key = 0;
    }
}
