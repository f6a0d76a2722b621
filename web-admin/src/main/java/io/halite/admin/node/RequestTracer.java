package io.halite.admin.node;

import java.util.List;
import java.util.SortedMap;

/** Says which way a request would take, without sending it. */
@FunctionalInterface
public interface RequestTracer {
    /** Of a node without listeners. */
    RequestTracer NONE = request -> new Trace("noListener", "", "", "", "", List.of());

    /** Traces by the tables this node works by now. */
    Trace trace(Request request);

    /**
     * A request as a client would send it.
     *
     * @param headers names in lower case
     * @param source the client's address
     */
    record Request(String method, String url, SortedMap<String, String> headers, String source) {}

    /**
     * The way of a request.
     *
     * @param outcome {@code forward}, {@code redirect}, {@code respond}, {@code noListener}, {@code noRoute},
     * {@code noTarget} or {@code refused}
     * @param listener {@code loadBalancer/listener}; empty when there is none; likewise the other three
     */
    record Trace(String outcome, String listener, String route, String pool, String target, List<Step> steps) {
        public Trace {
            steps = List.copyOf(steps);
        }
    }

    /**
     * One thing that was considered on the way.
     *
     * @param subject such as {@code listener}, {@code route} or {@code target}
     * @param taken whether the way leads through it
     * @param reason why, or why not
     */
    record Step(String subject, String name, boolean taken, String reason) {}
}
