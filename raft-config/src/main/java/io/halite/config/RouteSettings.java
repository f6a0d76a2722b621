package io.halite.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a route does besides its action.
 *
 * @param rewrite of a forwarded request
 * @param requestHeaders of a forwarded request, after the headers that the proxy itself adds
 * @param responseHeaders of every answer of the route
 * @param access who may use the route; others get 403
 * @param responseHeader instead of the load balancer's timeout of this name; null for that one
 */
public record RouteSettings(
        Rewrite rewrite, HeaderEdits requestHeaders, HeaderEdits responseHeaders, AccessList access,
        @Nullable Duration responseHeader) {
    public static final RouteSettings DEFAULT =
            new RouteSettings(Rewrite.NONE, HeaderEdits.NONE, HeaderEdits.NONE, AccessList.EVERYBODY, null);
}
