package io.halite.appliance;

import io.halite.appliance.cli.Version;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.log.NodeLog;
import io.halite.appliance.process.RenewSignal;
import io.halite.appliance.process.StopSignal;
import io.halite.appliance.takeover.Door;
import io.halite.appliance.takeover.Predecessor;
import io.halite.appliance.takeover.ServiceNotice;
import io.halite.appliance.takeover.Successor;
import io.halite.config.Ticker;
import io.halite.config.document.Addresses;
import io.halite.config.membership.DirectoryException;
import io.halite.config.store.StateException;
import io.halite.proxy.relay.HandedSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A node in the foreground, from its start to the signal that ends it. It may be several things in turn: unclaimed, then
 * a cluster of one, then a member of another cluster; and it may follow another process, and be followed by one. Confined
 * to one thread.
 */
final class Node {
    private static final System.Logger LOGGER = System.getLogger(Node.class.getName());
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** A slow disk or many zones take their time; traffic flows meanwhile. */
    private static final Duration SUCCESSOR_PATIENCE = Duration.ofMinutes(2);

    private final NodeSettings settings;
    private final Optional<InitialConfig> initial;
    private final Stop stop;
    private final PrintWriter out;
    private final ServiceNotice supervisor = new ServiceNotice();

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

    /**
     * Runs until a signal asks it to stop; then drains and ends.
     *
     * @param takeover how long the process that this one takes over from may go on; empty not to take over
     */
    static ExitCode run(NodeSettings settings, Optional<Duration> takeover, PrintWriter out) {
        Optional<InitialConfig> initial = settings.config() == null ? Optional.empty()
                : Optional.of(InitialConfig.read(settings.config()));
        NodeLog.install(settings.name());
        StopSignal signal = StopSignal.install();
        RenewSignal.install();
        return new Node(settings, initial, signal::await, out).run(takeover);
    }

    ExitCode run(Optional<Duration> takeover) {
        try {
            Optional<Boolean> followed = follow(takeover);
            if (followed.isEmpty() && UnclaimedNode.isNeeded(settings) && isStoppedUnclaimed()) {
                return ExitCode.OK;
            }
            boolean stopped = followed.orElse(false);
            while (!stopped) {
                // The first time, or it has left one cluster for another and starts anew.
                stopped = isStoppedAsMember(
                        Appliance.start(settings, initial, Ticker.SYSTEM, InstantSource.system()), () -> { });
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
            supervisor.ready();
            return isStoppedBefore(node::isClaimed);
        }
    }

    /** Lives in place of the process that is there; whether it was stopped then, empty when there is none. */
    private Optional<Boolean> follow(Optional<Duration> takeover)
            throws DirectoryException, IOException, InterruptedException {
        if (takeover.isEmpty()) {
            return Optional.empty();
        }
        Optional<Predecessor> called = Predecessor.call(settings.data(), takeover.get());
        if (called.isEmpty()) {
            return Optional.empty();
        }
        try (Predecessor predecessor = called.get()) {
            Appliance appliance = Appliance.following(
                    predecessor.sockets(), settings, Ticker.SYSTEM, InstantSource.system());
            return Optional.of(isStoppedAsMember(appliance, predecessor::tellServing));
        }
    }

    /** Tells somebody that the node is up. */
    @FunctionalInterface
    private interface Herald {
        void tell() throws IOException;
    }

    private boolean isStoppedAsMember(Appliance started, Herald herald)
            throws DirectoryException, IOException, InterruptedException {
        try (Appliance appliance = started) {
            herald.tell();
            supervisor.ready();
            out.println(welcome(settings, appliance));
            out.flush();
            Optional<Successor> successor;
            try (Closers doors = new Closers()) {
                Optional<Door> door = Door.open(settings.data()).map(doors::add);
                successor = awaitSuccessor(door, appliance::isLeaving);
            }
            if (successor.isPresent()) {
                return isFollowed(appliance, successor.get());
            }
            if (appliance.isLeaving()) {
                return false;
            }
            appliance.drain();
            return true;
        }
    }

    /** Empty when the node is to end, or to be something else. */
    private Optional<Successor> awaitSuccessor(Optional<Door> door, BooleanSupplier other) throws InterruptedException {
        while (!other.getAsBoolean() && !stop.await(LOOK)) {
            Optional<Successor> caller = door.flatMap(Door::caller);
            if (caller.isPresent()) {
                return caller;
            }
        }
        return Optional.empty();
    }

    /** Hands over to another process; whether the node was stopped, also when it went on because that one gave up. */
    private boolean isFollowed(Appliance appliance, Successor successor)
            throws DirectoryException, IOException, InterruptedException {
        LOGGER.log(System.Logger.Level.INFO, "handing over successor=" + successor.pid());
        List<HandedSocket> spare;
        try (successor) {
            List<HandedSocket> sockets = appliance.handOver();
            spare = spare(sockets);
            if (isServing(successor, sockets)) {
                spare.forEach(HandedSocket::close);
                supervisor.followedBy(successor.pid());
                LOGGER.log(System.Logger.Level.INFO, "handed over successor=" + successor.pid());
                boolean done = appliance.leave(successor.deadline(), this::isStopped);
                LOGGER.log(System.Logger.Level.INFO, "ends after hand-over connectionsDone=" + done);
                return true;
            }
        }
        LOGGER.log(System.Logger.Level.WARNING, "successor gave up, going on successor=" + successor.pid());
        Optional<Appliance> again = resumed(spare);
        if (again.isEmpty()) {
            return true;
        }
        Thread.ofVirtual().name("leaving").start(() -> leave(appliance, successor.deadline()));
        return isStoppedAsMember(again.get(), () -> { });
    }

    /** To go on with when the successor gives up; a process without descriptors to spare opens its listeners anew then. */
    private static List<HandedSocket> spare(List<HandedSocket> sockets) {
        try {
            return Successor.duplicates(sockets);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "sockets not kept for a return cause=" + e.getMessage());
            return List.of();
        }
    }

    private static boolean isServing(Successor successor, List<HandedSocket> sockets) {
        try {
            successor.give(sockets);
            return successor.awaitServing(SUCCESSOR_PATIENCE);
        } catch (IOException e) {
            return false;
        }
    }

    /** The node once more, with what it listened on; empty when it is to end before it can have its data directory. */
    private Optional<Appliance> resumed(List<HandedSocket> spare)
            throws IOException, DirectoryException, InterruptedException {
        while (true) {
            try {
                Appliance again = Appliance.following(
                        Successor.duplicates(spare), settings, Ticker.SYSTEM, InstantSource.system());
                spare.forEach(HandedSocket::close);
                return Optional.of(again);
            } catch (DirectoryException | IOException e) {
                // The other has not quite ended, most likely; traffic flows meanwhile.
                LOGGER.log(System.Logger.Level.WARNING, "cannot go on yet cause=" + e.getMessage());
                if (stop.await(RETRY)) {
                    return Optional.empty();
                }
            }
        }
    }

    private static void leave(Appliance appliance, Duration deadline) {
        try {
            appliance.leave(deadline, () -> false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        try {
            return stop.await(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
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
        text.append("  cluster    ").append(Addresses.text(new InetSocketAddress(settings.bind(),
                appliance.clusterPort()))).append('\n');
        appliance.listeners().forEach(listener -> text.append("  listener   ").append(listener.label()).append(" on ")
                .append(Addresses.text(listener.address())).append('\n'));
        return text.append("next: HALITE_DATA=").append(settings.data())
                .append(" halite apply -f site.yaml   (status, get, describe, --help)").toString();
    }
}
