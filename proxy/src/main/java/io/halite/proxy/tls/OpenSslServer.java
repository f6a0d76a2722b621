package io.halite.proxy.tls;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.halite.proxy.relay.TlsPeer;
import io.halite.proxy.relay.TlsSession;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSL's view of one listener: a context that shows what clients get who name nobody, and the certificates of all
 * names. All of it is given back when no session refers to this object any more. Safe for use by many threads.
 *
 * <p>OpenSSL calls back in the middle of a handshake, on the thread that does it: that thread remembers whose it is.
 */
final class OpenSslServer implements SessionSource {
    private static final System.Logger LOGGER = System.getLogger(OpenSslServer.class.getName());
    private static final Cleaner CLEANER = Cleaner.create();
    private static final ThreadLocal<OpenSslServer> SHAKING = new ThreadLocal<>();
    private static final int ACCEPTED = 0;
    private static final int REFUSED = 2;

    private static final MethodHandle GET_SERVER_NAME =
            OpenSsl.function("SSL_get_servername", JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GET_VERSION = OpenSsl.function("SSL_get_version", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GET_CIPHER = OpenSsl.function("SSL_get_current_cipher", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CIPHER_NAME = OpenSsl.function("SSL_CIPHER_standard_name", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GET_PEER = OpenSsl.function("SSL_get1_peer_certificate", JAVA_LONG, JAVA_LONG);

    private static final MethodHandle GET_PROTOCOL =
            OpenSsl.function("SSL_get0_alpn_selected", null, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    static final long CHOOSE_PROTOCOL = callback("chooseProtocol", FunctionDescriptor.of(
            JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
    static final long CHOOSE_CERTIFICATE = callback("chooseCertificate", FunctionDescriptor.of(
            JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    static final long USE_TICKET = callback("useTicket", FunctionDescriptor.of(
            JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private final boolean asksClients;
    private final List<byte[]> protocols;
    private final OpenSslTickets tickets;
    private final CertificateTable table;
    private final IdentityHashMap<ServedCertificate, OpenSslCertificate> certificates = new IdentityHashMap<>();
    private final long context;

    /**
     * Brings the certificates over.
     *
     * @throws GeneralSecurityException when OpenSSL does not take one of them
     */
    OpenSslServer(ServerTls.Source source, TicketKeys tickets) throws GeneralSecurityException {
        asksClients = !source.authorities().isEmpty();
        protocols = source.protocols().stream().map(name -> name.getBytes(StandardCharsets.US_ASCII)).toList();
        this.tickets = new OpenSslTickets(tickets);
        table = new CertificateTable(source.certificates());
        Belongings belongings = new Belongings();
        CLEANER.register(this, belongings);
        for (ServedCertificate certificate : source.certificates()) {
            OpenSslCertificate made = OpenSslCertificate.of(certificate);
            belongings.certificates.add(made);
            certificates.put(certificate, made);
            tryOut(made, source);
        }
        context = belongings.context(source);
        for (ServedCertificate certificate : firstOfEachKind(table.named(null))) {
            certificate(certificate).showIn(context);
        }
    }

    /** What is given back when the server is gone. */
    private static final class Belongings implements Runnable {
        private final List<OpenSslCertificate> certificates = new ArrayList<>();
        private long context;

        long context(ServerTls.Source source) throws GeneralSecurityException {
            context = OpenSslContext.create(source);
            return context;
        }

        @Override
        public void run() {
            certificates.forEach(OpenSslCertificate::free);
            if (context != 0) {
                OpenSslContext.free(context);
            }
        }
    }

    /** What OpenSSL does not take, such as a key that is too short for it, must come to light before the first client. */
    private static void tryOut(OpenSslCertificate certificate, ServerTls.Source source) throws GeneralSecurityException {
        long scratch = OpenSslContext.create(source);
        try {
            certificate.showIn(scratch);
        } finally {
            OpenSslContext.free(scratch);
        }
    }

    /** OpenSSL has room for one certificate of each kind of key, and chooses among them by what the client can verify. */
    private static List<ServedCertificate> firstOfEachKind(List<ServedCertificate> candidates) {
        Set<String> kinds = new HashSet<>();
        return candidates.stream().filter(one -> kinds.add(one.algorithm())).toList();
    }

    private OpenSslCertificate certificate(ServedCertificate served) {
        OpenSslCertificate found = certificates.get(served);
        if (found == null) {
            throw new IllegalStateException("a certificate was not brought over");
        }
        return found;
    }

    @Override
    public TlsSession session() {
        return new OpenSslSession(this);
    }

    /** Whether clients may show a certificate. */
    boolean asksClients() {
        return asksClients;
    }

    /** What a session begins with. */
    long context() {
        return context;
    }

    /** Goes on with a handshake; the result is OpenSSL's. */
    int shakeHands(long ssl) {
        SHAKING.set(this);
        try {
            return OpenSsl.handshake(ssl);
        } finally {
            SHAKING.remove();
        }
    }

    private static long callback(String name, FunctionDescriptor descriptor) {
        try {
            MethodType type = descriptor.toMethodType();
            return OpenSsl.callback(MethodHandles.lookup().findStatic(OpenSslServer.class, name, type), descriptor,
                    Arena.global());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(name, impossible);
        }
    }

    /** OpenSSL asks for the certificate of a name. */
    static int chooseCertificate(long ssl, long alert, long argument) {
        try {
            OpenSslServer server = SHAKING.get();
            String name = text((long) GET_SERVER_NAME.invokeExact(ssl, 0));
            if (server != null && name != null) {
                server.show(ssl, server.table.named(name));
            }
            return ACCEPTED;
        } catch (Throwable escaped) {
            // An exception must not pass through OpenSSL.
            LOGGER.log(System.Logger.Level.DEBUG, "certificate not chosen", escaped);
            return REFUSED;
        }
    }

    /** Those that the context shows anyway are not shown anew: that takes as long as a tenth of the handshake. */
    private void show(long ssl, List<ServedCertificate> candidates) throws GeneralSecurityException {
        if (!candidates.equals(table.named(null))) {
            OpenSslCertificate.clear(ssl);
            for (ServedCertificate candidate : firstOfEachKind(candidates)) {
                certificate(candidate).showTo(ssl);
            }
        }
    }

    /** OpenSSL asks which of a client's protocols is spoken (ALPN). */
    static int chooseProtocol(long ssl, long out, long outLength, long in, int inLength, long argument) {
        try {
            MemorySegment offered = MemorySegment.ofAddress(in).reinterpret(inLength);
            OpenSslServer server = SHAKING.get();
            for (byte[] protocol : server == null ? List.<byte[]>of() : server.protocols) {
                long found = find(offered, protocol);
                if (found >= 0) {
                    MemorySegment.ofAddress(out).reinterpret(Long.BYTES).set(JAVA_LONG, 0, in + found);
                    MemorySegment.ofAddress(outLength).reinterpret(1).set(JAVA_BYTE, 0, (byte) protocol.length);
                    return ACCEPTED;
                }
            }
            return REFUSED;
        } catch (Throwable escaped) {
            LOGGER.log(System.Logger.Level.DEBUG, "protocol not chosen", escaped);
            return REFUSED;
        }
    }

    /** OpenSSL seals a ticket, or opens one. */
    static int useTicket(long ssl, long name, long vector, long cipher, long mac, int seals) {
        try {
            OpenSslServer server = SHAKING.get();
            return server == null ? OpenSslTickets.UNKNOWN : server.tickets.use(name, vector, cipher, mac, seals == 1);
        } catch (Throwable escaped) {
            LOGGER.log(System.Logger.Level.DEBUG, "ticket not used", escaped);
            return OpenSslTickets.UNKNOWN;
        }
    }

    /** Where a name stands in a list of names behind their lengths; negative when it is not there. */
    private static long find(MemorySegment list, byte[] name) {
        long size = list.byteSize();
        for (long at = 0; at < size; at += 1 + (list.get(JAVA_BYTE, at) & 0xff)) {
            int length = list.get(JAVA_BYTE, at) & 0xff;
            if (length == name.length && at + 1 + length <= size
                    && list.asSlice(at + 1, length).mismatch(MemorySegment.ofArray(name)) < 0) {
                return at + 1;
            }
        }
        return -1;
    }

    /** What is known of the peer of a conversation. */
    TlsPeer peer(long ssl) {
        try {
            String version = text((long) GET_VERSION.invokeExact(ssl));
            String cipher = text((long) CIPHER_NAME.invokeExact((long) GET_CIPHER.invokeExact(ssl)));
            return new TlsPeer(version == null ? "" : version, cipher == null ? "" : cipher, protocol(ssl),
                    asksClients ? certificate(ssl) : null);
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }

    private static String protocol(long ssl) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment start = arena.allocate(JAVA_LONG);
            MemorySegment length = arena.allocate(JAVA_INT);
            GET_PROTOCOL.invokeExact(ssl, start.address(), length.address());
            byte[] name = MemorySegment.ofAddress(start.get(JAVA_LONG, 0)).reinterpret(length.get(JAVA_INT, 0))
                    .toArray(JAVA_BYTE);
            return new String(name, StandardCharsets.US_ASCII);
        }
    }

    private static @Nullable X509Certificate certificate(long ssl) throws Throwable {
        long certificate = (long) GET_PEER.invokeExact(ssl);
        if (certificate == 0) {
            return null;
        }
        try {
            return OpenSslCertificate.encode(certificate);
        } finally {
            OpenSslCertificate.free(certificate);
        }
    }

    private static @Nullable String text(long pointer) {
        return pointer == 0 ? null : MemorySegment.ofAddress(pointer).reinterpret(Integer.MAX_VALUE).getString(0);
    }
}
