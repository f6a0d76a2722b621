package io.halite.proxy.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes by the literal beginning of their path: a radix tree over bytes. On the way down the path of a request every
 * node holds the routes that may match from there on, by position, so that a request sees only routes whose literal
 * it begins with.
 */
final class PathIndex {
    private final Node root;

    /** An index of these routes, in order of position. */
    PathIndex(List<RouteMatcher> routes) {
        List<RouteMatcher> sorted = new ArrayList<>(routes);
        // Stable: routes with the same literal stay in order of position.
        sorted.sort(Comparator.comparing(route -> route.path().literal(), Arrays::compare));
        root = new Node(sorted, 0);
    }

    /** The position of the first matching route, or {@code bound} when none comes before that. */
    int match(RequestHead head, int bound) {
        byte[] text = head.shown();
        int at = head.shownStart();
        int end = head.shownEnd();
        int best = bound;
        Node node = root;
        while (node != null && node.first < best && Ascii.startsWith(text, at, end, node.label)) {
            at += node.label.length;
            best = node.beginning.first(head, best);
            if (at == end) {
                return node.ending.first(head, best);
            }
            node = node.child(text[at]);
        }
        return best;
    }

    private static final class Node {
        private static final int DENSE = 8;

        /** The bytes between the parent's end and this node's. */
        final byte[] label;
        /** Routes whose paths begin with what leads here. */
        final RouteGroup beginning;
        /** Routes whose path is exactly what leads here. */
        final RouteGroup ending;
        /** The lowest position in this node and below. */
        final int first;
        private final byte[] keys;
        private final Node[] children;
        /** Children by first byte, where there are many; else null. */
        private final @Nullable Node @Nullable [] dense;

        /** The node for routes sorted by literal, which have the first {@code depth} bytes in common. */
        Node(List<RouteMatcher> routes, int depth) {
            byte[] shortest = routes.getFirst().path().literal();
            byte[] last = routes.getLast().path().literal();
            int mismatch = Arrays.mismatch(shortest, last);
            int end = mismatch < 0 ? shortest.length : mismatch;
            label = Arrays.copyOfRange(shortest, depth, end);
            List<RouteMatcher> begin = new ArrayList<>();
            List<RouteMatcher> exact = new ArrayList<>();
            int here = 0;
            while (here < routes.size() && routes.get(here).path().literal().length == end) {
                RouteMatcher route = routes.get(here);
                (route.path() instanceof PathMatcher.Exact ? exact : begin).add(route);
                here++;
            }
            beginning = new RouteGroup(begin);
            ending = new RouteGroup(exact);
            children = children(routes.subList(here, routes.size()), end);
            keys = keys(children);
            dense = children.length > DENSE ? dense(keys, children) : null;
            first = routes.stream().mapToInt(RouteMatcher::position).min().orElseThrow();
        }

        private static Node[] children(List<RouteMatcher> routes, int depth) {
            List<Node> children = new ArrayList<>();
            int from = 0;
            while (from < routes.size()) {
                byte key = routes.get(from).path().literal()[depth];
                int to = from;
                while (to < routes.size() && routes.get(to).path().literal()[depth] == key) {
                    to++;
                }
                children.add(new Node(routes.subList(from, to), depth));
                from = to;
            }
            return children.toArray(Node[]::new);
        }

        private static byte[] keys(Node[] children) {
            byte[] keys = new byte[children.length];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = children[i].label[0];
            }
            return keys;
        }

        private static @Nullable Node[] dense(byte[] keys, Node[] children) {
            @Nullable Node[] all = new Node[256];
            for (int i = 0; i < keys.length; i++) {
                all[keys[i] & 0xFF] = children[i];
            }
            return all;
        }

        @Nullable Node child(byte key) {
            if (dense != null) {
                return dense[key & 0xFF];
            }
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] == key) {
                    return children[i];
                }
            }
            return null;
        }
    }
}
