package io.halite.proxy.route;

import io.halite.config.Cidr;
import io.halite.config.PathMatch;
import io.halite.config.RouteMatch;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a route's conditions mean, said as plainly as possible with strings and java.util.regex. */
final class NaiveMatcher {
    private NaiveMatcher() {}

    static boolean matches(RouteMatch match, DescribedRequest request) {
        String host = request.host().toLowerCase(Locale.ROOT).replaceAll(":\\d+$", "").replaceAll("\\.$", "");
        String path = request.target().replaceAll("\\?.*", "");
        return (match.hosts().isEmpty() || match.hosts().stream().anyMatch(pattern -> hostMatches(pattern, host)))
                && pathMatches(match.path(), path)
                && (match.methods().isEmpty() || match.methods().contains(request.method()))
                && match.headers().entrySet().stream().allMatch(wanted -> request.headers().stream().anyMatch(
                        line -> line.getKey().equalsIgnoreCase(wanted.getKey())
                                && line.getValue().equals(wanted.getValue())))
                && match.query().entrySet().stream().allMatch(
                        wanted -> query(request).contains(Map.entry(wanted.getKey(), wanted.getValue())))
                && match.cookies().entrySet().stream().allMatch(
                        wanted -> wanted.getValue().equals(cookies(request).get(wanted.getKey())))
                && (match.sources().isEmpty()
                        || match.sources().stream().anyMatch(source -> contains(source, request.client())));
    }

    private static boolean hostMatches(String pattern, String host) {
        return pattern.startsWith("*")
                ? host.endsWith(pattern.substring(1)) && host.length() >= pattern.length() : host.equals(pattern);
    }

    private static boolean pathMatches(PathMatch match, String path) {
        return switch (match) {
            case PathMatch.Exact exact -> path.equals(exact.path());
            case PathMatch.Prefix prefix -> path.startsWith(prefix.prefix());
            case PathMatch.Regex regex -> path.matches(regex.expression());
            case PathMatch.Glob glob -> path.matches(glob.pattern().replace(".", "\\.").replace("?", "[^/]")
                    .replace("**", "\0").replace("*", "[^/]*").replace("\0", ".*"));
        };
    }

    private static List<Map.Entry<String, String>> query(DescribedRequest request) {
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        int mark = request.target().indexOf('?');
        for (String pair : mark < 0 ? new String[0] : request.target().substring(mark + 1).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            parameters.add(Map.entry(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : ""));
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> cookies(DescribedRequest request) {
        Map<String, String> cookies = new HashMap<>();
        request.headers().stream().filter(line -> line.getKey().equals("Cookie"))
                .flatMap(line -> Arrays.stream(line.getValue().split(";", -1)))
                .map(pair -> pair.strip().split("=", 2))
                .forEach(pair -> cookies.putIfAbsent(pair[0], pair[1].replaceAll("^\"(.*)\"$", "$1")));
        return cookies;
    }

    private static boolean contains(Cidr cidr, InetAddress address) {
        int ignored = 8 * address.getAddress().length - cidr.prefix();
        return number(InetAddress.ofLiteral(cidr.address())).shiftRight(ignored)
                .equals(number(address).shiftRight(ignored));
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }
}
