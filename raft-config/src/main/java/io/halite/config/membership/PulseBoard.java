package io.halite.config.membership;

import io.halite.config.Ticker;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerNetwork.Lane;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Small messages between all members several times a second, by which a node is missed within a second that vanishes
 * without closing its connections: its power failed, its cable was pulled, it hangs. What follows must be harmless when it
 * was only slow: such a node leaves the DNS answers for a moment, but stays a voter and a prober. Safe for use by many
 * threads.
 */
final class PulseBoard {
    private static final System.Logger LOGGER = System.getLogger(PulseBoard.class.getName());
    private static final String TOPIC = "status/pulse";
    /** How often {@link #look} is to be called. */
    static final Duration LOOK = Duration.ofMillis(100);
    /** Each second look also beats. */
    private static final int LOOKS_A_BEAT = 2;
    /** Whoever looks so late was itself standing still and cannot judge others. */
    private static final long STALLED = LOOK.toNanos() * 3;

    private final PeerNetwork network;
    private final Supplier<Set<String>> others;
    private final Ticker ticker;
    private final Map<String, Pulse> pulses = new HashMap<>();
    private long lastLook;
    private int looks;
    private volatile Set<String> missing = Set.of();

    /** A board over the nodes that the supplier names, whose beats are not yet heard. */
    PulseBoard(PeerNetwork network, Supplier<Set<String>> others, Ticker ticker) {
        this.network = network;
        this.others = others;
        this.ticker = ticker;
        lastLook = ticker.nanos();
    }

    void open() {
        network.subscribe(TOPIC, (from, nothing) -> heard(from));
    }

    /** A node said something. */
    synchronized void heard(String nodeId) {
        long now = ticker.nanos();
        Pulse pulse = pulses.get(nodeId);
        if (pulse == null) {
            pulses.put(nodeId, new Pulse(now));
        } else {
            pulse.beat(now);
        }
    }

    /** Beats, and sees who is missing. */
    void look() {
        Set<String> members = others.get();
        if (looks++ % LOOKS_A_BEAT == 0) {
            members.forEach(id -> network.send(id, Lane.CONTROL, TOPIC, new byte[0]));
        }
        judge(members);
    }

    private synchronized void judge(Set<String> members) {
        long now = ticker.nanos();
        boolean stalled = now - lastLook > STALLED;
        lastLook = now;
        pulses.keySet().retainAll(members);
        if (stalled) {
            pulses.values().forEach(pulse -> pulse.forgive(now));
        }
        Set<String> silent = new TreeSet<>();
        pulses.forEach((id, pulse) -> {
            if (pulse.isMissing(now)) {
                silent.add(id);
            }
        });
        if (!silent.equals(missing)) {
            LOGGER.log(System.Logger.Level.INFO, "nodes missed nodes=" + silent);
            missing = silent;
        }
    }

    /** Whether a node that was heard before has fallen silent. */
    boolean isMissing(String nodeId) {
        return missing.contains(nodeId);
    }
}
