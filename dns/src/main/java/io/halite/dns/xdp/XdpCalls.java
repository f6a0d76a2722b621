package io.halite.dns.xdp;

import io.halite.dns.transport.Native;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The calls of 64-bit Linux that AF_XDP needs and other sockets do not. Each returns what the call returned, or the negative
 * error number.
 */
final class XdpCalls {
    static final int EPERM = 1;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EBUSY = 16;
    static final int EINVAL = 22;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;
    static final int EAFNOSUPPORT = 97;
    static final int ENOBUFS = 105;
    static final int POLLIN = 1;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;
    private static final long SYS_BPF = System.getProperty("os.arch", "").equals("aarch64") ? 280 : 321;

    private static final AddressLayout PTR = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final MethodHandle GETSOCKOPT =
            Native.handle("getsockopt", FunctionDescriptor.of(INT, INT, INT, INT, PTR, PTR));
    private static final MethodHandle MMAP =
            Native.handle("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
    private static final MethodHandle MUNMAP = Native.handle("munmap", FunctionDescriptor.of(INT, LONG, LONG));
    private static final MethodHandle SYSCALL =
            Native.variadic("syscall", FunctionDescriptor.of(LONG, LONG, LONG, PTR, LONG));
    private static final MethodHandle POLL = Native.brief("poll", FunctionDescriptor.of(INT, PTR, LONG, INT));
    private static final MethodHandle SENDTO =
            Native.brief("sendto", FunctionDescriptor.of(LONG, INT, PTR, LONG, INT, PTR, INT));

    private XdpCalls() {}

    static int option(MemorySegment error, int fd, int level, int name, MemorySegment value, MemorySegment length) {
        try {
            return Native.result((int) GETSOCKOPT.invokeExact(error, fd, level, name, value, length), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** A ring of the kernel's, shared with it; NULL when it cannot be had. */
    static MemorySegment map(MemorySegment error, int fd, long offset, long size) {
        try {
            long address = (long) MMAP.invokeExact(error, 0L, size, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
            return address == -1 ? MemorySegment.NULL : MemorySegment.ofAddress(address).reinterpret(size);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    static void unmap(MemorySegment error, MemorySegment mapped) {
        try {
            int ignored = (int) MUNMAP.invokeExact(error, mapped.address(), mapped.byteSize());
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    static int bpf(MemorySegment error, int command, MemorySegment attributes) {
        try {
            long size = attributes.byteSize();
            return Native.result((long) SYSCALL.invokeExact(error, SYS_BPF, (long) command, attributes, size), error);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** Waits for one descriptor; allocates nothing. Negative for any error. */
    static int poll(MemorySegment descriptor, int millis) {
        try {
            return (int) POLL.invokeExact(descriptor, 1L, millis);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }

    /** Has the kernel send what stands in the ring; allocates nothing. Negative for any error. */
    static long kick(int fd) {
        try {
            return (long) SENDTO.invokeExact(fd, MemorySegment.NULL, 0L, MSG_DONTWAIT, MemorySegment.NULL, 0);
        } catch (Throwable e) {
            throw Native.impossible(e);
        }
    }
}
