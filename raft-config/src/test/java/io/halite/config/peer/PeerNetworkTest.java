package io.halite.config.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HostPort;
import io.halite.config.Ticker;
import io.halite.config.peer.PeerNetwork.Lane;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may link and who may not, over real sockets; strangers change nothing for those who belong. */
class PeerNetworkTest {
    private static final String CLUSTER = "c-1";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ClusterAuthority authority = ClusterAuthority.create(CLUSTER, Instant.now());
    private final List<PeerNetwork> open = new ArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        open.forEach(PeerNetwork::close);
    }

    /** As when a node was started with its data lost and without --join: both sides know, and say whom they meant. */
    @Test
    void clustersThatMeetByMistakeKnowIt() throws Exception {
        ClusterAuthority foreign = ClusterAuthority.create("c-2", Instant.now());
        PeerNetwork alone = PeerNetwork.open(PeerSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                "c-2", 1, certificate(foreign, "n-b2"), new AddressBook(), PeerGate.OPEN, Ticker.SYSTEM);
        open.add(alone);
        AddressBook book = bookOf("n-b", alone);
        PeerNetwork member = network("n-a", 1, book, PeerGate.OPEN);
        Reply.Failure failure = refused(member, "n-b");
        assertTrue(failure.message().contains("another cluster"), failure.message());
        assertEquals("127.0.0.1:" + alone.port(), member.strangerInPlaceOf("n-b").orElseThrow());
        assertEquals(new PeerNetwork.Visitor("127.0.0.1", new Sought(CLUSTER, "n-b")), alone.visitor().orElseThrow());
        assertTrue(member.visitor().isEmpty());
        PeerNetwork back = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        book.put("n-b", List.of(new HostPort("127.0.0.1", back.port())));
        Awaitility.await().until(() -> ask(member, "n-b", "x") instanceof Reply.Answer);
        assertTrue(member.strangerInPlaceOf("n-b").isEmpty());
        assertTrue(back.visitor().isEmpty());
    }

    private NodeCertificate certificate(ClusterAuthority by, String nodeId) {
        KeyPair key = Pem.newKeyPair();
        return new NodeCertificate(key.getPrivate(),
                by.sign(key.getPublic(), nodeId, Set.of("127.0.0.1"), Instant.now()), by.certificate());
    }

    private PeerNetwork network(String nodeId, int generation, AddressBook book, PeerGate gate) throws IOException {
        PeerSettings settings = new PeerSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(30), 64, 8);
        PeerNetwork network = PeerNetwork.open(settings, CLUSTER, generation, certificate(authority, nodeId), book,
                gate, Ticker.SYSTEM);
        open.add(network);
        network.handle("echo", request -> {
            heard.add(request.from());
            request.answer(request.payload());
        });
        return network;
    }

    private static AddressBook bookOf(String nodeId, PeerNetwork network) {
        AddressBook book = new AddressBook();
        book.put(nodeId, List.of(new HostPort("127.0.0.1", network.port())));
        return book;
    }

    private static Reply ask(PeerNetwork from, String to, String text) throws InterruptedException {
        BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
        from.request(to, Lane.CONTROL, "echo", text.getBytes(StandardCharsets.UTF_8), LIMIT, replies::add);
        Reply reply = replies.poll(120, TimeUnit.SECONDS);
        assertTrue(reply != null, "no reply at all");
        return reply;
    }

    private static Reply.Failure refused(PeerNetwork from, String to) throws InterruptedException {
        return assertInstanceOf(Reply.Failure.class, ask(from, to, "x"));
    }

    @Test
    void nodesOfOneClusterHearEachOtherAndKnowWhoSpeaks() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        PeerNetwork client = network("n-a", 1, bookOf("n-b", server), PeerGate.OPEN);
        Reply.Answer answer = assertInstanceOf(Reply.Answer.class, ask(client, "n-b", "hello"));
        assertArrayEquals("hello".getBytes(StandardCharsets.UTF_8), answer.payload());
        assertEquals(List.of("n-a"), heard);
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        server.subscribe("news", (from, bytes) -> messages.add(from + " " + new String(bytes, StandardCharsets.UTF_8)));
        client.send("n-b", Lane.CONTROL, "news", "it rains".getBytes(StandardCharsets.UTF_8));
        assertEquals("n-a it rains", messages.poll(120, TimeUnit.SECONDS));
    }

    @Test
    void theLossOfANodesLastLinkIsTold() throws Exception {
        BlockingQueue<String> lost = new LinkedBlockingQueue<>();
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        server.onLoss(lost::add);
        PeerNetwork client = network("n-a", 1, bookOf("n-b", server), PeerGate.OPEN);
        assertInstanceOf(Reply.Answer.class, ask(client, "n-b", "hello"));
        client.send("n-b", Lane.BULK, "news", new byte[0]);
        assertEquals(List.of(), List.copyOf(lost));
        client.close();
        assertEquals("n-a", lost.poll(120, TimeUnit.SECONDS));
    }

    @Test
    void dialledANodeListensOrNobodyIsThereOrItsMachineSaysNothing() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        AddressBook book = bookOf("n-b", server);
        PeerNetwork client = network("n-a", 1, book, PeerGate.OPEN);
        assertEquals(Presence.LISTENING, client.knock("n-b", LIMIT));
        server.close();
        Awaitility.await().atMost(Duration.ofSeconds(60))
                .until(() -> client.knock("n-b", LIMIT) == Presence.NOBODY_THERE);
        // A listener whose queue is full is as silent as a machine without power.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            book.put("n-b", List.of(new HostPort("127.0.0.1", full.getLocalPort())));
            Awaitility.await().atMost(Duration.ofSeconds(60))
                    .until(() -> client.knock("n-b", Duration.ofMillis(250)) == Presence.SILENT);
        }
    }

    @Test
    void aNodeWhoseProcessHasEndedIsNotTakenForTheOneThatIsDialledInItsStead() throws Exception {
        PeerNetwork other = network("n-c", 1, new AddressBook(), PeerGate.OPEN);
        PeerNetwork gone = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        HostPort hint = new HostPort("127.0.0.1", other.port());
        AddressBook book = new AddressBook((nodeId, places) -> Stream.concat(places.stream(), Stream.of(hint)).toList());
        book.put("n-b", List.of(new HostPort("127.0.0.1", gone.port())));
        PeerNetwork client = network("n-a", 1, book, PeerGate.OPEN);
        gone.close();
        Awaitility.await().atMost(Duration.ofSeconds(60))
                .until(() -> client.knock("n-b", LIMIT) == Presence.NOBODY_THERE);
        assertEquals(Reply.Kind.NOBODY_THERE, refused(client, "n-b").kind());
    }

    @Test
    void anUnknownTopicIsAnsweredWithAFailure() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        server.unsubscribe("echo");
        PeerNetwork client = network("n-a", 1, bookOf("n-b", server), PeerGate.OPEN);
        assertEquals(Reply.Kind.REFUSED, refused(client, "n-b").kind());
    }

    @Test
    void aDialThatFindsAnotherNodeIsBrokenOff() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        PeerNetwork client = network("n-a", 1, bookOf("n-c", server), PeerGate.OPEN);
        Reply.Failure failure = refused(client, "n-c");
        assertEquals(Reply.Kind.NOT_SENT, failure.kind());
        assertTrue(failure.message().contains("the node there is n-b"), failure.message());
    }

    @Test
    void aRemovedNodeIsRefusedAndHearsWhy() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        PeerNetwork server = network("n-b", 1, new AddressBook(), new PeerGate() {
            @Override
            public boolean isRemoved(String nodeId, String serial) {
                return nodeId.equals("n-a");
            }
        });
        PeerNetwork client = network("n-a", 1, bookOf("n-b", server), new PeerGate() {
            @Override
            public void removed(String proof) {
                told.add("removed");
            }
        });
        assertTrue(refused(client, "n-b").message().contains("removed from the cluster"));
        assertEquals(List.of("removed"), told);
        assertEquals(List.of(), heard);
    }

    @Test
    void anOlderGenerationIsFencedWhicheverSideDials() throws Exception {
        List<Integer> told = new CopyOnWriteArrayList<>();
        PeerGate gate = new PeerGate() {
            @Override
            public void newerGeneration(int generation, String proof) {
                told.add(generation);
            }
        };
        PeerNetwork recovered = network("n-b", 3, new AddressBook(), PeerGate.OPEN);
        PeerNetwork old = network("n-a", 2, bookOf("n-b", recovered), gate);
        refused(old, "n-b");
        assertEquals(List.of(3), told);
        PeerNetwork dialling = network("n-c", 3, bookOf("n-a", old), PeerGate.OPEN);
        refused(dialling, "n-a");
        assertEquals(List.of(3, 3), told);
        assertEquals(List.of(), heard);
    }

    @Test
    void aCertificateOfAnotherClusterIsRefused() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        ClusterAuthority foreign = ClusterAuthority.create("c-2", Instant.now());
        assertCutOff(server, certificate(foreign, "n-a").peerContext());
        assertStillWorks(server);
    }

    @Test
    void noCertificateIsRefused() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        SSLContext bare = SSLContext.getInstance("TLSv1.3");
        bare.init(null, new TrustManager[] {new AnyCertificate()}, null);
        assertCutOff(server, bare);
        assertStillWorks(server);
    }

    @Test
    void anotherNodesIdentityIsRefused() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        try (SSLSocket socket = connect(server, certificate(authority, "n-a").peerContext())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            Frame.of(Frame.Kind.HELLO, new Hello(Hello.PROTOCOL, CLUSTER, 1, "n-leader", "n-b", "").encode()).write(out);
            out.flush();
            Frame answer = Frame.read(new DataInputStream(socket.getInputStream()), Frame.MAX_BYTES);
            assertEquals(Frame.Kind.REFUSED, answer.kind());
            assertTrue(Refusal.decode(answer.payload()).message().contains("its certificate says n-a"));
        }
        assertStillWorks(server);
    }

    @Test
    void plaintextGarbageAndSilenceAreCutOff() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            socket.getOutputStream().write(i % 2 == 0 ? new byte[0] : new byte[] {1, 2, 3});
            silent.add(socket);
        }
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            plain.setSoTimeout(120_000);
            plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEnds(plain);
        }
        for (Socket socket : silent) {
            socket.setSoTimeout(120_000);
            assertEnds(socket);
            socket.close();
        }
        assertStillWorks(server);
    }

    @Test
    void anOversizedFrameAndOneOfAnUnknownKindAreCutOff() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        for (byte[] start : new byte[][] {{0x7f, 0, 0, 0}, {0, 0, 0, 10, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0}}) {
            try (SSLSocket socket = connect(server, certificate(authority, "n-a").peerContext())) {
                socket.getOutputStream().write(start);
                socket.getOutputStream().flush();
                assertEnds(socket);
            }
        }
        assertStillWorks(server);
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        PeerNetwork server = network("n-b", 1, new AddressBook(), PeerGate.OPEN);
        assertStillWorks(server);
        NodeCertificate renewed = certificate(authority, "n-b");
        server.use(renewed);
        try (SSLSocket socket = connect(server, certificate(authority, "n-a").peerContext())) {
            assertEquals(renewed.serial(), NodeCertificate.serial(socket.getSession()));
        }
        assertStillWorks(server);
    }

    @Test
    void aCertificateKnowsWhatItIsGoodFor() {
        KeyPair key = Pem.newKeyPair();
        NodeCertificate shown = new NodeCertificate(key.getPrivate(), authority.sign(key.getPublic(), "n-a",
                Set.of("127.0.0.1", "2001:db8::1", "lb-1"), Instant.now()), authority.certificate());
        assertTrue(shown.names(List.of("127.0.0.1", "2001:db8:0:0::1", "LB-1", "n-a")));
        assertFalse(shown.names(List.of("127.0.0.1", "127.0.0.2")));
    }

    @Test
    void aRenewedCertificateReachesLinksThatAreOpen() throws Exception {
        List<String> serials = new CopyOnWriteArrayList<>();
        PeerNetwork server = network("n-b", 1, new AddressBook(), new PeerGate() {
            @Override
            public boolean isRemoved(String nodeId, String serial) {
                serials.add(serial);
                return false;
            }
        });
        PeerNetwork client = network("n-a", 1, bookOf("n-b", server), PeerGate.OPEN);
        assertInstanceOf(Reply.Answer.class, ask(client, "n-b", "before"));
        NodeCertificate renewed = certificate(authority, "n-a");
        client.use(renewed);
        // The dialling side: its next word comes with the new certificate.
        Awaitility.await().until(() -> ask(client, "n-b", "after") instanceof Reply.Answer
                && serials.contains(renewed.serial()));
        int links = serials.size();
        server.use(certificate(authority, "n-b"));
        // The dialled side: it is dialled again, and shows the new one.
        Awaitility.await().until(() -> ask(client, "n-b", "again") instanceof Reply.Answer
                && serials.size() > links);
    }

    private void assertCutOff(PeerNetwork server, SSLContext context) throws IOException {
        // TLS 1.3 tells a client of a refused certificate with its first read only.
        assertThrows(IOException.class, () -> {
            try (SSLSocket socket = connect(server, context)) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                Frame.of(Frame.Kind.HELLO, new Hello(Hello.PROTOCOL, CLUSTER, 1, "n-a", "n-b", "").encode()).write(out);
                out.flush();
                Frame.read(new DataInputStream(socket.getInputStream()), Frame.MAX_BYTES);
            }
        });
    }

    private static SSLSocket connect(PeerNetwork server, SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(120_000);
        socket.startHandshake();
        return socket;
    }

    private static void assertEnds(Socket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {
                assertTrue(socket.isConnected());
            }
        } catch (IOException reset) {
            assertTrue(!(reset instanceof SocketTimeoutException), "still open after a minute");
        }
    }

    private void assertStillWorks(PeerNetwork server) {
        Awaitility.await().until(() -> {
            try (PeerNetwork client = network("n-f", 1, bookOf("n-b", server), PeerGate.OPEN)) {
                return ask(client, "n-b", "still there?") instanceof Reply.Answer;
            }
        });
    }
}
