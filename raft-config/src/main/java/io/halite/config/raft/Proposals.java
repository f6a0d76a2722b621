package io.halite.config.raft;

import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.document.ConfigObjects;
import io.halite.config.document.ObjectKey;
import io.halite.config.store.Command;
import io.halite.config.store.Command.Change;
import io.halite.config.store.Command.Change.AdminChange;
import io.halite.config.store.Command.Change.ObjectChange;
import io.halite.config.store.Command.Change.SystemChange;
import io.halite.config.store.Command.Compare;
import io.halite.config.store.Content;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Turns what someone wants into the command that the log takes. Stateless. */
final class Proposals {
    /** Every command so far can be applied by every version so far. */
    private static final int FEATURE_LEVEL = 1;

    private Proposals() {}

    /** The command of a proposal, given what is in force here. */
    static Command command(Proposal proposal, Content content) {
        return switch (proposal) {
            case Proposal.Replace replace -> new Command(FEATURE_LEVEL, replace.origin(),
                    replace.expected().number(),
                    replace.rollbackOf() == null ? null : replace.rollbackOf().number(), List.of(),
                    // From another base the changes would mean something else, and the leader will refuse them anyway.
                    isBase(replace.expected(), content) ? changes(replace.desired(), content) : List.of());
            case Proposal.Restore restore -> new Command(FEATURE_LEVEL, restore.origin(),
                    restore.expected().number(), null, List.of(),
                    isBase(restore.expected(), content) ? changes(restore, content) : List.of());
            case Proposal.SetAdminState set -> command(set.origin(), List.of(), set.targets().stream()
                    .<Change>map(target -> new AdminChange(target, set.state())).toList());
            case Proposal.PutSystem put -> command(put.origin(),
                    put.onlyIfAbsent() ? List.of(new Compare(put.key(), null)) : List.of(),
                    List.of(new SystemChange(put.key(), put.value())));
            case Proposal.SystemTransaction transaction -> {
                List<Compare> compares = new ArrayList<>();
                transaction.expected().forEach((key, value) -> compares.add(new Compare(key, value)));
                List<Change> changes = new ArrayList<>();
                transaction.puts().forEach((key, value) -> changes.add(new SystemChange(key, value)));
                yield command(transaction.origin(), compares, changes);
            }
        };
    }

    private static Command command(Origin origin, List<Compare> compares, List<Change> changes) {
        return new Command(FEATURE_LEVEL, origin, null, null, compares, changes);
    }

    /** Whether a proposal was made from what is in force here. */
    static boolean isBase(Revision expected, Content content) {
        return expected.equals(content.state().revision());
    }

    private static List<Change> changes(Proposal.Restore restore, Content content) {
        List<Change> changes = changes(restore.desired(), content);
        restore.adminStates().forEach((target, state) -> changes.add(new AdminChange(target, state)));
        restore.records().forEach((key, value) -> changes.add(new SystemChange(key, value)));
        return changes;
    }

    private static List<Change> changes(ClusterConfig config, Content content) {
        SortedMap<ObjectKey, String> desired = ConfigObjects.encode(config);
        List<Change> changes = new ArrayList<>();
        for (ObjectKey key : content.objects().keySet()) {
            if (!desired.containsKey(key)) {
                changes.add(new ObjectChange(key, null));
            }
        }
        desired.forEach((key, json) -> {
            if (!json.equals(content.objects().get(key))) {
                changes.add(new ObjectChange(key, json));
            }
        });
        return changes;
    }
}
