package io.halite.dns.serve;

import io.halite.dns.wire.Rcode;
import io.halite.dns.wire.RecordType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;

/**
 * What one worker counted. Written by its worker only, without locks; anybody may read and sees each counter as of a
 * moment ago.
 */
public final class QueryCounters {
    /** Types counted apart, in order of their index; the last stands for all others. */
    public static final List<String> TYPES = List.of("A", "AAAA", "NS", "SOA", "CNAME", "TXT", "MX", "SRV", "PTR",
            "HTTPS", "SVCB", "CAA", "DS", "DNSKEY", "ANY", "OTHER");
    public static final List<Rcode> RCODES = List.of(Rcode.values());

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int EVENTS = Event.values().length;
    private static final byte[] TYPE_INDEX = typeIndex();
    private static final byte[] RCODE_INDEX = rcodeIndex();

    /** What happens beside an ordinary answer. */
    public enum Event {
        DROPPED(0), TRUNCATED(1), SLOW(2), RATE_LIMIT_DROPPED(3), RATE_LIMIT_SLIPPED(4), COOKIE_ACCEPTED(5),
        BATCHES(6), DATAGRAMS(7), SEND_FAILED(8), FAILED(9), FRAMES(10);

        private final int index;

        Event(int index) {
            this.index = index;
        }
    }

    private final long[] events = new long[EVENTS];
    private volatile long[] queries = new long[cells(4)];

    private static int cells(int zones) {
        return zones * TYPES.size() * RCODES.size();
    }

    private static byte[] typeIndex() {
        byte[] index = new byte[RecordType.CAA + 1];
        for (int type = 0; type < index.length; type++) {
            int known = TYPES.indexOf(RecordType.name(type));
            index[type] = (byte) (known < 0 ? TYPES.size() - 1 : known);
        }
        return index;
    }

    private static byte[] rcodeIndex() {
        byte[] index = new byte[Rcode.BADVERS.code() + 1];
        for (Rcode rcode : RCODES) {
            index[rcode.code()] = (byte) RCODES.indexOf(rcode);
        }
        return index;
    }

    /** Makes room for zones with a counter index below this. Called by the worker. */
    void reserve(int zones) {
        if (queries.length < cells(zones)) {
            queries = Arrays.copyOf(queries, cells(Math.max(zones, 4) * 2));
        }
    }

    void count(int zone, int type, int rcode) {
        int typeAt = type < TYPE_INDEX.length ? TYPE_INDEX[type] : TYPES.size() - 1;
        bump(queries, (zone * TYPES.size() + typeAt) * RCODES.size() + RCODE_INDEX[rcode], 1);
    }

    /** Counts an event. Called by the worker. */
    public void count(Event event, long times) {
        bump(events, event.index, times);
    }

    private static void bump(long[] array, int at, long times) {
        LONGS.setOpaque(array, at, array[at] + times);
    }

    /** Queries of a zone by its counter index (0 for none), by type and rcode index. */
    public long queries(int zone, int type, int rcode) {
        int at = (zone * TYPES.size() + type) * RCODES.size() + rcode;
        long[] array = queries;
        return at < array.length ? (long) LONGS.getOpaque(array, at) : 0;
    }

    /** How often an event happened. */
    public long events(Event event) {
        return (long) LONGS.getOpaque(events, event.index);
    }
}
