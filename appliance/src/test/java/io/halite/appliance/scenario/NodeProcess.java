package io.halite.appliance.scenario;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A real node: the packaged distribution as a process of its own on 127.0.0.1, with its data in a directory of the
 * test.
 */
public final class NodeProcess implements AutoCloseable {
    /** The packaged distribution; Failsafe runs in the module's directory, after {@code package}. */
    public static final Path DISTRIBUTION = Path.of("target/halite").toAbsolutePath();

    /** With which options Failsafe has nodes start; a test that adds its own begins with these. */
    public static final String JAVA_OPTIONS = Objects.requireNonNullElse(System.getenv("HALITE_JAVA_OPTS"), "");

    private final Path data;
    private final Path log;
    private final List<String> command;
    private final Map<String, String> environment;
    private Process process;
    private final List<Process> earlier = new ArrayList<>();

    private NodeProcess(Path data, String name, String address, List<String> options, Map<String, String> environment)
            throws IOException {
        this.data = data;
        this.log = data.resolveSibling(data.getFileName() + ".log");
        this.environment = environment;
        this.command = new ArrayList<>(List.of(launcher(), "run", "--data", data.toString(), "--bind", address,
                "--name", name, "--admin-port", "0", "--cluster-port", Integer.toString(freePort())));
        if (!options.contains("--dns-port")) {
            command.addAll(List.of("--dns-port", "0"));
        }
        command.addAll(options);
        this.process = launch();
    }

    /** Starts a node and waits until it is ready. */
    public static NodeProcess start(Path data, String... options) throws IOException {
        return start(data, Map.of(), options);
    }

    /** Starts a node with added environment and waits until it is ready. */
    public static NodeProcess start(Path data, Map<String, String> environment, String... options)
            throws IOException {
        NodeProcess node = new NodeProcess(data, "lb-1", "127.0.0.1", List.of(options), environment);
        node.awaitReady();
        return node;
    }

    /** Starts another node on its own address and waits until it is ready. */
    public static NodeProcess startAs(String name, String address, Path data, String... options) throws IOException {
        return startAs(name, address, data, Map.of(), options);
    }

    private static NodeProcess startAs(String name, String address, Path data, Map<String, String> environment,
            String... options) throws IOException {
        NodeProcess node = new NodeProcess(data, name, address, List.of(options), environment);
        node.awaitReady();
        return node;
    }

    /** Starts another node, which joins the cluster of a member. */
    public static NodeProcess join(NodeProcess member, Path data, String name, String address) throws IOException {
        return join(member, data, name, address, Map.of());
    }

    /** Starts another node with added environment, which joins the cluster of a member. */
    public static NodeProcess join(NodeProcess member, Path data, String name, String address,
            Map<String, String> environment) throws IOException {
        String token = member.cli("token", "create").ok().out().lines().reduce((first, last) -> last).orElseThrow();
        return startAs(name, address, data, environment, "--join", member.url().substring("https://".length()), "--token", token);
    }

    /** The launcher of the distribution. */
    public static String launcher() {
        return DISTRIBUTION.resolve("bin/halite").toString();
    }

