package io.halite.dns.render;

import io.halite.dns.policy.Decision;
import io.halite.dns.table.NameNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Everything one name of a zone holds. Mutable while its zone is read, then left alone. */
public final class NameContent {
    private final Name name;
    private final SortedMap<Integer, List<Record>> records = new TreeMap<>();
    private @Nullable Decision decision;
    private @Nullable Rendering rendering;

    /**
     * How a name is answered.
     *
     * @param ids the numbers of its answers
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Rendering(NameNode node, int[] ids) {}

    NameContent(Name name) {
        this.name = name;
    }

    public Name name() {
        return name;
    }

    void add(Record record) {
        List<Record> set = records.computeIfAbsent(record.getType(), type -> new ArrayList<>());
        if (!set.contains(record)) {
            set.add(record);
        }
    }

    void decide(Decision about) {
        decision = about;
    }

    /** The decision about its addresses; null when it is not balanced. */
    public @Nullable Decision decision() {
        return decision;
    }

    /** Its static records by type. */
    public SortedMap<Integer, List<Record>> records() {
        return records;
    }

    List<Record> records(int type) {
        return records.getOrDefault(type, List.of());
    }

    /**
     * The types it holds. Of a wildcard, whose NSEC record is the same for all clients, a family of addresses only when
     * no client is told that there is none.
     */
    SortedSet<Integer> types() {
        SortedSet<Integer> types = new TreeSet<>(records.keySet());
        Decision about = decision;
        if (about != null) {
            for (int type : new int[] {Type.A, Type.AAAA}) {
                if (AddressItem.has(about.side(type).selection(), type, name.isWild())) {
                    types.add(type);
                }
            }
        }
        return types;
    }

    /** Notes how it is answered, for the tables to come. */
    void render(@Nullable Rendering as) {
        rendering = as;
    }

    /** How it was answered in the last table; null when that depended on more than itself and its zone. */
    @Nullable Rendering rendering() {
        return rendering;
    }

    boolean isEmpty() {
        return records.isEmpty() && decision == null;
    }

    @Nullable Record cname() {
        List<Record> set = records(Type.CNAME);
        return set.isEmpty() ? null : set.getFirst();
    }
}
