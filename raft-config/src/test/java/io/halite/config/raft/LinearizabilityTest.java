package io.halite.config.raft;

import static io.halite.config.raft.LinearizabilityChecker.NEVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.raft.LinearizabilityChecker.Operation;
import io.halite.config.raft.RegisterHistory.Config;
import io.halite.config.raft.RegisterHistory.ConfigOperation;
import io.halite.config.raft.RegisterHistory.ConfigOperation.Change;
import io.halite.config.raft.RegisterHistory.ConfigOperation.Changed;
import io.halite.config.raft.RegisterHistory.ConfigOperation.Stale;
import io.halite.config.raft.RegisterHistory.RecordOperation;
import io.halite.config.raft.RegisterHistory.RecordOperation.Put;
import io.halite.config.raft.RegisterHistory.RecordOperation.Read;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The judge is judged: it must pass what can have happened, and must not pass what cannot. */
class LinearizabilityTest {

    private static Operation<RecordOperation> op(RecordOperation what, long called, long returned) {
        return new Operation<>(what, called, returned);
    }

    private static Operation<ConfigOperation> op(ConfigOperation what, long called, long returned) {
        return new Operation<>(what, called, returned);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // Only read.
    private static boolean records(Operation<RecordOperation>... history) {
        return LinearizabilityChecker.isLinearizable(List.of(history), -1, RegisterHistory.RECORD);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // Only read.
    private static boolean configs(Operation<ConfigOperation>... history) {
        return LinearizabilityChecker.isLinearizable(List.of(history), Config.NONE, RegisterHistory.CONFIG);
    }

    @Test
    void whatCanHaveHappenedPasses() {
        assertTrue(records());
        assertTrue(records(op(new Put(1), 0, 1), op(new Read(1), 2, 3)));
        assertTrue(records(op(new Put(1), 0, 5), op(new Read(-1), 1, 2), op(new Read(1), 3, 4)), "during the put");
        assertTrue(records(op(new Put(1), 0, 9), op(new Put(2), 0, 9), op(new Read(2), 1, 2), op(new Read(1), 3, 4)));
        assertTrue(records(op(new Put(1), 0, NEVER), op(new Read(-1), 1, 2), op(new Read(1), 5, 6)), "late effect");
        assertTrue(records(op(new Put(1), 0, NEVER), op(new Read(-1), 1, 2)), "no effect");
        assertTrue(configs(op(new Changed(0, 7, 1), 0, 3), op(new Stale(0, 1), 1, 4),
                op(new ConfigOperation.Read(new Config(1, 7)), 2, 5)));
        assertTrue(configs(op(new Change(0, 7), 0, NEVER), op(new Changed(1, 8, 2), 5, 6)), "the unknown one happened");
    }

    @Test
    void whatCannotHaveHappenedDoesNot() {
        assertFalse(records(op(new Put(1), 0, 1), op(new Read(-1), 2, 3)), "a stale read");
        assertFalse(records(op(new Put(1), 0, 1), op(new Put(2), 2, 3), op(new Read(1), 4, 5)), "a lost put");
        assertFalse(records(op(new Put(1), 0, 9), op(new Read(1), 1, 2), op(new Read(-1), 3, 4)), "back in time");
        assertFalse(records(op(new Put(1), 0, 1), op(new Put(2), 2, 3), op(new Read(2), 4, 5), op(new Read(1), 6, 7)),
                "applied twice");
        assertFalse(records(op(new Read(1), 0, 1), op(new Put(1), 2, 3)), "read before it was written");
        assertFalse(records(op(new Read(3), 0, 1)), "nobody wrote it");
        assertFalse(configs(op(new Changed(0, 7, 1), 0, 1), op(new Changed(0, 8, 1), 2, 3)), "one revision twice");
        assertFalse(configs(op(new Changed(0, 7, 1), 0, 9), op(new Changed(0, 8, 1), 0, 9)), "split brain");
        assertFalse(configs(op(new Changed(0, 7, 1), 0, 1), op(new Changed(2, 8, 3), 2, 3)), "a revision of nobody");
        assertFalse(configs(op(new Stale(0, 0), 0, 1)), "stale without reason");
        assertFalse(configs(op(new Changed(0, 7, 1), 0, 1), op(new ConfigOperation.Read(new Config(1, 8)), 2, 3)));
    }

    @Test
    void whatIsKeptInTheEndCountsToo() {
        RegisterHistory history = new RegisterHistory();
        history.add(new Changed(0, 7, 1), 0, 1);
        history.add(new Change(1, 8), 2, NEVER);
        assertEquals(List.of(), history.problems(Map.of(1L, 7)));
        assertEquals(List.of(), history.problems(new TreeMap<>(Map.of(1L, 7, 2L, 8))));
        assertTrue(history.problems(Map.of()).getFirst().contains("revision 1 was acknowledged"));
        assertTrue(history.problems(new TreeMap<>(Map.of(1L, 7, 2L, 7))).getFirst().contains("twice"));
    }

    /** On short random histories, right and wrong ones, it says what trying every order says. */
    @Test
    void itAgreesWithTryingEveryOrder() {
        Random random = new Random(42);
        int possible = 0;
        for (int round = 0; round < 3_000; round++) {
            List<Operation<RecordOperation>> history = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long called = random.nextInt(12);
                long returned = random.nextInt(6) == 0 ? NEVER : called + 1 + random.nextInt(6);
                history.add(op(random.nextBoolean() ? new Put(i) : new Read(random.nextInt(6) - 1), called, returned));
            }
            boolean expected = isPossible(history, new ArrayList<>(), -1);
            possible += expected ? 1 : 0;
            assertEquals(expected, LinearizabilityChecker.isLinearizable(history, -1, RegisterHistory.RECORD),
                    () -> history.toString());
        }
        assertTrue(possible > 300 && possible < 2_700, possible + " of 3000 are possible: the test tells nothing");
    }

    private static boolean isPossible(
            List<Operation<RecordOperation>> left, List<Operation<RecordOperation>> done, int state) {
        if (left.isEmpty()) {
            return true;
        }
        long firstReturn = left.stream().mapToLong(Operation::returned).min().orElse(NEVER);
        for (Operation<RecordOperation> next : left) {
            boolean mayBeNext = next.called() <= firstReturn;
            Optional<Integer> after = mayBeNext ? RegisterHistory.RECORD.after(state, next.what()) : Optional.empty();
            if (after.isPresent()) {
                List<Operation<RecordOperation>> rest = new ArrayList<>(left);
                rest.remove(next);
                if (isPossible(rest, done, after.get())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One register that is really one passes, however it is used; one answer changed at random mostly does not. */
    @Test
    void aRealRegisterPassesAndAFalsifiedOneIsFound() {
        Random random = new Random(7);
        int found = 0;
        for (int round = 0; round < 200; round++) {
            List<Operation<RecordOperation>> history = real(random);
            assertTrue(LinearizabilityChecker.isLinearizable(history, -1, RegisterHistory.RECORD));
            int[] reads = java.util.stream.IntStream.range(0, history.size())
                    .filter(i -> history.get(i).what() instanceof Read).toArray();
            int at = reads[random.nextInt(reads.length)];
            Operation<RecordOperation> read = history.get(at);
            history.set(at, op(new Read(random.nextInt(60) - 1), read.called(), read.returned()));
            found += LinearizabilityChecker.isLinearizable(history, -1, RegisterHistory.RECORD) ? 0 : 1;
        }
        assertTrue(found > 150, "only " + found + " of 200 falsified histories were found");
    }

    private static List<Operation<RecordOperation>> real(Random random) {
        List<Operation<RecordOperation>> history = new ArrayList<>();
        int value = -1;
        for (int i = 0; i < 60; i++) {
            long moment = 10L * i;
            RecordOperation what;
            if (random.nextBoolean()) {
                value = i;
                what = new Put(i);
            } else {
                what = new Read(value);
            }
            history.add(op(what, moment - random.nextInt(25), moment + random.nextInt(25)));
        }
        history.add(op(new Read(value), 600, 601));
        Collections.shuffle(history, random);
        return history;
    }

    @Test
    void theRandomHistoriesAreNotAllAlike() {
        assertFalse(Arrays.equals(real(new Random(1)).toArray(), real(new Random(2)).toArray()));
    }
}
