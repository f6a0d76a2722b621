package io.halite.proxy.balance;

import io.halite.config.Algorithm.HashKey;
import io.halite.proxy.route.RequestHead;
import java.nio.charset.StandardCharsets;

/** Finds and hashes the part of a request that decides its target. The same on every node. */
final class HashKeys {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final HashKey key;
    /** The name of the header or cookie. */
    private final byte[] name;

    HashKeys(HashKey key) {
        this.key = key;
        name = switch (key) {
            case HashKey.Header header -> header.name().getBytes(StandardCharsets.US_ASCII);
            case HashKey.Cookie cookie -> cookie.name().getBytes(StandardCharsets.US_ASCII);
            case HashKey.ClientAddress address -> new byte[0];
            case HashKey.Path path -> new byte[0];
            case HashKey.Uri uri -> new byte[0];
        };
    }

    /** Where the key stands in the address or the head; -1 when the request has none. */
    private long range(RequestHead head) {
        return switch (key) {
            case HashKey.ClientAddress address -> range(0, head.clientAddress().length);
            case HashKey.Path path -> range(head.pathStart(), head.pathEnd());
            case HashKey.Uri uri -> range(head.pathStart(), Math.max(head.pathEnd(), head.queryEnd()));
            case HashKey.Cookie cookie -> head.cookie(name);
            case HashKey.Header header -> {
                int line = head.header(name, 0);
                yield line < 0 ? -1 : range(head.valueStart(line), head.valueEnd(line));
            }
        };
    }

    private static long range(int start, int end) {
        return end > start ? (long) start << 32 | end : -1;
    }

    /** Whether the request has the key at all. */
    boolean isPresent(RequestHead head) {
        return range(head) >= 0;
    }

    /** The hash of the key, which must be present. */
    long hash(RequestHead head) {
        long range = range(head);
        byte[] text = key instanceof HashKey.ClientAddress ? head.clientAddress() : head.bytes();
        return hash(text, RequestHead.start(range), RequestHead.end(range));
    }

    /** FNV-1a, then a finalizer that lets every bit count. */
    static long hash(byte[] text, int start, int end) {
        long hash = FNV_OFFSET;
        for (int i = start; i < end; i++) {
            hash = (hash ^ (text[i] & 0xFF)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** The finalizer of SplitMix64. */
    static long mix(long bits) {
        long z = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
