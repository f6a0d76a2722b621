package io.halite.appliance;

import io.halite.appliance.cli.Version;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.log.NodeLog;
import io.halite.appliance.process.StopSignal;
import io.halite.config.Ticker;
import io.halite.config.membership.DirectoryException;
import io.halite.config.store.StateException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A node in the foreground, from its start to the signal that ends it. It may be several things in turn: unclaimed, then
 * a cluster of one, then a member of another cluster. Confined to one thread.
 */
final class Node {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final NodeSettings settings;
    private final Optional<InitialConfig> initial;
    private final Stop stop;
    private final PrintWriter out;

    /** The wish that the node end. */
    @FunctionalInterface
    interface Stop {
        /** Waits for it, at most this long; whether it came. */
        boolean await(Duration limit) throws InterruptedException;
    }

    Node(NodeSettings settings, Optional<InitialConfig> initial, Stop stop, PrintWriter out) {
        this.settings = settings;
        this.initial = initial;
        this.stop = stop;
        this.out = out;
    }

    /** Runs until a signal asks it to stop; then drains and ends. */
    static ExitCode run(NodeSettings settings, PrintWriter out) {
        Optional<InitialConfig> initial = settings.config() == null ? Optional.empty()
                : Optional.of(InitialConfig.read(settings.config()));
        NodeLog.install(settings.name());
        StopSignal signal = StopSignal.install();
        return new Node(settings, initial, signal::await, out).run();
    }

    ExitCode run() {
        try {
            if (UnclaimedNode.isNeeded(settings) && isStoppedUnclaimed()) {
                return ExitCode.OK;
            }
            while (!isStoppedAsMember()) {
                // It has left one cluster for another, and starts anew.
            }
            return ExitCode.OK;
        } catch (DirectoryException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e.hint());
        } catch (StateException | IOException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private boolean isStoppedUnclaimed() throws DirectoryException, IOException, InterruptedException {
        try (UnclaimedNode node =
                UnclaimedNode.start(settings, initial, InstantSource.system(), Ticker.SYSTEM, out)) {
            return isStoppedBefore(node::isClaimed);
        }
    }

    private boolean isStoppedAsMember() throws DirectoryException, IOException, InterruptedException {
        try (Appliance appliance = Appliance.start(settings, initial, Ticker.SYSTEM, InstantSource.system())) {
            out.println(welcome(settings, appliance));
            out.flush();
            boolean stopped = isStoppedBefore(appliance::isLeaving);
            if (stopped) {
                appliance.drain();
            }
            return stopped;
        }
    }

    private boolean isStoppedBefore(BooleanSupplier other) throws InterruptedException {
        while (!other.getAsBoolean()) {
            if (stop.await(LOOK)) {
                return true;
            }
        }
        return false;
    }

    private static String welcome(NodeSettings settings, Appliance appliance) {
        StringBuilder text = new StringBuilder();
        text.append("halite ").append(Version.current()).append(": node ").append(settings.name()).append(" is up\n");
        text.append("  admin API  ").append(appliance.url()).append("   CA: ").append(appliance.ca())
                .append("   token: ").append(settings.data().resolve(LocalFiles.TOKEN)).append('\n');
        text.append("  cluster    ").append(settings.bind().getHostAddress()).append(':')
                .append(appliance.clusterPort()).append('\n');
        appliance.listeners().forEach(listener -> text.append("  listener   ").append(listener.label()).append(" on ")
                .append(LocalNode.text(listener.address())).append('\n'));
        return text.append("next: HALITE_DATA=").append(settings.data())
                .append(" halite apply -f site.yaml   (status, get, describe, --help)").toString();
    }
}
