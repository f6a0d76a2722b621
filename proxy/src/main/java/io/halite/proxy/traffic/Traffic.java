package io.halite.proxy.traffic;

import java.util.List;
import java.util.SortedMap;

/**
 * Everything the data plane counted since it started, summed over its loops at one moment. Counters never go back;
 * those of objects that left the config stay.
 *
 * @param refused requests that broke the protocol or a limit, by reason code such as {@code BARE_LF}
 */
public record Traffic(
        List<Series> series, List<ListenerTraffic> listeners, SortedMap<String, Long> refused, List<LoopState> loops,
        LogLines accessLog) {
    public Traffic {
        series = List.copyOf(series);
        listeners = List.copyOf(listeners);
        loops = List.copyOf(loops);
    }

    /**
     * The requests of one way through the proxy. Labels are empty where a request did not get so far.
     *
     * @param listener {@code lb/name}
     * @param route {@code lb/name}
     * @param codes requests by the status of their response; 0 when the client got none
     * @param request from the first byte of a request to the last of its response
     * @param upstream from the end of the request to the head of the target's response
     * @param retries tries after the first
     */
    public record Series(
            String listener, String route, String pool, String target, SortedMap<Integer, Long> codes,
            Histogram request, Histogram upstream, long retries) {}

    /**
     * What one listener's clients did.
     *
     * @param open connections now
     * @param accepted connections ever
     * @param bytesIn from clients
     * @param bytesOut to clients
     * @param handshakes of TLS that succeeded; such a connection counts as accepted only then
     * @param handshakesFailed of TLS that came to nothing
     */
    public record ListenerTraffic(
            String listener, long open, long accepted, long bytesIn, long bytesOut, long handshakes,
            long handshakesFailed) {}

    /** Lines of the access log that were written, and those that were not for want of room or of a disk. */
    public record LogLines(long written, long dropped) {}

    /**
     * How one relay loop fares.
     *
     * @param longestTurnNanos the longest time ever that its sockets had to wait for it
     * @param busyNanos how long its present turn lasts; zero while it waits
     * @param exceptions defects that cost a connection
     * @param acceptPauses times that accepting stopped for want of file descriptors
     * @param bufferBytes buffers that hold bytes some peer has not taken yet
     */
    public record LoopState(
            int loop, long longestTurnNanos, long busyNanos, long exceptions, long acceptPauses, long bufferBytes) {}
}
