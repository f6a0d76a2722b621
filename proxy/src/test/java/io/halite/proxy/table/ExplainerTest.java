package io.halite.proxy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Action;
import io.halite.config.AdminState;
import io.halite.config.Algorithm;
import io.halite.config.HostPort;
import io.halite.config.PathMatch;
import io.halite.config.Pool;
import io.halite.config.Protocol;
import io.halite.config.Route;
import io.halite.config.RouteMatch;
import io.halite.config.Target;
import io.halite.health.Health;
import io.halite.proxy.route.DescribedRequest;
import io.halite.proxy.table.Explanation.Candidate;
import io.halite.proxy.table.Explanation.PoolChoice;
import io.halite.proxy.table.Explanation.RouteTrial;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainerTest {
    private final TestConfig config = new TestConfig()
            .pool("stable", "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80").pool("canary", "10.0.1.1:80")
            .balancer("shop", Protocol.HTTP, 8080,
                    TestConfig.forward("beta", TestConfig.host("beta.example"), "canary", 1),
                    new Route("old", TestConfig.path(new PathMatch.Exact("/old")), new Action.Redirect("/new", 308)),
                    TestConfig.forward("all", RouteMatch.ANY, "stable", 90, "canary", 10))
            .balancer("intra", Protocol.HTTP, 8081,
                    TestConfig.forward("r1", TestConfig.host("intra.example"), "stable", 1));

    @Test
    void tellsTheRouteAndWhyTheEarlierOnesDidNotMatch() {
        Explanation explanation = explain(8080, DescribedRequest.get("shop.example", "/cart"));

        assertEquals("shop/web", explanation.listener());
        assertEquals("", explanation.note());
        assertEquals(List.of(new RouteTrial("shop/beta", "host is not beta.example"),
                new RouteTrial("shop/old", "path is not /old"), new RouteTrial("shop/all", "")), explanation.routes());
        assertEquals("shop/all", explanation.route());
        assertEquals("forward", explanation.action().sentence());
        assertEquals("[stable: 90 of 100, canary: 10 of 100]", explanation.pools().stream()
                .map(pool -> pool.pool() + ": " + pool.share()).toList().toString());
    }

    @Test
    void tellsWhereEachTargetStandsAndWhichIsChosen() {
        config.health("stable", "t1", Health.UNHEALTHY).health("stable", "t2", Health.HEALTHY)
                .health("stable", "t3", Health.HEALTHY).admin("stable", "t3", AdminState.DRAIN);

        PoolChoice choice = explain(8080, DescribedRequest.get("shop.example", "/")).pools().getFirst();

        assertEquals("[unhealthy ready false, healthy ready true, healthy drain false]", choice.targets().stream()
                .map(target -> target.health() + " " + target.adminState() + " " + target.candidate())
                .toList().toString());
        assertEquals(List.of("unhealthy", "eligible", "draining"),
                choice.targets().stream().map(Candidate::standing).toList());
        assertEquals("stable/t2", choice.choice());
        assertEquals("roundRobin", choice.algorithm());
        assertTrue(choice.because().startsWith("first in turn"));
    }

    @Test
    void tellsThatThereIsNothingToOffer() {
        config.admin("canary", "t1", AdminState.MAINT);

        PoolChoice choice = explain(8080, DescribedRequest.get("beta.example", "/")).pools().getFirst();

        assertNull(choice.choice());
        assertEquals("the pool has no target to offer: 503", choice.because());
    }

    @Test
    void tellsRedirectsAndThatNoRouteMatched() {
        assertEquals("redirect 308", explain(8080, DescribedRequest.get("shop.example", "/old")).action().sentence());
        Explanation none = explain(8081, DescribedRequest.get("shop.example", "/"));
        assertNull(none.route());
        assertEquals("no route matches: 404", none.action().sentence());
        assertTrue(none.pools().isEmpty());
    }

    @Test
    void findsTheListenerByPortOrElseByWhatMatches() {
        Explanation byRoute = explain(80, DescribedRequest.get("intra.example", "/"));
        assertEquals("intra/web", byRoute.listener());
        assertEquals("nothing listens at port 80; explained for intra/web", byRoute.note());

        Explanation none = new Explainer(config.table(), config.ticker, InstantSource.system())
                .explain(Protocol.HTTPS, 443, DescribedRequest.get("intra.example", "/"));
        assertNull(none.listener());
        assertEquals("no listener speaks https", none.note());
    }

    @Test
    void namesEachAlgorithm() {
        for (Algorithm algorithm : List.of(new Algorithm.LeastRequest(), new Algorithm.LeastTime(),
                new Algorithm.Random(), new Algorithm.First(), new Algorithm.Hash(new Algorithm.HashKey.Path()))) {
            config.pool("canary", Pool.of(List.of(new Target("t1", new HostPort("10.0.1.1", 80), 1)))
                    .withAlgorithm(algorithm));
            PoolChoice choice = explain(8080, DescribedRequest.get("beta.example", "/")).pools().getFirst();
            assertTrue(choice.algorithm().equalsIgnoreCase(algorithm.getClass().getSimpleName()), choice.algorithm());
            assertEquals("canary/t1", choice.choice());
        }
    }

    private Explanation explain(int port, DescribedRequest request) {
        return new Explainer(config.table(), config.ticker, InstantSource.system())
                .explain(Protocol.HTTP, port, request);
    }
}
