package io.halite.dns.render;

import io.halite.dns.render.TailWriter.Place;
import io.halite.dns.sign.ZoneSigner;
import io.halite.dns.table.DenialTable;
import io.halite.dns.table.DenialTable.Link;
import io.halite.dns.table.NameNode.Denials;
import io.halite.dns.table.Proof;
import io.halite.dns.table.Tail;
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
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Type;

/**
 * The NSEC records of a zone, with their signatures: each name with anything at it, what it has, and the next one
 * (RFC 4034 section 4).
 */
final class NsecChain {
    private final ZoneSigner signer;
    private final TreeMap<Name, NSECRecord> records = new TreeMap<>();
    private final Map<Name, Integer> indexes = new HashMap<>();

    private NsecChain(ZoneSigner signer) {
        this.signer = signer;
    }

    /** The chain of a zone whose content is whole. */
    static NsecChain of(ZoneContent zone, ZoneSigner signer) {
        NsecChain chain = new NsecChain(signer);
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

    /** The zone, which comes first. */
    Name apex() {
        return records.firstKey();
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

    /** The signature of a record of it, or of one that was told {@link #without} a type. */
    RRSIGRecord signature(NSECRecord record) {
        return signer.sign(List.of(record));
    }

    /** The chain as it is searched when a name is asked for that does not exist. */
    DenialTable table() {
        return new DenialTable(records.values().stream()
                .map(record -> new Link(record.getName().toWireCanonical(), tail(record))).toList());
    }

    private Tail tail(NSECRecord record) {
        Sections proof = new Sections(List.of(), List.of(record, signature(record)), List.of());
        return TailWriter.write(Place.below(apex()), proof, null, Proof.COMPLETE);
    }

    /** Where its {@link #table} speaks of a name. */
    Denials denials(Name name, boolean hasWildcard) {
        boolean isProvable = !hasWildcard && ZoneContent.hasRoomBelow(name);
        return new Denials(indexes.getOrDefault(name, -1),
                isProvable ? index(covering(ZoneContent.wildcardOf(name))) : -1);
    }

    /** The record as it is told to clients for whom a type does not exist, though it does for others. */
    static NSECRecord without(NSECRecord record, int type) {
        return record.hasType(type)
                ? new NSECRecord(record.getName(), DClass.IN, record.getTTL(), record.getNext(),
                        Arrays.stream(record.getTypes()).filter(other -> other != type).toArray())
                : record;
    }
}
