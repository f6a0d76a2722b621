package io.halite.dns.testing;

import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.dns.policy.AliasBook;
import io.halite.dns.policy.ZonePlanner;
import io.halite.dns.render.ZoneTableCompiler;
import io.halite.dns.render.ZoneTableCompiler.Compiled;
import io.halite.dns.serve.CookieSecrets;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.FastPathSettings;
import io.halite.dns.serve.Networks;
import io.halite.dns.serve.QueryCounters.Event;
import io.halite.dns.serve.Serving;
import io.halite.dns.sign.ZoneKeys;
import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.NameHash;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.time.InstantSource;

/** A fast path on the test bench: compiled zones and a message, without sockets. */
public final class Bench {
    private static final int ROOM = FastPath.MAX_STREAM + 4096;

    private final Compiled compiled;
    private final FastPath path;
    private final MemorySegment message = Arena.ofAuto().allocate(ROOM + Bytes.PADDING);

    public Bench(ConfigState state, FakeNodes nodes, int responsesPerSecond, Ticker ticker) {
        this(state, nodes, responsesPerSecond, ticker, ZoneKeys.NONE, InstantSource.system());
    }

    private Bench(ConfigState state, FakeNodes nodes, int responsesPerSecond, Ticker ticker, ZoneKeys keys,
            InstantSource clock) {
        ZonePlanner.Plans plans = new ZonePlanner().plan(state, nodes.current(), new FakeHealth().current(),
                AliasBook.EMPTY, ticker.nanos());
        compiled = new ZoneTableCompiler(new NameHash(0x1234_5678_9ABC_DEF0L, 42), keys, clock)
                .compile(state.revision(), plans.zones());
        Serving serving = new Serving(compiled.table(), CookieSecrets.random());
        path = new FastPath(new FastPathSettings(4711, responsesPerSecond, 2, Networks.NONE, 100, ticker,
                InstantSource.system()), serving.table(), serving.secrets());
        path.begin(serving.table(), serving.secrets());
        path.client().set4(0xC000_0201);
    }

    public static Bench of(ConfigState state, FakeNodes nodes) {
        return new Bench(state, nodes, 0, Ticker.SYSTEM, ZoneKeys.NONE, InstantSource.system());
    }

    /** Zones that say so are signed. */
    public static Bench signed(ConfigState state, FakeNodes nodes, ZoneKeys keys) {
        return signed(state, nodes, keys, InstantSource.system());
    }

    /** The same at some time. */
    public static Bench signed(ConfigState state, FakeNodes nodes, ZoneKeys keys, InstantSource clock) {
        return new Bench(state, nodes, 0, Ticker.SYSTEM, keys, clock);
    }

    public Compiled compiled() {
        return compiled;
    }

    public FastPath path() {
        return path;
    }

    public MemorySegment message() {
        return message;
    }

    /** The response; no bytes for none, one byte for the slow path. */
    public byte[] answer(byte[] query, InetAddress client, boolean stream) {
        path.client().set(client);
        MemorySegment.copy(query, 0, message, ValueLayout.JAVA_BYTE, 0, query.length);
        int size = path.answer(message, 0, query.length, stream);
        return size <= 0 ? new byte[-size] : message.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
    }

    /** How many queries ran into a fault of ours. */
    public long failures() {
        return path.counters().events(Event.FAILED);
    }

    /** Starts another batch, at a later time. */
    public void nextBatch() {
        path.begin(compiled.table(), CookieSecrets.random());
    }
}
