package io.halite.config.membership;

import io.halite.config.Ticker;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerNetwork.Lane;
import io.halite.config.peer.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Small messages between all members several times a second, by which a node is missed within a second that vanishes
 * without closing its connections, as its power failed or its cable was pulled, and within a few that hangs ({@link Pulse}
 * tells them apart). What follows must be harmless when it was only slow: such a node leaves the DNS answers for a moment,
 * but stays a voter and a prober. Safe for use by many threads.
 */
final class PulseBoard {
    private static final System.Logger LOGGER = System.getLogger(PulseBoard.class.getName());
    private static final String TOPIC = "status/pulse";
    /** How often {@link #look} is to be called while there are others. */
    static final Duration LOOK = Duration.ofMillis(50);
    /** Each third look also beats. */
    private static final int LOOKS_A_BEAT = 3;
    static final Duration BEAT = LOOK.multipliedBy(LOOKS_A_BEAT);
    /** Whoever looks so late was itself standing still and cannot judge others. */
    private static final long STALLED = Duration.ofMillis(300).toNanos();
    /** Within it the kernel of any machine answers that is no ocean away. */
    private static final Duration ANSWER = Duration.ofMillis(250);

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

    /** Beats, and sees who is missing; whether there is anybody. */
    boolean look() {
        Set<String> members = others.get();
        if (looks++ % LOOKS_A_BEAT == 0) {
            members.forEach(id -> network.send(id, Lane.CONTROL, TOPIC, new byte[0]));
        }
        judge(members).forEach(id -> Thread.ofVirtual().name("knock").start(() -> knock(id)));
        return !members.isEmpty();
    }

    private void knock(String nodeId) {
        long began = ticker.nanos();
        Presence found = network.knock(nodeId, ANSWER);
        knocked(nodeId, began, found);
    }

    private synchronized void knocked(String nodeId, long began, Presence found) {
        long now = ticker.nanos();
        boolean isLate = now - began > ANSWER.toNanos() + STALLED;
        Pulse pulse = pulses.get(nodeId);
        if (pulse != null) {
            pulse.knocked(began, now, isLate && found == Presence.SILENT ? null : found);
        }
    }

    /** Who is missing, and who is to be dialled. */
    private synchronized List<String> judge(Set<String> members) {
        long now = ticker.nanos();
        boolean stalled = now - lastLook > STALLED;
        lastLook = now;
        pulses.keySet().retainAll(members);
        if (stalled) {
            pulses.values().forEach(pulse -> pulse.forgive(now));
        }
        Set<String> silent = new TreeSet<>();
        List<String> suspects = new ArrayList<>();
        pulses.forEach((id, pulse) -> {
            if (pulse.mayKnock(now)) {
                suspects.add(id);
            }
            if (pulse.isMissing(now)) {
                silent.add(id);
            }
        });
        if (!silent.equals(missing)) {
            LOGGER.log(System.Logger.Level.INFO, "nodes missed nodes=" + silent);
            missing = silent;
        }
        return suspects;
    }

    /** Whether a node that was heard before has fallen silent. */
    boolean isMissing(String nodeId) {
        return missing.contains(nodeId);
    }
}
