package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import io.halite.config.raft.RegisterHistory.Config;
import io.halite.config.raft.RegisterHistory.ConfigOperation;
import io.halite.config.raft.RegisterHistory.RecordOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real processes with faulty wires between them, and clients that change and read the config all the while. In the
 * end no acknowledged change is lost, none was applied twice, and all that the clients saw could have happened one after
 * the other.
 */
class NemesisTest {
    private static final int CLIENTS = 4;
    private static final Duration ANSWER = Duration.ofSeconds(5);

    @TempDir
    Path root;

    private final Map<String, FaultProcess> nodes = new LinkedHashMap<>();
    private final RegisterHistory history = new RegisterHistory();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger nextNumber = new AtomicInteger();
    private final AtomicLong revision = new AtomicLong();
    private final FaultyLinks links = new FaultyLinks();

    /** What can go wrong. */
    private enum Fault { ISOLATE_LEADER, CUT_ONE_WAY, SPLIT, DELAY, RESET, KILL, PAUSE, LEAD, RESTART, KILL_ALL }

    @Test
    void theFaultsThatCostALeaderMost() throws Exception {
        announce("nemesis seed=3");
        run(List.of(Fault.ISOLATE_LEADER, Fault.PAUSE, Fault.CUT_ONE_WAY, Fault.KILL, Fault.LEAD), new Random(3),
                Duration.ofMillis(800));
    }

