package io.halite.dns.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What clients may take of the responder over TCP, by clients that take more. */
class StreamLimitsTest {
    private static final byte[] QUERY = Responders.query("payments.lb.example.net.", Type.A).toWire();

    private final List<Socket> open = new ArrayList<>();
    private DnsResponder responder = start(Duration.ofMinutes(5), 50, 50);

    private static DnsResponder start(Duration idle, int connections, int perClient) {
        return Responders.start(Responders.settings(Engine.AUTO, 1).withStreams(idle, connections, perClient),
                SampleZones.state(), SampleZones.nodes(), new FakeHealth());
    }

    private void restart(Duration idle, int connections, int perClient) {
        responder.close();
        responder = start(idle, connections, perClient);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        responder.close();
    }

    /** A connection from an address of loopback. */
    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        open.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(),
                responder.address().orElseThrow().getPort()));
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static boolean isAnswered(Socket socket) {
        try {
            byte[] frame = new byte[QUERY.length + 2];
            frame[1] = (byte) QUERY.length;
            System.arraycopy(QUERY, 0, frame, 2, QUERY.length);
            socket.getOutputStream().write(frame);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return new Message(answer).getSection(Section.ANSWER).size() == 3;
        } catch (IOException closed) {
            return false;
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout(20);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void whoSendsAByteNowAndThenIsIdleAllTheSame() throws IOException {
        restart(Duration.ofSeconds(2), 50, 50);
        Socket slow = connect("127.0.0.1");
        slow.getOutputStream().write(new byte[] {1, 0});
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            try {
                slow.getOutputStream().write(0);
            } catch (IOException closed) {
                return true;
            }
            return isClosed(slow);
        });
        await().until(() -> isAnswered(connect("127.0.0.1")));
    }

    @Test
    void whoeverComesFindsRoomThoughOthersHoldAllConnections() throws IOException {
        restart(Duration.ofMinutes(5), 10, 10);
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            idle.add(connect("127.0.0." + (10 + i)));
            assertTrue(isAnswered(idle.getLast()));
        }
        Socket busy = idle.getFirst();
        assertTrue(isAnswered(busy));
        assertTrue(isAnswered(connect("127.0.0.50")), "who was idle for longest makes room");
        assertTrue(isAnswered(busy));
        assertTrue(isClosed(idle.get(1)));
    }

    @Test
    void oneClientHasNoMoreThanItsPart() throws IOException {
        restart(Duration.ofMinutes(5), 50, 5);
        for (int i = 0; i < 5; i++) {
            assertTrue(isAnswered(connect("127.0.0.7")));
        }
        assertFalse(isAnswered(connect("127.0.0.7")));
        assertTrue(isAnswered(connect("127.0.0.8")));
        open.getFirst().close();
        await().until(() -> isAnswered(connect("127.0.0.7")));
    }

    @Test
    void whoHasAnIpv6NetworkIsOneClient() {
        assertEquals(holder("2001:db8:0:1::1"), holder("2001:db8:0:1:ffff::2"));
        assertNotEquals(holder("2001:db8:0:1::1"), holder("2001:db8:0:2::1"));
        assertNotEquals(holder("192.0.2.1"), holder("192.0.2.2"));
    }

    private static InetAddress holder(String address) {
        return StreamServer.holder(InetAddress.ofLiteral(address));
    }

    @Test
    void whatNobodyAsksInSoManyBytesIsNotWaitedFor() throws IOException {
        Socket socket = connect("127.0.0.1");
        socket.getOutputStream().write(new byte[] {(byte) 0xFF, (byte) 0xFF, 0, 0});
        await().until(() -> isClosed(socket));
    }
}
