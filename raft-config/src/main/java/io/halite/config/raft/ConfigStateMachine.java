package io.halite.config.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.halite.config.store.CommandCodec;
import io.halite.config.store.ReplicatedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies the committed log to the state, in batches: all commands of a batch become visible together, once they are
 * on disk. Called by JRaft's applying thread.
 */
final class ConfigStateMachine extends StateMachineAdapter {
    private static final System.Logger LOGGER = System.getLogger(ConfigStateMachine.class.getName());
    private static final String FILE = "state";

    private final ReplicatedState state;
    private final RaftServices services;
    private final RaftEvents events;
    private final int featureLevel;
    private volatile String damage = "";

    ConfigStateMachine(ReplicatedState state, RaftServices services, RaftEvents events, int featureLevel) {
        this.state = state;
        this.services = services;
        this.events = events;
        this.featureLevel = featureLevel;
    }

    @Override
    public void onApply(Iterator entries) {
        List<Closure> waiting = new ArrayList<>();
        long index = 0;
        long term = 0;
        try {
            while (entries.hasNext()) {
                Closure done = entries.done();
                if (done != null) {
                    waiting.add(done);
                }
                index = entries.getIndex();
                term = entries.getTerm();
                apply(entries.getData(), index, done);
                entries.next();
            }
            if (services.awaitSynced(index)) {
                state.commit(term);
                events.applied(state.content());
                waiting.forEach(done -> done.run(Status.OK()));
                return;
            }
            stop(entries, waiting, "this node's log could not be synced");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop(entries, waiting, "this node is stopping");
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "apply failed index=" + index, e);
            stop(entries, waiting, String.valueOf(e.getMessage()));
        }
    }

    private void apply(ByteBuffer data, long index, @Nullable Closure done) {
        byte[] bytes = new byte[data.remaining()];
        // The buffer is the log entry's own, which may still be on its way to other nodes: its position must stay.
        data.duplicate().get(bytes);
        var outcome = state.apply(CommandCodec.decode(bytes, featureLevel), index);
        if (done instanceof ProposalClosure proposal) {
            outcome.ifPresent(proposal::outcome);
        }
    }

    /** Never goes on past an entry that could not be applied: the node stops, and says so. */
    private static void stop(Iterator entries, List<Closure> waiting, String why) {
        Status status = new Status(RaftError.ESTATEMACHINE, "%s", why);
        entries.setErrorAndRollback(1, status);
        waiting.forEach(done -> done.run(status));
    }

    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        ReplicatedState.SavedState saved = state.save();
        Thread.ofPlatform().daemon().name("raft-snapshot").start(() -> {
            Status status = Status.OK();
            try (saved) {
                saved.write(Path.of(writer.getPath(), FILE));
                if (!writer.addFile(FILE)) {
                    status = new Status(RaftError.EIO, "the Raft snapshot's file could not be added");
                }
            } catch (IOException | UncheckedIOException | IllegalStateException e) {
                LOGGER.log(System.Logger.Level.ERROR, "raft snapshot not saved error=" + e.getMessage());
                status = new Status(RaftError.EIO, "%s", String.valueOf(e.getMessage()));
            }
            done.run(status);
        });
    }

    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        SnapshotMeta meta = reader.load();
        if (meta.getLastIncludedIndex() <= state.content().applied()) {
            return true;
        }
        try {
            state.load(Path.of(reader.getPath(), FILE));
            events.applied(state.content());
            return true;
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            LOGGER.log(System.Logger.Level.ERROR, "raft snapshot not loaded error=" + e.getMessage());
            damage = String.valueOf(e.getMessage());
            return false;
        }
    }

    /** Why the Raft snapshot could not be loaded; empty when it was. */
    String damage() {
        return damage;
    }

    @Override
    public void onLeaderStart(long term) {
        events.leading(term);
    }

    @Override
    public void onLeaderStop(Status status) {
        events.notLeading();
    }

    @Override
    public void onStartFollowing(LeaderChangeContext context) {
        events.following(context.getLeaderId().getIp(), context.getTerm());
    }

    @Override
    public void onStopFollowing(LeaderChangeContext context) {
        events.leaderless();
    }

    @Override
    public void onError(RaftException error) {
        events.failed(error.getType() + ": " + error.getStatus().getErrorMsg());
    }
}
