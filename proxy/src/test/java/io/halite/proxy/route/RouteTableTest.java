package io.halite.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.halite.config.Cidr;
import io.halite.config.PathMatch;
import io.halite.config.RouteMatch;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

    @Test
    void theFirstMatchInDocumentOrderWins() {
        RouteTable table = Routes.table(
                Routes.path(new PathMatch.Prefix("/api/")),
                Routes.path(new PathMatch.Exact("/api/users")),
                Routes.path(PathMatch.ANY));

        assertEquals("lb/r1", match(table, "h", "/api/users"));
        assertEquals("lb/r3", match(table, "h", "/other"));
    }

    @Test
    void aMoreGeneralRouteBeforeASpecificHostWins() {
        RouteTable table = Routes.table(
                Routes.match().path(new PathMatch.Prefix("/status")).build(),
                Routes.match().hosts("shop.example.com").build(),
                Routes.match().hosts("*.example.com").build());

        assertEquals("lb/r1", match(table, "shop.example.com", "/status"));
        assertEquals("lb/r2", match(table, "shop.example.com", "/"));
        assertEquals("lb/r3", match(table, "a.b.example.com", "/"));
    }

    @Test
    void noRouteIsNoMatch() {
        assertNull(match(Routes.table(), "h", "/"));
        assertNull(match(Routes.table(Routes.match().hosts("a.example").build()), "b.example", "/"));
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example.com,      shop.example.com,      true",
        "shop.example.com,      SHOP.Example.COM,      true",
        "shop.example.com,      shop.example.com:8080, true",
        "shop.example.com,      shop.example.com.,     true",
        "shop.example.com,      www.shop.example.com,  false",
        "shop.example.com,      shop.example.co,       false",
        "*.example.com,         a.example.com,         true",
        "*.example.com,         A.B.EXAMPLE.com:443,   true",
        "*.example.com,         example.com,           false",
        "*.example.com,         .example.com,          false",
        "*.example.com,         badexample.com,        false",
        "2001:db8::1,           [2001:DB8::1]:80,      true",
        "2001:db8::1,           [2001:db8::2]:80,      false"})
    void hosts(String pattern, String host, boolean matches) {
        RouteTable table = Routes.table(Routes.match().hosts(pattern).build());

        assertEquals(matches ? "lb/r1" : null, match(table, host, "/"));
    }

    @Test
    void aRequestWithoutHostMatchesOnlyRoutesOfEveryHost() {
        RouteTable table = Routes.table(Routes.match().hosts("a.example").build(), RouteMatch.ANY);

        assertEquals("lb/r2", match(table, "", "/"));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/*/c,     /a/b/c,         true",
        "/a/*/c,     /a/b/b/c,       false",
        "/a/*/c,     /a//c,          true",
        "/a/**/c,    /a/b/b/c,       true",
        "/a/**,      /a/,            true",
        "/a/**,      /a,             false",
        "/a?c,       /abc,           true",
        "/a?c,       /a/c,           false",
        "/*.png,     /x.y.png,       true",
        "/*.png,     /x/y.png,       false",
        "/**/*.png,  /x/y/z.png,     true",
        "/**.png,    /x/y/z.png,     true",
        "/**/b*/c,   /a/bb/b/bx/c,   true",
        "/**/b*/c,   /a/bb/b/bx/d,   false",
        "/*/**/x,    /a/b/c/x,       true",
        "/*,         /,              true"})
    void globs(String pattern, String path, boolean matches) {
        RouteTable table = Routes.table(Routes.path(new PathMatch.Glob(pattern)));

        assertEquals(matches ? "lb/r1" : null, match(table, "h", path));
    }

    @ParameterizedTest
    @CsvSource({
        "/users/[0-9]+,         /users/42,       true",
        "/users/[0-9]+,         /users/42/edit,  false",
        "/users/[0-9]+,         /users/,         false",
        "/ab?c,                 /ac,             true",
        "/a|/b,                 /b,              true",
        "(?i)/case,             /CASE,           true",
        "/x{2},                 /xx,             true",
        ".*,                    /anything,       true"})
    void expressionsMustMatchTheWholePath(String expression, String path, boolean matches) {
        RouteTable table = Routes.table(Routes.path(new PathMatch.Regex(expression)));

        assertEquals(matches ? "lb/r1" : null, match(table, "h", path));
    }

    @Test
    void thePathIsComparedWithoutTheQuery() {
        RouteTable table = Routes.table(Routes.path(new PathMatch.Exact("/a")));

        assertEquals("lb/r1", match(table, "h", "/a?b=c"));
        assertNull(match(table, "h", "/a/b"));
    }

    @Test
    void everyHeaderOfARouteMustHoldAndAnyLineMayHoldIt() {
        RouteTable table = Routes.table(Routes.match().header("x-canary", "1").header("x-zone", "a").build());

        assertEquals("lb/r1", match(table, with("X-Canary", "0", "X-Canary", "1", "X-ZONE", "a")));
        assertNull(match(table, with("X-Canary", "1")));
        assertNull(match(table, with("X-Canary", "10", "X-Zone", "a")));
    }

    @ParameterizedTest
    @CsvSource({
        "/?v=2,              true",
        "/?a=1&v=2,          true",
        "/?a=1&%76=%32,      true",
        "/?v=2&v=3,          true",
        "/?v=22,             false",
        "/?vv=2,             false",
        "/?v,                false",
        "/,                  false"})
    void aParameterIsComparedDecoded(String target, boolean matches) {
        RouteTable table = Routes.table(Routes.match().query("v", "2").build());

        assertEquals(matches ? "lb/r1" : null, match(table, "h", target));
    }

    @Test
    void aParameterMayHaveSpacesOrNoValue() {
        RouteTable table = Routes.table(
                Routes.match().query("q", "a b").build(), Routes.match().query("flag", "").build());

        assertEquals("lb/r1", match(table, "h", "/?q=a+b"));
        assertEquals("lb/r1", match(table, "h", "/?q=a%20b"));
        assertEquals("lb/r2", match(table, "h", "/?flag"));
        assertEquals("lb/r2", match(table, "h", "/?flag="));
        assertNull(match(table, "h", "/?q=a%2"));
    }

    @Test
    void cookiesAreFoundAmongOthers() {
        RouteTable table = Routes.table(Routes.match().cookie("version", "beta").build());

        assertEquals("lb/r1", match(table, with("Cookie", "a=b; version=beta; c=d")));
        assertEquals("lb/r1", match(table, with("Cookie", "version=\"beta\"")));
        assertEquals("lb/r1", match(table, with("Cookie", "a=b", "cookie", "version=beta")));
        assertNull(match(table, with("Cookie", "xversion=beta; version=betas")));
        assertNull(match(table, with("Cookie", "version=alpha; version=beta")));
        assertNull(match(table, with("Cookie", ";;=; ; version")));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0, 8,  10.255.1.1,         true",
        "10.0.0.0, 8,  11.0.0.1,           false",
        "10.0.0.0, 9,  10.127.0.1,         true",
        "10.0.0.0, 9,  10.128.0.1,         false",
        "0.0.0.0,  0,  203.0.113.9,        true",
        "0.0.0.0,  0,  2001:db8::1,        false",
        "192.0.2.7, 32, 192.0.2.7,         true",
        "192.0.2.7, 32, 192.0.2.6,         false",
        "2001:db8::, 33, 2001:db8:7fff::1, true",
        "2001:db8::, 33, 2001:db8:8000::1, false"})
    void sources(String network, int prefix, String client, boolean matches) {
        RouteTable table = Routes.table(Routes.match().sources(new Cidr(network, prefix)).build());
        DescribedRequest request =
                new DescribedRequest("GET", "h", "/", List.of(), InetAddress.ofLiteral(client));

        assertEquals(matches ? "lb/r1" : null, match(table, request));
    }

    @Test
    void anIpv4ClientOfAnIpv6SocketIsComparedAsIpv4() {
        RequestHead head = DescribedRequest.get("h", "/").head();
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(InetAddress.ofLiteral("10.1.2.3").getAddress(), 0, mapped, 12, 4);
        RequestHead fromMapped = DescribedRequest.get("h", "/").head();
        fromMapped.reset(head.bytes(), mapped);
        fromMapped.path(head.pathStart(), head.pathEnd(), head.queryEnd());

        RouteTable table = Routes.table(Routes.match().sources(new Cidr("10.0.0.0", 8)).build());

        assertEquals(0, table.routes().indexOf(table.match(fromMapped)));
    }

    @Test
    void methodsAreComparedExactly() {
        RouteTable table = Routes.table(Routes.match().methods("GET", "POST").build());

        assertEquals("lb/r1", match(table, new DescribedRequest("POST", "h", "/", List.of(), CLIENT)));
        assertNull(match(table, new DescribedRequest("POSTS", "h", "/", List.of(), CLIENT)));
        assertNull(match(table, new DescribedRequest("post", "h", "/", List.of(), CLIENT)));
    }

    @Test
    void aTrialTellsTheFirstUnmetConditionOfEachRoute() {
        RouteTable table = Routes.table(
                Routes.match().hosts("other.example").build(),
                Routes.match().path(new PathMatch.Exact("/x")).build(),
                Routes.match().methods("POST").build(),
                Routes.match().header("x", "1").build(),
                Routes.match().query("x", "1").build(),
                Routes.match().cookie("x", "1").build(),
                Routes.match().sources(new Cidr("10.0.0.0", 8)).build(),
                RouteMatch.ANY, RouteMatch.ANY);

        List<String> unmet = new ArrayList<>();
        table.tryAll(with().head()).forEach(trial -> unmet.add(trial.route().label() + " " + trial.unmet()));

        assertEquals(List.of("lb/r1 host", "lb/r2 path", "lb/r3 method", "lb/r4 header", "lb/r5 query",
                "lb/r6 cookie", "lb/r7 source", "lb/r8 null"), unmet);
    }

    @Test
    void aSenselessConditionIsRejectedAloneWithItsReason() {
        List<CompiledRoute> routes = Routes.compiled(
                Routes.path(new PathMatch.Regex("/(")), RouteMatch.ANY,
                Routes.match().sources(new Cidr("10.0.0.0", 40)).build());
        List<String> rejected = new ArrayList<>();

        RouteTable table = new RouteTable(routes, (route, problem) -> rejected.add(route.label() + ": " + problem));

        assertEquals(List.of("lb/r1: error parsing regexp: missing closing ): `/(`",
                "lb/r3: not a prefix length: 10.0.0.0/40"), rejected);
        assertEquals("lb/r2", match(table, "h", "/"));
        assertThrows(IllegalArgumentException.class, () -> new RouteTable(routes));
    }

    private static DescribedRequest with(String... headers) {
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            lines.add(Map.entry(headers[i], headers[i + 1]));
        }
        return new DescribedRequest("GET", "h.example", "/", lines, CLIENT);
    }

    private static @Nullable String match(RouteTable table, String host, String target) {
        return match(table, DescribedRequest.get(host, target));
    }

    private static @Nullable String match(RouteTable table, DescribedRequest request) {
        CompiledRoute route = table.match(request.head());
        return route == null ? null : route.label();
    }
}
