package io.halite.appliance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.node.NodeView.Failure;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.store.ConfigState;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConfigActivatorTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Failure TAKEN = new Failure("loadBalancers/a/listeners/b", "PORT_IN_USE", "port 80 is in use");

    private final List<Long> seen = new CopyOnWriteArrayList<>();

    @Test
    void theFirstStateIsAtWorkBeforeStartReturns() throws InterruptedException {
        try (ConfigActivator activator = new ConfigActivator(List.of(this::record), LONG)) {
            activator.start(revision(7));
            assertEquals(List.of(7L), seen);
            assertEquals(new Revision(7), activator.current().state().revision());
            assertTrue(activator.awaitActive(new Revision(7), Duration.ZERO));
            assertFalse(activator.awaitActive(new Revision(8), Duration.ofMillis(10)));
        }
    }

    @Test
    void aSlowPartSkipsStatesButAlwaysSeesTheLast() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ConfigActivator activator = new ConfigActivator(List.of(state -> {
            if (state.revision().number() == 1) {
                entered.countDown();
                awaitUninterrupted(go);
            }
            return record(state);
        }), LONG)) {
            activator.start(revision(0));
            activator.offer(revision(1));
            entered.await();
            for (int number = 2; number <= 50; number++) {
                activator.offer(revision(number));
            }
            go.countDown();
            assertTrue(activator.awaitActive(new Revision(50), LONG));
            assertEquals(List.of(0L, 1L, 50L), seen);
        }
    }

    @Test
    void anOlderStateThanTheOneAtWorkIsIgnored() throws InterruptedException {
        try (ConfigActivator activator = new ConfigActivator(List.of(this::record), LONG)) {
            activator.start(revision(5));
            activator.offer(revision(3));
            activator.offer(revision(6));
            assertTrue(activator.awaitActive(new Revision(6), LONG));
            assertEquals(List.of(5L, 6L), seen);
        }
    }

    @Test
    void whatFailedIsTriedAgainWhenTheSameStateIsOffered() throws InterruptedException {
        AtomicReference<List<Failure>> failing = new AtomicReference<>(List.of(TAKEN));
        try (ConfigActivator activator = new ConfigActivator(
                List.of(state -> failing.get(), this::record), Duration.ofHours(1))) {
            activator.start(revision(1));
            failing.set(List.of());
            activator.offer(revision(1));
            await().until(() -> activator.current().failures().isEmpty());
            assertEquals(List.of(1L, 1L), seen);
            activator.offer(revision(1));
            activator.offer(revision(2));
            assertTrue(activator.awaitActive(new Revision(2), LONG));
            assertEquals(List.of(1L, 1L, 2L), seen, "taken up again though nothing had failed");
        }
    }

    @Test
    void whatFailsIsToldAndTriedAgainAndStopsNoOtherPart() throws InterruptedException {
        AtomicReference<List<Failure>> failing = new AtomicReference<>(List.of(TAKEN));
        try (ConfigActivator activator = new ConfigActivator(
                List.of(state -> failing.get(), this::record), Duration.ofMillis(20))) {
            activator.start(revision(1));
            assertEquals(List.of(TAKEN), activator.current().failures());
            await().until(() -> seen.size() > 3);
            failing.set(List.of());
            await().until(() -> activator.current().failures().isEmpty());
        }
    }

    @Test
    void aPartThatThrowsIsAFailureAndTheOthersGoOn() throws InterruptedException {
        try (ConfigActivator activator = new ConfigActivator(List.of(state -> {
            throw new IllegalStateException("broken");
        }, this::record), LONG)) {
            activator.start(revision(1));
            assertEquals(List.of(1L), seen);
            assertEquals("ACTIVATION_FAILED", activator.current().failures().getFirst().code());
        }
    }

    private List<Failure> record(ConfigState state) {
        seen.add(state.revision().number());
        return List.of();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ConfigState revision(long number) {
        return new ConfigState(new Revision(number), ClusterConfig.EMPTY, 0, Collections.emptySortedMap());
    }
}
