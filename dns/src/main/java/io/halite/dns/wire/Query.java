package io.halite.dns.wire;

import java.lang.foreign.MemorySegment;

/**
 * What one message asks, read in place. Mutable and reused: owned by the worker that reads. After {@link #read} the
 * message may be overwritten, because everything that an answer needs beyond the question bytes stands in fields.
 *
 * <p>Strict where leniency helps only forgers: one question (RFC 9619), no answer or authority records but IXFR's
 * (RFC 1995 section 3), one root-owned OPT (RFC 6891 section 6.1.1), nothing after the last record.
 */
public final class Query {
    public static final int HEADER = 12;
    /** Nothing may be sent back: too short for an id, or itself a response (RFC 1035 section 4.1.1; stops loops). */
    public static final int DROP = -1;
    /** An ordinary query to be answered. */
    public static final int ANSWER = 0;

    public static final int FLAG_QR = 0x8000;
    public static final int FLAG_AA = 0x0400;
    public static final int FLAG_TC = 0x0200;
    public static final int FLAG_RD = 0x0100;
    /** What a response keeps of the query's flags: the opcode and RD. AD and CD are cleared (RFC 4035 section 3.1.6). */
    public static final int FLAGS_KEPT = 0x7900;

    public static final int CLASS_IN = 1;

    private static final int OPCODE_MASK = 0x7800;
    private static final int OPTION_ECS = 8;
    private static final int OPTION_COOKIE = 10;
    private static final int OPTION_KEEPALIVE = 11;
    private static final int MAX_NAME = 255;
    private static final int OPT_FIXED = 11;
    private static final int RR_FIXED = 10;

    private int flags;
    private int nameLength;
    private int type;
    private int qclass;
    private int questionEnd;
    private boolean opt;
    private int udpSize;
    private boolean dnssecOk;
    private boolean cookie;
    private long clientCookie;
    private int serverCookieLength;
    private long serverCookieHigh;
    private long serverCookieLow;
    private boolean ecs;
    private int ecsFamily;
    private int ecsSource;
    private long ecsHigh;
    private long ecsLow;
    private boolean keepalive;
    private int tsigAt;

    /**
     * Reads the message of this length at an offset.
     *
     * @param nameEnd what {@link #nameEnd} says of it
     * @return {@link #DROP}, {@link #ANSWER}, or the code of the {@link Rcode} to refuse it with
     */
    public int read(MemorySegment message, long at, int length, int nameEnd) {
        reset();
        if (length < HEADER) {
            return DROP;
        }
        flags = Bytes.u16(message, at + 2);
        if ((flags & FLAG_QR) != 0) {
            return DROP;
        }
        if ((flags & OPCODE_MASK) != 0) {
            return Rcode.NOTIMP.code();
        }
        long counts = Bytes.i64(message, at + 4);
        int questions = (int) (counts >>> 48);
        if (questions > 1 || ((counts >>> 32) & 0xFFFF) != 0) {
            return Rcode.FORMERR.code();
        }
        int position = HEADER;
        if (questions == 1) {
            position = readQuestion(message, at, nameEnd);
            if (position < 0) {
                return Rcode.FORMERR.code();
            }
        }
        int authorities = (int) ((counts >>> 16) & 0xFFFF);
        if (authorities != 0) {
            boolean incremental = authorities == 1 && questions == 1 && type == RecordType.IXFR;
            position = incremental ? skipRecord(message, at, position, length) : -1;
            if (position < 0) {
                return Rcode.FORMERR.code();
            }
        }
        int verdict = readAdditional(message, at, position, length, (int) (counts & 0xFFFF));
        return verdict == ANSWER && questions == 0 ? withoutQuestion() : verdict;
    }

    private void reset() {
        questionEnd = HEADER;
        nameLength = 0;
        type = 0;
        qclass = 0;
        opt = false;
        udpSize = 0;
        dnssecOk = false;
        cookie = false;
        serverCookieLength = 0;
        ecs = false;
        keepalive = false;
        tsigAt = 0;
    }

    /** A query without a question asks for a server cookie (RFC 7873 section 5.4) or is malformed. */
    private int withoutQuestion() {
        return cookie ? ANSWER : Rcode.FORMERR.code();
    }

