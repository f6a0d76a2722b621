package io.halite.admin.api;

import io.halite.admin.confirm.PendingConfirmation;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.ProblemBody;
import io.halite.admin.node.ClusterView;
import io.halite.admin.node.NodeView;
import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.Revision;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Proposes a change of the config as a call wants it, and tells where it is at work. Safe for use by many threads. */
public final class Changes {
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(5);
    private static final Duration MAX_WAIT = Duration.ofSeconds(50);
    private static final Duration MIN_CONFIRM = Duration.ofSeconds(1);
    private static final Duration MAX_CONFIRM = Duration.ofHours(24);

    private final ConfigStore store;
    private final NodeView node;
    private final ClusterView cluster;
    private final PendingConfirmation confirmation;

    public Changes(ConfigStore store, NodeView node, ClusterView cluster, PendingConfirmation confirmation) {
        this.store = store;
        this.node = node;
        this.cluster = cluster;
        this.confirmation = confirmation;
    }

    /**
     * A config that shall become the current one.
     *
     * @param base the revision that it was made from
     * @param rollbackOf the revision that it restores, or null
     * @param warnings what there is to say of it although it is valid
     */
    record Change(Revision base, ClusterConfig desired, @Nullable Revision rollbackOf, List<Problem> warnings) {}

    /** Proposes a change, or only tells what it would do when the call is a dry run. */
    Answer propose(Call call, Change change) {
        Optional<Duration> confirmWithin = call.duration("confirmWithin", MIN_CONFIRM, MAX_CONFIRM);
        Duration wait = call.duration("wait", Duration.ZERO, MAX_WAIT).orElse(DEFAULT_WAIT);
        boolean everywhere = call.parsed("waitFor",
                text -> Optional.of(text).filter(t -> t.equals("node") || t.equals("cluster")),
                "write node or cluster").filter(text -> text.equals("cluster")).isPresent();
        if (call.flag("dryRun")) {
            return dryRun(change);
        }
        Proposal.Replace proposal =
                new Proposal.Replace(change.base(), change.desired(), change.rollbackOf(), origin(call, change));
        ProposalResult result = confirmWithin.isPresent()
                ? confirmation.propose(proposal, confirmWithin.get()) : confirmation.propose(proposal);
        ProposalResult.Committed committed = committed(result);
        boolean live = everywhere ? cluster.awaitActive(committed.revision(), wait)
                : node.awaitActive(committed.revision(), wait);
        Tree.MappingBuilder answer = Tree.mapping().put("revision", committed.revision().number())
                .put("changed", committed.changed()).put("active", live);
        appliedBy(committed.revision(), answer);
        confirmWithin.ifPresent(limit -> answer.put("confirmBefore", call.time().plus(limit).toString()));
        return Answer.of(answer.put("warnings", ProblemBody.errors(change.warnings())).build())
                .at(committed.revision());
    }

    private static Origin origin(Call call, Change change) {
        Origin origin = call.origin();
        boolean named = !origin.reason().isEmpty() || change.rollbackOf() == null;
        return named ? origin : new Origin(
                origin.author(), "rollback to revision " + change.rollbackOf(), origin.time(), origin.requestId());
    }

    private Answer dryRun(Change change) {
        Revision current = store.current().revision();
        if (!change.base().equals(current)) {
            throw stale(current);
        }
        Diff diff = Diff.of(store.current().config(), change.desired(), "revision " + current, "dry run");
        return Answer.of(diff.into(Tree.mapping().put("revision", current.number()).put("changed", diff.isChange())
                .put("dryRun", true)).put("warnings", ProblemBody.errors(change.warnings())).build()).at(current);
    }

    /** Which nodes work by a revision, which do not yet, and what each could not put to work. */
    private void appliedBy(Revision revision, Tree.MappingBuilder answer) {
        List<String> active = new ArrayList<>();
        List<String> pending = new ArrayList<>();
        List<Tree> failures = new ArrayList<>();
        for (ClusterView.Member member : cluster.members()) {
            boolean isActive = member.activeRevision().compareTo(revision) >= 0;
            (isActive ? active : pending).add(member.name());
            if (!isActive) {
                // What it says is about what it works by still.
                continue;
            }
            member.failures().forEach(failure -> failures.add(Tree.mapping().put("node", member.name())
                    .put("object", failure.object()).put("code", failure.code()).put("message", failure.message())
                    .build()));
        }
        answer.put("activeOn", Tree.texts(active)).put("pendingOn", Tree.texts(pending))
                .put("failures", Tree.list(failures));
    }

    /** The commit of a proposal; every other fate is a problem. */
    static ProposalResult.Committed committed(ProposalResult result) {
        return switch (result) {
            case ProposalResult.Committed committed -> committed;
            case ProposalResult.Stale(Revision current) -> throw stale(current);
            case ProposalResult.Refused(String message, String hint) ->
                    throw ApiProblem.of(422, "REFUSED", message, hint);
            case ProposalResult.Unavailable(String message, String hint, boolean outcomeKnown) ->
                    throw ApiProblem.of(503, outcomeKnown ? "UNAVAILABLE" : "OUTCOME_UNKNOWN", message, hint)
                            .with("Retry-After", "2");
        };
    }

    static ApiProblem stale(Revision current) {
        return ApiProblem.of(412, "STALE_REVISION", "the config has changed since: it is at revision " + current,
                "look at what changed, then try again from there").with("ETag", "\"" + current + "\"");
    }
}
