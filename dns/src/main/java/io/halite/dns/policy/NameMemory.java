package io.halite.dns.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What deciding about one name must remember between two decisions. Owned by the compiling thread. */
final class NameMemory {
    /** The members of the last good answer, by group. */
    private final Map<String, Set<String>> lastGood = new HashMap<>();
    /** Since when each tier of a group has been well, in ticker nanoseconds. */
    private final Map<String, Long> wellSince = new HashMap<>();
    private final Map<String, Integer> activeTier = new HashMap<>();

    void remember(String group, Set<String> members) {
        lastGood.put(group, Set.copyOf(members));
    }

    Set<String> lastGood(String group) {
        return lastGood.getOrDefault(group, Set.of());
    }

    /** Notes whether a tier is well now, and tells for how long; a tier first seen well counts as long well. */
    long wellFor(String group, int tier, boolean well, long now) {
        String key = group + '#' + tier;
        if (!well) {
            wellSince.put(key, Long.MAX_VALUE);
            return -1;
        }
        Long since = wellSince.get(key);
        if (since == null) {
            return Long.MAX_VALUE;
        }
        if (since == Long.MAX_VALUE) {
            wellSince.put(key, now);
            return 0;
        }
        return now - since;
    }

    int activeTier(String group) {
        return activeTier.getOrDefault(group, -1);
    }

    void activate(String group, int tier) {
        activeTier.put(group, tier);
    }
}