    /** Where the name ends that a message of this length begins its question with; -1 when it and its type do not fit. */
    public static int nameEnd(MemorySegment message, long at, int length) {
        int limit = Math.min(length - 4, HEADER + MAX_NAME);
        int position = HEADER;
        while (position < limit) {
            int label = Bytes.u8(message, at + position);
            position += label + 1;
            if (label == 0) {
                return position <= length - 4 ? position : -1;
            }
            if (label > 63) {
                return -1;
            }
        }
        return -1;
    }

    private int readQuestion(MemorySegment message, long at, int position) {
        if (position < 0) {
            return -1;
        }
        nameLength = position - HEADER;
        int typeAndClass = Bytes.i32(message, at + position);
        type = typeAndClass >>> 16;
        qclass = typeAndClass & 0xFFFF;
        questionEnd = position + 4;
        return questionEnd;
    }

    private int readAdditional(MemorySegment message, long at, int from, int length, int records) {
        if (records == 1 && from + OPT_FIXED == length && isPlainOpt(message, at + from)) {
            opt = true;
            udpSize = Bytes.u16(message, at + from + 3);
            dnssecOk = (Bytes.u8(message, at + from + 7) & 0x80) != 0;
            return ANSWER;
        }
        int position = from;
        boolean wrongVersion = false;
        for (int i = 0; i < records; i++) {
            int recordType = recordType(message, at, position, length);
            if (recordType < 0 || tsigAt != 0) {
                return Rcode.FORMERR.code();
            }
            int next = skipRecord(message, at, position, length);
            if (next < 0) {
                return Rcode.FORMERR.code();
            }
            if (recordType == RecordType.OPT) {
                if (opt || Bytes.u8(message, at + position) != 0) {
                    return Rcode.FORMERR.code();
                }
                opt = true;
                int verdict = readOpt(message, at + position, next - position);
                if (verdict == Rcode.FORMERR.code()) {
                    return verdict;
                }
                wrongVersion = verdict != ANSWER;
            } else if (recordType == RecordType.TSIG) {
                tsigAt = position;
            }
            position = next;
        }
        if (position != length) {
            return Rcode.FORMERR.code();
        }
        return wrongVersion ? Rcode.BADVERS.code() : ANSWER;
    }

    /** Whether what is there is an OPT record of version 0 without options, as most resolvers send it. */
    private static boolean isPlainOpt(MemorySegment message, long record) {
        return (Bytes.i64(message, record) & 0xFFFF_FF00_0000_FF00L) == 0x0000_2900_0000_0000L
                && Bytes.u16(message, record + 9) == 0;
    }

    /** The type of the record at a position, -1 when its owner or fixed part is cut off. */
    private static int recordType(MemorySegment message, long at, int position, int length) {
        int fixed = skipName(message, at, position, length);
        return fixed < 0 || fixed + RR_FIXED > length ? -1 : Bytes.u16(message, at + fixed);
    }

    /** The position after the record, -1 when it is malformed. */
    private static int skipRecord(MemorySegment message, long at, int position, int length) {
        int fixed = skipName(message, at, position, length);
        if (fixed < 0 || fixed + RR_FIXED > length) {
            return -1;
        }
        int next = fixed + RR_FIXED + Bytes.u16(message, at + fixed + 8);
        return next <= length ? next : -1;
    }

    private static int skipName(MemorySegment message, long at, int from, int length) {
        int position = from;
        while (position < length && position - from < MAX_NAME) {
            int label = Bytes.u8(message, at + position);
            if (label == 0) {
                return position + 1;
            }
            if (label >= 0xC0) {
                // A pointer is never followed: only where the record ends matters here.
                boolean backwards = position + 2 <= length && (Bytes.u16(message, at + position) & 0x3FFF) < position;
                return backwards ? position + 2 : -1;
            }
            if (label > 63) {
                return -1;
            }
            position += label + 1;
        }
        return -1;
    }

    private int readOpt(MemorySegment message, long at, int length) {
        udpSize = Bytes.u16(message, at + 3);
        int extended = Bytes.i32(message, at + 5);
        dnssecOk = (extended & 0x8000) != 0;
        if (((extended >>> 16) & 0xFF) != 0) {
            // Options of an unknown version cannot be read; RFC 6891 section 6.1.3.
            return Rcode.BADVERS.code();
        }
        int position = OPT_FIXED;
        while (position < length) {
            if (position + 4 > length) {
                return Rcode.FORMERR.code();
            }
            int code = Bytes.u16(message, at + position);
            int size = Bytes.u16(message, at + position + 2);
            position += 4;
            if (position + size > length || !readOption(message, at + position, code, size)) {
                return Rcode.FORMERR.code();
            }
            position += size;
        }
        return ANSWER;
    }

