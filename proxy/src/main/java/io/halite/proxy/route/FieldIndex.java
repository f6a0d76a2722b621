package io.halite.proxy.route;

import io.halite.proxy.route.FieldMatchers.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Routes by one field that each of them asks for, the one that fewest of the others ask for too: two hash tables, of names
 * and of names with their values. A request looks up what it has, so that its time depends on its own fields and on the
 * routes that ask for them. What is found is a candidate only: hashes are all that is compared here, and the conditions
 * of each candidate are looked at as ever.
 */
final class FieldIndex {
    /** The request repeats itself so that to try all routes one by one takes less. */
    static final int TOO_MANY = -1;

    private static final int HEADER = 0x3243f6a9;
    private static final int PARAMETER = 0x5a308d31;
    private static final int COOKIE = 0x13198a2f;
    private static final byte[] COOKIE_HEADER = Ascii.bytes("cookie");
    private static final RouteMatcher[] NOBODY = new RouteMatcher[0];

    /** How many there are in all. */
    private final int size;
    /** Those that ask for no field, in order of position. */
    private final RouteMatcher[] others;
    /** Hashes of the names in use; zero where there is none. */
    private final int[] names;
    /** Bit n is set when a header name of n bytes, modulo 64, is in use. */
    private final long headerLengths;
    private final boolean hasParameters;
    private final boolean hasCookies;
    private final int[] hashes;
    /** The routes of each hash, in order of position. */
    private final RouteMatcher[][] buckets;

    FieldIndex(List<RouteMatcher> routes) {
        size = routes.size();
        Map<Integer, Integer> asked = new HashMap<>();
        for (RouteMatcher route : routes) {
            keys(route).forEach(key -> asked.merge(key.hash, 1, Integer::sum));
        }
        Map<Integer, List<RouteMatcher>> byHash = new HashMap<>();
        List<RouteMatcher> rest = new ArrayList<>();
        List<Key> used = new ArrayList<>();
        for (RouteMatcher route : routes) {
            Key rarest = null;
            for (Key key : keys(route)) {
                if (rarest == null || asked.getOrDefault(key.hash, 0) < asked.getOrDefault(rarest.hash, 0)) {
                    rarest = key;
                }
            }
            if (rarest == null) {
                rest.add(route);
            } else {
                used.add(rarest);
                byHash.computeIfAbsent(rarest.hash, unknown -> new ArrayList<>()).add(route);
            }
        }
        others = rest.toArray(RouteMatcher[]::new);
        headerLengths = used.stream().filter(key -> key.kind == HEADER).mapToLong(key -> 1L << key.nameLength)
                .reduce(0, (one, other) -> one | other);
        hasParameters = used.stream().anyMatch(key -> key.kind == PARAMETER);
        hasCookies = used.stream().anyMatch(key -> key.kind == COOKIE);
        names = new int[slots(used.size())];
        used.forEach(key -> names[freeOrSame(names, key.nameHash)] = key.nameHash);
        hashes = new int[slots(byHash.size())];
        buckets = new RouteMatcher[hashes.length][];
        byHash.forEach((hash, bucket) -> {
            int slot = freeOrSame(hashes, hash);
            hashes[slot] = hash;
            buckets[slot] = bucket.toArray(RouteMatcher[]::new);
        });
    }

    /** A field that a route asks for. */
    private record Key(int kind, int nameLength, int nameHash, int hash) {
        static Key of(int kind, Field field) {
            int name = FieldIndex.hash(kind, field.name, 0, field.name.length);
            return new Key(kind, field.name.length, name, FieldIndex.hash(name, field.value, 0, field.value.length));
        }
    }

    private static List<Key> keys(RouteMatcher route) {
        List<Key> keys = new ArrayList<>();
        for (Field header : route.headers()) {
            keys.add(Key.of(HEADER, header));
        }
        for (Field parameter : route.parameters()) {
            keys.add(Key.of(PARAMETER, parameter));
        }
        for (Field cookie : route.cookies()) {
            keys.add(Key.of(COOKIE, cookie));
        }
        return keys;
    }

    private static int slots(int entries) {
        return Math.max(2, Integer.highestOneBit(entries * 2) * 2);
    }

