package io.halite.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.halite.config.Cidr;
import io.halite.config.PathMatch;
import io.halite.config.RouteMatch;
import io.halite.proxy.testing.Allocations;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteTableAllocationTest {
    @Test
    void fieldsAreFoundWithoutAllocation() {
        RouteMatch[] matches = Stream.concat(IntStream.range(0, 90).mapToObj(i -> switch (i % 3) {
            case 0 -> Routes.match().header("x-tenant", "t" + i).build();
            case 1 -> Routes.match().query("tenant", "t " + i).build();
            default -> Routes.match().cookie("tenant", "t" + i).build();
        }), Stream.of(Routes.match().build())).toArray(RouteMatch[]::new);
        RouteTable table = Routes.table(matches);
        RequestHead head = new DescribedRequest("GET", "a", "/?tenant=t%2085&b", List.of(Map.entry("X-Tenant", "t90"),
                Map.entry("Cookie", "a=b; tenant=\"t89\"")), InetAddress.ofLiteral("10.0.0.1")).head();

        Allocations.assertNone(() -> {
            CompiledRoute route = table.match(head);
            if (route == null || route.id() != 85) {
                throw new AssertionError("another route");
            }
        });
    }

    /** What a client repeats costs it no more than the routes are worth. */
    @Test
    void whatIsRepeatedFindsTheSameRoute() {
        RouteMatch[] matches = Stream.concat(IntStream.range(0, 40)
                        .mapToObj(i -> Routes.match().query("x", "1").header("x-never", "t" + i / 20).build()),
                Stream.of(Routes.match().query("x", "1").query("y", "2").build())).toArray(RouteMatch[]::new);
        RouteTable table = Routes.table(matches);
        RequestHead head = new DescribedRequest("GET", "a", "/?" + "x=1&y=2&".repeat(500), List.of(
                Map.entry("x-never", "t2"), Map.entry("x-never", "t3")), InetAddress.ofLiteral("10.0.0.1")).head();

        CompiledRoute route = table.match(head);
        assertNotNull(route);
        assertEquals(40, route.id());
    }

    @Test
    void aMatchAllocatesNothing() {
        RouteTable table = Routes.table(
                Routes.match().hosts("other.example").build(),
                Routes.match().methods("POST").build(),
                Routes.match().header("x-canary", "1").build(),
                Routes.match().query("v", "2").build(),
                Routes.match().cookie("v", "2").build(),
                Routes.match().sources(new Cidr("192.0.2.0", 24)).build(),
                Routes.match().path(new PathMatch.Glob("/a/**/b/*.png")).build(),
                Routes.match().path(new PathMatch.Exact("/a")).build(),
                Routes.match().hosts("*.example").build());
        RequestHead head = new DescribedRequest("GET", "Shop.Example", "/a/x/y/b/c.jpg?a=b&v=%33",
                List.of(Map.entry("Accept", "*/*"), Map.entry("Cookie", "a=b; c=d")),
                InetAddress.ofLiteral("10.0.0.1")).head();

        Allocations.assertNone(() -> {
            CompiledRoute route = table.match(head);
            if (route == null || route.id() != 8) {
                throw new AssertionError("another route");
            }
        });
    }
}
