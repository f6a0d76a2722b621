package io.halite.dns;

import io.halite.config.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * How one node's responder is run; everything that is about zones stands in the config instead.
 *
 * @param bind an address, or the wildcard for all addresses of both families
 * @param port of UDP and TCP; 0 for any
 * @param workers threads that answer UDP
 * @param responsesPerSecond of one kind to one client network; 0 for no limit
 * @param slip every which response over the limit is sent truncated instead of dropped; 0 for none
 * @param exempt networks without a limit; loopback never has one
 * @param streamIdle how long a TCP connection may make no progress
 * @param streams TCP connections at once
 * @param streamsPerClient TCP connections of one address at once, or of one IPv6 network of 64 bits
 * @param warmUp queries answered for practice before the port opens
 * @param frames network interfaces whose queries are answered from frames; the port opens beside them all the same
 * @param sharing whether another process of this user may answer at the same port: one that this one follows
 */
public record DnsSettings(
        InetAddress bind, int port, int workers, Engine engine, int responsesPerSecond, int slip, List<Cidr> exempt,
        Duration streamIdle, int streams, int streamsPerClient, int warmUp,
        List<String> frames, boolean sharing) {
    public static final int DEFAULT_PORT = 53;
    /** More than two threads would take cores from the proxy that the kernel's work needs anyway. */
    public static final int MAX_DEFAULT_WORKERS = 4;
    public static final int DEFAULT_RESPONSES_PER_SECOND = 200;
    public static final int DEFAULT_SLIP = 2;
    public static final Duration DEFAULT_STREAM_IDLE = Duration.ofSeconds(10);
    public static final int DEFAULT_STREAMS = 2_000;
    public static final int DEFAULT_STREAMS_PER_CLIENT = 100;
    /** The first ten thousand queries of a cold process cost many times the rest. */
    public static final int DEFAULT_WARM_UP = 50_000;

    /** What UDP sockets are made of. */
    public enum Engine {
        /** The kernel's batch calls where they can be had, else channels. */
        AUTO, NATIVE, CHANNEL
    }

    public DnsSettings {
        exempt = List.copyOf(exempt);
        frames = List.copyOf(frames);
        if (workers < 1) {
            throw new IllegalArgumentException("workers: " + workers + " (expected: 1 or more)");
        }
    }

    /** Every default at this address. */
    public static DnsSettings of(InetAddress bind, int port) {
        int workers = Math.min(Runtime.getRuntime().availableProcessors(), MAX_DEFAULT_WORKERS);
        return new DnsSettings(bind, port, workers, Engine.AUTO, DEFAULT_RESPONSES_PER_SECOND, DEFAULT_SLIP,
                List.of(), DEFAULT_STREAM_IDLE, DEFAULT_STREAMS, DEFAULT_STREAMS_PER_CLIENT, DEFAULT_WARM_UP,
                List.of(), false);
    }

    /** These settings with other UDP sockets. */
    public DnsSettings with(Engine other, int otherWorkers) {
        return new DnsSettings(bind, port, otherWorkers, other, responsesPerSecond, slip, exempt, streamIdle, streams,
                streamsPerClient, warmUp, frames, sharing);
    }

    /** These settings with another rate limit. */
    public DnsSettings withLimit(int perSecond, int otherSlip, List<Cidr> otherExempt) {
        return new DnsSettings(bind, port, workers, engine, perSecond, otherSlip, otherExempt, streamIdle, streams,
                streamsPerClient, warmUp, frames, sharing);
    }

    /** These settings with other limits of TCP. */
    public DnsSettings withStreams(Duration idle, int connections, int perClient) {
        return new DnsSettings(bind, port, workers, engine, responsesPerSecond, slip, exempt, idle, connections,
                perClient, warmUp, frames, sharing);
    }

    /** These settings with another warm-up. */
    public DnsSettings withWarmUp(int queries) {
        return new DnsSettings(bind, port, workers, engine, responsesPerSecond, slip, exempt, streamIdle, streams,
                streamsPerClient, queries, frames, sharing);
    }

    /** These settings with queries of these interfaces answered from frames. */
    public DnsSettings withFrames(List<String> interfaces) {
        return new DnsSettings(bind, port, workers, engine, responsesPerSecond, slip, exempt, streamIdle, streams,
                streamsPerClient, warmUp, interfaces, sharing);
    }

    /** These settings beside another process at the same port, or not. */
    public DnsSettings sharing(boolean beside) {
        return new DnsSettings(bind, port, workers, engine, responsesPerSecond, slip, exempt, streamIdle, streams,
                streamsPerClient, warmUp, frames, beside);
    }
}
