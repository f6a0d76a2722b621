package io.halite.proxy.listen;

import io.halite.config.document.Addresses;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.Optional;

/**
 * Why an address cannot be listened on.
 *
 * @param code stable, upper snake case
 * @param message one sentence that names the cause and the way out
 */
public record BindProblem(String code, String message) {

    /**
     * Tries to bind as a socket that shares nothing would: sockets with SO_REUSEPORT would join those of another process
     * of the same user without a word.
     *
     * @param datagrams whether for UDP
     */
    static Optional<BindProblem> probe(InetSocketAddress address, boolean datagrams) {
        return datagrams ? probeDatagrams(address) : probe(address);
    }

    private static Optional<BindProblem> probeDatagrams(InetSocketAddress address) {
        try (DatagramSocket probe = new DatagramSocket(null)) {
            probe.bind(address);
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of(of(address, failed));
        }
    }

    private static Optional<BindProblem> probe(InetSocketAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address, 1);
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of(of(address, failed));
        }
    }

    /** The problem behind an exception. */
    static BindProblem of(InetSocketAddress address, IOException failed) {
        String text = Addresses.text(address);
        String cause = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
        if (cause.contains("permission")) {
            return new BindProblem("PORT_FORBIDDEN", "This process may not listen on " + text
                    + ": ports below 1024 need root or the capability CAP_NET_BIND_SERVICE; choose a port above.");
        }
        if (cause.contains("cannot assign") || cause.contains("not available")) {
            return new BindProblem("ADDRESS_MISSING", "This machine has no address " + Addresses.text(
                    address.getAddress()) + "; add it to an interface, or listen on a wildcard address.");
        }
        if (failed instanceof BindException) {
            return new BindProblem("PORT_TAKEN", "Another program listens on " + text + PortOwner.describe(address)
                    + "; stop it or choose another port.");
        }
        return new BindProblem("LISTEN_FAILED", "Listening on " + text + " failed: " + failed.getMessage() + ".");
    }
}