    /**
     * A port of 127.0.0.1 that is free and stays so: none of those that the system gives to whoever asks for any, as the
     * tests beside this one do all the time.
     */
    public static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException taken) {
                // Another one, then.
            }
        }
    }

    private Process launch() throws IOException {
        Files.deleteIfExists(data.resolve("local.json"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void awaitReady() {
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("node ended with " + process.exitValue() + "\n" + log());
            }
            // A node that joins gets its own token a moment after it is up.
            return Files.exists(data.resolve("local.json")) && Files.exists(data.resolve("admin.token"))
                    && AdminClient.of(this).get("/api/v1/status").isPresent();
        });
    }

    /** Runs a verb of the command line against this node. */
    public CommandResult cli(String... arguments) {
        return cliWithInput("", arguments);
    }

    /** Runs a verb of the command line against this node with this standard input. */
    public CommandResult cliWithInput(String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of(launcher()));
        all.addAll(List.of(arguments));
        return CommandResult.run(all, input, Map.of("HALITE_DATA", data.toString()));
    }

    /** Applies a document and waits for success. */
    public CommandResult apply(String document) {
        return cliWithInput(document, "apply", "-f", "-").ok();
    }

    /** Runs curl. */
    public static CommandResult curl(String... arguments) {
        List<String> all = new ArrayList<>(List.of("curl", "-sS", "--max-time", "120"));
        all.addAll(List.of(arguments));
        return CommandResult.run(all, "", Map.of());
    }

    /** The status code that a GET of this path on 127.0.0.1 is answered with; 0 when the connection fails. */
    public static int status(int port, String path) {
        CommandResult result = curl("-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:" + port + path);
        return Integer.parseInt(result.out().strip());
    }

    /** Waits until every target of a pool is healthy. */
    public void awaitHealthy(String pool) {
        await().until(() -> {
            List<Json> targets = targets(pool);
            return !targets.isEmpty() && targets.stream().allMatch(t -> t.text("health").equals("healthy"));
        });
    }

    /** The health of a target as {@code status} says; empty when it does not know the target. */
    public String health(String pool, String target) {
        return targets(pool).stream().filter(t -> t.text("name").equals(target)).map(t -> t.text("health"))
                .findAny().orElse("");
    }

    private List<Json> targets(String pool) {
        return status().items("pools").stream().filter(p -> p.text("name").equals(pool))
                .flatMap(p -> p.items("targets").stream()).toList();
    }

    /** What {@code GET /status} answers, which {@code status -o json} prints. */
    public Json status() {
        try {
            return AdminClient.of(this).get("/api/v1/status").orElseThrow(() -> new AssertionError("no answer"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code status} says is not as it should be, a line each. */
    public String degraded() {
        return String.join("\n", status().texts("degraded"));
    }

    /** Waits until {@code status} has nothing to complain of. The command line costs a JVM, so it is asked last. */
    public void awaitSound() {
        await().ignoreExceptions().until(() -> degraded().isEmpty() && cli("status").exitCode() == 0);
    }

    /** What a GET below {@code /api/v1} answers. */
    public Json get(String path) {
        try {
            return AdminClient.of(this).get("/api/v1" + path).orElseThrow(() -> new AssertionError("no answer: " + path));
        } catch (IOException e) {
            throw new AssertionError("no answer: " + path, e);
        }
    }

    /** The current revision as {@code status} says. */
    public String revision() {
        return status().text("revision");
    }

    /** Kills the process as a power cut would and waits for its end. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks the process to stop and returns its exit code. */
    public int terminate() throws InterruptedException, IOException {
        process.destroy();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new AssertionError("node did not stop\n" + log());
        }
        return process.exitValue();
    }

    /** Starts the node again on the same data, from now on with these options too. */
    public void restart(String... options) throws IOException {
        command.addAll(List.of(options));
        process = launch();
        awaitReady();
    }

    /** Starts another process on the same data, which takes over, and waits until it has; the one that was is returned. */
    public Process takeOver(String... options) throws IOException {
        Process predecessor = process;
        earlier.add(predecessor);
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        awaitLine("handed over successor=" + process.pid());
        awaitReady();
        return predecessor;
    }

    /** Waits until something was printed. */
    public void awaitLine(String part) {
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("node ended with " + process.exitValue() + "\n" + log());
            }
            return log().contains(part);
        });
    }

    /** Everything the process printed. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** The base URL of the admin API. */
    public String url() throws IOException {
        return Json.of(Files.readString(data.resolve("local.json"))).text("url");
    }

    /** The CA that clients trust. */
    public String ca() throws IOException {
        return Json.of(Files.readString(data.resolve("local.json"))).text("ca");
    }

    public Path data() {
        return data;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        earlier.forEach(Process::destroyForcibly);
        if (process.isAlive()) {
            kill();
        }
    }
}
