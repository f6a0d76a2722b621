package io.halite.proxy.tls;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.halite.config.ListenerTls.ClientCertificates;
import io.halite.config.ListenerTls.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Makes {@code SSL_CTX} objects: versions, suites, whom to believe, what is called back. Stateless. */
final class OpenSslContext {
    private static final int CTRL_MODE = 33;
    private static final int CTRL_SESSION_CACHE = 44;
    private static final int CTRL_MIN_VERSION = 123;
    private static final int CALLBACK_SERVER_NAME = 53;
    private static final long TLS_1_2 = 0x0303;
    private static final long TLS_1_3 = 0x0304;
    /** Partial writes, moving buffers (the heap's move), no certificates added to the chain, no idle buffers. */
    private static final long MODE = 0x1 | 0x2 | 0x8 | 0x10;
    /** No compression, our order of suites, no renegotiation. */
    private static final long OPTIONS = 1L << 17 | 1L << 22 | 1L << 30;
    private static final int VERIFY = 1;
    private static final int VERIFY_REQUIRED = 2;
    private static final long PARTIAL_CHAIN = 0x80000;
    private static final long SESSION_SECONDS = 12 * 60 * 60;
    private static final String SUITES_1_2 = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
            + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
            + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
    private static final String SUITES_1_3 =
            "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

    private static final MethodHandle METHOD = OpenSsl.function("TLS_server_method", JAVA_LONG);
    private static final MethodHandle NEW = OpenSsl.function("SSL_CTX_new", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FREE = OpenSsl.function("SSL_CTX_free", null, JAVA_LONG);
    private static final MethodHandle CTRL =
            OpenSsl.function("SSL_CTX_ctrl", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle CALLBACK_CTRL =
            OpenSsl.function("SSL_CTX_callback_ctrl", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SET_OPTIONS =
            OpenSsl.function("SSL_CTX_set_options", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SET_SUITES_1_2 =
            OpenSsl.function("SSL_CTX_set_cipher_list", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SET_SUITES_1_3 =
            OpenSsl.function("SSL_CTX_set_ciphersuites", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SET_PROTOCOL_CHOICE =
            OpenSsl.function("SSL_CTX_set_alpn_select_cb", null, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SET_TICKETS =
            OpenSsl.function("SSL_CTX_set_tlsext_ticket_key_evp_cb", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SET_TIMEOUT =
            OpenSsl.function("SSL_CTX_set_timeout", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SET_ID =
            OpenSsl.function("SSL_CTX_set_session_id_context", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
    private static final MethodHandle SET_VERIFY =
            OpenSsl.function("SSL_CTX_set_verify", null, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle STORE = OpenSsl.function("SSL_CTX_get_cert_store", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle STORE_ADD =
            OpenSsl.function("X509_STORE_add_cert", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle STORE_FLAGS =
            OpenSsl.function("X509_STORE_set_flags", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle ADD_AUTHORITY =
            OpenSsl.function("SSL_CTX_add_client_CA", JAVA_INT, JAVA_LONG, JAVA_LONG);

    private OpenSslContext() {}

    /** A context without certificates. */
    static long create(ServerTls.Source source) throws GeneralSecurityException {
        long context = 0;
        try (Arena arena = Arena.ofConfined()) {
            context = (long) NEW.invokeExact((long) METHOD.invokeExact());
            configure(context, source.settings().minVersion(), arena);
            ClientCertificates clients = source.settings().clientCertificates();
            byte[] id = SessionScope.of(source);
            check((int) SET_ID.invokeExact(context, arena.allocateFrom(JAVA_BYTE, id), id.length));
            if (clients != null) {
                believe(context, source.authorities(), clients.required());
            }
            return context;
        } catch (Throwable failed) {
            if (context != 0) {
                free(context);
            }
            throw failed instanceof GeneralSecurityException refused ? refused : new GeneralSecurityException(failed);
        }
    }

    private static void configure(long context, Version oldest, Arena arena) throws Throwable {
        long ignored = (long) CTRL.invokeExact(context, CTRL_MODE, MODE, MemorySegment.NULL);
        ignored = (long) CTRL.invokeExact(context, CTRL_SESSION_CACHE, 0L, MemorySegment.NULL);
        ignored = (long) CTRL.invokeExact(
                context, CTRL_MIN_VERSION, oldest == Version.TLS_1_3 ? TLS_1_3 : TLS_1_2, MemorySegment.NULL);
        ignored = (long) SET_OPTIONS.invokeExact(context, OPTIONS);
        ignored = (long) SET_TIMEOUT.invokeExact(context, SESSION_SECONDS);
        ignored = (long) CALLBACK_CTRL.invokeExact(context, CALLBACK_SERVER_NAME, OpenSslServer.CHOOSE_CERTIFICATE);
        check((int) SET_TICKETS.invokeExact(context, OpenSslServer.USE_TICKET));
        SET_PROTOCOL_CHOICE.invokeExact(context, OpenSslServer.CHOOSE_PROTOCOL, 0L);
        check((int) SET_SUITES_1_2.invokeExact(context, arena.allocateFrom(SUITES_1_2)));
        check((int) SET_SUITES_1_3.invokeExact(context, arena.allocateFrom(SUITES_1_3)));
    }

    private static void believe(long context, List<X509Certificate> authorities, boolean required) throws Throwable {
        long store = (long) STORE.invokeExact(context);
        check((int) STORE_FLAGS.invokeExact(store, PARTIAL_CHAIN));
        for (X509Certificate authority : authorities) {
            long decoded = OpenSslCertificate.decode(authority);
            try {
                check((int) STORE_ADD.invokeExact(store, decoded));
                check((int) ADD_AUTHORITY.invokeExact(context, decoded));
            } finally {
                OpenSslCertificate.free(decoded);
            }
        }
        SET_VERIFY.invokeExact(context, required ? VERIFY | VERIFY_REQUIRED : VERIFY, 0L);
    }

    private static void check(int result) throws GeneralSecurityException {
        if (result != 1) {
            throw new GeneralSecurityException(OpenSsl.takeError());
        }
    }

    static void free(long context) {
        try {
            FREE.invokeExact(context);
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }
}
