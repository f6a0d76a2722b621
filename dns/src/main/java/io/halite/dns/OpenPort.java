package io.halite.dns;

import io.halite.config.Ticker;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.FastPathSettings;
import io.halite.dns.serve.Networks;
import io.halite.dns.serve.QueryCounters;
import io.halite.dns.serve.QuerySamples;
import io.halite.dns.serve.Serving;
import io.halite.dns.serve.SlowPath;
import io.halite.dns.transport.ChannelDatagrams;
import io.halite.dns.transport.DatagramServer;
import io.halite.dns.transport.NativeDatagrams;
import io.halite.dns.transport.StreamServer;
import io.halite.dns.transport.WorkerSettings;
import io.halite.dns.xdp.XdpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The open port of a responder: UDP workers and TCP on one number. */
final class OpenPort implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Two connections rarely meet at one of so many fast paths. */
    private static final int STREAM_PATHS = 4;
    private static final int PORT_TRIES = 20;

    private final DatagramServer datagrams;
    private final XdpServer frames;
    private final StreamServer streams;
    private final List<FastPath> paths;

    private OpenPort(DatagramServer datagrams, XdpServer frames, StreamServer streams, List<FastPath> paths) {
        this.datagrams = datagrams;
        this.frames = frames;
        this.streams = streams;
        this.paths = paths;
    }

    /** Opens the port; a {@link BindException} says that it cannot be had. */
    static OpenPort open(
            DnsSettings settings, Supplier<Serving> serving, SlowPath slowPath, Ticker ticker, InstantSource clock)
            throws IOException {
        for (int tries = 1;; tries++) {
            try {
                return tryOpen(settings, serving, slowPath, ticker, clock);
            } catch (BindException e) {
                // A port that the system chose for TCP may be taken for UDP.
                if (settings.port() != 0 || tries == PORT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static OpenPort tryOpen(
            DnsSettings settings, Supplier<Serving> serving, SlowPath slowPath, Ticker ticker, InstantSource clock)
            throws IOException {
        List<FastPath> streamPaths = new ArrayList<>();
        for (int i = 0; i < STREAM_PATHS; i++) {
            streamPaths.add(fastPath(settings, 0, serving.get(), ticker, clock));
        }
        List<FastPath> paths = new CopyOnWriteArrayList<>(streamPaths);
        if (!settings.sharing()) {
            proveFreeForStreams(new InetSocketAddress(settings.bind(), settings.port()));
        }
        StreamServer streams = new StreamServer(new InetSocketAddress(settings.bind(), settings.port()),
                new StreamServer.Limits(settings.streamIdle(), settings.streams(), settings.streamsPerClient()),
                streamPaths, serving, slowPath, ticker);
        try {
            int port = streams.port();
            if (!settings.sharing()) {
                proveFree(new InetSocketAddress(settings.bind(), port));
            }
            WorkerSettings workers = new WorkerSettings(settings.bind(), port, settings.workers(),
                    sharers -> {
                        FastPath path = fastPath(settings, share(settings.responsesPerSecond(), sharers), serving.get(),
                                ticker, clock);
                        paths.add(path);
                        return path;
                    }, serving, slowPath);
            boolean isNative = switch (settings.engine()) {
                case AUTO -> NativeDatagrams.isSupported();
                case NATIVE -> true;
                case CHANNEL -> false;
            };
            DatagramServer datagrams = isNative ? new NativeDatagrams(workers) : new ChannelDatagrams(workers);
            XdpServer frames = new XdpServer(settings.frames(), workers);
            streams.start();
            return new OpenPort(datagrams, frames, streams, paths);
        } catch (IOException e) {
            streams.close();
            throw e;
        }
    }

    /** Zero stands for no limit. */
    private static int share(int perSecond, int sharers) {
        return perSecond == 0 ? 0 : Math.max(1, perSecond / sharers);
    }

    /** A socket of a SO_REUSEPORT group could join another process's group of the same user unseen. */
    private static void proveFree(InetSocketAddress address) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.bind(address);
        }
    }

    private static void proveFreeForStreams(InetSocketAddress address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        }
    }

    /** A fast path of its own random seed. */
    static FastPath fastPath(
            DnsSettings settings, int perSecond, Serving serving, Ticker ticker, InstantSource clock) {
        return new FastPath(answering(settings, perSecond, ticker, clock), serving.table(), serving.secrets());
    }

    /** How a node's settings have queries answered, with a random seed of its own. */
    static FastPathSettings answering(DnsSettings settings, int perSecond, Ticker ticker, InstantSource clock) {
        int tenths = (int) Math.min(0xFFFF, settings.streamIdle().toMillis() / 100);
        return new FastPathSettings(RANDOM.nextLong() | 1, perSecond, settings.slip(), new Networks(settings.exempt()),
                tenths, ticker, clock);
    }

    int port() {
        return datagrams.port();
    }

    String engine() {
        return datagrams.engine();
    }

    /** Why some interface's queries are not answered from frames, though they should be. */
    Optional<String> problem() {
        return frames.problem();
    }

    /** What the kernel threw away because there was no room for it. */
    long dropped() {
        return KernelDrops.of(port()) + frames.dropped();
    }

    /** Where its workers put queries for the log. */
    List<QuerySamples> samples() {
        return paths.stream().map(FastPath::samples).toList();
    }

    int streams() {
        return streams.connections();
    }

    List<QueryCounters> counters() {
        return paths.stream().map(FastPath::counters).toList();
    }

    @Override
    public void close() {
        streams.close();
        frames.close();
        datagrams.close();
    }
}
