package io.halite.config.raft;

import io.halite.config.Revision;
import io.halite.config.Ticker;
import io.halite.config.raft.Submission.Done;
import io.halite.config.raft.Submission.Failed;
import io.halite.config.store.Command;
import io.halite.config.store.CommandCodec;
import io.halite.config.store.CommandOutcome;
import io.halite.config.store.Content;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.ProposalResult.Committed;
import io.halite.config.store.ProposalResult.Refused;
import io.halite.config.store.ProposalResult.Stale;
import io.halite.config.store.ProposalResult.Unavailable;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Brings a proposal to its end: finds the leader, submits, and submits the same request again where the answer was
 * lost with a leader; the request's id makes that apply once. Safe for use by many threads.
 */
final class Proposer {
    /** What the log takes in one entry, packed. The link between nodes carries a little more. */
    static final int MAX_COMMAND = 16 << 20;
    private static final int MAX_UNDER_WAY = 512;
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

    private final LeaderDesk desk;
    private final Standing standing;
    private final ReadBarrier barrier;
    private final Supplier<Content> content;
    private final Ticker ticker;
    private final Duration limit;
    private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);

    Proposer(LeaderDesk desk, Standing standing, ReadBarrier barrier, Supplier<Content> content, Ticker ticker,
            Duration limit) {
        this.desk = desk;
        this.standing = standing;
        this.barrier = barrier;
        this.content = content;
        this.ticker = ticker;
        this.limit = limit;
    }

    ProposalResult propose(Proposal proposal) throws InterruptedException {
        if (!underWay.tryAcquire()) {
            return new Unavailable("too many changes are under way", "try again", true);
        }
        try {
            return carryOut(proposal, new Deadline(ticker, limit));
        } finally {
            underWay.release();
        }
    }

    private ProposalResult carryOut(Proposal proposal, Deadline deadline) throws InterruptedException {
        if (proposal instanceof Proposal.Replace replace) {
            if (replace.expected().compareTo(content.get().state().revision()) > 0) {
                // Made from a revision that has not come here yet.
                barrier.await(deadline);
            }
            if (changesNothing(replace) && barrier.await(deadline) && changesNothing(replace)) {
                return new Committed(replace.expected(), false);
            }
        }
        if (proposal instanceof Proposal.Restore restore
                && restore.expected().compareTo(content.get().state().revision()) > 0) {
            barrier.await(deadline);
        }
        Command command = named(Proposals.command(proposal, content.get()));
        byte[] bytes = CommandCodec.encode(command);
        if (bytes.length > MAX_COMMAND) {
            return new Refused("the change is too large: " + bytes.length + " bytes packed",
                    "at most " + MAX_COMMAND + " are stored at once; apply it in parts");
        }
        return result(proposal, submit(bytes, deadline), deadline);
    }

    private boolean changesNothing(Proposal.Replace replace) {
        Content now = content.get();
        return Proposals.isBase(replace.expected(), now) && Proposals.command(replace, now).changes().isEmpty();
    }

    /** A request without a name cannot be sent twice, so it gets one. */
    private static Command named(Command command) {
        Origin origin = command.origin();
        if (!origin.requestId().isEmpty()) {
            return command;
        }
        return new Command(command.featureLevel(),
                new Origin(origin.author(), origin.reason(), origin.time(), UUID.randomUUID().toString()),
                command.expected(), command.rollbackOf(), command.compares(), command.changes());
    }

    private Submission submit(byte[] command, Deadline deadline) throws InterruptedException {
        boolean mayHaveHappened = false;
        String why = "no leader is known";
        while (!deadline.isOver()) {
            if (!standing.awaitLeader(deadline.left())) {
                break;
            }
            String leader = standing.now().leader();
            if (leader.isEmpty()) {
                continue;
            }
            Submission submission = desk.submit(leader, command, deadline.leftAsDuration());
            if (submission instanceof Done) {
                return submission;
            }
            if (submission instanceof Failed failed) {
                why = failed.why();
                mayHaveHappened |= failed.mayHaveHappened();
                standing.awaitOtherLeader(leader, Math.min(RETRY_PAUSE.toNanos(), deadline.left()));
            }
        }
        return new Failed(why, mayHaveHappened);
    }

    private ProposalResult result(Proposal proposal, Submission submission, Deadline deadline)
            throws InterruptedException {
        return switch (submission) {
            case Done done -> {
                // Whoever proposed here reads here, and shall see it.
                standing.awaitApplied(done.outcome().index(), deadline.left());
                yield result(proposal, done.outcome());
            }
            case Failed failed -> unavailable(failed);
        };
    }

    private static ProposalResult result(Proposal proposal, CommandOutcome outcome) {
        Revision revision = new Revision(outcome.revision());
        return switch (outcome.kind()) {
            case APPLIED -> new Committed(revision, true);
            case UNCHANGED -> new Committed(revision, false);
            case STALE -> new Stale(revision);
            case CONDITION_FAILED -> proposal instanceof Proposal.PutSystem
                    ? new Committed(revision, false)
                    : new Stale(revision);
        };
    }

    private Unavailable unavailable(Failed failed) {
        Standing.Moment now = standing.now();
        String hint = failed.mayHaveHappened() ? "it may still take effect: look before trying again" : "try again";
        if (!now.failure().isEmpty()) {
            return new Unavailable("the store has stopped on this node: " + now.failure(),
                    now.wayOut(), !failed.mayHaveHappened());
        }
        if (now.leader().isEmpty()) {
            return new Unavailable("the cluster has no leader: too few voters are up or reachable",
                    "bring voters back, or see: halite cluster recover", !failed.mayHaveHappened());
        }
        return new Unavailable(failed.why(), hint, !failed.mayHaveHappened());
    }
}
