package io.halite.health.testing;

import io.halite.config.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A scripted target on a free port of 127.0.0.1: one virtual thread per connection, which it counts. */
public final class FakeTarget implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    /** What it does with a connection; closing it afterwards is the target's. */
    @FunctionalInterface
    public interface Script {
        void serve(Socket connection) throws IOException;
    }

    public final AtomicInteger connections = new AtomicInteger();
    /** The head of the last request read by {@link #readHead}. */
    public final AtomicReference<String> lastHead = new AtomicReference<>("");
    private final AtomicReference<Script> script;
    private @Nullable ServerSocket server;
    private @Nullable Thread acceptor;
    private final int port;

    public FakeTarget(Script script) throws IOException {
        this.script = new AtomicReference<>(script);
        this.server = anywhere();
        this.port = server.getLocalPort();
        accept(server);
    }

    /** Accepts and closes at once. */
    public static FakeTarget accepting() throws IOException {
        return new FakeTarget(_ -> { });
    }

    /** Speaks HTTP and always answers this. */
    public static FakeTarget answering(int status, String body) throws IOException {
        FakeTarget target = new FakeTarget(_ -> { });
        target.become(target.http(status, body));
        return target;
    }

    /** Accepts and never says a word. */
    public static FakeTarget mute() throws IOException {
        FakeTarget target = new FakeTarget(_ -> { });
        target.become(FakeTarget::silence);
        return target;
    }

    /** Reads until the peer goes away. */
    public static void silence(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        while (in.read() >= 0) {
            // stays silent
        }
    }

    /** A script that answers an HTTP request. */
    public Script http(int status, String body) {
        return connection -> {
            lastHead.set(readHead(connection));
            String head = "HTTP/1.1 " + status + " Status\r\nContent-Length: " + body.length() + "\r\n\r\n";
            write(connection, head + body);
        };
    }

    /** Reads up to the empty line. */
    public static String readHead(Socket connection) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = connection.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        return head.toString();
    }

    public static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Behaves differently from the next connection on. */
    public void become(Script next) {
        script.set(next);
    }

    public HostPort address() {
        return new HostPort("127.0.0.1", port);
    }

    /** Refuses connections from now on. */
    public synchronized void stop() throws IOException {
        if (server != null) {
            server.close();
            server = null;
            joinAcceptor();
        }
    }

    /** Only when the blocked accept has returned is the port closed in the kernel. */
    private void joinAcceptor() {
        try {
            if (acceptor != null) {
                acceptor.join();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listens again on the same port. */
    public synchronized void restart() throws IOException {
        if (server == null) {
            ServerSocket again = open(port);
            server = again;
            accept(again);
        }
    }

    /**
     * On a port that is none of those that the system gives to whoever asks for any, as the tests beside this one do all
     * the time: it stays this target's when nobody listens.
     */
    private static ServerSocket anywhere() throws IOException {
        while (true) {
            try {
                return open(ThreadLocalRandom.current().nextInt(15_000, 32_000));
            } catch (BindException taken) {
                // Another one, then.
            }
        }
    }

    private static ServerSocket open(int port) throws IOException {
        return new ServerSocket(port, BACKLOG);
    }

    private void accept(ServerSocket listening) {
        acceptor = Thread.ofPlatform().daemon().name("fake-target").start(() -> {
            try {
                while (true) {
                    Socket connection = listening.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(connection));
                }
            } catch (IOException closed) {
                // stopped
            }
        });
    }

    private void serve(Socket connection) {
        try (connection) {
            script.get().serve(connection);
        } catch (IOException gone) {
            // the probe went away
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
