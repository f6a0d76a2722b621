package io.halite.proxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A program of somebody else's that a test talks with: a server that runs until it is closed, or one call of a client. */
public final class Peer implements Closeable {
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path output;

    private Peer(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a program, and waits until something listens on this port of this machine. Skips the test without it. */
    public static Peer listening(int port, String... command) throws IOException {
        Peer peer = start(command);
        Awaitility.await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> peer.isDead() || answers(port));
        if (peer.isDead()) {
            throw new IOException(String.join(" ", command) + " ended: " + Files.readString(peer.output));
        }
        return peer;
    }

    /** Runs a program to its end; what it wrote. Skips the test where the program is missing. */
    public static String run(String... command) throws IOException, InterruptedException {
        return run(PATIENCE_SECONDS, command);
    }

    /** As {@link #run(String...)}, for one that takes its time. */
    public static String run(int seconds, String... command) throws IOException, InterruptedException {
        try (Peer peer = start(command)) {
            peer.process.getOutputStream().close();
            if (!peer.process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " does not end: " + peer.output());
            }
            return peer.output();
        }
    }

    /** Skips the test unless this program ends well: what a package brings is there. */
    public static void need(String debianPackage, String... command) throws IOException {
        try (Peer peer = start(command)) {
            Assumptions.assumeTrue(peer.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    && peer.process.exitValue() == 0, debianPackage + " is not installed");
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    /** What it wrote so far. */
    public String output() throws IOException {
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }

    /** A port that is free and stays so. */
    public static int freePort() throws IOException {
        return Ports.free();
    }

    private static Peer start(String... command) throws IOException {
        boolean present = List.of("", "/usr/sbin/", "/usr/bin/", "/usr/local/bin/").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory + command[0])));
        Assumptions.assumeTrue(present, command[0] + " is not installed");
        Path output = Files.createTempFile("peer", ".txt");
        return new Peer(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start(),
                output);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean isDead() {
        return !process.isAlive();
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        Files.deleteIfExists(output);
    }
}
