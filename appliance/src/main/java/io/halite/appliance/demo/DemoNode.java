package io.halite.appliance.demo;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.Endpoint;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.process.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node of the demo: a process of its own, started by the launcher as a user would. */
final class DemoNode implements AutoCloseable {
    private static final int READY_SECONDS = 60;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int STOP_SECONDS = 15;
    private static final int LOG_LINES = 20;

    private final String name;
    private final Path data;
    private final Path log;
    private final Process process;

    private DemoNode(String name, Path data, Path log, Process process) {
        this.name = name;
        this.data = data;
        this.log = log;
        this.process = process;
    }

    /** Starts a node whose data and log lie in the folder. */
    static DemoNode start(Path launcher, Path folder, String name, String address, List<String> options)
            throws IOException {
        Path data = folder.resolve(name);
        Path log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "run", "--data", data.toString(),
                "--name", name, "--bind", address));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // What is set for the user's own node is not meant for these.
        builder.environment().keySet().removeIf(key -> key.startsWith("HALITE_") && !key.equals("HALITE_JAVA_OPTS"));
        builder.environment().put("HALITE_NODE_FILE", "/dev/null");
        return new DemoNode(name, data, log, builder.start());
    }

    /** Waits until the node has said where it listens. */
    Endpoint awaitReady(StopSignal stop) throws InterruptedException {
        Path local = data.resolve("local.json");
        for (int i = 0; i < READY_SECONDS * 20; i++) {
            if (Files.exists(local) && Files.exists(data.resolve("admin.token"))) {
                return Endpoint.find(new Endpoint.Given(null, null, null, data.toString()), Map.of());
            }
            if (stop.await(POLL)) {
                throw new InterruptedException("stopped by a signal");
            }
            if (!process.isAlive()) {
                throw new CommandFailure(ExitCode.FAILED, "node " + name + " ended with " + process.exitValue(), "",
                        lastLines());
            }
        }
        throw new CommandFailure(ExitCode.TIMED_OUT, "node " + name + " is not ready after " + READY_SECONDS + " s", "",
                lastLines());
    }

    private List<String> lastLines() {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
            List<String> all = lines.toList();
            return all.subList(Math.max(0, all.size() - LOG_LINES), all.size());
        } catch (IOException e) {
            return List.of("its log " + log + " cannot be read");
        }
    }

    Path data() {
        return data;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the node to stop, without waiting. */
    void stop() {
        process.destroy();
    }

    /** Stops the node, by force when it takes too long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
