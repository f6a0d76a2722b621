package io.halite.proxy.http;

import io.halite.proxy.accesslog.LogLine;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.table.ListenerTable;
import io.halite.proxy.traffic.SeriesCounters;
import io.halite.proxy.traffic.SeriesLabels;
import io.halite.proxy.upstream.LoopUpstreams;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What the HTTP connections of one loop share, so that a request allocates nothing. Confined to the loop's thread. */
public final class HttpLoop {
    private static final int KEPT_EXCHANGES = 1_024;
    /** What an exchange and what belongs to it take of the heap, about. */
    private static final int EXCHANGE_BYTES = 4 * 1024;

    final LoopUpstreams upstreams;
    final RequestParser requestParser = new RequestParser();
    final ResponseParser responseParser = new ResponseParser();
    final Response response = new Response();
    final Forwarding forwarding = new Forwarding();
    final HeadWriter writer;
    final RequestId ids;
    final HttpDate date;
    final SplittableRandom random;
    final Random shuffle;
    private final Deque<Exchange> free = new ArrayDeque<>();

    private final @Nullable AccessLine log;

    /**
     * What a loop begins with.
     *
     * @param line takes the access log; null for none
     */
    public HttpLoop(LoopUpstreams upstreams, InstantSource clock, @Nullable LogLine line) {
        this.upstreams = upstreams;
        SecureRandom seeds = new SecureRandom();
        ids = new RequestId(seeds.nextLong(), seeds.nextLong());
        random = new SplittableRandom(seeds.nextLong());
        shuffle = new Random(seeds.nextLong());
        writer = new HeadWriter(upstreams.loop().output());
        date = new HttpDate(clock);
        log = line == null ? null : new AccessLine(line);
    }

    Loop loop() {
        return upstreams.loop();
    }

    Exchange takeExchange() {
        Exchange kept = free.pollLast();
        loop().buffers().count(EXCHANGE_BYTES);
        return kept == null ? new Exchange(this) : kept;
    }

    void giveExchange(Exchange exchange) {
        exchange.rest();
        loop().buffers().uncount(EXCHANGE_BYTES);
        if (free.size() < KEPT_EXCHANGES) {
            free.addLast(exchange);
        }
    }

    /** Counts and logs a request that ended. */
    void count(Exchange exchange) {
        if (log != null) {
            log.log(exchange);
        }
        Account account = exchange.account();
        SeriesCounters series = series(exchange);
        series.finished(account.status(), account.nanos());
        if (account.upstreamNanos() >= 0) {
            series.answered(account.upstreamNanos());
        }
        for (int retry = exchange.attempt().choice().retries(); retry > 0; retry--) {
            series.retried();
        }
    }

    private SeriesCounters series(Exchange exchange) {
        CompiledRoute route = exchange.dispatch().route();
        PoolTable pool = exchange.attempt().choice().pool();
        TargetEntry target = exchange.attempt().choice().target();
        ListenerTable listener = exchange.listener();
        long high = (long) listener.id() << Integer.SIZE | (route == null ? 0 : route.id() + 1);
        long low = (long) (pool == null ? 0 : pool.id() + 1) << Integer.SIZE | (target == null ? 0 : target.id() + 1);
        SeriesCounters known = upstreams.traffic().find(high, low);
        return known != null ? known : upstreams.traffic().create(high, low, new SeriesLabels(listener.label(),
                route == null ? "" : route.label(), pool == null ? "" : pool.name(),
                target == null ? "" : target.ref().target()));
    }
}
