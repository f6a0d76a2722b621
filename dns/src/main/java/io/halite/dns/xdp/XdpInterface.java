package io.halite.dns.xdp;

import io.halite.dns.serve.FastPath;
import io.halite.dns.transport.Native;
import io.halite.dns.transport.WorkerSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A network interface whose queries are answered from frames whenever it is there. Used by one thread. */
final class XdpInterface {
    private static final System.Logger LOGGER = System.getLogger(XdpInterface.class.getName());
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final String ETHERNET = "1";
    /** Of IPv6, which the largest answer fits ({@link FastPath#MAX_UDP}); over sockets the kernel makes fragments. */
    private static final int LEAST_MTU = 1280;

    private final String name;
    private final WorkerSettings settings;
    private final MemorySegment error = Native.errorSlot(Arena.ofAuto());
    /** One for each queue; they outlive the sockets, and so does what they counted. */
    private final List<FastPath> paths = new ArrayList<>();
    private @Nullable Attached attached;
    private long droppedBefore;

    /** What there is while the interface is. */
    private record Attached(
            int index, ByteBuffer hardware, FrameFilter filter, List<XdpWorker> workers) {

        boolean isOf(int currentIndex, byte[] currentHardware) {
            return index == currentIndex && hardware.equals(ByteBuffer.wrap(currentHardware));
        }
    }

    XdpInterface(String name, WorkerSettings settings) {
        this.name = name;
        this.settings = settings;
    }

    String name() {
        return name;
    }

    /**
     * Makes up for whatever has changed: opens what is not open, follows the interface when it is another one by this name,
     * and its addresses.
     *
     * @throws IOException why its frames cannot be had
     */
    void tend() throws IOException {
        NetworkInterface current = NetworkInterface.getByName(name);
        byte[] hardware = current == null ? null : current.getHardwareAddress();
        Attached known = attached;
        if (known != null && current != null && hardware != null && known.isOf(current.getIndex(), hardware)
                && current.getMTU() >= LEAST_MTU) {
            known.filter.accept(addresses(current));
            return;
        }
        close();
        if (current == null) {
            throw new IOException("there is no such interface");
        }
        if (hardware == null || !ETHERNET.equals(Files.readString(INTERFACES.resolve(name).resolve("type")).strip())) {
            throw new IOException("it is not an Ethernet interface");
        }
        if (current.getMTU() < LEAST_MTU) {
            throw new IOException("its MTU is below " + LEAST_MTU + ", so answers might not fit");
        }
        open(current, hardware);
    }

    /** Opens all or nothing. */
    private void open(NetworkInterface current, byte[] hardware) throws IOException {
        FrameFilter filter = FrameFilter.load(error, settings.port(), hardware);
        Attached opened = new Attached(current.getIndex(), ByteBuffer.wrap(hardware), filter, new ArrayList<>());
        attached = opened;
        boolean isWhole = false;
        try {
            int queues = served();
            for (int queue = 0; queue < queues; queue++) {
                if (queue == paths.size()) {
                    paths.add(settings.paths().apply(queues));
                }
                XdpSocket socket = XdpSocket.open(opened.index, queue);
                opened.workers.add(
                        XdpWorker.start("dns-xdp-" + name + "-" + queue, settings, paths.get(queue), socket));
                filter.serve(queue, socket.descriptor());
            }
            filter.accept(addresses(current));
            filter.attach(opened.index);
            isWhole = true;
        } finally {
            if (!isWhole) {
                close();
            }
        }
        LOGGER.log(Level.INFO, "dns takes frames interface={0} queues={1} of={2} program={3}", name,
                opened.workers.size(), queues("rx-"), filter.isGeneric() ? "generic" : "driver");
    }

    /**
     * How many queues can be served. A socket sends by the send queue of the same number, and where there is none, as for
     * queues that virtio-net adds for a program, nothing is ever sent: such queues are left to sockets.
     */
    private int served() throws IOException {
        return Math.min(queues("rx-"), queues("tx-"));
    }

    private int queues(String kind) throws IOException {
        try (Stream<Path> queues = Files.list(INTERFACES.resolve(name).resolve("queues"))) {
            return (int) queues.filter(queue -> queue.getFileName().toString().startsWith(kind)).count();
        }
    }

    private Set<InetAddress> addresses(NetworkInterface current) {
        boolean all = settings.bind().isAnyLocalAddress();
        return current.inetAddresses().filter(address -> all || address.equals(settings.bind()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Frames that came when there was no room for them. */
    long dropped() {
        Attached known = attached;
        return droppedBefore + (known == null ? 0 : known.workers.stream().mapToLong(XdpWorker::dropped).sum());
    }

    /** Leaves the interface's queries to sockets; may be called again. */
    void close() {
        droppedBefore = dropped();
        Attached known = attached;
        attached = null;
        if (known != null) {
            known.filter.close();
            known.workers.forEach(XdpWorker::stop);
            known.workers.forEach(XdpWorker::awaitEnd);
        }
    }
}
