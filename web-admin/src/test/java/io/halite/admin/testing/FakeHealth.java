package io.halite.admin.testing;

import io.halite.config.TargetRef;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.health.HealthTable;
import io.halite.health.HealthView;
import io.halite.health.TargetHealth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The health that a test says. */
public final class FakeHealth implements HealthView {
    private final List<Consumer<HealthTable>> listeners = new CopyOnWriteArrayList<>();
    private volatile HealthTable table = HealthTable.EMPTY;

    /** From now on a target is in this health. */
    public void set(TargetRef target, TargetHealth health) {
        Map<TargetRef, TargetHealth> all = new HashMap<>(table.targets());
        all.put(target, health);
        table = new HealthTable(table.version() + 1, all);
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
