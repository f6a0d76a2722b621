package io.halite.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.admin.node.RequestTracer.Trace;
import io.halite.config.Revision;
import io.halite.proxy.table.Explanation;
import io.halite.proxy.table.Explanation.Action;
import io.halite.proxy.table.Explanation.Candidate;
import io.halite.proxy.table.Explanation.Fate;
import io.halite.proxy.table.Explanation.PoolChoice;
import io.halite.proxy.table.Explanation.RouteTrial;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A trace tells the same as the explanation of the data plane, step by step. */
class LocalTracerTest {
    private static final Action FORWARDED = new Action(Fate.FORWARD, "forward");

    @Test
    void aForwardedRequestNamesTheWholeWay() {
        Trace trace = LocalTracer.trace(new Explanation(new Revision(3), "shop/web", "", List.of(
                new RouteTrial("shop/r1", "path is not /old"), new RouteTrial("shop/r2", "")), "shop/r2", FORWARDED,
                List.of(pool("app", "app/one"))));
        assertEquals("forward", trace.outcome());
        assertEquals("shop/web", trace.listener());
        assertEquals("shop/r2", trace.route());
        assertEquals("app", trace.pool());
        assertEquals("one", trace.target());
        assertFalse(trace.steps().get(1).taken());
        assertEquals("path is not /old", trace.steps().get(1).reason());
        assertTrue(trace.steps().get(2).taken());
        assertTrue(trace.steps().getLast().taken());
        assertEquals("eligible, healthy, admin state ready", trace.steps().getLast().reason());
    }

    @Test
    void aRequestThatLeadsNowhereSaysWhereItEnds() {
        assertEquals("noListener", LocalTracer.trace(new Explanation(new Revision(3), null, "no listener speaks https",
                List.of(), null, new Action(Fate.NO_LISTENER, "connection refused"), List.of())).outcome());
        assertEquals("noRoute", LocalTracer.trace(new Explanation(new Revision(3), "shop/web", "", List.of(
                new RouteTrial("shop/r1", "host is not a.test")), null, new Action(Fate.NO_ROUTE, "no route matches: 404"),
                List.of())).outcome());
        assertEquals("noTarget", LocalTracer.trace(new Explanation(new Revision(3), "shop/web", "", List.of(
                new RouteTrial("shop/r1", "")), "shop/r1", FORWARDED, List.of(pool("app", null)))).outcome());
        assertEquals("redirect", LocalTracer.trace(new Explanation(new Revision(3), "shop/web", "", List.of(
                new RouteTrial("shop/r1", "")), "shop/r1", new Action(Fate.REDIRECT, "redirect 308"), List.of())).outcome());
    }

    @Test
    void aRequestThatIsRefusedBeforeRoutesSaysWhy() {
        Trace trace = LocalTracer.trace(new Explanation(new Revision(3), "shop/web", "", List.of(), null,
                new Action(Fate.REFUSED, "400: the path means different things to different servers"), List.of()));
        assertEquals("refused", trace.outcome());
        assertEquals("400: the path means different things to different servers", trace.steps().getLast().reason());
    }

    @Test
    void aTargetSaysWhatKeepsRequestsFromIt() {
        assertEquals("eligible, healthy, admin state ready, ejected by its failures for 3 s more", stands(new Candidate(
                "one", "10.0.0.1:80", 100, 0, "ready", "healthy", "eligible", true, Duration.ofMillis(2500), 1, 0)));
        assertEquals("eligible, healthy, admin state ready, priority 1, slow start at 40% of its weight, 7 in flight",
                stands(new Candidate("one", "10.0.0.1:80", 100, 1, "ready", "healthy", "eligible", true, Duration.ZERO,
                        0.4, 7)));
        assertEquals("unhealthy, unhealthy, admin state ready, takes requests all the same", stands(new Candidate(
                "one", "10.0.0.1:80", 100, 0, "ready", "unhealthy", "unhealthy", true, Duration.ZERO, 1, 0)));
    }

    private static String stands(Candidate candidate) {
        return LocalTracer.trace(new Explanation(new Revision(3), "shop/web", "", List.of(new RouteTrial("shop/r1", "")),
                "shop/r1", FORWARDED, List.of(new PoolChoice("app", "1 of 1", "roundRobin", false, List.of(candidate),
                        null, "first in turn")))).steps().getLast().reason();
    }

    private static PoolChoice pool(String name, @Nullable String choice) {
        return new PoolChoice(name, "1 of 1", "roundRobin", false, List.of(new Candidate("one", "10.0.0.1:80", 100, 0,
                "ready", "healthy", "eligible", true, Duration.ZERO, 1, 0)), choice, "first in turn");
    }
}
