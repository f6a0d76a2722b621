package io.halite.dns.testing;

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

    /** Sets the health of {@code pool/target}. */
    public synchronized void set(String target, Health health) {
        int slash = target.indexOf('/');
        Map<TargetRef, TargetHealth> targets = new HashMap<>(table.targets());
        targets.put(new TargetRef(target.substring(0, slash), target.substring(slash + 1)),
                new TargetHealth(health, "Test", "it is " + health.key(), "lb-1", Instant.EPOCH));
        table = new HealthTable(table.version() + 1, targets);
        listeners.forEach(listener -> listener.accept(table));
    }

    @Override
    public HealthTable current() {
        return table;
    }

    @Override
    public Subscription watch(Consumer<HealthTable> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
