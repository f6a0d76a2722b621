package io.halite.proxy.balance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool as the relay loops know it: one object as long as its name is in the config, through any number of tables, so
 * that its load and its ejections outlive a change.
 */
public final class PoolEntry {
    private final int id;
    private final String name;
    private final TargetLoad load;
    private final EjectionGate ejections = new EjectionGate();
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Runnable> queues = new CopyOnWriteArrayList<>();

    /**
     * An entry without traffic.
     *
     * @param id a small number for arrays; one name keeps it for the life of the process
     */
    public PoolEntry(int id, String name, int loops) {
        this.id = id;
        this.name = name;
        load = new TargetLoad(loops);
    }

    public int id() {
        return id;
    }

    public String name() {
        return name;
    }

    /** The requests of the whole pool. */
    public TargetLoad load() {
        return load;
    }

    /** Admits one ejection at a time. */
    public EjectionGate ejections() {
        return ejections;
    }

    /** Requests that wait for room at a target, over all loops. */
    public AtomicInteger waiting() {
        return waiting;
    }

    /** What wakes the queue of each loop. */
    public List<Runnable> queues() {
        return queues;
    }

    /** Room was made, or is wanted. */
    public void wakeQueues() {
        for (Runnable queue : queues) {
            queue.run();
        }
    }
}
