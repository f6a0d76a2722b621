package io.halite.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The conditions of a route; all that are given must hold, an empty one always does.
 *
 * @param hosts exact host names or {@code *.example.com}, lower case, without port; any of them
 * @param methods upper case; any of them
 * @param headers header name (lower case) → exact value; all of them
 * @param query query parameter → exact value; all of them
 * @param cookies cookie name → exact value; all of them
 * @param sources client addresses; any of them
 */
public record RouteMatch(
        List<String> hosts,
        PathMatch path,
        List<String> methods,
        SortedMap<String, String> headers,
        SortedMap<String, String> query,
        SortedMap<String, String> cookies,
        List<Cidr> sources) {

    /** Matches every request. */
    public static final RouteMatch ANY = new RouteMatch(List.of(), PathMatch.ANY, List.of(),
            Collections.emptySortedMap(), Collections.emptySortedMap(), Collections.emptySortedMap(), List.of());

    public RouteMatch {
        hosts = List.copyOf(hosts);
        methods = List.copyOf(methods);
        headers = copy(headers);
        query = copy(query);
        cookies = copy(cookies);
        sources = List.copyOf(sources);
    }

    private static SortedMap<String, String> copy(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
