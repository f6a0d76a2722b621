package io.halite.dns.xdp;

import io.halite.dns.transport.Faults;
import io.halite.dns.transport.Native;
import io.halite.dns.transport.WorkerSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers the queries of some network interfaces from frames, before the kernel's IP and UDP see them. What cannot be had
 * is tried again; until then, and for whatever is not a plain query, there are the sockets beside it. An interface that goes
 * and comes back, or changes its addresses, is followed within a second. Safe for use by many threads.
 */
public final class XdpServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(XdpServer.class.getName());
    private static final long TEND_SECONDS = 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<XdpInterface> interfaces;
    private final Faults faults = new Faults();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile String problem = "";

    /**
     * Starts with what can be had at once.
     *
     * @param names of network interfaces
     * @param settings whose port is the one that is open
     */
    public XdpServer(List<String> names, WorkerSettings settings) {
        interfaces = names.stream().distinct().map(name -> new XdpInterface(name, settings)).toList();
        if (!names.isEmpty()) {
            tendAll();
            Thread.ofVirtual().name("dns-xdp").start(this::keepTending);
        }
    }

    private void keepTending() {
        try {
            while (!closing.await(TEND_SECONDS, TimeUnit.SECONDS)) {
                tendAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tendAll() {
        lock.lock();
        try {
            List<String> missing = new ArrayList<>();
            for (XdpInterface each : interfaces) {
                if (closing.getCount() > 0) {
                    tend(each).ifPresent(reason -> missing.add(each.name() + ": " + reason));
                }
            }
            String found = missing.isEmpty() ? "" : "DNS takes no frames from " + String.join("; none from ", missing)
                    + "; queries there are answered over sockets, more slowly";
            if (!missing.isEmpty() && !found.equals(problem)) {
                LOGGER.log(Level.WARNING, "dns frames not taken reason=\"{0}\"", found);
            }
            problem = found;
        } finally {
            lock.unlock();
        }
    }

    /** Why its frames are not taken, if they are not. */
    private Optional<String> tend(XdpInterface each) {
        try {
            if (!Native.isSupported()) {
                throw new IOException("this is not 64-bit Linux");
            }
            each.tend();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            faults.survive(e);
            return Optional.of("a fault that the log has, " + e);
        }
    }

    /** Whose queries are left to sockets, and why, one sentence; empty when none's are. */
    public Optional<String> problem() {
        return Optional.of(problem).filter(sentence -> !sentence.isEmpty());
    }

    /** Frames that came when there was no room for them. */
    public long dropped() {
        lock.lock();
        try {
            return interfaces.stream().mapToLong(XdpInterface::dropped).sum();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        lock.lock();
        try {
            interfaces.forEach(XdpInterface::close);
        } finally {
            lock.unlock();
        }
    }
}
