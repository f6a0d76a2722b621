package io.halite.appliance;

import io.halite.appliance.cli.CommandLines;
import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Endpoint;
import io.halite.appliance.scenario.CommandResult;
import io.halite.appliance.scenario.NodeProcess;
import io.halite.config.Ticker;
import io.halite.config.membership.JoinToken;
import io.halite.proxy.accesslog.LogDestination;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A whole node in this process on the loopback, which is asked over its admin API as any other. */
final class RunningNode implements AutoCloseable {
    final Path data;
    final int dnsPort;
    private final Appliance appliance;
    private final AdminClient client;

    private RunningNode(Path data, String name, String address, int dnsPort, NodeSettings.Place place,
            NodeSettings.@Nullable Join join) throws Exception {
        this.data = data;
        this.dnsPort = dnsPort;
        InetAddress local = InetAddress.ofLiteral(address);
        appliance = Appliance.start(new NodeSettings(data, name, local, local, new NodeSettings.Ports(0, 0, dnsPort),
                place, new LogDestination.None(), null, join, false, false, NodeSettings.Engines.BEST), Optional.empty(),
                Ticker.SYSTEM, InstantSource.system());
        client = new AdminClient(Endpoint.find(
                new Endpoint.Given(null, null, null, data.toString()), Map.of()));
    }

    static RunningNode start(Path data) throws Exception {
        return start(data, NodeProcess.freePort());
    }

    static RunningNode start(Path data, int dnsPort) throws Exception {
        return new RunningNode(data, "lb-1", "127.0.0.1", dnsPort, NodeSettings.Place.ANYWHERE, null);
    }

    /** Another node, which joins the cluster of this one. */
    RunningNode join(Path other, String name, String address) throws Exception {
        return join(other, name, address, NodeSettings.Place.ANYWHERE);
    }

    /** Another node, which joins the cluster of this one and stands somewhere. */
    RunningNode join(Path other, String name, String address, NodeSettings.Place place) throws Exception {
        String token = cli("token", "create").ok().out().lines().reduce((first, last) -> last).orElseThrow();
        return new RunningNode(other, name, address, NodeProcess.freePort(), place, new NodeSettings.Join(
                appliance.url().substring("https://".length()), JoinToken.parse(token)));
    }

    AdminClient client() {
        return client;
    }

    /** Applies a document and waits until the node works by it. */
    void apply(String document) {
        client.send("PUT", "/config?waitFor=cluster&wait=30s", document,
                Map.of("Content-Type", "application/yaml", "If-Match", "*"));
    }

    /** Runs a verb of the command line against this node. */
    CommandResult cli(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        int code = CommandLines.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new CommandResult(code, out.toString(), err.toString());
    }

    @Override
    public void close() {
        client.close();
        appliance.close();
    }
}
