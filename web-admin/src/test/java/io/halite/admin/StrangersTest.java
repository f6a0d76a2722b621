package io.halite.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.testing.AdminNode;
import io.halite.config.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has not logged in gets all answers, but only so many a second. */
class StrangersTest {
    private static final int REQUESTS = 1_500;
    /** What so many requests count for at least, in the time that a quarter of a core takes to earn it. */
    private static final Duration LEAST = Duration.ofMillis(1_500);

    private AdminNode node;

    @BeforeEach
    void start() throws Exception {
        node = AdminNode.start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aFloodWithoutALoginIsAnsweredSlowly() throws Exception {
        long start = Ticker.SYSTEM.nanos();
        assertEquals(REQUESTS, answers("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
        Duration taken = Duration.ofNanos(Ticker.SYSTEM.nanos() - start);
        assertTrue(taken.compareTo(LEAST) > 0, "all answered in " + taken);
    }

    /** Sends a request so many times without waiting, and counts the answers. */
    private int answers(String request) throws Exception {
        try (SSLSocket socket = (SSLSocket) AdminNode.certificate().client().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), node.port)) {
            socket.setSoTimeout(120_000);
            Thread sender = Thread.ofPlatform().start(() -> send(socket, request));
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            int count = (int) Stream.generate(() -> line(in)).filter(line -> line.contains("HTTP/1.1 200"))
                    .limit(REQUESTS).count();
            sender.join();
            return count;
        }
    }

    private static String line(BufferedReader in) {
        try {
            String line = in.readLine();
            if (line == null) {
                throw new IllegalStateException("the connection ended");
            }
            return line;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(SSLSocket socket, String request) {
        try {
            OutputStream out = socket.getOutputStream();
            byte[] all = request.repeat(REQUESTS).getBytes(StandardCharsets.US_ASCII);
            out.write(all);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
