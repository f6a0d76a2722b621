package io.halite.proxy.relay;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A sender in the kernel's own words: its socket address, and the packet's control message without the interface. */
final class NativePeer implements DatagramPeer {
    private final byte[] name;
    private final byte[] control;
    private final byte[] address;

    NativePeer(byte[] name, byte[] control, byte[] address) {
        this.name = name;
        this.control = control;
        this.address = address;
    }

    byte[] name() {
        return name;
    }

    byte[] control() {
        return control;
    }

    @Override
    public byte[] address() {
        return address;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NativePeer peer && Arrays.equals(name, peer.name)
                && Arrays.equals(control, peer.control);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(name) + Arrays.hashCode(control);
    }
}
