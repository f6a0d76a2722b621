package io.halite.proxy;

import io.halite.config.TargetRef;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.health.Health;
import io.halite.health.HealthTable;
import io.halite.health.HealthView;
import io.halite.health.TargetHealth;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Health as a test says it is. */
public final class FakeHealth implements HealthView {
    private final List<Consumer<HealthTable>> listeners = new CopyOnWriteArrayList<>();
    private volatile HealthTable table = HealthTable.EMPTY;

    @Override
    public HealthTable current() {
        return table;
    }

    @Override
    public Subscription watch(Consumer<HealthTable> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Says that a target is so from now on. */
    public synchronized void set(String pool, String target, Health health) {
        Map<TargetRef, TargetHealth> targets = new HashMap<>(table.targets());
        targets.put(new TargetRef(pool, target), new TargetHealth(health, "Test.Said", "A test said so.", "test",
                Instant.EPOCH));
        table = new HealthTable(table.version() + 1, targets);
        listeners.forEach(listener -> listener.accept(table));
    }
}
