package io.halite.proxy.route;

import io.halite.config.Cidr;
import io.halite.config.PathMatch;
import io.halite.proxy.testing.Allocations;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableAllocationTest {
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
