package io.halite.dns.render;

import io.halite.dns.policy.Decision;
import io.halite.dns.sign.ZoneSigner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/** All names of one zone as records, in canonical order; what is rendered, transferred and explained. */
public final class ZoneContent {
    private static final int LONGEST_NAME = 255;

    private final Name apex;
    private final SOARecord soa;
    private final TreeMap<Name, NameContent> names;
    private final boolean isTakenOver;
    private @Nullable ZoneSigner signer;
    private @Nullable NsecChain chain;

    ZoneContent(Name apex, SOARecord soa) {
        this(apex, soa, Collections.emptySortedMap(), false);
    }

    private ZoneContent(Name apex, SOARecord soa, SortedMap<Name, NameContent> names, boolean isTakenOver) {
        this.apex = apex;
        this.soa = soa;
        this.names = new TreeMap<>(names);
        this.isTakenOver = isTakenOver;
        renew(apex).add(soa);
    }

    /** A zone of the same names, which are taken over but for the apex; what changed is to be renewed. */
    static ZoneContent like(ZoneContent before) {
        return new ZoneContent(before.apex, before.soa, before.names, true);
    }

    /** Whether its names are those of the zone before, but for what changed. */
    boolean isTakenOver() {
        return isTakenOver;
    }

    public Name apex() {
        return apex;
    }

    public SOARecord soa() {
        return soa;
    }

    /** Has the zone signed; its key becomes part of it. */
    void signBy(ZoneSigner by) {
        signer = by;
        by.published().forEach(at(apex)::add);
    }

    /** What signs it; null for an unsigned zone. */
    @Nullable ZoneSigner signer() {
        return signer;
    }

    /** Nothing is added any more. */
    void finish() {
        if (!isTakenOver) {
            fillGaps();
        }
        if (signer != null) {
            chain = NsecChain.of(this, signer);
        }
    }

    /** The proofs of what is not there; null for an unsigned zone. */
    @Nullable NsecChain chain() {
        return chain;
    }

    /** Hands over to a zone below that is served here too, unless the document says who has it. */
    void delegateTo(ZoneContent child) {
        NameContent cut = at(child.apex);
        if (!cut.records(Type.NS).isEmpty()) {
            return;
        }
        List<Record> nameservers = child.at(child.apex).records(Type.NS);
        nameservers.forEach(cut::add);
        child.glue(nameservers).forEach(record -> at(record.getName()).add(record));
        if (child.signer != null) {
            cut.add(child.signer.key().ds(child.apex, soa.getTTL()));
        }
    }

    /** How long a negative answer may be remembered (RFC 2308 section 5). */
    long negativeTtl() {
        return Math.min(soa.getTTL(), soa.getMinimum());
    }

    /** The SOA of negative answers. */
    SOARecord negativeSoa() {
        return new SOARecord(apex, soa.getDClass(), negativeTtl(), soa.getHost(), soa.getAdmin(), soa.getSerial(),
                soa.getRefresh(), soa.getRetry(), soa.getExpire(), soa.getMinimum());
    }

    NameContent at(Name name) {
        return names.computeIfAbsent(name, NameContent::new);
    }

    /** A name with nothing at it, in the place of what was there. */
    NameContent renew(Name name) {
        NameContent empty = new NameContent(name);
        names.put(name, empty);
        return empty;
    }

    public @Nullable NameContent get(Name name) {
        return names.get(name);
    }

    public Collection<NameContent> names() {
        return names.values();
    }

    /** Adds the empty names between the apex and every name (RFC 4592 section 2.2.2). */
    private void fillGaps() {
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

    /** The balanced names for which health is ignored now, without a final dot. */
    public List<String> panics() {
        List<String> panics = new ArrayList<>();
        for (NameContent content : names.values()) {
            Decision decision = content.decision();
            if (decision != null && decision.panic()) {
                panics.add(content.name().toString(true));
            }
        }
        return panics;
    }

    /** The nameservers of the zone itself. */
    public List<Record> nameservers() {
        return at(apex).records(Type.NS);
    }

    /** What the zone above must say of the key; empty for an unsigned zone. */
    public Optional<DSRecord> ds() {
        return Optional.ofNullable(signer).map(by -> by.key().ds(apex, soa.getTTL()));
    }

    /** The DS records of keys that signed before, or will; the zone above may still name the one. */
    public List<DSRecord> otherDs() {
        ZoneSigner by = signer;
        return by == null ? List.of() : by.keys().stream().filter(key -> !key.equals(by.key()))
                .map(key -> key.ds(apex, soa.getTTL())).toList();
    }

    /** The static addresses of nameservers within the zone. */
    public List<Record> glue(List<Record> nameservers) {
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

    /** The wildcard that would stand in for a name that does not exist (RFC 4592 section 3.3.1). */
    Name wildcardBeside(Name missing) {
        int up = 1;
        while (!names.containsKey(new Name(missing, up))) {
            up++;
        }
        return wildcardOf(new Name(missing, up));
    }

    static Name wildcardOf(Name parent) {
        return Name.fromConstantString("*." + parent);
    }

    /** Whether a name is short enough for a child {@code *}. */
    static boolean hasRoomBelow(Name parent) {
        return parent.length() + 2 <= LONGEST_NAME;
    }

    /** The wildcard child of a name, or null. */
    @Nullable NameContent wildcard(Name parent) {
        return hasRoomBelow(parent) ? names.get(wildcardOf(parent)) : null;
    }

    /** Every record but the SOA, as a copy of the zone holds them; balanced names as what they answer now. */
    public List<Record> everything() {
        List<Record> all = new ArrayList<>();
        for (NameContent content : names.values()) {
            Decision decision = content.decision();
            content.records().forEach((type, set) -> addSet(all, content,
                    decision != null && ServiceHints.belongTo(type) ? ServiceHints.add(set, decision) : set));
            if (decision != null) {
                AddressItem.sets(content.name(), decision).forEach(set -> addSet(all, content, set));
            }
            NSECRecord proof = chain == null ? null : chain.at(content.name());
            if (chain != null && proof != null) {
                all.addAll(List.of(proof, chain.signature(proof)));
            }
        }
        return all;
    }

    private void addSet(List<Record> all, NameContent content, List<Record> set) {
        int type = set.getFirst().getType();
        if (type != Type.SOA) {
            all.addAll(set);
        }
        boolean isOurs = type == Type.DS || delegation(content).isEmpty();
        if (signer != null && isOurs && !isOccluded(content.name())) {
            all.addAll(signer.signatures(set));
        }
    }
}
