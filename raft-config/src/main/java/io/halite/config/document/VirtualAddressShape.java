package io.halite.config.document;

import io.halite.config.Cidr;
import io.halite.config.VirtualAddress;
import io.halite.config.VirtualAddress.Mode;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Virtual addresses. Stateless. */
final class VirtualAddressShape {
    private static final int MAX_ROUTER_ID = 255;

    private static final Key<VirtualAddress, Cidr> ADDRESS = Key.required("address", VirtualAddress::address,
            Scalars.spelled(Addresses::cidr, Cidr::toString, "INVALID_ADDRESS", "address",
                    "write 203.0.113.10/24 or 2001:db8::10/64"),
            "the address with its prefix length, such as 203.0.113.10/24");
    private static final Key<VirtualAddress, Mode> MODE = Key.of("mode", VirtualAddress::mode,
            Scalars.choice(List.of(Mode.values()), Mode::key), Mode.VRRP,
            "vrrp: one node holds it; ecmp, bgp: several announce it");
    private static final Key<VirtualAddress, Integer> ROUTER_ID = Key.optional("routerId",
            address -> address.routerId() == 0 ? null : address.routerId(), Scalars.integer(1, MAX_ROUTER_ID),
            "the virtual router id of mode vrrp, unlike any other on the network");
    private static final Key<VirtualAddress, List<String>> PREFER = Key.of("prefer", VirtualAddress::prefer,
            Composites.list(Scalars.name()), List.of(), "names of nodes, most wanted first");

    static final Shape<VirtualAddress> VIRTUAL_ADDRESS =
            Shape.of(VirtualAddressShape::virtualAddress, ADDRESS, MODE, ROUTER_ID, PREFER);

    private VirtualAddressShape() {}

    private static @Nullable VirtualAddress virtualAddress(Fields fields) {
        Cidr address = fields.find(ADDRESS);
        Mode mode = fields.get(MODE);
        Integer routerId = fields.find(ROUTER_ID);
        if (mode == Mode.VRRP && !fields.has(ROUTER_ID)) {
            return fields.owner().error("MISSING_KEY", "'routerId' is missing",
                    "mode vrrp needs an id of 1 to 255 that nobody else on the network uses");
        }
        if (mode != Mode.VRRP && routerId != null) {
            fields.owner().warning("ROUTER_ID_UNUSED", "mode " + mode.key() + " has no router id", "remove `routerId`");
        }
        if (address == null || (mode == Mode.VRRP && routerId == null)) {
            return null;
        }
        VirtualAddress read = new VirtualAddress(address, mode, routerId == null ? 0 : routerId, fields.get(PREFER));
        fields.owner().reading().remember(read, fields.owner());
        return read;
    }
}
