package io.halite.proxy.route;

import io.halite.config.AccessList;

/** Who is admitted, by address. Denial goes first. Immutable. */
public final class AccessRules {
    public static final AccessRules EVERYBODY = new AccessRules(AccessList.EVERYBODY);

    private final boolean open;
    private final AddressSet allow;
    private final AddressSet deny;

    /** The rules of a list; throws {@link IllegalArgumentException} when a range is none. */
    public AccessRules(AccessList list) {
        open = list.equals(AccessList.EVERYBODY);
        allow = list.allow().isEmpty() ? AddressSet.NONE : new AddressSet(list.allow());
        deny = list.deny().isEmpty() ? AddressSet.NONE : new AddressSet(list.deny());
    }

    /** Whether an address, given by its 4 or 16 bytes, is admitted. */
    public boolean admits(byte[] address) {
        return open || (!deny.contains(address) && (allow.isEmpty() || allow.contains(address)));
    }
}
