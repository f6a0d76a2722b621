package io.halite.appliance.scenario.dns;

import static org.awaitility.Awaitility.await;

import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.Namespace;
import io.halite.appliance.scenario.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A packaged node in a network namespace: there it has port 53, and listens where the test says. */
final class NamespacedNode implements AutoCloseable {
    private final Namespace namespace;
    private final Path data;
    private final Path log;
    private final String bind;
    private final String advertise;
    private Process process;

    private NamespacedNode(Namespace namespace, Path dir, String bind, String advertise) throws IOException {
        this.namespace = namespace;
        this.data = dir.resolve("data");
        this.log = dir.resolve("log");
        this.bind = bind;
        this.advertise = advertise;
        this.process = launch();
    }

    /** Starts a node named {@code ns1} and waits until it answers its command line. */
    static NamespacedNode start(Namespace namespace, Path dir, String bind, String advertise) throws IOException {
        NamespacedNode node = new NamespacedNode(namespace, dir, bind, advertise);
        try {
            node.awaitUp();
            return node;
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(namespace.command(NodeProcess.launcher(), "run", "--data", data.toString(), "--name",
                "ns1", "--bind", bind, "--advertise", advertise)).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    }

    private void awaitUp() {
        await().until(() -> halite("status", "-o", "name").exitCode() == 0);
    }

    /** Runs a verb of the command line against this node. */
    CommandResult halite(String... arguments) {
        return haliteWithInput("", arguments);
    }

    /** The same with this standard input. */
    CommandResult haliteWithInput(String input, String... arguments) {
        List<String> words = new ArrayList<>(List.of(NodeProcess.launcher()));
        words.addAll(Arrays.asList(arguments));
        words.addAll(List.of("--data", data.toString()));
        return namespace.runWithInput(input, words.toArray(String[]::new));
    }

    /** Applies a document and waits for success. */
    void apply(String document) {
        haliteWithInput(document, "apply", "-f", "-").ok();
    }

    /** Everything its processes printed. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Asks the process to stop and waits for its end. */
    void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** Starts it again on the same data. */
    void restart() throws IOException {
        process = launch();
        awaitUp();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
