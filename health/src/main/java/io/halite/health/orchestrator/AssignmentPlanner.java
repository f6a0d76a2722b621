package io.halite.health.orchestrator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Divides probes among nodes: sticky, balanced by cost, moving the minimum. Pure and deterministic.
 *
 * <ol>
 * <li>What a usable node has, it keeps.
 * <li>What nobody has goes, the costliest first, to the node with the least load for its capacity.
 * <li>If that leaves somebody more than {@link #TOLERANCE} away from the fair share, whoever is above it gives away
 *     just what is too much, to whoever is below.
 * </ol>
 * Several vantage points of one probe are always different nodes; if there are fewer nodes, there are fewer of them.
 */
final class AssignmentPlanner {
    /** Within it nothing moves: a probe that changes hands for nothing costs more than a slight imbalance. */
    private static final double TOLERANCE = 0.05;
    private static final Comparator<Task> COSTLIEST_FIRST =
            Comparator.comparingInt(Task::cost).reversed().thenComparingLong(Task::probe);

    /**
     * A node that can work.
     *
     * @param capacity relative to the others; 0 takes nothing, as when draining
     */
    record Seat(String node, int capacity) {}

    // one planning
    private final Place[] places;
    private final Map<String, Place> byNode = new HashMap<>();
    private final Map<Long, List<String>> result;
    private final int vantagesAtMost;

    /** A seat while planning. */
    private static final class Place implements Comparable<Place> {
        private final String node;
        private final int capacity;
        private final List<Task> tasks = new ArrayList<>();
        private long load;
        private int largest;
        private double fair;

        Place(Seat seat) {
            this.node = seat.node();
            this.capacity = seat.capacity();
        }

        void take(Task task) {
            tasks.add(task);
            load += task.cost();
            largest = Math.max(largest, task.cost());
        }

        double filled() {
            return (double) load / capacity;
        }

        @Override
        public int compareTo(Place other) {
            int byLoad = Double.compare(filled(), other.filled());
            return byLoad != 0 ? byLoad : node.compareTo(other.node);
        }
    }

    private AssignmentPlanner(List<Seat> seats, int expected) {
        places = seats.stream().filter(seat -> seat.capacity() > 0).sorted(Comparator.comparing(Seat::node))
                .map(Place::new).toArray(Place[]::new);
        for (Place place : places) {
            byNode.put(place.node, place);
        }
        vantagesAtMost = places.length;
        result = HashMap.newHashMap(expected);
    }

    /**
     * The nodes of every task, for as many as there are nodes.
     *
     * @param current what was decided before; nodes that are gone and tasks that are no more are passed over
     */
    static Map<Long, List<String>> plan(List<Task> tasks, List<Seat> seats, Map<Long, List<String>> current) {
        AssignmentPlanner planner = new AssignmentPlanner(seats, tasks.size());
        if (planner.places.length == 0) {
            return Map.of();
        }
        List<Task> open = planner.keep(tasks, current);
        open.sort(COSTLIEST_FIRST);
        planner.place(open);
        planner.balance();
        return planner.result;
    }

    /** The sums of cost by node, for looking at a plan. */
    static Map<String, Long> loads(List<Task> tasks, Map<Long, List<String>> plan) {
        Map<String, Long> loads = new TreeMap<>();
        for (Task task : tasks) {
            for (String node : plan.getOrDefault(task.probe(), List.of())) {
                loads.merge(node, (long) task.cost(), Long::sum);
            }
        }
        return loads;
    }

    private int wanted(Task task) {
        return Math.min(task.vantages(), vantagesAtMost);
    }

    /** Leaves everything where it is that can stay; answers the tasks that lack nodes. */
    private List<Task> keep(List<Task> tasks, Map<Long, List<String>> current) {
        List<Task> open = new ArrayList<>();
        for (Task task : tasks) {
            List<String> nodes = new ArrayList<>(1);
            for (String node : current.getOrDefault(task.probe(), List.of())) {
                Place place = byNode.get(node);
                if (place != null && nodes.size() < wanted(task) && !nodes.contains(node)) {
                    nodes.add(node);
                    place.take(task);
                }
            }
            result.put(task.probe(), nodes);
            if (nodes.size() < wanted(task)) {
                open.add(task);
            }
        }
        return open;
    }

    private void place(List<Task> open) {
        PriorityQueue<Place> emptiest = new PriorityQueue<>(Arrays.asList(places));
        for (Task task : open) {
            List<String> nodes = nodes(task);
            List<Place> taken = new ArrayList<>(1);
            while (nodes.size() < wanted(task)) {
                Place place = emptiest.poll();
                if (place == null) {
                    break;
                }
                taken.add(place);
                if (!nodes.contains(place.node)) {
                    nodes.add(place.node);
                    place.take(task);
                }
            }
            emptiest.addAll(taken);
        }
    }

    private void balance() {
        long capacity = 0;
        long load = 0;
        for (Place place : places) {
            capacity += place.capacity;
            load += place.load;
        }
        boolean unfair = false;
        for (Place place : places) {
            place.fair = (double) load * place.capacity / capacity;
            unfair |= Math.abs(place.load - place.fair) > Math.max(place.fair * TOLERANCE, place.largest);
        }
        if (!unfair) {
            return;
        }
        PriorityQueue<Place> emptiest = new PriorityQueue<>(Arrays.asList(places));
        Place[] fullest = places.clone();
        Arrays.sort(fullest, Comparator.reverseOrder());
        for (Place from : fullest) {
            if (from.load > from.fair) {
                emptiest.remove(from);
                relieve(from, emptiest);
                emptiest.add(from);
            }
        }
    }

    /** Gives away what is above the fair share: a task moves if that brings both ends closer to theirs. */
    private void relieve(Place from, PriorityQueue<Place> emptiest) {
        List<Task> kept = new ArrayList<>(from.tasks.size());
        from.tasks.sort(COSTLIEST_FIRST);
        for (Task task : from.tasks) {
            double half = task.cost() / 2.0;
            Place to = from.load - half >= from.fair ? taker(task, from, emptiest) : null;
            if (to == null) {
                kept.add(task);
                continue;
            }
            emptiest.remove(to);
            nodes(task).set(nodes(task).indexOf(from.node), to.node);
            from.load -= task.cost();
            to.take(task);
            emptiest.add(to);
        }
        from.tasks.clear();
        from.tasks.addAll(kept);
    }

    /** The emptiest place below its share that is no vantage point yet and ends up less full than the giver was. */
    private @Nullable Place taker(Task task, Place from, PriorityQueue<Place> emptiest) {
        List<String> nodes = nodes(task);
        Place first = emptiest.peek();
        if (first != null && nodes.contains(first.node) && nodes.size() > 1) {
            first = emptiest.stream().filter(place -> !nodes.contains(place.node)).min(Place::compareTo).orElse(null);
        }
        boolean fits = first != null && !nodes.contains(first.node) && first.load < first.fair
                && (double) (first.load + task.cost()) / first.capacity < from.filled();
        return fits ? first : null;
    }

    private List<String> nodes(Task task) {
        return result.computeIfAbsent(task.probe(), _ -> new ArrayList<>(1));
    }
}