    private boolean readOption(MemorySegment message, long at, int code, int size) {
        return switch (code) {
            case OPTION_COOKIE -> cookie || readCookie(message, at, size);
            case OPTION_ECS -> ecs || readSubnet(message, at, size);
            case OPTION_KEEPALIVE -> {
                keepalive = true;
                // RFC 7828 section 3.2.1: a client sends it empty.
                yield size == 0;
            }
            default -> true;
        };
    }

    /** RFC 7873 section 5.2.2: eight bytes of the client, then none or 8–32 of a server. */
    private boolean readCookie(MemorySegment message, long at, int size) {
        if (size != 8 && (size < 16 || size > 40)) {
            return false;
        }
        cookie = true;
        clientCookie = Bytes.i64(message, at);
        serverCookieLength = size - 8;
        if (serverCookieLength == 16) {
            serverCookieHigh = Bytes.i64(message, at + 8);
            serverCookieLow = Bytes.i64(message, at + 16);
        }
        return true;
    }

    /** RFC 7871 sections 6 and 7.1.2: no more bytes than the prefix needs, no bits beyond it, scope 0 in queries. */
    private boolean readSubnet(MemorySegment message, long at, int size) {
        if (size < 4) {
            return false;
        }
        ecsFamily = Bytes.u16(message, at);
        ecsSource = Bytes.u8(message, at + 2);
        int widest = ecsFamily == 1 ? 32 : ecsFamily == 2 ? 128 : -1;
        int bytes = (ecsSource + 7) >>> 3;
        if (ecsSource > widest || Bytes.u8(message, at + 3) != 0 || size != 4 + bytes) {
            return false;
        }
        long upper = 0;
        long lower = 0;
        for (int i = 0; i < bytes; i++) {
            long value = Bytes.u8(message, at + 4 + i);
            if (i < 8) {
                upper |= value << (56 - 8 * i);
            } else {
                lower |= value << (120 - 8 * i);
            }
        }
        ecsHigh = upper;
        ecsLow = lower;
        ecs = true;
        return ecsSource >= 64
                ? ecsSource == 128 || (ecsLow << (ecsSource - 64)) == 0
                : ecsLow == 0 && (upper << ecsSource) == 0;
    }

    public int flags() {
        return flags;
    }

    /** Bytes of the name asked for, its root label included; 0 without a question. It starts at {@link #HEADER}. */
    public int nameLength() {
        return nameLength;
    }

    public int type() {
        return type;
    }

    public int qclass() {
        return qclass;
    }

    /** The offset after the question; {@link #HEADER} when there is none that could be echoed. */
    public int questionEnd() {
        return questionEnd;
    }

    /** Whether the query carries EDNS, so that the response must too. */
    public boolean hasOpt() {
        return opt;
    }

    /** The UDP payload size the client offers. */
    public int udpSize() {
        return udpSize;
    }

    public boolean isDnssecOk() {
        return dnssecOk;
    }

    public boolean hasCookie() {
        return cookie;
    }

    public long clientCookie() {
        return clientCookie;
    }

    /** Bytes of the server cookie; 0 for none. Only one of 16 is ever ours. */
    public int serverCookieLength() {
        return serverCookieLength;
    }

    public long serverCookieHigh() {
        return serverCookieHigh;
    }

    public long serverCookieLow() {
        return serverCookieLow;
    }

    /** Whether the query carries a client subnet (RFC 7871), to be echoed with a scope. */
    public boolean hasSubnet() {
        return ecs;
    }

    /** 1 for IPv4, 2 for IPv6. */
    public int subnetFamily() {
        return ecsFamily;
    }

    public int subnetSource() {
        return ecsSource;
    }

    /** The first 64 bits of the subnet, of IPv4 shifted to the top. */
    public long subnetHigh() {
        return ecsHigh;
    }

    public long subnetLow() {
        return ecsLow;
    }

    public boolean wantsKeepalive() {
        return keepalive;
    }

    /** Where the TSIG record stands; 0 for none. */
    public int tsigAt() {
        return tsigAt;
    }
}
