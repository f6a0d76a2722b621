package io.halite.proxy.http;

import io.halite.config.Retries;
import java.time.Duration;

/**
 * How long the client or the target of an exchange may say nothing. Calls of gRPC may be long conversations in which
 * either side is silent for long, and bring a deadline of their own. Confined to one loop.
 */
final class Silence {
    /** Client and target know the deadline of a call themselves: theirs is the first word. */
    private static final long GRACE_NANOS = 500_000_000;

    private final Exchange exchange;

    Silence(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Nanoseconds that one try may take to bring a response head. */
    long beforeHead(Retries retries) {
        Duration ofRoute = exchange.effects().responseHeader();
        long limit = ofRoute != null ? ofRoute.toNanos()
                : exchange.request.grpcTimeout != Request.ABSENT
                        ? Math.min(exchange.request.grpcTimeout, exchange.timeouts().tunnel().toNanos()) + GRACE_NANOS
                : exchange.timeouts().responseHeader().toNanos();
        return retries.perTry() == null ? limit : Math.min(limit, retries.perTry().toNanos());
    }

    /** Nanoseconds between two reads of the request's body. */
    long withinRequest() {
        return (isCall() ? exchange.timeouts().tunnel() : exchange.timeouts().requestBody()).toNanos();
    }

    /** Nanoseconds between two reads of the response's body. */
    long withinResponse() {
        return (isCall() ? exchange.timeouts().tunnel() : exchange.timeouts().idle()).toNanos();
    }

    private boolean isCall() {
        return exchange.request.isGrpc && exchange.client().isHttp2Stream();
    }
}
