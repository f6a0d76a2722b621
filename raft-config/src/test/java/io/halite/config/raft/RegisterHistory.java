package io.halite.config.raft;

import io.halite.config.raft.LinearizabilityChecker.Model;
import io.halite.config.raft.LinearizabilityChecker.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What clients did to the two registers that a store is: the config, which is changed from a revision and counts, and a
 * record, which is put. The number in a config or a record is written once only, so that it tells who wrote it. Safe for
 * use by many threads.
 */
final class RegisterHistory {
    private final List<Operation<ConfigOperation>> configs = new ArrayList<>();
    private final List<Operation<RecordOperation>> records = new ArrayList<>();

    /** The config as of a revision. */
    record Config(long revision, int number) {
        static final Config NONE = new Config(0, -1);
    }

    /** An operation on the config with its outcome. */
    sealed interface ConfigOperation {
        /** A change from a revision; the outcome is not known. */
        record Change(long expected, int number) implements ConfigOperation {}

        /** A change from a revision that was acknowledged. */
        record Changed(long expected, int number, long revision) implements ConfigOperation {}

        /** A change that was refused, because another revision was current. */
        record Stale(long expected, long current) implements ConfigOperation {}

        /** What was read. */
        record Read(Config config) implements ConfigOperation {}
    }

    /** An operation on the record with its outcome. */
    sealed interface RecordOperation {
        record Put(int number) implements RecordOperation {}

        record Read(int number) implements RecordOperation {}
    }

    static final Model<Config, ConfigOperation> CONFIG = (state, operation) -> switch (operation) {
        case ConfigOperation.Change(long expected, int number) -> Optional.of(
                state.revision() == expected ? new Config(expected + 1, number) : state);
        case ConfigOperation.Changed(long expected, int number, long revision) ->
                state.revision() == expected && revision == expected + 1
                        ? Optional.of(new Config(revision, number)) : Optional.empty();
        case ConfigOperation.Stale(long expected, long current) ->
                state.revision() == current && expected != current ? Optional.of(state) : Optional.empty();
        case ConfigOperation.Read(Config config) -> state.equals(config) ? Optional.of(state) : Optional.empty();
    };

    static final Model<Integer, RecordOperation> RECORD = (state, operation) -> switch (operation) {
        case RecordOperation.Put(int number) -> Optional.of(number);
        case RecordOperation.Read(int number) -> state == number ? Optional.of(state) : Optional.empty();
    };

    synchronized void add(ConfigOperation what, long called, long returned) {
        configs.add(new Operation<>(what, called, returned));
    }

    synchronized void add(RecordOperation what, long called, long returned) {
        records.add(new Operation<>(what, called, returned));
    }

    /** How many changes of the config were acknowledged. */
    synchronized long acknowledged() {
        return configs.stream().filter(operation -> operation.what() instanceof ConfigOperation.Changed).count();
    }

    synchronized int size() {
        return configs.size() + records.size();
    }

    /**
     * What is wrong, given what the cluster holds in the end; empty when nothing is.
     *
     * @param kept the number of each revision
     */
    synchronized List<String> problems(Map<Long, Integer> kept) {
        List<String> problems = new ArrayList<>();
        Set<Integer> numbers = new TreeSet<>();
        kept.forEach((revision, number) -> {
            if (!numbers.add(number)) {
                problems.add("change " + number + " was applied twice, the second time as revision " + revision);
            }
        });
        for (Operation<ConfigOperation> operation : configs) {
            if (operation.what() instanceof ConfigOperation.Changed(long expected, int number, long revision)
                    && !Integer.valueOf(number).equals(kept.get(revision))) {
                problems.add("revision " + revision + " was acknowledged for change " + number + " made from " + expected
                        + ", and is now that of change " + kept.get(revision));
            }
        }
        if (!LinearizabilityChecker.isLinearizable(relevantConfigs(numbers), Config.NONE, CONFIG)) {
            problems.add("the history of the config is not linearizable");
        }
        if (!LinearizabilityChecker.isLinearizable(relevantRecords(), -1, RECORD)) {
            problems.add("the history of the record is not linearizable");
        }
        return problems;
    }

    /** Without changes of unknown outcome that left no trace: they would only multiply the possibilities. */
    private List<Operation<ConfigOperation>> relevantConfigs(Set<Integer> numbers) {
        return configs.stream().filter(operation -> !(operation.what() instanceof ConfigOperation.Change change)
                || numbers.contains(change.number())).toList();
    }

    private List<Operation<RecordOperation>> relevantRecords() {
        Set<Integer> read = new TreeSet<>();
        records.forEach(operation -> {
            if (operation.what() instanceof RecordOperation.Read(int number)) {
                read.add(number);
            }
        });
        return records.stream().filter(operation -> operation.returned() != LinearizabilityChecker.NEVER
                || !(operation.what() instanceof RecordOperation.Put put) || read.contains(put.number())).toList();
    }
}
