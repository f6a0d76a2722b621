package io.halite.dns.transport;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The socket calls of 64-bit Linux that Java has no methods for, with the numbers of its ABI. Each returns what the
 * call returned, or the negative error number.
 */
public final class Kernel {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_REUSEPORT = 15;
    static final int SO_RCVTIMEO = 20;
    static final int SOL_IP = 0;
    static final int IP_PKTINFO = 8;
    static final int SOL_IPV6 = 41;
    static final int IPV6_V6ONLY = 26;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_WAITFORONE = 0x10000;
    static final int SHUT_RDWR = 2;
    static final int PRIO_PROCESS = 0;

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EADDRINUSE = 98;

    private static final AddressLayout PTR = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final MethodHandle SOCKET = Native.handle("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle SETSOCKOPT =
            Native.handle("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, PTR, INT));
    private static final MethodHandle BIND = Native.handle("bind", FunctionDescriptor.of(INT, INT, PTR, INT));
    private static final MethodHandle GETSOCKNAME =
            Native.handle("getsockname", FunctionDescriptor.of(INT, INT, PTR, PTR));
    private static final MethodHandle SHUTDOWN = Native.handle("shutdown", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle SETPRIORITY =
            Native.handle("setpriority", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle CLOSE = Native.handle("close", FunctionDescriptor.of(INT, INT));
    private static final FunctionDescriptor RECVMMSG_TYPE = FunctionDescriptor.of(INT, INT, PTR, INT, INT, PTR);
    private static final FunctionDescriptor SENDMMSG_TYPE = FunctionDescriptor.of(INT, INT, PTR, INT, INT);
    private static final MethodHandle RECVMMSG = Native.handle("recvmmsg", RECVMMSG_TYPE);
    private static final MethodHandle SENDMMSG = Native.handle("sendmmsg", SENDMMSG_TYPE);
    private static final MethodHandle RECVMMSG_BRIEF = Native.brief("recvmmsg", RECVMMSG_TYPE);
    private static final MethodHandle SENDMMSG_BRIEF = Native.brief("sendmmsg", SENDMMSG_TYPE);

    private Kernel() {}

    /** A socket without a protocol of its own. */
    public static int socket(MemorySegment error, int family, int type) {
        try {
            return Native.result((int) SOCKET.invokeExact(error, family, type, 0), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** Sets an option of a socket to all bytes of a segment. */
    public static int setOption(MemorySegment error, int fd, int level, int name, MemorySegment value) {
        try {
            int size = (int) value.byteSize();
            return Native.result((int) SETSOCKOPT.invokeExact(error, fd, level, name, value, size), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** Binds a socket to an address structure. */
    public static int bind(MemorySegment error, int fd, MemorySegment address) {
        try {
            return Native.result((int) BIND.invokeExact(error, fd, address, (int) address.byteSize()), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    static int name(MemorySegment error, int fd, MemorySegment address, MemorySegment length) {
        try {
            return Native.result((int) GETSOCKNAME.invokeExact(error, fd, address, length), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    static int shutdown(MemorySegment error, int fd) {
        try {
            return Native.result((int) SHUTDOWN.invokeExact(error, fd, SHUT_RDWR), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** Gives the calling thread this niceness, and no other one of the process. */
    public static int beNice(MemorySegment error, int niceness) {
        try {
            return Native.result((int) SETPRIORITY.invokeExact(error, PRIO_PROCESS, 0, niceness), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** Closes a file descriptor. */
    public static int close(MemorySegment error, int fd) {
        try {
            return Native.result((int) CLOSE.invokeExact(error, fd), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** Allocates nothing as long as it succeeds; made again when it does not, to learn why. */
    static int receive(MemorySegment error, int fd, MemorySegment vector, int count) {
        try {
            int received = (int) RECVMMSG_BRIEF.invokeExact(fd, vector, count, MSG_WAITFORONE, MemorySegment.NULL);
            return received >= 0
                    ? received
                    : Native.result((int) RECVMMSG.invokeExact(error, fd, vector, count, MSG_WAITFORONE, MemorySegment.NULL),
                            error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** Allocates nothing as long as it succeeds; made again when it does not, to learn why. */
    static int send(MemorySegment error, int fd, MemorySegment vector, int count) {
        try {
            int sent = (int) SENDMMSG_BRIEF.invokeExact(fd, vector, count, 0);
            return sent >= 0 ? sent : Native.result((int) SENDMMSG.invokeExact(error, fd, vector, count, 0), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }
}
