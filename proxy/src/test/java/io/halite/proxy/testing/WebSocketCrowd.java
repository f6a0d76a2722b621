package io.halite.proxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Many WebSockets, whose two ends are in another process: see {@link CrowdProcess}. */
public final class WebSocketCrowd implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final List<String> targets;

    private WebSocketCrowd(Process process) throws IOException {
        this.process = process;
        out = process.inputReader();
        in = process.outputWriter();
        String ports = out.readLine();
        assertNotNull(ports, "the process ended");
        targets = Arrays.stream(ports.split(" ", -1)).map(port -> "127.0.0.1:" + port).toList();
    }

    /** Starts the process, with no socket yet. */
    public static WebSocketCrowd start() throws IOException {
        return new WebSocketCrowd(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx192m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), CrowdProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** The addresses of three targets that upgrade and return every byte. */
    public List<String> targets() {
        return targets;
    }

    /** Opens so many more by this port. */
    public void open(int port, int count) throws IOException {
        say("open " + port + " " + count);
    }

    /** Every socket gets bytes of its own back. */
    public void echo(int round) throws IOException {
        say("echo " + round);
    }

    private void say(String line) throws IOException {
        in.write(line);
        in.newLine();
        in.flush();
        assertEquals("ok", out.readLine(), line);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
