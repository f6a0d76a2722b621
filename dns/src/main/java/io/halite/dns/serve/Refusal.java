package io.halite.dns.serve;

import io.halite.dns.wire.Query;
import io.halite.dns.wire.Rcode;
import java.util.Arrays;

/** The shortest response there is: a header that refuses. */
public final class Refusal {
    private Refusal() {}

    /** The header of a refusal of a query of at least {@link Query#HEADER} bytes. */
    public static byte[] of(byte[] query, Rcode rcode) {
        byte[] response = Arrays.copyOf(query, Query.HEADER);
        response[2] = (byte) (0x80 | (query[2] & 0x79));
        response[3] = (byte) rcode.code();
        Arrays.fill(response, 4, Query.HEADER, (byte) 0);
        return response;
    }
}
