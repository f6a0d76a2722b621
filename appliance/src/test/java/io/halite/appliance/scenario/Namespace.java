package io.halite.appliance.scenario;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A network namespace of its own with addresses on its loopback: every port is free, and nobody is met but by cable. */
public final class Namespace implements AutoCloseable {
    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** A new namespace; skips the test where this user may make none. */
    public static Namespace create(String... addresses) {
        assumeTrue(CommandResult.run(List.of("sh", "-c", "command -v ip"), "", Map.of()).exitCode() == 0,
                "skipped: needs ip (Debian: iproute2)");
        String name = "hlt-" + ProcessHandle.current().pid() + "-" + (System.identityHashCode(addresses) & 0xFFFF);
        CommandResult added = CommandResult.run(List.of("ip", "netns", "add", name), "", Map.of());
        assumeTrue(added.exitCode() == 0, "skipped: needs root to make a network namespace: " + added.err().strip());
        Namespace namespace = new Namespace(name);
        namespace.run("ip", "link", "set", "lo", "up").ok();
        for (String address : addresses) {
            namespace.run("ip", "addr", "add", address, "dev", "lo").ok();
        }
        return namespace;
    }

    /** Lays a cable to another namespace: an Ethernet interface of this name in each of the two, up, without addresses. */
    public void connect(Namespace other, String device) {
        connect(other, device, 1, 1);
    }

    /** The same where this end receives and sends by so many queues, and the other sends by as many as this one receives. */
    public void connect(Namespace other, String device, int receiving, int sending) {
        String rx = Integer.toString(receiving);
        String tx = Integer.toString(sending);
        run("ip", "link", "add", device, "numrxqueues", rx, "numtxqueues", tx, "type", "veth", "peer", "name", device,
                "netns", other.name, "numrxqueues", rx, "numtxqueues", rx).ok();
        run("ip", "link", "set", device, "up").ok();
        other.run("ip", "link", "set", device, "up").ok();
    }

    /** Skips the test where a program is not installed. */
    public static void need(String program, String debianPackage) {
        assumeTrue(CommandResult.run(List.of("sh", "-c", "command -v " + program), "", Map.of()).exitCode() == 0,
                "skipped: needs " + program + " (Debian: " + debianPackage + ")");
    }

    /** The command as it is run inside. */
    public List<String> command(String... words) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(Arrays.asList(words));
        return all;
    }

    /** Runs a program inside to its end. */
    public CommandResult run(String... words) {
        return CommandResult.run(command(words), "", Map.of());
    }

    /** Runs a program inside with standard input. */
    public CommandResult runWithInput(String input, String... words) {
        return CommandResult.run(command(words), input, Map.of());
    }

    @Override
    public void close() {
        CommandResult.run(List.of("ip", "netns", "del", name), "", Map.of());
    }
}
