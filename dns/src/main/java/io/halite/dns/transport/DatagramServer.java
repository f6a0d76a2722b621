package io.halite.dns.transport;

import io.halite.dns.serve.QueryCounters;
import java.util.List;

/** Workers that answer UDP queries on one port until closed. */
public sealed interface DatagramServer extends AutoCloseable permits NativeDatagrams, ChannelDatagrams {

    /** Which calls it is made of: {@code native} or {@code channel}. */
    String engine();

    /** The port that is really open. */
    int port();

    /** What each worker counted. */
    List<QueryCounters> counters();

    /** Ends the workers and closes their sockets. */
    @Override
    void close();
}
