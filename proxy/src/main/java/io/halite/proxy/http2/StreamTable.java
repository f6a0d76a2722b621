package io.halite.proxy.http2;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open streams of a connection by their numbers: places that follow one another. Confined to one connection. */
final class StreamTable {
    private static final int FIRST = 16;

    private @Nullable Http2Stream[] streams = new Http2Stream[FIRST];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable Http2Stream get(int id) {
        return streams[place(id)];
    }

    void put(int id, Http2Stream stream) {
        if (2 * (size + 1) > streams.length) {
            grow();
        }
        streams[place(id)] = stream;
        size++;
    }

    /** The stream that was taken out; null when there was none. */
    @Nullable Http2Stream remove(int id) {
        int gap = place(id);
        Http2Stream removed = streams[gap];
        if (removed == null) {
            return null;
        }
        size--;
        // Those behind it move up unless their own places are behind the gap.
        int mask = streams.length - 1;
        for (int at = gap + 1 & mask; ; at = at + 1 & mask) {
            Http2Stream next = streams[at];
            if (next == null) {
                break;
            }
            if ((at - home(next.id()) & mask) >= (at - gap & mask)) {
                streams[gap] = next;
                gap = at;
            }
        }
        streams[gap] = null;
        return removed;
    }

    void clear() {
        streams = new Http2Stream[FIRST];
        size = 0;
    }

    /** All of them, whatever becomes of the table meanwhile. */
    List<Http2Stream> all() {
        List<Http2Stream> all = new ArrayList<>(size);
        for (Http2Stream each : streams) {
            if (each != null) {
                all.add(each);
            }
        }
        return all;
    }

    /** Each that waits for room hears that there may be some. */
    void roomChanged() {
        for (Http2Stream each : streams) {
            if (each != null) {
                each.inner().roomChanged();
            }
        }
    }

    private void grow() {
        List<Http2Stream> all = all();
        streams = new Http2Stream[2 * streams.length];
        for (Http2Stream each : all) {
            streams[place(each.id())] = each;
        }
    }

    /** Where the stream is, or where it would be. */
    private int place(int id) {
        int at = home(id);
        while (true) {
            Http2Stream there = streams[at];
            if (there == null || there.id() == id) {
                return at;
            }
            at = at + 1 & streams.length - 1;
        }
    }

    /** Numbers are odd. */
    private int home(int id) {
        return id >>> 1 & streams.length - 1;
    }
}
