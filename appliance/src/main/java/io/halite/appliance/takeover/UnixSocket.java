package io.halite.appliance.takeover;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A socket of this machine that carries messages with descriptors ({@code SCM_RIGHTS}, unix(7)): whoever receives one has
 * the sender's descriptors beside its own. Messages keep their bounds. Confined to one thread.
 */
final class UnixSocket implements AutoCloseable {
    /** Descriptors in one message; the kernel takes 253. */
    static final int MAX_DESCRIPTORS = 200;
    private static final int MAX_TEXT = 64 * 1024;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final Duration SEND_PATIENCE = Duration.ofSeconds(10);
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int PATH_ROOM = 108;

    // struct msghdr and struct cmsghdr of 64-bit Linux.
    private static final int HEADER = 56;
    private static final int VECTOR = 16;
    private static final int VECTORS = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int CONTROL_DATA = 16;

    private final int fd;

    /**
     * A message.
     *
     * @param descriptors in the process that has the message
     */
    record Message(String text, List<Integer> descriptors) {}

    private UnixSocket(int fd) {
        this.fd = fd;
    }

    /** Whether this system has what it takes. */
    static boolean isSupported() {
        try {
            return UnixCalls.RECVMSG != null && System.getProperty("os.name", "").equals("Linux");
        } catch (LinkageError absent) {
            return false;
        }
    }

    /** Listens at a path that only this user may connect to; what was there is replaced. */
    static UnixSocket listen(Path path) throws IOException {
        Files.deleteIfExists(path);
        UnixSocket socket = open(SOCK_SEQPACKET | SOCK_NONBLOCK);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(UnixCalls.capture());
            MemorySegment address = address(arena, path.toString());
            UnixCalls.checked(capture, "bind", at ->
                    (int) UnixCalls.BIND.invokeExact(at, socket.fd, address, (int) address.byteSize()));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            UnixCalls.checked(capture, "listen", at -> (int) UnixCalls.LISTEN.invokeExact(at, socket.fd, 1));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects to who listens at a path. */
    static UnixSocket connect(Path path) throws IOException {
        return connect(SOCK_SEQPACKET, path.toString());
    }

    /**
     * Sends one datagram.
     *
     * @param path of the receiver; with a leading {@code @} a name that is no file
     */
    static void tell(String path, String text) throws IOException {
        try (UnixSocket socket = connect(SOCK_DGRAM, path)) {
            socket.send(new Message(text, List.of()));
        }
    }

    private static UnixSocket connect(int type, String path) throws IOException {
        UnixSocket socket = open(type);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = address(arena, path);
            UnixCalls.checked(arena.allocate(UnixCalls.capture()), "connect", at ->
                    (int) UnixCalls.CONNECT.invokeExact(at, socket.fd, address, (int) address.byteSize()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static UnixSocket open(int type) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return new UnixSocket(UnixCalls.checked(arena.allocate(UnixCalls.capture()), "socket", at ->
                    (int) UnixCalls.SOCKET.invokeExact(at, AF_UNIX, type | UnixCalls.CLOEXEC, 0)));
        }
    }

    private static MemorySegment address(Arena arena, String path) throws IOException {
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        if (text.length >= PATH_ROOM) {
            throw new IOException("the path " + path + " is longer than the name of a socket may be");
        }
        MemorySegment address = arena.allocate(2 + PATH_ROOM, 8);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(text, 0, address, JAVA_BYTE, 2, text.length);
        if (path.startsWith("@")) {
            // unix(7): every byte counts in the name of a socket that is no file.
            address.set(JAVA_BYTE, 2, (byte) 0);
            return address.asSlice(0, 2 + text.length);
        }
        return address;
    }

    /** Who has connected; empty when nobody has. */
    Optional<UnixSocket> accept() {
        try (Arena arena = Arena.ofConfined()) {
            long accepted = UnixCalls.result(arena.allocate(UnixCalls.capture()), at -> (int) UnixCalls.ACCEPT
                    .invokeExact(at, fd, MemorySegment.NULL, MemorySegment.NULL, UnixCalls.CLOEXEC));
            // Also without a descriptor to spare, which clients can bring about: it is for the next time.
            return accepted < 0 ? Optional.empty() : Optional.of(new UnixSocket((int) accepted));
        }
    }

    /** Sends a message; fails when the other side takes none for a while, so that one that hangs holds nobody up. */
    void send(Message message) throws IOException {
        send(message, SEND_PATIENCE);
    }

    /** As {@link #send(Message)}, with another patience. */
    void send(Message message, Duration patience) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            patience(arena, SO_SNDTIMEO, patience);
            byte[] text = message.text().getBytes(StandardCharsets.UTF_8);
            List<Integer> descriptors = message.descriptors();
            MemorySegment content = arena.allocate(Math.max(1, text.length), 8);
            MemorySegment.copy(text, 0, content, JAVA_BYTE, 0, text.length);
            long length = CONTROL_DATA + 4L * descriptors.size();
            MemorySegment control = arena.allocate(round(length), 8);
            control.set(JAVA_LONG, 0, length);
            control.set(JAVA_INT, CONTROL_LEVEL, SOL_SOCKET);
            control.set(JAVA_INT, CONTROL_TYPE, SCM_RIGHTS);
            for (int at = 0; at < descriptors.size(); at++) {
                control.set(JAVA_INT, CONTROL_DATA + 4L * at, descriptors.get(at));
            }
            MemorySegment header = header(arena, content, text.length, control, descriptors.isEmpty() ? 0 : round(length));
            MemorySegment capture = arena.allocate(UnixCalls.capture());
            long sent = -UnixCalls.EINTR;
            while (sent == -UnixCalls.EINTR) {
                sent = UnixCalls.result(capture, at ->
                        (long) UnixCalls.SENDMSG.invokeExact(at, fd, header, MSG_NOSIGNAL));
            }
            if (sent < 0) {
                throw new IOException(sent == -UnixCalls.EAGAIN ? "the other side takes nothing"
                        : "sendmsg failed: errno " + -sent);
            }
        }
    }

