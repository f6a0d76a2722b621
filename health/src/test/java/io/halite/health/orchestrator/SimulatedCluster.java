package io.halite.health.orchestrator;

import io.halite.health.Health;
import io.halite.health.Reason;
import io.halite.health.orchestrator.HealthChannel.Member;
import io.halite.health.orchestrator.HealthMessage.Entry;
import io.halite.health.orchestrator.HealthMessage.View;
import io.halite.health.probe.ProbeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Leaders and workers under virtual time: every node has a clock of its own that runs wrong by up to one percent, the
 * network loses, delays, doubles and reorders, nodes crash and pause, and a stand-in for Raft elects leaders, late. One
 * seed, one history.
 */
final class SimulatedCluster {
    static final long MILLI = 1_000_000;
    static final long STEP = 20 * MILLI;
    private static final ProbeStatus UNKNOWN = ProbeStatus.initial(Instant.EPOCH);

    final Random random;
    final Map<String, Node> nodes = new LinkedHashMap<>();
    final Map<Long, Task> tasks = new LinkedHashMap<>();
    final Map<Long, Health> truth = new HashMap<>();
    final Map<Long, Long> uncoveredSince = new HashMap<>();
    final Map<Long, Long> worstGap = new HashMap<>();
    private final PriorityQueue<Letter> mail = new PriorityQueue<>();
    private long serial;
    long now = 10_000_000_000L;
    double loss;
    long maxDelay = 5 * MILLI;
    long term;
    private String elected = "";
    private long electionAt;

    /** A message under way. */
    private record Letter(long at, long serial, String from, String to, HealthMessage message)
            implements Comparable<Letter> {
        @Override
        public int compareTo(Letter other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(serial, other.serial);
        }
    }

    /** One node. */
    final class Node {
        final String id;
        final double rate;
        final long offset;
        boolean alive = true;
        boolean draining;
        int late;
        long pausedUntil;
        int partition;
        Worker worker;
        @Nullable Leader leader;
        String believedLeader = "";
        long believedTerm;
        long leaderSeenAt;
        final Map<Long, Entry> view = new HashMap<>();
        final Map<Long, Health> blind = new HashMap<>();
        private final Map<Long, Long> nextProbe = new HashMap<>();

        Node(String id) {
            this.id = id;
            this.rate = 0.995 + random.nextDouble() * 0.01;
            this.offset = random.nextLong() >> 8;
            this.worker = new Worker(local(), now, this::post);
        }

        long local() {
            return offset + (long) (now * rate);
        }

        void post(String to, HealthMessage message) {
            HealthMessage arriving = MessageCodec.decode(MessageCodec.encode(message)).orElseThrow();
            int copies = random.nextInt(100) == 0 && loss > 0 ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                boolean lost = !to.equals(id) && random.nextDouble() < loss;
                if (!lost) {
                    long delay = to.equals(id) ? 0 : (long) (random.nextDouble() * maxDelay);
                    mail.add(new Letter(now + delay, serial++, id, to, arriving));
                }
            }
        }

        boolean runs() {
            return alive && now >= pausedUntil;
        }

        void restart() {
            alive = true;
            worker = new Worker(local(), now, this::post);
            leader = null;
            believedLeader = "";
            elected = id.equals(elected) ? "" : elected;
            view.clear();
            nextProbe.clear();
        }

        void receive(String from, HealthMessage message) {
            worker.receive(local(), from, message);
            if (leader != null) {
                leader.receive(local(), from, message);
            }
            if (message instanceof View seen && worker.accepts(seen)) {
                seen.entries().forEach(entry -> view.put(entry.probe(), entry));
            }
        }

        void step() {
            if (believedLeader.equals(id)) {
                if (leader == null || leader.term() != believedTerm) {
                    leader = new Leader(local(), believedTerm, this::post, new ArrayList<>(view.values()), UNKNOWN,
                            node -> node);
                }
                leader.members(members());
                leader.tasks(tasks.values());
            } else {
                leader = null;
            }
            worker.plan(tasks.keySet());
            worker.lateness(late);
            worker.standing(local(), believedLeader, believedTerm);
            worker.tick(local());
            if (leader != null) {
                leader.tick(local());
            }
            probe();
        }