    private static int freeOrSame(int[] table, int hash) {
        int slot = slot(hash, table.length);
        while (table[slot] != 0 && table[slot] != hash) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private static int slot(int hash, int slots) {
        return (hash ^ hash >>> 15) & (slots - 1);
    }

    /** Never zero, which marks a free place. */
    private static int hash(int seed, byte[] text, int start, int end) {
        int hash = seed;
        for (int at = start; at < end; at++) {
            hash = hash * 31 + text[at];
        }
        return closed(hash);
    }

    private static int closed(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x7feb352d;
        return mixed == 0 ? 1 : mixed;
    }

    /**
     * The position of the first route that matches, or {@code bound} when none comes before that, or {@link #TOO_MANY}.
     * No request takes much longer than by trying all routes, whatever it repeats.
     */
    int first(RequestHead head, int bound) {
        int best = RouteGroup.first(others, head, bound);
        best = headerLengths == 0 ? best : byHeader(head, best);
        best = best == TOO_MANY || !hasParameters ? best : byParameter(head, best);
        return best == TOO_MANY || !hasCookies ? best : byCookie(head, best);
    }

    private int byHeader(RequestHead head, int bound) {
        byte[] text = head.bytes();
        int best = bound;
        int tried = 0;
        for (int line = 0; line < head.headerCount(); line++) {
            int start = head.nameStart(line);
            int end = head.nameEnd(line);
            if ((headerLengths >>> (end - start) & 1) != 0) {
                int name = hashIgnoringCase(HEADER, text, start, end);
                if (isUsed(name)) {
                    RouteMatcher[] found = find(hash(name, text, head.valueStart(line), head.valueEnd(line)));
                    tried += found.length;
                    if (tried > size) {
                        return TOO_MANY;
                    }
                    best = RouteGroup.first(found, head, best);
                }
            }
        }
        return best;
    }

    private static int hashIgnoringCase(int seed, byte[] text, int start, int end) {
        int hash = seed;
        for (int at = start; at < end; at++) {
            hash = hash * 31 + Ascii.lower(text[at]);
        }
        return closed(hash);
    }

    private int byParameter(RequestHead head, int bound) {
        byte[] text = head.bytes();
        int best = bound;
        int tried = 0;
        int at = head.pathEnd() + 1;
        while (at <= head.queryEnd()) {
            int end = Ascii.indexOf(text, at, head.queryEnd(), (byte) '&');
            int equals = Ascii.indexOf(text, at, end, (byte) '=');
            int name = hashDecoded(PARAMETER, text, at, equals);
            if (isUsed(name)) {
                RouteMatcher[] found = find(hashDecoded(name, text, Math.min(equals + 1, end), end));
                tried += found.length;
                if (tried > size) {
                    return TOO_MANY;
                }
                best = RouteGroup.first(found, head, best);
            }
            at = end + 1;
        }
        return best;
    }

    private static int hashDecoded(int seed, byte[] text, int start, int end) {
        int hash = seed;
        for (int at = start; at < end; at = FieldMatchers.next(text, at, end)) {
            hash = hash * 31 + FieldMatchers.decoded(text, at, end);
        }
        return closed(hash);
    }

    private int byCookie(RequestHead head, int bound) {
        byte[] text = head.bytes();
        int best = bound;
        int tried = 0;
        for (int line = head.header(COOKIE_HEADER, 0); line >= 0; line = head.header(COOKIE_HEADER, line + 1)) {
            int at = head.valueStart(line);
            while (at < head.valueEnd(line)) {
                int end = Ascii.indexOf(text, at, head.valueEnd(line), (byte) ';');
                RouteMatcher[] found = findCookie(head, Ascii.skipBlanks(text, at, end), end);
                tried += found.length;
                if (tried > size) {
                    return TOO_MANY;
                }
                best = RouteGroup.first(found, head, best);
                at = end + 1;
            }
        }
        return best;
    }

    private RouteMatcher[] findCookie(RequestHead head, int start, int end) {
        byte[] text = head.bytes();
        int equals = Ascii.indexOf(text, start, end, (byte) '=');
        if (equals == end) {
            return NOBODY;
        }
        int name = hash(COOKIE, text, start, equals);
        if (!isUsed(name)) {
            return NOBODY;
        }
        long value = head.unquoted(equals + 1, end);
        return find(hash(name, text, RequestHead.start(value), RequestHead.end(value)));
    }

    private boolean isUsed(int name) {
        return names[freeOrSame(names, name)] == name;
    }

    private RouteMatcher[] find(int hash) {
        int slot = freeOrSame(hashes, hash);
        return hashes[slot] == hash ? buckets[slot] : NOBODY;
    }
}
