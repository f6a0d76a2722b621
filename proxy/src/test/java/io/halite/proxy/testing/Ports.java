package io.halite.proxy.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody uses. */
public final class Ports {
    private static final int LOWEST = 15_000;
    private static final int ABOVE = 32_000;

    private Ports() {}

    /**
     * A port of 127.0.0.1 that is free and stays so: none of those that the system gives to whoever asks for any, as the
     * tests beside this one do all the time.
     */
    public static int free() throws IOException {
        try (ServerSocket socket = listen(1)) {
            return socket.getLocalPort();
        }
    }

    /** A socket that listens at such a port. One that was closed may live on for a moment in a process just being forked. */
    public static ServerSocket listen(int backlog) throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, ABOVE);
            try {
                return new ServerSocket(port, backlog, InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                // Another one, then.
            }
        }
    }
}
