package io.halite.appliance.scenario.lifecycle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/**
 * A backend for what lasts: it takes every upgrade and then returns each line it gets, and any other request is answered
 * with a body that comes in as many pieces as the test allows.
 */
final class StreamBackend implements AutoCloseable {
    static final int PIECES = 4;
    static final String PIECE = "0123456789abcdef";

    private final ServerSocket server;
    private final Semaphore allowed = new Semaphore(0);

    StreamBackend() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Lets so many more pieces go. */
    void allow(int pieces) {
        allowed.release(pieces);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            boolean upgrade = false;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                upgrade |= line.toLowerCase(java.util.Locale.ROOT).startsWith("upgrade:");
            }
            if (upgrade) {
                write(out, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    write(out, line + "\n");
                }
                return;
            }
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + PIECES * PIECE.length() + "\r\n\r\n");
            for (int piece = 0; piece < PIECES; piece++) {
                allowed.acquire();
                write(out, PIECE);
            }
        } catch (IOException gone) {
            // The client left.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
