package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import io.halite.config.raft.RegisterHistory.Config;
import io.halite.config.raft.RegisterHistory.ConfigOperation;
import io.halite.config.raft.RegisterHistory.RecordOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that change and read the config of a {@link FaultCluster} all the while, and remember what they saw. */
final class FaultClients implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration DUMP = Duration.ofSeconds(60);

    private final List<FaultProcess> nodes;
    private final RegisterHistory history = new RegisterHistory();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger nextNumber = new AtomicInteger();
    private final AtomicLong revision = new AtomicLong();
    private final List<Thread> clients = new ArrayList<>();

    private FaultClients(List<FaultProcess> nodes) {
        this.nodes = nodes;
    }

    /** Begins, and returns once something was acknowledged. */
    static FaultClients start(List<FaultProcess> nodes, Random random) {
        FaultClients clients = new FaultClients(nodes);
        for (int i = 0; i < CLIENTS; i++) {
            Random own = new Random(random.nextLong());
            clients.clients.add(Thread.ofPlatform().start(() -> clients.run(own)));
        }
        clients.awaitProgress();
        return clients;
    }

    private void run(Random random) {
        try {
            while (!over.get()) {
                FaultProcess node = nodes.get(random.nextInt(nodes.size()));
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

    /** The cluster takes changes: one more than there were was acknowledged. */
    void awaitProgress() {
        long before = history.acknowledged();
        TestCluster.await().until(() -> history.acknowledged() > before);
    }

    /** Ends, and checks that all nodes hold the same in the end and that all that was seen fits together; says how much. */
    String check() throws InterruptedException {
        close();
        for (Thread client : clients) {
            client.join();
        }
        Map<Long, Integer> kept = agree();
        assertEquals(List.of(), history.problems(kept));
        assertTrue(history.acknowledged() > 0, "nothing was acknowledged");
        return "operations=" + history.size() + " acknowledged changes=" + history.acknowledged() + " revisions="
                + kept.size() + " lost=0";
    }

    /** What all nodes hold in the end. */
    private Map<Long, Integer> agree() {
        List<String> dumps = new ArrayList<>();
        TestCluster.await().until(() -> {
            dumps.clear();
            for (FaultProcess node : nodes) {
                if (!node.ask("read", ANSWER).startsWith("ok")) {
                    return false;
                }
                dumps.add(node.ask("dump", DUMP));
            }
            return dumps.stream().allMatch(dump -> dump.startsWith("ok"));
        });
        dumps.forEach(dump -> assertEquals(dumps.getFirst(), dump, "the nodes hold different histories"));
        Map<Long, Integer> kept = new TreeMap<>();
        Arrays.stream(dumps.getFirst().split(" ", -1)).skip(1).forEach(entry -> {
            String[] parts = entry.split(":", -1);
            kept.put(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        });
        return kept;
    }

    @Override
    public void close() {
        over.set(true);
    }
}
