package io.halite.dns.render;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The NSEC records of a zone: each name with anything at it, what it has, and the next one (RFC 4034 section 4). */
final class NsecChain {
    private final TreeMap<Name, NSECRecord> records = new TreeMap<>();
    private final Map<Name, Integer> indexes = new HashMap<>();

    /** The chain of a zone whose content is whole. */
    static NsecChain of(ZoneContent zone) {
        NsecChain chain = new NsecChain();
        List<NameContent> names = zone.names().stream()
                .filter(content -> !content.isEmpty() && !zone.isOccluded(content.name())).toList();
        // RFC 9077: a proof lasts no longer than a negative answer.
        long ttl = zone.negativeTtl();
        for (int i = 0; i < names.size(); i++) {
            Name owner = names.get(i).name();
            Name next = names.get((i + 1) % names.size()).name();
            chain.records.put(owner, new NSECRecord(owner, DClass.IN, ttl, next, types(zone, names.get(i))));
            chain.indexes.put(owner, i);
        }
        return chain;
    }

    private static int[] types(ZoneContent zone, NameContent content) {
        SortedSet<Integer> types = new TreeSet<>(List.of(Type.RRSIG, Type.NSEC));
        if (zone.delegation(content).isEmpty()) {
            types.addAll(content.types());
        } else {
            types.add(Type.NS);
            if (!content.records(Type.DS).isEmpty()) {
                types.add(Type.DS);
            }
        }
        return types.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The record of a name; null when nothing is at it. */
    @Nullable NSECRecord at(Name name) {
        return records.get(name);
    }

    /** The record that proves that a name has nothing at it. */
    NSECRecord covering(Name name) {
        return records.floorEntry(name).getValue();
    }

    /** The place of a record in the chain, the apex first. */
    int index(NSECRecord record) {
        return indexes.getOrDefault(record.getName(), -1);
    }

    /** All in canonical order. */
    List<NSECRecord> all() {
        return new ArrayList<>(records.values());
    }

    /** The record as it is told to clients for whom a type does not exist, though it does for others. */
    static NSECRecord without(NSECRecord record, int type) {
        return record.hasType(type)
                ? new NSECRecord(record.getName(), DClass.IN, record.getTTL(), record.getNext(),
                        Arrays.stream(record.getTypes()).filter(other -> other != type).toArray())
                : record;
    }
}
