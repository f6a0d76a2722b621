package io.halite.proxy.relay;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls the handlers of one loop, so that an exception that escapes from one costs its connection, never the loop. Confined
 * to the thread of the loop, but for the count.
 */
final class Guard {
    private static final System.Logger LOGGER = System.getLogger(Guard.class.getName());

    private final int loop;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong overloads = new AtomicLong();

    Guard(int loop) {
        this.loop = loop;
    }

    /** Exceptions that escaped. */
    long failures() {
        return failures.get();
    }

    /** Connections that were given up for want of memory. */
    long overloads() {
        return overloads.get();
    }

    /** Hands a new connection over. */
    void accepted(Connection connection, AcceptHandler handler) {
        try {
            handler.accepted(connection);
        } catch (Throwable escaped) {
            report(escaped);
            lose(connection);
        }
    }

    /** Tells a connection what it is ready for. */
    void ready(Connection connection, boolean in, boolean out, boolean hangup, boolean error) {
        try {
            connection.ready(in, out, hangup, error);
        } catch (Throwable escaped) {
            report(escaped);
            lose(connection);
        }
    }

    /** There is a new client; an exception costs at most that client. */
    void ready(Acceptor acceptor) {
        try {
            acceptor.ready();
        } catch (Throwable escaped) {
            report(escaped);
        }
    }

    /** There are datagrams; an exception costs their socket. */
    void ready(DatagramPort port) {
        try {
            port.ready();
        } catch (Throwable escaped) {
            report(escaped);
            try {
                port.failed();
            } catch (Throwable again) {
                report(again);
                port.close();
            }
        }
    }

    /** The time of something has come. */
    void expired(Timed item) {
        try {
            item.expired();
        } catch (Throwable escaped) {
            report(escaped);
            if (item instanceof Connection connection) {
                lose(connection);
            }
        }
    }

    /** Does something for a connection. */
    void run(Connection connection, Runnable action) {
        try {
            action.run();
        } catch (Throwable escaped) {
            report(escaped);
            lose(connection);
        }
    }

    /** Does something that belongs to no connection. */
    void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable escaped) {
            report(escaped);
        }
    }

    private void lose(Connection connection) {
        try {
            connection.failed();
        } catch (Throwable again) {
            report(again);
            connection.close();
        }
    }

    private void report(Throwable escaped) {
        if (escaped instanceof OverloadException) {
            reportOverload();
            return;
        }
        long count = failures.incrementAndGet();
        // The first and then each power of two: a client may be able to provoke it.
        if (Long.bitCount(count) == 1) {
            LOGGER.log(System.Logger.Level.ERROR, "exception in a relay loop loop=" + loop + " count=" + count, escaped);
        }
    }

    private void reportOverload() {
        long count = overloads.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOGGER.log(System.Logger.Level.WARNING,
                    "connections given up for want of memory loop=" + loop + " count=" + count);
        }
    }
}
