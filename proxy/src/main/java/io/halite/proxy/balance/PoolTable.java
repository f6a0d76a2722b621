package io.halite.proxy.balance;

import io.halite.config.Pool;
import java.util.List;

/**
 * A pool at one moment: its members and which of them are candidates, worked out once when the table is compiled.
 * Immutable and shared by all loops.
 */
public final class PoolTable {
    private final int id;
    private final long version;
    private final String name;
    private final Pool pool;
    private final List<PoolMember> members;
    private final TargetLoad load;
    private final Eligibility eligibility;

    /**
     * A table of a pool.
     *
     * @param id a small number for arrays; one pool name keeps its id for the life of the process
     * @param version grows from table to table
     * @param load the requests of the whole pool; the same object in every table of the pool
     */
    public PoolTable(int id, long version, String name, Pool pool, List<PoolMember> members, TargetLoad load) {
        this.id = id;
        this.version = version;
        this.name = name;
        this.pool = pool;
        this.members = List.copyOf(members);
        this.load = load;
        eligibility = Eligibility.of(pool, this.members);
    }

    public int id() {
        return id;
    }

    public long version() {
        return version;
    }

    public String name() {
        return name;
    }

    /** The pool of the document. */
    public Pool pool() {
        return pool;
    }

    /** The targets in the order of the document. */
    public List<PoolMember> members() {
        return members;
    }

    /** The requests of the whole pool. */
    public TargetLoad load() {
        return load;
    }

    /** Which members may be chosen, and why. */
    public Eligibility eligibility() {
        return eligibility;
    }
}
