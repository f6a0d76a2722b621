package io.halite.config;

import java.util.List;

/** What a route does with a request. */
public sealed interface Action {

    /** Sends the request to one of the pools, chosen by weight. */
    record Forward(List<WeightedPool> pools) implements Action {
        public Forward {
            pools = List.copyOf(pools);
        }
    }

    /**
     * Answers with a redirect.
     *
     * @param to an absolute URL or a path, with fields of the request as {@link RedirectTemplate} reads them
     * @param code 301, 302, 303, 307 or 308
     */
    record Redirect(String to, int code) implements Action {
        public static final int DEFAULT_CODE = 302;
    }

    /**
     * Answers by itself.
     *
     * @param status 200–599
     */
    record Respond(int status, String body, String contentType) implements Action {
        public static final String DEFAULT_CONTENT_TYPE = "text/plain; charset=utf-8";
    }

    /** A pool and its share of a route's requests, in the range and with the default of a target's weight. */
    record WeightedPool(String pool, int weight) {}
}
