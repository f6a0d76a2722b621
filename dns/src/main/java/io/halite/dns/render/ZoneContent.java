package io.halite.dns.render;

import io.halite.dns.policy.Decision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/** All names of one zone as records, in canonical order; what is rendered, transferred and explained. */
public final class ZoneContent {
    private final Name apex;
    private final SOARecord soa;
    private final TreeMap<Name, NameContent> names = new TreeMap<>();

    ZoneContent(Name apex, SOARecord soa) {
        this.apex = apex;
        this.soa = soa;
        at(apex).add(soa);
    }

    public Name apex() {
        return apex;
    }

    public SOARecord soa() {
        return soa;
    }

    /** The SOA of negative answers: its TTL is how long they may be remembered (RFC 2308 section 5). */
    SOARecord negativeSoa() {
        long ttl = Math.min(soa.getTTL(), soa.getMinimum());
        return new SOARecord(apex, soa.getDClass(), ttl, soa.getHost(), soa.getAdmin(), soa.getSerial(),
                soa.getRefresh(), soa.getRetry(), soa.getExpire(), soa.getMinimum());
    }

    NameContent at(Name name) {
        return names.computeIfAbsent(name, NameContent::new);
    }

    public @Nullable NameContent get(Name name) {
        return names.get(name);
    }

    public Collection<NameContent> names() {
        return names.values();
    }

    /** Adds the empty names between the apex and every name (RFC 4592 section 2.2.2). */
    void fillGaps() {
        for (Name name : List.copyOf(names.keySet())) {
            for (int up = 1; name.labels() - up > apex.labels(); up++) {
                at(new Name(name, up));
            }
        }
    }

    /** The nameservers of a name strictly below the apex: another server has it and everything below. */
    List<Record> delegation(NameContent content) {
        return content.name().equals(apex) ? List.of() : content.records(Type.NS);
    }

    /** Whether a name lies below a delegation, so that its records serve as glue only. */
    boolean isOccluded(Name name) {
        for (int up = 1; name.labels() - up > apex.labels(); up++) {
            NameContent ancestor = names.get(new Name(name, up));
            if (ancestor != null && !delegation(ancestor).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The static addresses of nameservers within the zone. */
    List<Record> glue(List<Record> nameservers) {
        return nameservers.stream()
                .map(record -> names.get(((NSRecord) record).getTarget()))
                .filter(content -> content != null)
                .flatMap(content -> Stream.concat(
                        content.records(Type.A).stream(), content.records(Type.AAAA).stream()))
                .toList();
    }

    /**
     * Where a name that is looked up inside the server leads: to itself, to a wildcard, or nowhere.
     */
    public @Nullable NameContent resolve(Name name) {
        NameContent exact = names.get(name);
        if (exact != null) {
            return exact;
        }
        for (int up = 1; name.labels() - up >= apex.labels(); up++) {
            Name ancestor = new Name(name, up);
            if (names.containsKey(ancestor)) {
                return wildcard(ancestor);
            }
        }
        return null;
    }

    private static Name wildcardOf(Name parent) {
        return Name.fromConstantString("*." + parent);
    }

    /** The wildcard child of a name, or null. */
    @Nullable NameContent wildcard(Name parent) {
        return parent.length() + 2 > 255 ? null : names.get(wildcardOf(parent));
    }

    /** Every record but the SOA, as a copy of the zone holds them; balanced names as what they answer now. */
    public List<Record> everything() {
        List<Record> all = new ArrayList<>();
        for (NameContent content : names.values()) {
            content.records().values().stream().flatMap(List::stream)
                    .filter(record -> record.getType() != Type.SOA).forEach(all::add);
            Decision decision = content.decision();
            if (decision != null) {
                all.addAll(AddressItem.records(content.name(), decision));
            }
        }
        return all;
    }
}
