package io.halite.admin.confirm;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Commit-confirm: a change that asks for it goes back to the last confirmed revision unless it is confirmed in time,
 * so that a change which cuts off its author mends itself.
 *
 * <p>The record of a pending change is written to the store <em>before</em> the change is proposed, and tells by a
 * digest whether the revision that then came was the one it is about. So nothing is lost when a node stops in between,
 * and the timer survives restarts and failovers: whichever node leads when the deadline passes restores the base.
 *
 * <p>A change without a deadline that follows confirms the pending one, as does {@link #confirm}. One with a deadline
 * takes over its base, so that the way back always leads to a confirmed state. Safe for use by many threads.
 */
public final class PendingConfirmation implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(PendingConfirmation.class.getName());
    private static final String KEY = "confirm/";
    private static final String AUTHOR = "halite";
    private static final Duration TICK = Duration.ofMillis(500);

    private final ConfigStore store;
    private final InstantSource time;
    private final CountDownLatch closed = new CountDownLatch(1);

    public PendingConfirmation(ConfigStore store, InstantSource time) {
        this.store = store;
        this.time = time;
    }

    /** Watches the deadlines until this is closed. */
    public void start() {
        Thread.ofVirtual().name("commit-confirm").start(() -> {
            try {
                while (!closed.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                    undoOverdue();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Proposes a change that needs no confirmation; it confirms one that is pending. */
    public ProposalResult propose(Proposal.Replace proposal) {
        ProposalResult result = store.propose(proposal);
        if (result instanceof ProposalResult.Committed(Revision revision, boolean changed) && changed) {
            removeBelow(revision, proposal.origin().author());
        }
        return result;
    }

    /** Proposes a change that goes back by itself after this time. */
    public ProposalResult propose(Proposal.Replace proposal, Duration within) {
        Origin origin = proposal.origin();
        Revision base = pending().map(Pending::base).orElse(proposal.expected());
        Pending pending = new Pending(proposal.expected().next(), base, origin.time().plus(within), origin.author(),
                Pending.digest(proposal.desired()));
        String key = KEY + pending.revision() + "/" + origin.requestId();
        String before = store.system(key).orElse(null);
        ProposalResult recorded = put(key, pending.encode(), origin.author());
        if (!(recorded instanceof ProposalResult.Committed)) {
            return recorded;
        }
        ProposalResult result = store.propose(proposal);
        switch (result) {
            case ProposalResult.Committed(Revision revision, boolean changed) when changed ->
                    removeBelow(revision, origin.author());
            case ProposalResult.Unavailable unavailable when !unavailable.outcomeKnown() -> {
                // It may have been committed: then the record is needed.
            }
            default -> put(key, before, origin.author());
        }
        return result;
    }

    /** What waits for its confirmation now. */
    public Optional<Pending> pending() {
        ConfigState state = store.current();
        for (String record : store.systemRecords(KEY + state.revision() + "/").values()) {
            Pending pending = Pending.decode(record);
            if (pending != null && pending.isAbout(state.revision(), state.config())) {
                return Optional.of(pending);
            }
        }
        return Optional.empty();
    }

    /** Confirms a revision; empty when it does not wait for that. */
    public Optional<ProposalResult> confirm(Revision revision, String author) {
        if (pending().filter(pending -> pending.revision().equals(revision)).isEmpty()) {
            return Optional.empty();
        }
        ProposalResult result = new ProposalResult.Committed(revision, false);
        for (String key : store.systemRecords(KEY + revision + "/").keySet()) {
            result = put(key, null, author);
            if (!(result instanceof ProposalResult.Committed)) {
                return Optional.of(result);
            }
        }
        return Optional.of(result);
    }

    private void removeBelow(Revision revision, String author) {
        for (Map.Entry<String, String> record : store.systemRecords(KEY).entrySet()) {
            Pending pending = Pending.decode(record.getValue());
            if (pending == null || pending.revision().compareTo(revision) < 0) {
                put(record.getKey(), null, author);
            }
        }
    }

    private ProposalResult put(String key, @Nullable String value, String author) {
        return store.propose(new Proposal.PutSystem(key, value, false,
                new Origin(author, "commit-confirm", time.instant(), UUID.randomUUID().toString())));
    }

    /** On the leader, undoes what was not confirmed in time, and drops records that are about nothing any more. */
    void undoOverdue() {
        if (!store.leadership().leading()) {
            return;
        }
        for (Map.Entry<String, String> record : store.systemRecords(KEY).entrySet()) {
            Pending pending = Pending.decode(record.getValue());
            ConfigState state = store.current();
            if (pending != null && pending.revision().compareTo(state.revision()) >= 0
                    && time.instant().isBefore(pending.deadline())) {
                continue;
            }
            boolean settled = pending == null || !pending.isAbout(state.revision(), state.config())
                    || undone(pending);
            if (settled) {
                put(record.getKey(), null, AUTHOR);
            }
        }
    }

    /** Whether that is settled, one way or the other. */
    private boolean undone(Pending pending) {
        ClusterConfig base = store.at(pending.base()).orElse(null);
        if (base == null) {
            LOGGER.log(System.Logger.Level.ERROR, "unconfirmed revision cannot be undone revision="
                    + pending.revision() + " cause=revision " + pending.base() + " is no longer kept");
            return true;
        }
        String reason = "revision " + pending.revision() + " was not confirmed in time";
        ProposalResult result = store.propose(new Proposal.Replace(pending.revision(), base, pending.base(),
                new Origin(AUTHOR, reason, time.instant(), UUID.randomUUID().toString())));
        if (result instanceof ProposalResult.Committed(Revision revision, boolean ignored)) {
            LOGGER.log(System.Logger.Level.INFO, "unconfirmed revision undone revision=" + pending.revision()
                    + " restored=" + pending.base() + " as=" + revision);
        }
        return !(result instanceof ProposalResult.Unavailable);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