        private void probe() {
            Set<Long> probes = worker.probes();
            nextProbe.keySet().retainAll(probes);
            for (Long probe : probes) {
                long due = nextProbe.computeIfAbsent(probe, _ -> now + (long) (random.nextDouble() * 1_000 * MILLI));
                if (now >= due && tasks.containsKey(probe)) {
                    nextProbe.put(probe, now + 1_000 * MILLI);
                    Health seen = blind.getOrDefault(probe, truth.getOrDefault(probe, Health.HEALTHY));
                    worker.found(local(), probe, status(seen));
                }
            }
        }
    }

    SimulatedCluster(long seed, int size, int checks, int vantages) {
        random = new Random(seed);
        for (int i = 0; i < size; i++) {
            nodes.put("n" + i, new Node("n" + i));
        }
        for (int i = 0; i < checks; i++) {
            long probe = random.nextLong();
            tasks.put(probe, new Task(probe, 20, vantages));
            truth.put(probe, Health.HEALTHY);
        }
    }

    static ProbeStatus status(Health health) {
        Reason reason = health == Health.UNHEALTHY ? Reason.TIMEOUT : Reason.NONE;
        return new ProbeStatus(health, reason, health.key(), Instant.ofEpochMilli(1), Duration.ofMillis(1), 100);
    }

    List<Member> members() {
        return nodes.values().stream().map(node -> new Member(node.id, node.id, node.draining)).toList();
    }

    Node node(String id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException(id);
        }
        return node;
    }

    Collection<Node> running() {
        return nodes.values().stream().filter(Node::runs).toList();
    }

    @Nullable Node leading() {
        return elected.isEmpty() ? null : nodes.get(elected);
    }

    /** Passes time, checking the invariant of ownership in each step. */
    void run(Duration time) {
        long until = now + time.toNanos();
        while (now < until) {
            now += STEP;
            raft();
            deliver();
            for (Node node : nodes.values()) {
                if (node.runs()) {
                    node.step();
                }
            }
            cover();
            checkOwners();
        }
    }

    private void deliver() {
        for (Letter letter = mail.peek(); letter != null && letter.at <= now; letter = mail.peek()) {
            mail.remove();
            Node to = node(letter.to);
            boolean connected = node(letter.from).partition == to.partition;
            if (to.alive && connected && now < to.pausedUntil) {
                // What reaches a paused process waits in its socket.
                mail.add(new Letter(to.pausedUntil, serial++, letter.from, letter.to, letter.message));
            } else if (to.alive && connected) {
                to.receive(letter.from, letter.message);
            }
        }
    }

    /** A leader that is reachable by a majority stays; else, after a while, one of the majority is elected. */
    private void raft() {
        Node leader = leading();
        boolean good = leader != null && leader.runs() && reachable(leader).size() > nodes.size() / 2;
        if (leader != null && good) {
            electionAt = 0;
            for (Node node : reachable(leader)) {
                node.leaderSeenAt = now;
                node.believedLeader = elected;
                node.believedTerm = term;
            }
        } else if (electionAt == 0) {
            electionAt = now + (500 + random.nextInt(3_000)) * MILLI;
        } else if (now >= electionAt) {
            elect();
        }
        for (Node node : nodes.values()) {
            if (node.runs() && now - node.leaderSeenAt > 3_000 * MILLI) {
                node.believedLeader = "";
                // A leader that stepped down leads again only in another term.
                elected = node.id.equals(elected) ? "" : elected;
            }
        }
    }

    private void elect() {
        List<Node> able = nodes.values().stream()
                .filter(node -> node.runs() && reachable(node).size() > nodes.size() / 2).toList();
        electionAt = 0;
        if (!able.isEmpty()) {
            term++;
            Node winner = able.get(random.nextInt(able.size()));
            winner.leaderSeenAt = now;
            elected = winner.id;
        }
    }

    private List<Node> reachable(Node from) {
        return nodes.values().stream().filter(node -> node.runs() && node.partition == from.partition).toList();
    }

    private void cover() {
        Set<Long> covered = new HashSet<>();
        running().forEach(node -> covered.addAll(node.worker.probes()));
        for (Long probe : tasks.keySet()) {
            if (covered.contains(probe)) {
                uncoveredSince.remove(probe);
            } else {
                long since = uncoveredSince.computeIfAbsent(probe, _ -> now);
                worstGap.merge(probe, now - since + STEP, Math::max);
            }
        }
    }

    private void checkOwners() {
        Map<String, Integer> owners = new HashMap<>();
        for (Node node : nodes.values()) {
            if (!node.alive) {
                continue;
            }
            for (Task task : tasks.values()) {
                if (node.worker.owns(node.local(), task.probe())) {
                    int count = owners.merge(node.worker.term() + "/" + task.probe(), 1, Integer::sum);
                    if (count > task.vantages()) {
                        throw new AssertionError("term/probe " + node.worker.term() + "/" + task.probe() + " has "
                                + count + " owners");
                    }
                }
            }
        }
    }

    /** The longest time in which nobody probed something, since the last call. */
    Duration takeWorstGap() {
        long worst = worstGap.values().stream().mapToLong(gap -> gap).max().orElse(0);
        worstGap.clear();
        return Duration.ofNanos(worst);
    }

    /** Who owns what now, over all running nodes of the highest term. */
    Map<Long, List<String>> owners() {
        Map<Long, List<String>> owners = new TreeMap<>();
        for (Node node : running()) {
            for (Long probe : tasks.keySet()) {
                if (node.worker.owns(node.local(), probe)) {
                    owners.computeIfAbsent(probe, _ -> new ArrayList<>()).add(node.id);
                }
            }
        }
        return owners;
    }

    /** Brings everything back and takes the disturbances away. */
    void heal() {
        loss = 0;
        maxDelay = 5 * MILLI;
        for (Node node : nodes.values()) {
            node.partition = 0;
            node.pausedUntil = 0;
            node.blind.clear();
            node.late = 0;
            if (!node.alive) {
                node.restart();
            }
        }
    }

    /** What differs from a cluster at rest; empty when nothing does. */
    String unrest() {
        Map<Long, List<String>> owners = owners();
        for (Task task : tasks.values()) {
            int wanted = Math.min(task.vantages(), running().size());
            List<String> owning = owners.getOrDefault(task.probe(), List.of());
            if (owning.size() != wanted) {
                return "probe " + task.probe() + " is owned by " + owning;
            }
            for (Node node : running()) {
                Entry entry = node.view.get(task.probe());
                Health expected = truth.get(task.probe());
                if (entry == null || entry.status().health() != expected) {
                    return node.id + " sees " + entry + " for " + task.probe() + ", expected " + expected;
                }
                if (!new HashSet<>(entry.probers()).equals(new HashSet<>(owning))) {
                    return node.id + " names " + entry.probers() + " for the owners " + owning;
                }
            }
        }
        for (Node node : running()) {
            if (node.worker.mode(node.local()) != Worker.Mode.ASSIGNED) {
                return node.id + " is " + node.worker.mode(node.local());
            }
        }
        return "";
    }
}
