package io.halite.proxy.relay;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The system calls of a relay loop on Linux. Every method returns the kernel's result, or the negated {@code errno}.
 * An instance belongs to one thread, whose {@code errno} it captures.
 */
final class Kernel {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EADDRINUSE = 98;
    static final int EINPROGRESS = 115;

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_ERROR = 4;
    static final int SO_LINGER = 13;
    static final int SO_REUSEPORT = 15;
    static final int IPPROTO_TCP = 6;
    static final int TCP_NODELAY = 1;
    static final int IPPROTO_IP = 0;
    static final int IP_PKTINFO = 8;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_V6ONLY = 26;
    static final int SHUT_WR = 1;

    static final int EPOLLIN = 1;
    static final int EPOLLOUT = 4;
    static final int EPOLLERR = 8;
    static final int EPOLLHUP = 16;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;

    /** SIOCOUTQ: bytes of a stream that the peer has not acknowledged. */
    private static final long UNSENT = 0x5411;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int EVENT_FLAGS = 0x80000 | 0x800;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = blocking("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            blocking("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            blocking("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle BIND = blocking("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = blocking("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = blocking("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle ACCEPT = blocking("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = blocking("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SHUTDOWN = blocking("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = blocking("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CREATE = blocking("epoll_create1", JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CTL =
            blocking("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle EPOLL_WAIT =
            blocking("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECVMSG = blocking("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SENDMSG = blocking("sendmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle EVENTFD = blocking("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle IOCTL = handle("ioctl", JAVA_INT,
            new MemoryLayout[] {JAVA_INT, JAVA_LONG, ADDRESS}, List.of(Linker.Option.firstVariadicArg(2)));
    /** Non-blocking, so they may work on the heap without a copy and without leaving the Java state. */
    private static final MethodHandle RECV = critical("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SEND = critical("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle READ = critical("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = critical("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

    private final MemorySegment capture = Arena.ofAuto().allocate(CAPTURE);
    private final MemorySegment number = Arena.ofAuto().allocate(8, 8);
    private final MemorySegment number2 = Arena.ofAuto().allocate(8, 8);

    int socket(int family, int type) {
        try {
            return checked((int) SOCKET.invokeExact(capture, family, type, 0));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int setOption(int fd, int level, int option, int value) {
        number.set(JAVA_INT, 0, value);
        return setOption(fd, level, option, number, 4);
    }

    /** Makes close() send a reset and forget what is unsent. */
    int setLingerZero(int fd) {
        number.set(JAVA_INT, 0, 1);
        number.set(JAVA_INT, 4, 0);
        return setOption(fd, SOL_SOCKET, SO_LINGER, number, 8);
    }

    private int setOption(int fd, int level, int option, MemorySegment value, int size) {
        try {
            return checked((int) SETSOCKOPT.invokeExact(capture, fd, level, option, value, size));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** The pending error of a socket as a positive errno; zero when there is none. */
    int pendingError(int fd) {
        number2.set(JAVA_INT, 0, 4);
        try {
            int result = checked((int) GETSOCKOPT.invokeExact(capture, fd, SOL_SOCKET, SO_ERROR, number, number2));
            return result < 0 ? -result : number.get(JAVA_INT, 0);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int bind(int fd, MemorySegment address) {
        try {
            return checked((int) BIND.invokeExact(capture, fd, address, (int) address.byteSize()));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int listen(int fd, int backlog) {
        try {
            return checked((int) LISTEN.invokeExact(capture, fd, backlog));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Fills the address with where the socket is bound. */
    int localAddress(int fd, MemorySegment address) {
        number.set(JAVA_INT, 0, (int) address.byteSize());
        try {
            return checked((int) GETSOCKNAME.invokeExact(capture, fd, address, number));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Accepts a non-blocking connection and fills the address with its peer's. */
    int accept(int fd, MemorySegment address) {
        number.set(JAVA_INT, 0, (int) address.byteSize());
        try {
            return checked((int) ACCEPT.invokeExact(capture, fd, address, number, SOCK_NONBLOCK | SOCK_CLOEXEC));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int connect(int fd, MemorySegment address) {
        try {
            return checked((int) CONNECT.invokeExact(capture, fd, address, (int) address.byteSize()));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int shutdownOutput(int fd) {
        try {
            return checked((int) SHUTDOWN.invokeExact(capture, fd, SHUT_WR));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int close(int fd) {
        try {
            return checked((int) CLOSE.invokeExact(capture, fd));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int epollCreate() {
        try {
            return checked((int) EPOLL_CREATE.invokeExact(capture, SOCK_CLOEXEC));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int epollControl(int epoll, int operation, int fd, MemorySegment event) {
        try {
            return checked((int) EPOLL_CTL.invokeExact(capture, epoll, operation, fd, event));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    int epollWait(int epoll, MemorySegment events, int count, int millis) {
        try {
            return checked((int) EPOLL_WAIT.invokeExact(capture, epoll, events, count, millis));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** A non-blocking event counter. */
    int eventCounter() {
        try {
            return checked((int) EVENTFD.invokeExact(capture, 0, EVENT_FLAGS));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    long receive(int fd, MemorySegment into, long length) {
        try {
            return checked((long) RECV.invokeExact(capture, fd, into, length, 0));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    long send(int fd, MemorySegment from, long length) {
        try {
            return checked((long) SEND.invokeExact(capture, fd, from, length, MSG_NOSIGNAL));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Bytes sent that the peer has not acknowledged. */
    int unsent(int fd) {
        try {
            int result = checked((int) IOCTL.invokeExact(capture, fd, UNSENT, number));
            return result < 0 ? result : number.get(JAVA_INT, 0);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Receives a datagram into what a {@code struct msghdr} points to. */
    long receiveMessage(int fd, MemorySegment header) {
        try {
            return checked((long) RECVMSG.invokeExact(capture, fd, header, 0));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Sends the datagram that a {@code struct msghdr} points to. */
    long sendMessage(int fd, MemorySegment header) {
        try {
            return checked((long) SENDMSG.invokeExact(capture, fd, header, MSG_NOSIGNAL));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    long read(int fd, MemorySegment into, long length) {
        try {
            return checked((long) READ.invokeExact(capture, fd, into, length));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    long write(int fd, MemorySegment from, long length) {
        try {
            return checked((long) WRITE.invokeExact(capture, fd, from, length));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    private int checked(int result) {
        return result == -1 ? -(int) ERRNO.get(capture, 0L) : result;
    }

    private long checked(long result) {
        return result == -1 ? -(int) ERRNO.get(capture, 0L) : result;
    }

    private static IllegalStateException unexpected(Throwable cause) {
        return new IllegalStateException("a system call could not be made", cause);
    }

    private static MethodHandle blocking(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, result, arguments, List.of());
    }

    private static MethodHandle critical(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, result, arguments, List.of(Linker.Option.critical(true)));
    }

    private static MethodHandle handle(
            String name, MemoryLayout result, MemoryLayout[] arguments, List<Linker.Option> options) {
        List<Linker.Option> all = new ArrayList<>(options);
        all.add(Linker.Option.captureCallState("errno"));
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments), all.toArray(Linker.Option[]::new));
    }
}
