package io.halite.dns.policy;

import java.net.InetAddress;
import java.util.List;

/** The addresses of names outside our zones, for ALIAS records; looked up beforehand, never while planning. */
@FunctionalInterface
public interface AliasBook {
    /** Knows nothing. */
    AliasBook EMPTY = name -> List.of();

    /** The last good addresses of an absolute name without a final dot; empty while none are known. */
    List<InetAddress> addresses(String name);
}
