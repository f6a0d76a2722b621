package io.halite.proxy.relay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The connections of a listener that are to end by themselves, and when they are ended if they have not. Confined to the
 * thread of its loop.
 */
public final class Departures {
    private final Loop loop;
    private final Map<Connection, Round> rounds = new HashMap<>();

    /** Departures of connections of this loop. */
    public Departures(Loop loop) {
        this.loop = loop;
    }

    /** Those of them that have no deadline yet get this one, in nanoseconds from now. */
    public void expect(Collection<Connection> leaving, long nanos) {
        Round round = new Round();
        for (Connection connection : leaving) {
            if (rounds.putIfAbsent(connection, round) == null) {
                round.waiting.add(connection);
            }
        }
        if (!round.waiting.isEmpty()) {
            loop.deadline(round, nanos);
        }
    }

    /** A connection has ended. */
    public void ended(Connection connection) {
        Round round = rounds.remove(connection);
        if (round != null) {
            round.waiting.remove(connection);
            if (round.waiting.isEmpty()) {
                loop.cancel(round);
            }
        }
    }

    /** All of them may stay. */
    public void cancel() {
        rounds.values().forEach(loop::cancel);
        rounds.clear();
    }

    /** Connections that have the same deadline. */
    private final class Round extends Timed {
        private final Set<Connection> waiting = new HashSet<>();

        @Override
        protected void expired() {
            loop.end(new ArrayList<>(waiting));
        }
    }
}
