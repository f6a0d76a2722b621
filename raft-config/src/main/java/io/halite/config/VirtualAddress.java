package io.halite.config;

import java.util.List;
import java.util.Locale;

/**
 * An IP address that floats between nodes or is announced by several.
 *
 * @param routerId the VRRP virtual router id, 1–255; 0 where the mode needs none
 * @param prefer node names, most wanted first
 */
public record VirtualAddress(Cidr address, Mode mode, int routerId, List<String> prefer) {
    public VirtualAddress {
        prefer = List.copyOf(prefer);
    }

    /** Who brings packets to the holders. */
    public enum Mode {
        VRRP, ECMP, BGP;

        /** The spelling of the document. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
