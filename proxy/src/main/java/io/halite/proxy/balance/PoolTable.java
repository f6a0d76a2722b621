package io.halite.proxy.balance;

import io.halite.config.Algorithm;
import io.halite.config.Pool;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment: its members, which of them are candidates, and what its algorithm needs prepared, worked out
 * once when the table is compiled. Immutable and shared by all loops.
 */
public final class PoolTable {
    private final PoolEntry entry;
    private final long version;
    private final Pool pool;
    private final List<PoolMember> members;
    private final TargetEntry[] entries;
    private final int[] weights;
    private final Eligibility eligibility;
    private final SlowStart slowStart;
    private final Tier[] tiers;
    private final @Nullable StickyCookies stickyCookies;

    /**
     * A table of a pool.
     *
     * @param version grows from table to table
     * @param previous the table before this one; null for a new pool
     * @param now on the ticker that the balancers use
     * @param stickyKey the cluster's key for sticky cookies
     */
    public PoolTable(PoolEntry entry, long version, Pool pool, List<PoolMember> members, @Nullable PoolTable previous,
            long now, byte[] stickyKey) {
        this.entry = entry;
        this.version = version;
        this.pool = pool;
        this.members = List.copyOf(members);
        entries = members.stream().map(PoolMember::entry).toArray(TargetEntry[]::new);
        weights = members.stream().mapToInt(PoolMember::weight).toArray();
        eligibility = Eligibility.of(pool, this.members,
                previous == null ? Set.of() : previous.eligibility.lastKnown());
        slowStart = SlowStart.of(pool.slowStart(), this.members, eligibility, previous, now);
        tiers = tiers(eligibility.priorities(), previous);
        stickyCookies = pool.sticky() == null ? null
                : StickyCookies.of(entry.name(), pool.sticky(), this.members, stickyKey);
    }

    private Tier[] tiers(@Nullable Priorities priorities, @Nullable PoolTable previous) {
        if (priorities == null) {
            return new Tier[] {tier(0, 100, eligibility.candidates(), member -> true, previous)};
        }
        Tier[] all = new Tier[priorities.count()];
        int[] shares = priorities.shares();
        for (int index = 0; index < all.length; index++) {
            int level = priorities.level(index);
            int[] candidates = Arrays.stream(eligibility.candidates())
                    .filter(at -> members.get(at).priority() == level).toArray();
            all[index] = tier(index, shares[index], candidates, member -> member.priority() == level, previous);
        }
        return all;
    }

    private Tier tier(
            int index, int share, int[] candidates, Predicate<PoolMember> belongs, @Nullable PoolTable previous) {
        MaglevTable before = previous != null && index < previous.tiers.length ? previous.tiers[index].maglev() : null;
        return new Tier(candidates, share, new CandidateWeights(candidates, weights),
                pool.algorithm() instanceof Algorithm.Hash ? MaglevTable.of(members, belongs, before) : null);
    }

    /** Whether a table of this pool with these members would be equal to this one. */
    public boolean isOf(Pool otherPool, List<PoolMember> otherMembers) {
        return pool.equals(otherPool) && members.equals(otherMembers);
    }

    public int id() {
        return entry.id();
    }

    public long version() {
        return version;
    }

    public String name() {
        return entry.name();
    }

    /** What of the pool outlives its tables. */
    public PoolEntry entry() {
        return entry;
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
        return entry.load();
    }

    /** Which members may be chosen, and why. */
    public Eligibility eligibility() {
        return eligibility;
    }

    /** The share of its weight that a member has while it warms up after it came back; 1 when it is warm. */
    public double warmth(int position, long now) {
        return slowStart.share(position, now);
    }

    /** Whether a target that serves a session may go on with it: it is a member still, and has not failed. */
    public boolean keepsSession(TargetEntry target) {
        for (int position = 0; position < entries.length; position++) {
            if (entries[position] == target) {
                return eligibility.keepsSessions(position);
            }
        }
        return false;
    }

    int size() {
        return entries.length;
    }

    TargetEntry target(int position) {
        return entries[position];
    }

    int weight(int position) {
        return weights[position];
    }

    SlowStart slowStart() {
        return slowStart;
    }

    /** How many tiers there are: one where priorities do not count. */
    int tiers() {
        return tiers.length;
    }

    /** The candidates of a priority, those of first choice first. */
    Tier tier(int index) {
        return tiers[index];
    }

    /** Prepared when the pool is sticky, else null. */
    @Nullable StickyCookies stickyCookies() {
        return stickyCookies;
    }
}
