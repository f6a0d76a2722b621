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
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, ABOVE);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException taken) {
                // Another one, then.
            }
        }
    }
}
