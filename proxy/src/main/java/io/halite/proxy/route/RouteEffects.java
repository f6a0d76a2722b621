package io.halite.proxy.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a route does besides its action, prepared.
 *
 * @param access who may use it
 * @param requestHeaders of what targets get
 * @param responseHeaders of what clients get
 * @param host bytes of the Host that targets see; null for the client's
 * @param path of what targets see; null for the client's
 * @param responseHeader instead of the load balancer's timeout; null for that one
 */
@SuppressWarnings("ArrayRecordComponent")
public record RouteEffects(
        AccessRules access, HeaderRules requestHeaders, HeaderRules responseHeaders, byte @Nullable [] host,
        @Nullable PathRewrite path, @Nullable Duration responseHeader) {
    public static final RouteEffects NONE =
            new RouteEffects(AccessRules.EVERYBODY, HeaderRules.NONE, HeaderRules.NONE, null, null, null);
}
