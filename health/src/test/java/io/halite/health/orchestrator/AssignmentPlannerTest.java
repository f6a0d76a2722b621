package io.halite.health.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import io.halite.health.orchestrator.AssignmentPlanner.Seat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentPlannerTest {
    private static final int CAPACITY = 100;

    private static List<Task> tasks(int count, int vantages) {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(new Task(i * 7_919L, 20, vantages));
        }
        return tasks;
    }

    private static List<Seat> seats(int count) {
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seats.add(new Seat("n" + i, CAPACITY));
        }
        return seats;
    }

    private static List<Seat> without(List<Seat> seats, String node) {
        return seats.stream().filter(seat -> !seat.node().equals(node)).toList();
    }

    private static int moved(Map<Long, List<String>> before, Map<Long, List<String>> after) {
        int moved = 0;
        for (Map.Entry<Long, List<String>> entry : after.entrySet()) {
            for (String node : entry.getValue()) {
                moved += before.getOrDefault(entry.getKey(), List.of()).contains(node) ? 0 : 1;
            }
        }
        return moved;
    }

    @Test
    void probesAreSharedEquallyAndALossMovesOnlyWhatTheLostNodeHad() {
        List<Task> tasks = tasks(1_000, 1);
        for (int nodes : List.of(3, 5, 9)) {
            Map<Long, List<String>> before = AssignmentPlanner.plan(tasks, seats(nodes), Map.of());
            Map<String, Long> loads = AssignmentPlanner.loads(tasks, before);
            assertTrue(spread(loads) <= 20, loads.toString());
            Map<Long, List<String>> after = AssignmentPlanner.plan(tasks, without(seats(nodes), "n1"), before);
            assertEquals(loads.getOrDefault("n1", 0L) / 20, moved(before, after));
            assertTrue(spread(AssignmentPlanner.loads(tasks, after)) <= 20);
        }
    }

    @Test
    void aNewcomerGetsItsShareAndNothingElseMoves() {
        List<Task> tasks = tasks(1_000, 1);
        for (int nodes : List.of(1, 3, 5, 9, 199)) {
            Map<Long, List<String>> before = AssignmentPlanner.plan(tasks, seats(nodes), Map.of());
            Map<Long, List<String>> after = AssignmentPlanner.plan(tasks, seats(nodes + 1), before);
            int share = 1_000 / (nodes + 1);
            int moved = moved(before, after);
            assertTrue(Math.abs(moved - share) <= 1, nodes + " nodes: moved " + moved + " for " + share);
        }
    }

    @Test
    void vantagePointsAreDifferentNodesAndAsManyAsThereAre() {
        for (int nodes = 1; nodes <= 5; nodes++) {
            Map<Long, List<String>> plan = AssignmentPlanner.plan(tasks(100, 3), seats(nodes), Map.of());
            for (List<String> vantages : plan.values()) {
                assertEquals(Math.min(3, nodes), vantages.size());
                assertEquals(vantages.size(), new HashSet<>(vantages).size());
            }
        }
    }

    @Test
    void aDrainingNodeLosesAllAndASlowOneAPart() {
        List<Task> tasks = tasks(900, 1);
        Map<Long, List<String>> before = AssignmentPlanner.plan(tasks, seats(3), Map.of());
        Map<Long, List<String>> drained = AssignmentPlanner.plan(tasks,
                List.of(new Seat("n0", CAPACITY), new Seat("n1", 0), new Seat("n2", CAPACITY)), before);
        assertEquals(null, AssignmentPlanner.loads(tasks, drained).get("n1"));
        assertEquals(300, moved(before, drained));
        Map<Long, List<String>> slow = AssignmentPlanner.plan(tasks,
                List.of(new Seat("n0", CAPACITY), new Seat("n1", CAPACITY / 2), new Seat("n2", CAPACITY)), before);
        assertEquals(180 * 20L, AssignmentPlanner.loads(tasks, slow).get("n1"));
        assertEquals(120, moved(before, slow));
    }

    @Test
    void aPlanIsAFixedPointAndNobodyWorksWithoutNodes() {
        List<Task> tasks = tasks(500, 2);
        Map<Long, List<String>> plan = AssignmentPlanner.plan(tasks, seats(7), Map.of());
        assertEquals(plan, AssignmentPlanner.plan(tasks, seats(7), plan));
        assertEquals(Map.of(), AssignmentPlanner.plan(tasks, List.of(), plan));
        assertEquals(Map.of(), AssignmentPlanner.plan(List.of(), seats(2), plan));
    }

    @Test
    void randomHistoriesStayBalancedAndMoveTheMinimum() {
        long seed = new Random().nextLong();
        for (int round = 0; round < 300; round++) {
            randomHistory(new Random(seed + round), "seed " + (seed + round));
        }
    }

    private static void randomHistory(Random random, String hint) {
        Map<Long, List<String>> plan = new HashMap<>();
        List<Seat> seats = new ArrayList<>(seats(1 + random.nextInt(8)));
        int most = 1 + random.nextInt(40);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < random.nextInt(300); i++) {
            tasks.add(new Task(random.nextLong(), 1 + random.nextInt(most), 1 + random.nextInt(3)));
        }
        for (int step = 0; step < 12; step++) {
            if (random.nextBoolean() && seats.size() > 1) {
                seats.remove(random.nextInt(seats.size()));
            } else {
                seats.add(new Seat("s" + step, CAPACITY));
            }
            Map<Long, List<String>> next = AssignmentPlanner.plan(tasks, seats, plan);
            check(tasks, seats, next, hint);
            int needed = needed(tasks, seats, plan, most);
            assertTrue(moved(plan, next) <= needed, hint + ": moved " + moved(plan, next) + " of " + needed);
            plan = next;
        }
    }

    private static void check(List<Task> tasks, List<Seat> seats, Map<Long, List<String>> plan, String hint) {
        double total = 0;
        for (Task task : tasks) {
            List<String> nodes = plan.getOrDefault(task.probe(), List.of());
            assertEquals(Math.min(task.vantages(), seats.size()), nodes.size(), hint);
            assertEquals(nodes.size(), new HashSet<>(nodes).size(), hint);
            total += (double) task.cost() * nodes.size();
        }
        Map<String, Long> loads = AssignmentPlanner.loads(tasks, plan);
        double fair = total / seats.size();
        for (Seat seat : seats) {
            long load = loads.getOrDefault(seat.node(), 0L);
            // With several vantage points and few nodes a perfect division may not exist.
            boolean crowded = seats.size() <= 4;
            assertTrue(crowded || Math.abs(load - fair) <= Math.max(0.05 * fair, 3 * 40),
                    hint + ": " + seat.node() + " has " + load + " of " + fair);
        }
    }

    /** What must move at least: what has no node any more, what lacks one, and the excess over the fair share. */
    private static int needed(List<Task> tasks, List<Seat> seats, Map<Long, List<String>> before, int most) {
        double excess = 0;
        int homeless = 0;
        Map<String, Double> loads = new HashMap<>();
        double total = 0;
        for (Task task : tasks) {
            int wanted = Math.min(task.vantages(), seats.size());
            total += (double) task.cost() * wanted;
            int kept = 0;
            for (String node : before.getOrDefault(task.probe(), List.of())) {
                boolean there = seats.stream().anyMatch(seat -> seat.node().equals(node));
                if (there && kept < wanted) {
                    kept++;
                    loads.merge(node, (double) task.cost(), Double::sum);
                }
            }
            homeless += wanted - kept;
        }
        for (double load : loads.values()) {
            excess += Math.max(0, load - total / seats.size());
        }
        // Costs up to `most` come apart into moves of at least 1; what was placed first may be shifted once more.
        return homeless + (int) Math.ceil(excess) + homeless * most / 4 + seats.size();
    }

    private static long spread(Map<String, Long> loads) {
        return loads.values().stream().mapToLong(l -> l).max().orElse(0)
                - loads.values().stream().mapToLong(l -> l).min().orElse(0);
    }

    @Test
    void twoHundredNodesAndAHundredThousandProbesAreDecidedQuickly() {
        List<Task> tasks = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            tasks.add(new Task(random.nextLong(), 20 * (1 + random.nextInt(6)), 1));
        }
        System.Logger logger = System.getLogger(AssignmentPlannerTest.class.getName());
        Map<Long, List<String>> plan = Map.of();
        for (String event : List.of("first", "nothing", "loss of one", "join of one")) {
            List<Seat> seats = event.equals("loss of one") ? without(seats(200), "n77") : seats(200);
            long begun = Ticker.SYSTEM.nanos();
            Map<Long, List<String>> next = AssignmentPlanner.plan(tasks, seats, plan);
            long took = (Ticker.SYSTEM.nanos() - begun) / 1_000;
            Map<String, Long> loads = AssignmentPlanner.loads(tasks, next);
            double mean = loads.values().stream().mapToLong(l -> l).average().orElse(1);
            long max = loads.values().stream().mapToLong(l -> l).max().orElse(0);
            logger.log(System.Logger.Level.INFO, String.format("planned 100000 probes nodes=%d event=\"%s\" moved=%d "
                    + "max/mean=%.4f took_us=%d", seats.size(), event, moved(plan, next), max / mean, took));
            assertTrue(max / mean < 1.05);
            plan = next;
        }
    }
}
