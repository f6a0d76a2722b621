package io.halite.dns.render;

import io.halite.dns.policy.Decision;
import io.halite.dns.policy.Selection;
import io.halite.dns.render.Signing.Denied;
import io.halite.dns.render.Signing.Signed;
import io.halite.dns.render.TailWriter.Place;
import io.halite.dns.table.AliasTable;
import io.halite.dns.table.Answer;
import io.halite.dns.table.GeoTable;
import io.halite.dns.table.Proof;
import io.halite.dns.table.Tail;
import io.halite.dns.wire.Rcode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Renders answers of one zone; ids are drawn from the table's counter. */
final class AnswerRenderer {
    private final ZoneContent zone;
    private final Map<String, GeoTable> geoTables;
    private final IdSource ids;
    private final Signing signing;

    AnswerRenderer(ZoneContent zone, Map<String, GeoTable> geoTables, IdSource ids, Signing signing) {
        this.zone = zone;
        this.geoTables = geoTables;
        this.ids = ids;
        this.signing = signing;
    }

    /**
     * Where an answer's records hang.
     *
     * @param place what is known of the question
     * @param chain the CNAME records that led to the owner
     * @param owner whose records are answered
     */
    record Target(Place place, List<Record> chain, Name owner) {
        Target {
            chain = List.copyOf(chain);
        }

        static Target of(Place place) {
            return new Target(place, List.of(), place.self());
        }
    }

    private Tail tail(Place place, Sections sections) {
        return tail(place, sections, null);
    }

    private Tail tail(Place place, Sections sections, @Nullable Denied denied) {
        Signed signed = signing.sign(zone, place, sections, denied);
        Tail secure = signed == null ? null : TailWriter.write(place, signed.sections(), null, signed.proof());
        return TailWriter.write(place, sections, secure, Proof.COMPLETE);
    }

    /** The chain, and that there is nothing of a type at its end; 0 for every type that is not rendered. */
    Answer noData(Target target, int type) {
        return negative(target, Rcode.NOERROR, type);
    }

    Answer missing(Target target) {
        return negative(target, Rcode.NXDOMAIN, 0);
    }

    private Answer negative(Target target, Rcode rcode, int type) {
        Sections sections = new Sections(target.chain(), List.of(zone.negativeSoa()), List.of());
        Denied denied = new Denied(target.owner(), rcode == Rcode.NXDOMAIN, type);
        return Answer.fixed(ids.next(), rcode, true, tail(target.place(), sections, denied));
    }

    /** The chain alone: its end is not ours to answer. */
    Answer chainOnly(Target target) {
        return Answer.fixed(ids.next(), Rcode.NOERROR, true,
                tail(target.place(), Sections.answer(target.chain())));
    }

    /** A static set; addresses take turns. */
    Answer fixedSet(Target target, List<Record> set) {
        boolean isAddress = set.getFirst().getType() == Type.A || set.getFirst().getType() == Type.AAAA;
        List<Tail> tails = rotations(target, set, isAddress ? set.size() : 1, set.size());
        return tails.size() == 1
                ? Answer.fixed(ids.next(), Rcode.NOERROR, true, tails.getFirst())
                : Answer.rotating(ids.next(), tails);
    }

    /** The nameservers of the zone itself, with their addresses. */
    Answer nameservers(Place place, List<Record> set) {
        return Answer.fixed(ids.next(), Rcode.NOERROR, true,
                tail(place, new Sections(set, List.of(), zone.glue(set))));
    }

    /** The way to the servers of a delegated name. */
    Answer referral(Place place, List<Record> set) {
        return Answer.fixed(ids.next(), Rcode.NOERROR, false,
                tail(place, new Sections(List.of(), set, zone.glue(set))));
    }

    /** What a decision says for A or AAAA. */
    Answer addresses(Target target, Decision decision, int type) {
        return addresses(target, decision.side(type).selection(), decision.ttl().toSeconds(), type);
    }

    private Answer addresses(Target target, Selection selection, long ttl, int type) {
        return switch (selection) {
            case Selection.Even(var members, var answers, var sticky) -> {
                List<AddressItem> items = AddressItem.of(members, type);
                if (items.isEmpty()) {
                    yield noData(target, type);
                }
                List<Tail> tails = itemTails(target, items, answers, ttl, type);
                yield sticky && items.size() > 1
                        ? Answer.sticky(ids.next(), tails, StickyBuckets.of(items, false))
                        : even(tails);
            }
            case Selection.Weighted(var members, var answers, var sticky) -> {
                List<AddressItem> items = AddressItem.of(members, type);
                long[] weights = items.stream().mapToLong(AddressItem::weight).toArray();
                if (items.isEmpty()) {
                    yield noData(target, type);
                }
                List<Tail> tails = itemTails(target, items, answers, ttl, type);
                yield sticky && items.size() > 1
                        ? Answer.sticky(ids.next(), tails, StickyBuckets.of(items, true))
                        : weighted(tails, weights);
            }
            case Selection.ByRegion(var map, var regions) -> {
                GeoTable geo = geoTables.getOrDefault(map, GeoTable.NONE);
                List<Answer> byRegion = new ArrayList<>();
                for (String region : geo.regions()) {
                    Selection own = regions.getOrDefault(region, new Selection.Nothing(Rcode.SERVFAIL));
                    byRegion.add(addresses(target, own, ttl, type));
                }
                yield byRegion.isEmpty() ? nothing(target, Rcode.SERVFAIL, type) : Answer.geo(ids.next(), geo, byRegion);
            }
            case Selection.Nothing(var rcode) -> nothing(target, rcode, type);
        };
    }

    private Answer nothing(Target target, Rcode rcode, int type) {
        return rcode == Rcode.NOERROR ? noData(target, type) : Answer.fixed(ids.next(), rcode, false, Tail.EMPTY);
    }

    private Answer even(List<Tail> tails) {
        return tails.size() == 1
                ? Answer.fixed(ids.next(), Rcode.NOERROR, true, tails.getFirst())
                : Answer.rotating(ids.next(), tails);
    }

    private Answer weighted(List<Tail> tails, long[] weights) {
        boolean allStandby = LongStream.of(weights).allMatch(weight -> weight == 0);
        return tails.size() == 1 || allStandby
                ? even(tails)
                : Answer.weighted(ids.next(), tails, AliasTable.of(weights));
    }

    private List<Tail> itemTails(Target target, List<AddressItem> items, int answers, long ttl, int type) {
        List<Record> records = items.stream()
                .map(item -> addressRecord(target.owner(), item.address(), ttl, type)).toList();
        return rotations(target, records, records.size(), Math.min(answers, records.size()));
    }

    static Record addressRecord(Name owner, InetAddress address, long ttl, int type) {
        return type == Type.A
                ? new ARecord(owner, DClass.IN, ttl, address)
                : new AAAARecord(owner, DClass.IN, ttl, address);
    }

    /** For each start a tail with that many records from there on. */
    private List<Tail> rotations(Target target, List<Record> set, int starts, int size) {
        List<Tail> tails = new ArrayList<>();
        for (int start = 0; start < starts; start++) {
            List<Record> answer = new ArrayList<>(target.chain());
            for (int i = 0; i < size; i++) {
                answer.add(set.get((start + i) % set.size()));
            }
            tails.add(tail(target.place(), Sections.answer(answer)));
        }
        return tails;
    }
}
