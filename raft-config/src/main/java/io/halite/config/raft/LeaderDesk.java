package io.halite.config.raft;

import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import io.halite.config.peer.IncomingRequest;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerNetwork.Lane;
import io.halite.config.peer.Reply;
import io.halite.config.raft.Submission.Done;
import io.halite.config.raft.Submission.Failed;
import io.halite.config.store.CommandOutcome;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries commands to the leader: into this node's own log when it leads, over the link to the leader when not; and
 * takes in those of other nodes. Safe for use by many threads.
 */
final class LeaderDesk {
    private static final String TOPIC = "propose";
    private static final int OUTCOME = 1;
    private static final int WHY = 2;
    private static final int MAY_HAVE_HAPPENED = 3;

    private final PeerNetwork network;
    private final Supplier<@Nullable RaftNode> raft;

    LeaderDesk(PeerNetwork network, Supplier<@Nullable RaftNode> raft) {
        this.network = network;
        this.raft = raft;
    }

    void open() {
        network.handle(TOPIC, this::take);
    }

    private void take(IncomingRequest request) {
        submitHere(request.payload(), submission -> request.answer(encode(submission)));
    }

    private static byte[] encode(Submission submission) {
        return switch (submission) {
            case Done done -> new RecordWriter().bytes(OUTCOME, done.outcome().encode()).toBytes();
            case Failed failed -> new RecordWriter().text(WHY, failed.why())
                    .flag(MAY_HAVE_HAPPENED, failed.mayHaveHappened()).toBytes();
        };
    }

    private static Submission decode(byte[] bytes) {
        RecordReader record = RecordReader.of(bytes);
        return record.has(OUTCOME)
                ? new Done(CommandOutcome.decode(record.bytes(OUTCOME)))
                : new Failed(record.text(WHY), record.flag(MAY_HAVE_HAPPENED));
    }

    /** Carries a command to this node or another, and waits. */
    Submission submit(String leader, byte[] command, Duration limit) throws InterruptedException {
        BlockingQueue<Submission> answer = new LinkedBlockingQueue<>();
        if (leader.equals(network.self())) {
            submitHere(command, answer::add);
        } else {
            network.request(leader, Lane.CONTROL, TOPIC, command, limit, reply -> answer.add(read(reply)));
        }
        Submission submission = answer.poll(limit.toMillis() + 1, TimeUnit.MILLISECONDS);
        return submission == null ? new Failed("no answer in time", true) : submission;
    }

    private static Submission read(Reply reply) {
        try {
            return switch (reply) {
                case Reply.Answer answer -> decode(answer.payload());
                case Reply.Failure failure -> new Failed(failure.message(),
                        failure.kind() == Reply.Kind.UNKNOWN || failure.kind() == Reply.Kind.TIMED_OUT);
            };
        } catch (IllegalArgumentException e) {
            return new Failed("the leader's answer makes no sense: " + e.getMessage(), true);
        }
    }

    private void submitHere(byte[] command, Consumer<Submission> callback) {
        RaftNode node = raft.get();
        if (node == null) {
            callback.accept(new Failed("Raft does not run on this node", false));
            return;
        }
        node.apply(command, new ProposalClosure((outcome, status) -> callback.accept(outcome == null
                ? new Failed(String.valueOf(status.getErrorMsg()), mayHaveHappened(status))
                : new Done(outcome))));
    }

    /** JRaft uses the same code for a proposal it never took and for one it lost with the leadership. */
    private static boolean mayHaveHappened(Status status) {
        boolean neverTaken = status.getRaftError() == RaftError.EBUSY
                || "Is not leader.".equals(status.getErrorMsg());
        return !neverTaken;
    }
}
