package io.halite.dns.serve;

import io.halite.config.Cidr;
import io.halite.dns.wire.Client;
import java.net.InetAddress;
import java.util.List;

/** A short list of client networks; IPv6 ones are told apart by their first 64 bits. */
public final class Networks {
    public static final Networks NONE = new Networks(List.of());

    private final long[] prefixes;
    private final long[] masks;
    private final boolean[] ipv6;

    /** These networks. */
    public Networks(List<Cidr> networks) {
        int n = networks.size();
        prefixes = new long[n];
        masks = new long[n];
        ipv6 = new boolean[n];
        Client address = new Client();
        for (int i = 0; i < n; i++) {
            Cidr network = networks.get(i);
            address.set(InetAddress.ofLiteral(network.address()));
            ipv6[i] = address.isIpv6();
            int bits = Math.min(network.prefix(), ipv6[i] ? 64 : 32);
            masks[i] = bits == 0 ? 0 : -1L << (64 - bits);
            prefixes[i] = address.high() & masks[i];
        }
    }

    public boolean isEmpty() {
        return prefixes.length == 0;
    }

    /** Whether one of them holds the client. */
    public boolean contains(Client client) {
        for (int i = 0; i < prefixes.length; i++) {
            if (ipv6[i] == client.isIpv6() && (client.high() & masks[i]) == prefixes[i]) {
                return true;
            }
        }
        return false;
    }
}
