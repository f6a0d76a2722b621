package io.halite.proxy.http;

import io.halite.config.Retries;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.relay.Pace;
import java.time.Duration;

/**
 * How long the client or the target of an exchange may say nothing. Calls of gRPC may be long conversations in which
 * either side is silent for long, and bring a deadline of their own. Confined to one loop.
 */
final class Silence {
    /** Client and target know the deadline of a call themselves: theirs is the first word. */
    private static final long GRACE_NANOS = 500_000_000;

    private final Exchange exchange;
    private final Pace body;
    private boolean eventStream;

    Silence(Loop loop, Exchange exchange) {
        body = new Pace(loop);
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

    void clear() {
        body.clear();
        eventStream = false;
    }

    /** The rest of the request's body is waited for; not while the client has something to take, which has its own time. */
    void awaitBody() {
        Connection client = exchange.client().wire();
        long left = body.await(withinRequest());
        if (!client.hasPending()) {
            client.deadlineIn(left);
        }
    }

    /** More of it came. Within a call, and once the response began, both sides may talk as seldom as they like. */
    void bodyCame(int bytes) {
        boolean free = isCall() || exchange.isResponding();
        body.progress(bytes, free ? 0 : exchange.listener().limits().requestRate(), withinRequest());
    }

    /** The target takes no more of it for the moment, or there is none: it is not the client who is waited for. */
    void restBody() {
        body.rest();
    }

    private long withinRequest() {
        return (isCall() ? exchange.timeouts().tunnel() : exchange.timeouts().requestBody()).toNanos();
    }

    /** The response begins. */
    void responseIs(Response response) {
        eventStream = response.isEventStream;
    }

    /** Nanoseconds between two reads of the response's body. */
    long withinResponse() {
        return (isCall() || eventStream ? exchange.timeouts().tunnel() : exchange.timeouts().idle()).toNanos();
    }

    private boolean isCall() {
        return exchange.request.isGrpc && exchange.client().isHttp2Stream();
    }
}
