package io.halite.appliance;

import static org.awaitility.Awaitility.await;

import io.halite.appliance.cli.CommandLines;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.proxy.accesslog.LogDestination;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What {@code halite run} does, on a thread of this process: a node through all it becomes, until it is stopped. */
final class NodeLife implements AutoCloseable {
    final Path data;
    private final StringWriter out = new StringWriter();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final FutureTask<ExitCode> life;

    private NodeLife(Path data, String name, String address, boolean unclaimed, @Nullable Path config) throws IOException {
        this.data = data;
        InetAddress local = InetAddress.ofLiteral(address);
        NodeSettings settings = new NodeSettings(data, name, local, local,
                new NodeSettings.Ports(0, 0, NodeProcess.freePort()), NodeSettings.Place.ANYWHERE,
                LogDestination.RotatedFile.at(data.resolve("access.log")), config, null, unclaimed, false,
                NodeSettings.Engines.BEST);
        Optional<InitialConfig> initial = config == null ? Optional.empty() : Optional.of(InitialConfig.read(config));
        life = new FutureTask<>(() -> new Node(settings, initial,
                limit -> stop.await(limit.toNanos(), TimeUnit.NANOSECONDS), new PrintWriter(out)).run(Optional.empty()));
        Thread.ofPlatform().name("life-of-" + name).start(life);
        await().until(() -> {
            if (life.isDone()) {
                throw new AssertionError("the node ended: " + life.get());
            }
            return Files.exists(data.resolve("local.json"));
        });
    }

    static NodeLife unclaimed(Path data, String name, String address) throws IOException {
        return new NodeLife(data, name, address, true, null);
    }

    static NodeLife unclaimed(Path data, String name, String address, Path config) throws IOException {
        return new NodeLife(data, name, address, true, config);
    }

    static NodeLife founding(Path data, String name, String address) throws IOException {
        return new NodeLife(data, name, address, false, null);
    }

    /** What it has printed. */
    String printed() {
        return out.toString();
    }

    /** Runs a verb of the command line on its machine. */
    CommandResult cli(String... arguments) {
        StringWriter answer = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        int code = CommandLines.create().setOut(new PrintWriter(answer)).setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new CommandResult(code, answer.toString(), err.toString());
    }

    /** Its admin URL now. */
    String authority() throws IOException {
        return io.halite.appliance.scenario.Json.of(Files.readString(data.resolve("local.json"))).text("url")
                .substring("https://".length());
    }

    @Override
    public void close() {
        stop.countDown();
        await().until(life::isDone);
    }
}
