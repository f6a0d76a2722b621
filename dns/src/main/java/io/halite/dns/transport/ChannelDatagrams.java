package io.halite.dns.transport;

import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.QueryCounters;
import io.halite.dns.serve.QueryCounters.Event;
import io.halite.dns.serve.Serving;
import io.halite.dns.wire.Bytes;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * UDP by channels, for systems without native access. A channel cannot choose the source of a reply, so the wildcard
 * means a channel for each address of the machine at the time of opening.
 */
public final class ChannelDatagrams implements DatagramServer {
    private static final System.Logger LOGGER = System.getLogger(ChannelDatagrams.class.getName());
    private static final int BATCH = 32;
    private static final int SLOT = 4096;
    private static final long IDLE_MILLIS = 1_000;

    private final int port;
    private final List<Worker> workers = new ArrayList<>();

    /** Opens the sockets and starts the workers. */
    public ChannelDatagrams(WorkerSettings settings) throws IOException {
        List<InetAddress> addresses = settings.bind().isAnyLocalAddress() ? allLocal() : List.of(settings.bind());
        int bound = settings.port();
        try {
            for (int i = 0; i < settings.workers(); i++) {
                Worker worker = new Worker(settings, settings.paths().apply(settings.workers()));
                workers.add(worker);
                for (InetAddress address : addresses) {
                    bound = worker.open(address, bound);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        port = bound;
        for (int i = 0; i < workers.size(); i++) {
            Thread.ofPlatform().daemon().name("dns-udp-" + (i + 1)).start(workers.get(i)::run);
        }
    }

    private static List<InetAddress> allLocal() throws IOException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLinkLocalAddress()).toList();
    }

    @Override
    public String engine() {
        return "channel";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<QueryCounters> counters() {
        return workers.stream().map(worker -> worker.path.counters()).toList();
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
    }

    /** One thread with a channel for each address. */
    private static final class Worker {
        private final WorkerSettings settings;
        private final FastPath path;
        private final Faults faults = new Faults();
        private final Selector selector;
        private final MemorySegment message = Arena.ofAuto().allocate(SLOT + Bytes.PADDING);
        private final ByteBuffer buffer = message.asSlice(0, SLOT).asByteBuffer();

        Worker(WorkerSettings settings, FastPath path) throws IOException {
            this.settings = settings;
            this.path = path;
            selector = Selector.open();
        }

        int open(InetAddress address, int port) throws IOException {
            DatagramChannel channel = DatagramChannel.open();
            try {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                channel.bind(new InetSocketAddress(address, port));
                channel.register(selector, SelectionKey.OP_READ);
                return ((InetSocketAddress) channel.getLocalAddress()).getPort();
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        void run() {
            while (selector.isOpen()) {
                try {
                    if (selector.select(key -> drain((DatagramChannel) key.channel()), IDLE_MILLIS) == 0) {
                        // Nobody asks: the table that was answered from last is let go all the same.
                        begin();
                    }
                } catch (ClosedSelectorException closing) {
                    return;
                } catch (IOException e) {
                    LOGGER.log(Level.DEBUG, "dns selector failed", e);
                } catch (RuntimeException | Error e) {
                    faults.survive(e);
                }
            }
        }

        private void begin() {
            Serving serving = settings.serving().get();
            path.begin(serving.table(), serving.secrets());
        }

        private void drain(DatagramChannel channel) {
            begin();
            int count = 0;
            try {
                while (count < BATCH && answerOne(channel)) {
                    count++;
                }
            } catch (IOException e) {
                path.counters().count(Event.SEND_FAILED, 1);
            }
            path.counters().count(Event.BATCHES, 1);
            path.counters().count(Event.DATAGRAMS, count);
        }

        private boolean answerOne(DatagramChannel channel) throws IOException {
            buffer.clear();
            InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
            if (from == null) {
                return false;
            }
            int length = buffer.position();
            path.client().set(from.getAddress());
            int size = path.answer(message, 0, length, false);
            if (size > 0) {
                buffer.position(0).limit(size);
                channel.send(buffer, from);
            } else if (size == FastPath.SLOW) {
                byte[] query = new byte[length];
                buffer.get(0, query);
                settings.slowPath().answer(query, from.getAddress(), false,
                        response -> channel.send(ByteBuffer.wrap(response), from));
            }
            return true;
        }

        void close() {
            try {
                List<SelectionKey> keys = List.copyOf(selector.keys());
                selector.close();
                for (SelectionKey key : keys) {
                    key.channel().close();
                }
            } catch (IOException e) {
                LOGGER.log(Level.DEBUG, "dns channel not closed", e);
            }
        }
    }
}
