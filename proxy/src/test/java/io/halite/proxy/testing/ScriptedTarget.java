package io.halite.proxy.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/** A target that does with each connection what a script says, and remembers the requests it read through it. */
public final class ScriptedTarget implements AutoCloseable {
    private final ServerSocket listening;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final BlockingQueue<Message> requests = new LinkedBlockingQueue<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final List<Wire> wires = new CopyOnWriteArrayList<>();

    /** What happens on one connection; when it returns, the connection is closed. */
    @FunctionalInterface
    public interface Script {
        void run(Wire wire, ScriptedTarget target) throws IOException;
    }

    private final Thread acceptor;

    private ScriptedTarget(ServerSocket listening, Script script) {
        this.script = script;
        this.listening = listening;
        acceptor = Thread.ofVirtual().name("target-" + listening.getLocalPort()).start(this::accept);
    }

    /** A target that runs this on each of its connections. */
    public static ScriptedTarget running(Script script) throws IOException {
        return new ScriptedTarget(Ports.listen(200), script);
    }

    /** A target that speaks TLS. */
    public static ScriptedTarget secure(SSLContext context, Script script) throws IOException {
        return secure(context, List.of(), script);
    }

    /** A target that speaks TLS, and agrees to one of these protocols inside (ALPN). */
    public static ScriptedTarget secure(SSLContext context, List<String> protocols, Script script) throws IOException {
        SSLServerSocket listening = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(
                0, 200, InetAddress.getLoopbackAddress());
        listening.setWantClientAuth(true);
        SSLParameters parameters = listening.getSSLParameters();
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        listening.setSSLParameters(parameters);
        return new ScriptedTarget(listening, script);
    }

    /** A target that gives every request this response, on connections that it keeps open. */
    public static ScriptedTarget answering(String response) throws IOException {
        return running((wire, target) -> {
            while (true) {
                target.read(wire);
                wire.send(response);
            }
        });
    }

    /** A target that answers 200 with this body. */
    public static ScriptedTarget ok(String body) throws IOException {
        return answering("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** A target that answers with the request line and the body it read. */
    public static ScriptedTarget echo() throws IOException {
        return running((wire, target) -> {
            while (true) {
                Message request = target.read(wire);
                String body = request.start() + "\n" + request.body();
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    /** Reads a request in a script and remembers it. */
    public Message read(Wire wire) throws IOException {
        Message request = wire.request();
        requests.add(request);
        return request;
    }

    /** Remembers that a script came this far. */
    public void note(String what) {
        notes.add(what);
    }

    /** Whether a script came that far. */
    public boolean noted(String what) {
        return notes.contains(what);
    }

    /** What was remembered so far. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** The next request that was read. */
    public Message take() throws InterruptedException {
        Message request = requests.poll(120, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    /** Requests read and not yet taken. */
    public int waiting() {
        return requests.size();
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    public int port() {
        return listening.getLocalPort();
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    /** Accepts no more; connections at hand go on. Nobody else gets the port. */
    public void stopListening() throws IOException {
        listening.close();
        try {
            // The system goes on accepting until the thread that waits for a connection has noticed.
            acceptor.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                Wire wire = new Wire(socket);
                wires.add(wire);
                Thread.ofVirtual().start(() -> run(wire));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void run(Wire wire) {
        try (wire) {
            script.run(wire, this);
        } catch (IOException ended) {
            // The proxy closed the connection, or sent what the script did not expect: its test will tell.
            wires.remove(wire);
        }
    }

    @Override
    public void close() throws IOException {
        stopListening();
        for (Wire wire : wires) {
            wire.close();
        }
    }
}
