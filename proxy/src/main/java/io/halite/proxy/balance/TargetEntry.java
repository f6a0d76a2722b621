package io.halite.proxy.balance;

import io.halite.config.HostPort;
import io.halite.config.TargetRef;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A target as the relay loops know it: one object as long as its name and its address stay, through any number of
 * tables, so that connections, load and ejection hang on its identity. Weight, admin state and health are not here but
 * in the {@link PoolTable} of each revision.
 */
public final class TargetEntry {
    private final int id;
    private final TargetRef ref;
    private final HostPort address;
    private final TargetLoad load;
    private final TargetSockets sockets;
    private final TargetEjection ejection = new TargetEjection();
    private final boolean named;
    private volatile @Nullable InetSocketAddress socketAddress;

    /** An entry with an id of its own; where to connect is unknown at first when the host is a name. */
    public TargetEntry(int id, TargetRef ref, HostPort address, int loops) {
        this.id = id;
        this.ref = ref;
        this.address = address;
        load = new TargetLoad(loops);
        sockets = new TargetSockets(loops);
        InetSocketAddress literal = literal(address);
        named = literal == null;
        socketAddress = literal;
    }

    private static @Nullable InetSocketAddress literal(HostPort address) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(address.host()), address.port());
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    /** A small number for arrays; the same name at the same address keeps it for the life of the process. */
    public int id() {
        return id;
    }

    public TargetRef ref() {
        return ref;
    }

    /** The address as written in the document. */
    public HostPort address() {
        return address;
    }

    /** Where to connect; null while a name was never resolved. */
    public @Nullable InetSocketAddress socketAddress() {
        return socketAddress;
    }

    /** Whether the host is a name, which must be looked up. */
    public boolean isNamed() {
        return named;
    }

    /** Sets where to connect; for a name only. */
    public void resolved(InetSocketAddress resolved) {
        socketAddress = resolved;
    }

    /** Its requests. */
    public TargetLoad load() {
        return load;
    }

    /** Its connections. */
    public TargetSockets sockets() {
        return sockets;
    }

    /** Whether its own traffic took it out at this node. */
    public TargetEjection ejection() {
        return ejection;
    }

    @Override
    public String toString() {
        return ref + " at " + address;
    }
}
