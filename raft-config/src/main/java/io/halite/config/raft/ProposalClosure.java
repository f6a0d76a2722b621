package io.halite.config.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import io.halite.config.store.CommandOutcome;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Waits for what becomes of one proposal that this node leads. Written by the applying thread. */
final class ProposalClosure implements Closure {
    private final BiConsumer<@Nullable CommandOutcome, Status> done;
    private @Nullable CommandOutcome outcome;

    /** The outcome is null exactly when the status is not OK. */
    ProposalClosure(BiConsumer<@Nullable CommandOutcome, Status> done) {
        this.done = done;
    }

    void outcome(CommandOutcome applied) {
        this.outcome = applied;
    }

    @Override
    public void run(Status status) {
        done.accept(status.isOk() ? outcome : null, status);
    }
}
