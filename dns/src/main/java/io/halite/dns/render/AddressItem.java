package io.halite.dns.render;

import io.halite.dns.policy.Candidate;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Type;

/**
 * One address that a balanced name may answer.
 *
 * @param member whose address it is
 * @param weight its share of the member's weight
 */
record AddressItem(String member, InetAddress address, long weight) {
    /** A member's weight is split among its addresses; this keeps the parts whole. */
    private static final long SCALE = 5040;

    /** The addresses of one family. */
    static List<AddressItem> of(List<Candidate> members, int type) {
        List<AddressItem> items = new ArrayList<>();
        for (Candidate member : members) {
            List<InetAddress> family = member.addresses().stream()
                    .filter(address -> (address instanceof Inet6Address) == (type == Type.AAAA)).toList();
            for (InetAddress address : family) {
                items.add(new AddressItem(member.name(), address, member.weight() * SCALE / family.size()));
            }
        }
        return items;
    }
}
