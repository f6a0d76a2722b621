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
        run("header alone", i -> Routes.match().header("x-tenant", "t" + i).build(),
                i -> browsing("/", "X-Tenant", "t" + i));
        run("a header each", i -> Routes.match().header("x-tenant-" + i, "1").build(),
                i -> browsing("/", "X-Tenant-" + i, "1"));
        run("parameter alone", i -> Routes.match().query("tenant", "t" + i).build(),
                i -> browsing("/search?q=two+words&page=3&tenant=t" + i, "X-Tenant", "t" + i));
        run("cookie alone", i -> Routes.match().cookie("tenant", "t" + i).build(),
                i -> browsing("/", "Cookie", "session=0af7651916cd43dd8448eb211c80319c; tenant=t" + i));
        run("one of ten paths with a header", i -> Routes.match().path(new PathMatch.Prefix("/part-" + i % 10 + "/"))
                        .header("x-tenant", "t" + i / 10).build(),
                i -> browsing("/part-" + i % 10 + "/v1/items/42", "X-Tenant", "t" + i / 10));
        run("header, but no route", i -> Routes.match().header("x-tenant", "t" + i).build(),
                i -> browsing("/", "X-Tenant", "u" + i));
    }

    /** A request with the headers that browsers send, and one more. */
    private static DescribedRequest browsing(String target, String name, String value) {
        return new DescribedRequest("GET", "h", target, List.of(
                Map.entry("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
                Map.entry("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
                Map.entry("Accept-Language", "en-US,en;q=0.5"), Map.entry("Accept-Encoding", "gzip, deflate, br"),
                Map.entry("Connection", "keep-alive"), Map.entry("Upgrade-Insecure-Requests", "1"),
                Map.entry("Sec-Fetch-Dest", "document"), Map.entry("Sec-Fetch-Mode", "navigate"),
                Map.entry("Sec-Fetch-Site", "none"), Map.entry(name, value)), InetAddress.getLoopbackAddress());
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
