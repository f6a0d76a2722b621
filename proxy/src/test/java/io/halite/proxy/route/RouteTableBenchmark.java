package io.halite.proxy.route;

import io.halite.config.PathMatch;
import io.halite.config.RouteMatch;
import io.halite.config.Ticker;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;

/** The time of a match over 5,000 routes of several shapes. Run by hand: {@code main}. */
public final class RouteTableBenchmark {
    private static final int ROUTES = 5_000;
    private static final int REQUESTS = 4_096;
    private static final int ROUNDS = 8;

    private RouteTableBenchmark() {}

    /** Prints nanoseconds per match, the median and the best of several rounds. */
    public static void main(String[] args) {
        run("one host each", i -> Routes.match().hosts("tenant-" + i + ".example.com").build(),
                i -> DescribedRequest.get("tenant-" + i + ".example.com", "/index.html"));
        run("one prefix each, one host", i -> Routes.match().hosts("api.example.com")
                        .path(new PathMatch.Prefix("/service-" + i + "/")).build(),
                i -> DescribedRequest.get("api.example.com", "/service-" + i + "/v1/items/42?x=y"));
        run("500 hosts with 10 paths", i -> Routes.match().hosts("tenant-" + i / 10 + ".example.com")
                        .path(new PathMatch.Prefix("/part-" + i % 10 + "/")).build(),
                i -> DescribedRequest.get("tenant-" + i / 10 + ".example.com", "/part-" + i % 10 + "/v1/items/42"));
        run("wildcard hosts", i -> Routes.match().hosts("*.tenant-" + i + ".example.com").build(),
                i -> DescribedRequest.get("www.tenant-" + i + ".example.com", "/index.html"));
        run("exact paths with method and header", i -> Routes.match().hosts("api.example.com")
                        .path(new PathMatch.Exact("/items/" + i)).methods("GET").header("accept", "*/*").build(),
                i -> new DescribedRequest("GET", "api.example.com", "/items/" + i, List.of(
                        Map.entry("user-agent", "curl/8"), Map.entry("Accept", "*/*")),
                        InetAddress.getLoopbackAddress()));
        run("globs with own beginnings", i -> Routes.path(new PathMatch.Glob("/g" + i + "/*/edit")),
                i -> DescribedRequest.get("h", "/g" + i + "/42/edit"));
        run("expressions with own beginnings", i -> Routes.path(new PathMatch.Regex("/g" + i + "/[0-9]+")),
                i -> DescribedRequest.get("h", "/g" + i + "/42"));
        run("no match", i -> Routes.match().hosts("tenant-" + i + ".example.com").build(),
                i -> DescribedRequest.get("nobody-" + i + ".example.com", "/index.html"));
        run("5,000 headers, one path", i -> Routes.match().header("x-tenant", "t" + i).build(),
                i -> new DescribedRequest("GET", "h", "/", List.of(Map.entry("X-Tenant", "t" + i)),
                        InetAddress.getLoopbackAddress()));
    }

    private static void run(String shape, IntFunction<RouteMatch> route, IntFunction<DescribedRequest> request) {
        RouteMatch[] matches = new RouteMatch[ROUTES];
        Arrays.setAll(matches, route);
        long built = Ticker.SYSTEM.nanos();
        RouteTable table = Routes.table(matches);
        built = Ticker.SYSTEM.nanos() - built;
        Random random = new Random(1);
        RequestHead[] heads = new RequestHead[REQUESTS];
        Arrays.setAll(heads, i -> request.apply(random.nextInt(ROUTES)).head());
        double[] nanos = new double[ROUNDS];
        long matched = 0;
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = Ticker.SYSTEM.nanos();
            for (int pass = 0; pass < 32; pass++) {
                for (RequestHead head : heads) {
                    matched += table.match(head) == null ? 0 : 1;
                }
            }
            nanos[Math.max(0, round)] = (double) (Ticker.SYSTEM.nanos() - start) / (32 * REQUESTS);
        }
        Arrays.sort(nanos);
        System.out.printf("%-36s %7.0f ns median %7.0f ns best; built in %d ms; %d matched%n", shape,
                nanos[ROUNDS / 2], nanos[0], built / 1_000_000, matched);
    }
}