    private void patience(Arena arena, int option, Duration patience) throws IOException {
        MemorySegment time = arena.allocate(16, 8);
        time.set(JAVA_LONG, 0, patience.toSeconds());
        time.set(JAVA_LONG, 8, patience.toNanosPart() / 1_000L);
        UnixCalls.checked(arena.allocate(UnixCalls.capture()), "setsockopt", at ->
                (int) UnixCalls.SETSOCKOPT.invokeExact(at, fd, SOL_SOCKET, option, time, 16));
    }

    /** The next message; empty when the other side has closed or says nothing for so long. */
    Optional<Message> receive(Duration patience) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(UnixCalls.capture());
            patience(arena, SO_RCVTIMEO, patience);
            MemorySegment content = arena.allocate(MAX_TEXT, 8);
            MemorySegment control = arena.allocate(round(CONTROL_DATA + 4L * MAX_DESCRIPTORS), 8);
            MemorySegment header = header(arena, content, MAX_TEXT, control, control.byteSize());
            long got = -UnixCalls.EINTR;
            while (got == -UnixCalls.EINTR) {
                got = UnixCalls.result(capture, at ->
                        (long) UnixCalls.RECVMSG.invokeExact(at, fd, header, MSG_CMSG_CLOEXEC));
            }
            if (got == 0 || got == -UnixCalls.EAGAIN) {
                return Optional.empty();
            }
            if (got < 0) {
                throw new IOException("recvmsg failed: errno " + -got);
            }
            String text = new String(content.asSlice(0, got).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
            return Optional.of(new Message(text, descriptors(header, control)));
        }
    }

    private static List<Integer> descriptors(MemorySegment header, MemorySegment control) {
        List<Integer> descriptors = new ArrayList<>();
        if (header.get(JAVA_LONG, CONTROL_LENGTH) > 0 && control.get(JAVA_INT, CONTROL_LEVEL) == SOL_SOCKET
                && control.get(JAVA_INT, CONTROL_TYPE) == SCM_RIGHTS) {
            for (long at = CONTROL_DATA; at < control.get(JAVA_LONG, 0); at += 4) {
                descriptors.add(control.get(JAVA_INT, at));
            }
        }
        return descriptors;
    }

    private static MemorySegment header(
            Arena arena, MemorySegment content, long length, MemorySegment control, long controlLength) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(JAVA_LONG, 0, content.address());
        vector.set(JAVA_LONG, 8, length);
        MemorySegment header = arena.allocate(HEADER, 8);
        header.set(JAVA_LONG, VECTOR, vector.address());
        header.set(JAVA_LONG, VECTORS, 1);
        header.set(JAVA_LONG, CONTROL, controlLength == 0 ? 0 : control.address());
        header.set(JAVA_LONG, CONTROL_LENGTH, controlLength);
        return header;
    }

    private static long round(long length) {
        return (length + 7) / 8 * 8;
    }

    /** A second descriptor of what a descriptor of this process stands for. */
    static int duplicate(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return UnixCalls.checked(arena.allocate(UnixCalls.capture()), "dup", at ->
                    (int) UnixCalls.DUP.invokeExact(at, descriptor));
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            UnixCalls.result(arena.allocate(UnixCalls.capture()), at -> (int) UnixCalls.CLOSE.invokeExact(at, fd));
        }
    }
}
