package io.halite.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.config.ListenerTls;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.TlsSession;
import io.halite.proxy.testing.Keyring;
import io.halite.proxy.testing.Keyring.Identity;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** A session that was given back. Whatever still asks of it must not reach OpenSSL, which would take the process down. */
class OpenSslSessionTest {

    @Test
    void aSessionThatWasGivenBackAnswersWithoutOpenSsl() throws Exception {
        assumeTrue(OpenSsl.isAvailable(), "no OpenSSL 3 on this machine");
        Identity shop = new Keyring().issue("shop.example.com");
        ServedCertificate served =
                ServedCertificate.of(List.of(), List.of(shop.certificate()), shop.keys().getPrivate());
        OpenSslServer server = new OpenSslServer(
                new ServerTls.Source(ListenerTls.DEFAULT, List.of(served), List.of(), true),
                new TicketKeys(new byte[32], InstantSource.system()));
        TlsSession session = server.session();
        session.dispose();
        session.dispose();
        // A request of an HTTP/2 stream asks who the client is, a turn after the connection closed.
        assertNull(session.peer().certificate());
        assertEquals(TlsSession.Need.NOTHING, session.need());
        session.closeOutput();
        IoBuffer buffer = new IoBuffer(1024);
        assertThrows(SSLException.class, () -> session.encrypt(buffer, 0, 10, buffer, 100, 1024));
        assertThrows(SSLException.class, () -> session.decrypt(buffer, 0, 10, buffer, 100, 1024));
    }
}
