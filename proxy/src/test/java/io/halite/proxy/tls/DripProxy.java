package io.halite.proxy.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Carries one connection, in the direction of the server octet by octet. */
final class DripProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final Socket server;

    private DripProxy(ServerSocket listening, Socket server) {
        this.listening = listening;
        this.server = server;
    }

    static DripProxy to(int port) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        server.setTcpNoDelay(true);
        return new DripProxy(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), server);
    }

    /** The client's end. */
    Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
        Socket accepted = listening.accept();
        Thread.ofVirtual().start(() -> drip(accepted));
        Thread.ofVirtual().start(() -> pour(accepted));
        return client;
    }

    private void drip(Socket client) {
        try (client) {
            for (int octet = client.getInputStream().read(); octet >= 0; octet = client.getInputStream().read()) {
                server.getOutputStream().write(octet);
                server.getOutputStream().flush();
            }
        } catch (IOException ended) {
            closeServer();
        }
    }

    private void pour(Socket client) {
        try (client) {
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException ended) {
            closeServer();
        }
    }

    private void closeServer() {
        try {
            server.close();
        } catch (IOException ignored) {
            // It is closed.
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        listening.close();
    }
}
