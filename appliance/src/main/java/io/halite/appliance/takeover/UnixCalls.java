package io.halite.appliance.takeover;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The system calls that the JDK has no way to make: it passes no descriptors. Linux only. */
final class UnixCalls {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int CLOEXEC = 0x80000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle BIND = handle("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle LISTEN = handle("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle ACCEPT = handle("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle CONNECT = handle("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SETSOCKOPT =
            handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SENDMSG = handle("sendmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle RECVMSG = handle("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle CLOSE = handle("close", JAVA_INT, JAVA_INT);
    static final MethodHandle DUP = handle("dup", JAVA_INT, JAVA_INT);

    private UnixCalls() {}

    /** A call whose handle is bound to what it is called with. */
    @FunctionalInterface
    interface Call {
        long on(MemorySegment capture) throws Throwable;
    }

    /** Room for what a call says went wrong. */
    static StructLayout capture() {
        return CAPTURE;
    }

    /** The result of a call, or its negated {@code errno}. */
    static long result(MemorySegment capture, Call call) {
        try {
            long result = call.on(capture);
            return result == -1 ? -(int) ERRNO.get(capture, 0L) : result;
        } catch (Throwable impossible) {
            throw new IllegalStateException("a system call could not be made", impossible);
        }
    }

    /** The result of a call that must succeed. */
    static int checked(MemorySegment capture, String what, Call call) throws IOException {
        long result = result(capture, call);
        if (result < 0) {
            throw new IOException(what + " failed: errno " + -result);
        }
        return (int) result;
    }

    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }
}
