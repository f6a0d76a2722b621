package io.halite.dns.render;

import io.halite.dns.policy.Candidate;
import io.halite.dns.policy.Decision;
import io.halite.dns.policy.Selection;
import io.halite.dns.wire.Rcode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * One address that a balanced name may answer.
 *
 * @param member whose address it is
 * @param weight its share of the weight of its member, or of all whose address it is
 */
record AddressItem(String member, InetAddress address, long weight) {
    /** A member's weight is split among its addresses; this keeps the parts whole. */
    private static final long SCALE = 5040;

    /** The addresses of one family, each once: several members may share one, as targets of a machine do. */
    static List<AddressItem> of(List<Candidate> members, int type) {
        Map<InetAddress, AddressItem> items = new LinkedHashMap<>();
        for (Candidate member : members) {
            List<InetAddress> family = member.addresses().stream()
                    .filter(address -> (address instanceof Inet6Address) == (type == Type.AAAA)).toList();
            for (InetAddress address : family) {
                items.merge(address, new AddressItem(member.name(), address, member.weight() * SCALE / family.size()),
                        (one, other) -> new AddressItem(one.member, address, one.weight + other.weight));
            }
        }
        return List.copyOf(items.values());
    }

    /** All addresses that a decision may answer to anybody, as a set of records for each family that has some. */
    static List<List<Record>> sets(Name owner, Decision decision) {
        List<List<Record>> sets = new ArrayList<>();
        for (int type : new int[] {Type.A, Type.AAAA}) {
            Set<Record> records = new LinkedHashSet<>();
            of(members(decision.side(type).selection()), type).forEach(item -> records.add(
                    AnswerRenderer.addressRecord(owner, item.address(), decision.ttl().toSeconds(), type)));
            if (!records.isEmpty()) {
                sets.add(List.copyOf(records));
            }
        }
        return sets;
    }

    /**
     * Whether a selection is answered with addresses of a type, or not at all, which denies nothing.
     *
     * @param toAll whether that must hold in every region, not in one alone
     */
    static boolean has(Selection selection, int type, boolean toAll) {
        return switch (selection) {
            case Selection.ByRegion regions -> toAll
                    ? regions.regions().values().stream().allMatch(region -> has(region, type, true))
                    : regions.regions().values().stream().anyMatch(region -> has(region, type, false));
            case Selection.Nothing nothing -> nothing.rcode() != Rcode.NOERROR;
            case Selection.Even even -> !of(even.members(), type).isEmpty();
            case Selection.Weighted weighted -> !of(weighted.members(), type).isEmpty();
        };
    }

    private static List<Candidate> members(Selection selection) {
        return switch (selection) {
            case Selection.Even even -> even.members();
            case Selection.Weighted weighted -> weighted.members();
            case Selection.ByRegion regions ->
                    regions.regions().values().stream().flatMap(region -> members(region).stream()).distinct().toList();
            case Selection.Nothing nothing -> List.of();
        };
    }
}
