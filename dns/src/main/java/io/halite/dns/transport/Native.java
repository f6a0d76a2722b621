package io.halite.dns.transport;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/** Handles of functions of the C library, and the error numbers they leave behind. */
public final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_VALUE = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Native() {}

    /** Whether this system lays structures out and numbers things as the callers of this class do: 64-bit Linux. */
    public static boolean isSupported() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "");
        return system.equals("linux") && (machine.equals("amd64") || machine.equals("aarch64"));
    }

    /** Room for the error number of one thread's calls. */
    public static MemorySegment errorSlot(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    /** A function whose first parameter is the slot for its error number. */
    public static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO);
    }

    /** The same for a function that takes any arguments after the first. */
    public static MethodHandle variadic(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO,
                Linker.Option.firstVariadicArg(1));
    }

    /** A function without its error number: to take that costs an object each time, which nobody needs while all is well. */
    public static MethodHandle brief(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
    }

    /** What a call returned, or the negative error number. */
    public static int result(long returned, MemorySegment error) {
        return returned >= 0 ? (int) returned : -error(error);
    }

    /** The error number that the last call left. */
    public static int error(MemorySegment error) {
        return (int) ERRNO_VALUE.get(error, 0L);
    }

    /** The exception for what a handle can only throw when it is called wrongly. */
    public static IllegalStateException impossible(Throwable cause) {
        return new IllegalStateException("a native call failed before it was made", cause);
    }
}