    @Test
    @Tag("long")
    void manyFaults() throws Exception {
        long seed = Long.getLong("halite.long.seed", Ticker.SYSTEM.nanos());
        int rounds = Integer.getInteger("halite.long.rounds", 60);
        announce("nemesis seed=" + seed + " rounds=" + rounds);
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            faults.add(Fault.values()[random.nextInt(Fault.values().length)]);
        }
        run(faults, random, Duration.ofSeconds(2));
    }

    @SuppressWarnings("SystemOut")
    private static void announce(String line) {
        System.out.println(line);
    }

    private void run(List<Fault> faults, Random random, Duration hold) throws Exception {
        prepare();
        try {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random own = new Random(random.nextLong());
                clients.add(Thread.ofPlatform().start(() -> client(own)));
            }
            awaitProgress();
            for (Fault fault : faults) {
                inflict(fault, random, hold.plusMillis(random.nextInt(Math.toIntExact(hold.toMillis()))));
            }
            awaitProgress();
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
            Map<Long, Integer> kept = agree();
            announce("nemesis operations=" + history.size() + " acknowledged changes=" + history.acknowledged()
                    + " revisions=" + kept.size());
            assertEquals(List.of(), history.problems(kept));
            assertTrue(history.acknowledged() > 0, "nothing was acknowledged");
        } finally {
            over.set(true);
            nodes.values().forEach(FaultProcess::close);
            links.close();
        }
    }

    /** Makes the cluster in this process, which is fast, and starts it again as processes with wires between them. */
    private void prepare() throws Exception {
        Map<String, Integer> ports = new LinkedHashMap<>();
        List<ClusterNode> made;
        try (TestCluster cluster = TestCluster.of(3, root)) {
            cluster.awaitVoters(3);
            made = List.copyOf(cluster.nodes());
        }
        for (ClusterNode node : made) {
            ports.put(node.id(), ClusterNode.freePort());
        }
        links.open(ports);
        for (ClusterNode node : made) {
            String ways = ports.keySet().stream().filter(other -> !other.equals(node.id()))
                    .map(other -> other + "=" + links.port(node.id(), other)).collect(Collectors.joining(","));
            nodes.put(node.id(), new FaultProcess(node.id(), node.member.identity().name(), node.path,
                    Objects.requireNonNull(ports.get(node.id())), ways));
        }
        for (FaultProcess node : nodes.values()) {
            node.start();
        }
    }

    private void client(Random random) {
        List<FaultProcess> all = List.copyOf(nodes.values());
        try {
            while (!over.get()) {
                FaultProcess node = all.get(random.nextInt(all.size()));
                switch (random.nextInt(5)) {
                    case 0, 1 -> change(node);
                    case 2 -> put(node);
                    default -> read(node);
                }
                LockSupport.parkNanos(random.nextInt(20_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void change(FaultProcess node) throws InterruptedException {
        long expected = revision.get();
        int number = nextNumber.getAndIncrement();
        long called = Ticker.SYSTEM.nanos();
        String[] answer = node.ask("change " + expected + " " + number, ANSWER).split(" ", -1);
        long returned = Ticker.SYSTEM.nanos();
        switch (answer[0]) {
            case "ok" -> {
                seen(Long.parseLong(answer[1]));
                history.add(new ConfigOperation.Changed(expected, number, Long.parseLong(answer[1])), called, returned);
            }
            case "stale" -> {
                seen(Long.parseLong(answer[1]));
                history.add(new ConfigOperation.Stale(expected, Long.parseLong(answer[1])), called, returned);
            }
            case "no" -> { }
            default -> history.add(new ConfigOperation.Change(expected, number), called, LinearizabilityChecker.NEVER);
        }
    }

    private void seen(long other) {
        revision.accumulateAndGet(other, Math::max);
    }

    private void put(FaultProcess node) throws InterruptedException {
        int number = nextNumber.getAndIncrement();
        long called = Ticker.SYSTEM.nanos();
        String answer = node.ask("put " + number, ANSWER);
        long returned = Ticker.SYSTEM.nanos();
        if (!answer.equals("no")) {
            history.add(new RecordOperation.Put(number), called,
                    answer.startsWith("ok") ? returned : LinearizabilityChecker.NEVER);
        }
    }

    private void read(FaultProcess node) throws InterruptedException {
        long called = Ticker.SYSTEM.nanos();
        String[] answer = node.ask("read", ANSWER).split(" ", -1);
        long returned = Ticker.SYSTEM.nanos();
        if (answer[0].equals("ok")) {
            seen(Long.parseLong(answer[1]));
            history.add(new ConfigOperation.Read(new Config(Long.parseLong(answer[1]), Integer.parseInt(answer[2]))),
                    called, returned);
            history.add(new RecordOperation.Read(Integer.parseInt(answer[3])), called, returned);
        }
    }

    private void inflict(Fault fault, Random random, Duration hold) throws Exception {
        List<FaultProcess> all = new ArrayList<>(nodes.values());
        Collections.shuffle(all, random);
        FaultProcess victim = all.getFirst();
        FaultProcess leader = nodes.getOrDefault(leader(), victim);
        List<String> ids = List.copyOf(nodes.keySet());
        switch (fault) {
            case ISOLATE_LEADER -> isolate(leader, ids);
            case SPLIT -> isolate(victim, ids);
            case CUT_ONE_WAY -> links.cut(leader.id, all.get(leader == victim ? 1 : 0).id);
            case DELAY -> ids.forEach(from -> ids.stream().filter(to -> !to.equals(from)).forEach(to ->
                    links.delay(from, to, Duration.ofMillis(random.nextInt(120)))));
            case RESET -> links.reset();
            case KILL -> leader.kill();
            case PAUSE -> victim.pause();
            case LEAD -> leader.ask("lead " + all.get(leader == victim ? 1 : 0).name, ANSWER);
            case RESTART -> victim.stop();
            case KILL_ALL -> all.forEach(FaultProcess::kill);
        }
        LockSupport.parkNanos(hold.toNanos());
        links.heal();
        for (FaultProcess node : all) {
            if (!node.isAlive()) {
                node.start();
            } else {
                node.goOn();
            }
        }
        LockSupport.parkNanos(hold.toNanos() / 2);
    }

    private void isolate(FaultProcess one, List<String> ids) {
        links.split(List.of(one.id), ids.stream().filter(id -> !id.equals(one.id)).toList());
    }

    private String leader() throws InterruptedException {
        String newest = "";
        long term = -1;
        for (FaultProcess node : nodes.values()) {
            String[] answer = node.ask("leader", Duration.ofSeconds(1)).split(" ", -1);
            if (answer[0].equals("ok") && answer.length == 3 && Long.parseLong(answer[2]) > term) {
                newest = answer[1];
                term = Long.parseLong(answer[2]);
            }
        }
        return newest;
    }

    /** With all faults gone the cluster takes writes again. */
    private void awaitProgress() {
        long before = history.acknowledged();
        TestCluster.await().until(() -> history.acknowledged() > before);
    }

    /** What all nodes hold in the end. */
    private Map<Long, Integer> agree() {
        List<String> dumps = new ArrayList<>();
        TestCluster.await().until(() -> {
            dumps.clear();
            for (FaultProcess node : nodes.values()) {
                if (!node.ask("read", ANSWER).startsWith("ok")) {
                    return false;
                }
                dumps.add(node.ask("dump", Duration.ofSeconds(60)));
            }
            return dumps.stream().allMatch(dump -> dump.startsWith("ok"));
        });
        assertEquals(dumps.get(0), dumps.get(1), "the nodes hold different histories");
        assertEquals(dumps.get(0), dumps.get(2), "the nodes hold different histories");
        Map<Long, Integer> kept = new TreeMap<>();
        Arrays.stream(dumps.getFirst().split(" ", -1)).skip(1).forEach(entry -> {
            String[] parts = entry.split(":", -1);
            kept.put(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        });
        return kept;
    }
}
