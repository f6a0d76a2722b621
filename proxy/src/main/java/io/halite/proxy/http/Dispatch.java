package io.halite.proxy.http;

import io.halite.proxy.route.CompiledAction;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.PathRewrite;
import io.halite.proxy.route.ReadyAnswer;
import io.halite.proxy.route.RouteEffects;
import io.halite.proxy.table.ForwardingTable;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request: it is refused, answered here, redirected or forwarded, as the load balancer and the first
 * route that matches say. Reused from request to request; confined to the thread of its loop.
 */
final class Dispatch {
    /** RFC 9110 §9.3.7: what this server as a whole can do. */
    private static final ReadyAnswer OPTIONS = new ReadyAnswer(200,
            Ascii.bytes("Allow: " + OwnAnswer.METHODS + "\r\nContent-Length: 0\r\n"), new byte[0]);
    /** A path may be made so long, or longer when it came longer. */
    private static final int MAX_REWRITTEN = 2 * 1024;
    private static final int MAX_LOCATION = 32 * 1024;

    private final Exchange exchange;
    private final OwnReply reply;
    private final Attempt attempt;
    private @Nullable CompiledRoute route;
    private byte @Nullable [] rewrittenPath;

    Dispatch(Exchange exchange, OwnReply reply, Attempt attempt) {
        this.exchange = exchange;
        this.reply = reply;
        this.attempt = attempt;
    }

    void clear() {
        route = null;
        rewrittenPath = null;
    }

    @Nullable CompiledRoute route() {
        return route;
    }

    RouteEffects effects() {
        return route == null ? RouteEffects.NONE : route.effects();
    }

    /** What a target sees in the place of the beginning of the path; null when that stays. */
    byte @Nullable [] rewrittenPath() {
        return rewrittenPath;
    }

    /** Decides and begins; the body begins here. */
    void act(byte[] bytes, int from) {
        if (!exchange.listener().rules().access().admits(exchange.request.head.clientAddress())) {
            exchange.fail(Reason.FORBIDDEN);
            return;
        }
        if (exchange.request.isForServer) {
            reply.ready(OPTIONS);
            return;
        }
        if (exchange.request.maxForwards == 0) {
            exchange.fail(Reason.METHOD_NOT_ALLOWED);
            return;
        }
        if (!exchange.request.head.show(exchange.listener().rules().paths())) {
            exchange.refuse(Reason.AMBIGUOUS_PATH);
            return;
        }
        ForwardingTable table = exchange.http().upstreams.table();
        CompiledRoute matched = exchange.listener().routes().match(exchange.request.head);
        route = matched;
        if (matched == null) {
            exchange.fail(Reason.NO_ROUTE);
            return;
        }
        if (!matched.effects().access().admits(exchange.request.head.clientAddress())) {
            exchange.fail(Reason.FORBIDDEN);
            return;
        }
        switch (matched.action()) {
            case CompiledAction.Redirect redirect -> reply.ready(redirect.answer());
            case CompiledAction.RedirectTo redirect -> redirect(redirect);
            case CompiledAction.Respond respond -> reply.ready(respond.answer());
            case CompiledAction.Unavailable unavailable -> exchange.fail(Reason.ROUTE_UNAVAILABLE, unavailable.reason());
            case CompiledAction.Forward forward -> {
                if (rewritePath(matched.effects().path())) {
                    attempt.start(matched, forward, table, bytes, from, exchange.body().passedOn(bytes));
                }
            }
        }
    }

    private void redirect(CompiledAction.RedirectTo redirect) {
        if (redirect.location().needsHost() && exchange.request.head.hostEnd() == exchange.request.head.hostStart()) {
            exchange.fail(Reason.MISSING_HOST);
        } else if (redirect.location().room(exchange.request.head) > MAX_LOCATION) {
            exchange.fail(Reason.TARGET_TOO_LONG);
        } else {
            reply.redirect(redirect);
        }
    }

    /** Whether the path is one that the target can be asked for. */
    private boolean rewritePath(@Nullable PathRewrite rewrite) {
        rewrittenPath = rewrite == null ? null : rewrite.beginning(exchange.request.head);
        int most = Math.max(MAX_REWRITTEN, exchange.request.head.pathEnd() - exchange.request.head.pathStart());
        if (rewrittenPath != null && rewrittenPath.length > most) {
            exchange.fail(Reason.TARGET_TOO_LONG);
            return false;
        }
        return true;
    }
}
