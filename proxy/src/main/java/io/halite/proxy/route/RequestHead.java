package io.halite.proxy.route;

import io.halite.config.PathForm;
import java.util.Arrays;

/**
 * The head of one request as offsets into the bytes it arrived in: no strings, no copies. A parser fills it, routing
 * and balancing read it. Reused from request to request; confined to one relay loop.
 */
public final class RequestHead {
    private static final int INITIAL_HEADERS = 32;
    private static final byte[] COOKIE = Ascii.bytes("cookie");

    private byte[] bytes = new byte[0];
    private int methodStart;
    private int methodEnd;
    private int pathStart;
    private int pathEnd;
    private int queryEnd;
    private int hostStart;
    private int hostEnd;
    private int headerCount;
    /** Four per header: name start, name end, value start, value end. */
    private int[] headers = new int[4 * INITIAL_HEADERS];
    private byte[] clientAddress = new byte[4];
    /** The path as routes see it: where it stands in the request, or its normal form. */
    private byte[] path = bytes;
    private boolean shownAsSent = true;
    private int shownStart;
    private int shownEnd;
    private byte[] normal = new byte[0];

    /** Forgets the previous request and reads from these bytes; the client is given by its 4 or 16 address bytes. */
    public void reset(byte[] source, byte[] client) {
        bytes = source;
        clientAddress = client;
        headerCount = 0;
        hostStart = 0;
        hostEnd = 0;
    }

    /** The client is another than the peer: a trusted proxy named it, by its 4 or 16 address bytes. */
    public void client(byte[] address) {
        clientAddress = address;
    }

    public void method(int start, int end) {
        methodStart = start;
        methodEnd = end;
    }

    /**
     * Sets the request target in origin form.
     *
     * @param queryEnd end of the query after the {@code ?}; equal to {@code end} when there is none
     */
    public void path(int start, int end, int queryEnd) {
        pathStart = start;
        pathEnd = end;
        this.queryEnd = queryEnd;
        showAsSent();
    }

    /**
     * Has routes see the path in this form from now on. Takes memory only for the first path that is longer than all
     * before and not in normal form.
     *
     * @return false when the path has no form that means the same to every target
     */
    public boolean show(PathForm form) {
        showAsSent();
        if (form == PathForm.AS_SENT || NormalPath.isNormal(bytes, pathStart, pathEnd) || bytes[pathStart] != '/') {
            return true;
        }
        int most = NormalPath.MOST * (pathEnd - pathStart);
        if (normal.length < most) {
            normal = new byte[most];
        }
        int length = NormalPath.write(bytes, pathStart, pathEnd, normal, form == PathForm.STRICT);
        if (length != NormalPath.AMBIGUOUS) {
            path = normal;
            shownAsSent = false;
            shownStart = 0;
            shownEnd = length;
        }
        return length != NormalPath.AMBIGUOUS;
    }

    private void showAsSent() {
        path = bytes;
        shownAsSent = true;
        shownStart = pathStart;
        shownEnd = pathEnd;
    }

    /** Whether routes see the path as it stands in the request. */
    boolean isShownAsSent() {
        return shownAsSent;
    }

    /** The bytes of the path that routes see, from {@link #shownStart} to {@link #shownEnd}. */
    byte[] shown() {
        return path;
    }

    int shownStart() {
        return shownStart;
    }

    int shownEnd() {
        return shownEnd;
    }

    /** Sets the host without port, from the Host header or the absolute form. */
    public void host(int start, int end) {
        hostStart = start;
        hostEnd = end;
    }

    /** Adds a header line. */
    public void addHeader(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int at = 4 * headerCount;
        if (at == headers.length) {
            headers = Arrays.copyOf(headers, 2 * headers.length);
        }
        headers[at] = nameStart;
        headers[at + 1] = nameEnd;
        headers[at + 2] = valueStart;
        headers[at + 3] = valueEnd;
        headerCount++;
    }

    /** The bytes that all offsets point into. */
    public byte[] bytes() {
        return bytes;
    }

    /** The client's address, 4 or 16 bytes; not to be changed. */
    public byte[] clientAddress() {
        return clientAddress;
    }

    public int methodStart() {
        return methodStart;
    }

    public int methodEnd() {
        return methodEnd;
    }

    public int pathStart() {
        return pathStart;
    }

    public int pathEnd() {
        return pathEnd;
    }

    /** End of the query; the query begins one after {@link #pathEnd} when this is greater. */
    public int queryEnd() {
        return queryEnd;
    }

    public int hostStart() {
        return hostStart;
    }

    public int hostEnd() {
        return hostEnd;
    }

    public int headerCount() {
        return headerCount;
    }

    public int nameStart(int header) {
        return headers[4 * header];
    }

    public int nameEnd(int header) {
        return headers[4 * header + 1];
    }

    public int valueStart(int header) {
        return headers[4 * header + 2];
    }

    public int valueEnd(int header) {
        return headers[4 * header + 3];
    }

    /** The first header of this name, given in lower case, at or after {@code from}; -1 when there is none. */
    public int header(byte[] lowerCaseName, int from) {
        for (int i = from; i < headerCount; i++) {
            if (Ascii.equalIgnoringCase(bytes, nameStart(i), nameEnd(i), lowerCaseName)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Where the value of the first cookie of this name stands, without quotes, as a range for {@link #start} and
     * {@link #end}; -1 when there is none.
     */
    public long cookie(byte[] name) {
        for (int i = header(COOKIE, 0); i >= 0; i = header(COOKIE, i + 1)) {
            long range = cookie(name, valueStart(i), valueEnd(i));
            if (range >= 0) {
                return range;
            }
        }
        return -1;
    }

    private long cookie(byte[] name, int start, int end) {
        int at = start;
        while (at < end) {
            int pairEnd = Ascii.indexOf(bytes, at, end, (byte) ';');
            at = Ascii.skipBlanks(bytes, at, pairEnd);
            int equals = Ascii.indexOf(bytes, at, pairEnd, (byte) '=');
            if (equals < pairEnd && Ascii.equal(bytes, at, equals, name)) {
                return unquoted(equals + 1, pairEnd);
            }
            at = pairEnd + 1;
        }
        return -1;
    }

    /** The value of a cookie between these positions, without quotes, as a range. */
    long unquoted(int from, int to) {
        int start = from;
        int end = to;
        while (end > start && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--;
        }
        if (end - start >= 2 && bytes[start] == '"' && bytes[end - 1] == '"') {
            start++;
            end--;
        }
        return (long) start << 32 | end;
    }

    /** The first position of a range. */
    public static int start(long range) {
        return (int) (range >> 32);
    }

    /** The position after a range. */
    public static int end(long range) {
        return (int) range;
    }
}
