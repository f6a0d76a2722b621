package io.halite.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes by host: exact names and the domains under wildcards in one hash table over lower-case bytes, each with
 * its own {@link PathIndex}, and one index for the routes of every host. A request looks at the group of its host, at
 * those of the domains above it and at the last; the lowest position of all wins.
 */
final class HostIndex {
    private final byte[][] keys;
    private final int[] hashes;
    private final @Nullable PathIndex[] groups;
    private final @Nullable PathIndex everyHost;
    private final boolean hasWildcards;

    HostIndex(List<RouteMatcher> routes) {
        Map<String, List<RouteMatcher>> byHost = new LinkedHashMap<>();
        List<RouteMatcher> every = new ArrayList<>();
        for (RouteMatcher route : routes) {
            if (route.hosts().length == 0) {
                every.add(route);
            }
            for (byte[] host : route.hosts()) {
                List<RouteMatcher> group = byHost.computeIfAbsent(key(host), unknown -> new ArrayList<>());
                if (group.isEmpty() || group.getLast() != route) {
                    group.add(route);
                }
            }
        }
        everyHost = every.isEmpty() ? null : new PathIndex(every);
        hasWildcards = byHost.keySet().stream().anyMatch(host -> host.startsWith("."));
        int slots = Math.max(2, Integer.highestOneBit(byHost.size() * 2) * 2);
        keys = new byte[slots][];
        hashes = new int[slots];
        groups = new PathIndex[slots];
        byHost.forEach((host, group) -> put(Ascii.bytes(host), new PathIndex(group)));
    }

    /** The key of a wildcard is the domain with its leading dot, which no exact name begins with. */
    private static String key(byte[] host) {
        String text = new String(host, StandardCharsets.UTF_8);
        return text.startsWith("*") ? text.substring(1) : text;
    }

    private void put(byte[] key, PathIndex group) {
        int hash = 0;
        for (int i = key.length - 1; i >= 0; i--) {
            hash = next(hash, key[i]);
        }
        int slot = slot(hash);
        while (groups[slot] != null) {
            slot = (slot + 1) & (keys.length - 1);
        }
        keys[slot] = key;
        hashes[slot] = hash;
        groups[slot] = group;
    }

    /** The hash runs from the end of the name, so that it passes the hash of every domain above on its way. */
    private static int next(int hash, byte lowerCase) {
        return hash * 31 + lowerCase;
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 15) & (keys.length - 1);
    }

    /** The position of the first route that matches, or {@code none}. */
    int match(RequestHead head, int none) {
        byte[] text = head.bytes();
        int start = hostStart(head);
        int end = hostEnd(head);
        int best = everyHost == null ? none : everyHost.match(head, none);
        int hash = 0;
        for (int at = end - 1; at >= start; at--) {
            byte lower = Ascii.lower(text[at]);
            hash = next(hash, lower);
            if (lower == '.' && hasWildcards && at > start) {
                best = matchGroup(head, at, end, hash, best);
            }
        }
        return end > start && text[start] != '.' ? matchGroup(head, start, end, hash, best) : best;
    }

    private int matchGroup(RequestHead head, int start, int end, int hash, int best) {
        int slot = slot(hash);
        for (PathIndex group = groups[slot]; group != null; group = groups[slot]) {
            if (hashes[slot] == hash && Ascii.equalIgnoringCase(head.bytes(), start, end, keys[slot])) {
                return group.match(head, best);
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        return best;
    }

    /** The start of the host without the bracket of an IPv6 address. */
    static int hostStart(RequestHead head) {
        return isBracketed(head) ? head.hostStart() + 1 : head.hostStart();
    }

    /** The end of the host without the dot that makes a name absolute, or the bracket of an IPv6 address. */
    static int hostEnd(RequestHead head) {
        int end = head.hostEnd();
        boolean dotted = end - head.hostStart() > 1 && head.bytes()[end - 1] == '.';
        return dotted || isBracketed(head) ? end - 1 : end;
    }

    private static boolean isBracketed(RequestHead head) {
        return head.hostEnd() - head.hostStart() > 2 && head.bytes()[head.hostStart()] == '[';
    }
}
