package io.halite.proxy.tls;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The functions of OpenSSL 3 that sessions call all the time, through {@code java.lang.foreign}. Pointers are numbers
 * here, zero for none. What OpenSSL remembers of an error belongs to the calling thread.
 */
final class OpenSsl {
    static final int WANT_READ = 2;
    static final int WANT_WRITE = 3;
    static final int ZERO_RETURN = 6;

    private static final int MESSAGE = 256;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARIES = libraries();

    private static final MethodHandle SSL_NEW = function("SSL_new", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SSL_FREE = function("SSL_free", null, JAVA_LONG);
    private static final MethodHandle SSL_SET_ACCEPT_STATE = function("SSL_set_accept_state", null, JAVA_LONG);
    private static final MethodHandle SSL_SET_BIO = function("SSL_set_bio", null, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    /** It calls us back, so it must leave the Java state. */
    private static final MethodHandle SSL_DO_HANDSHAKE = function("SSL_do_handshake", JAVA_INT, JAVA_LONG);
    private static final MethodHandle SSL_READ = critical("SSL_read", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
    private static final MethodHandle SSL_WRITE = critical("SSL_write", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
    private static final MethodHandle SSL_SHUTDOWN = critical("SSL_shutdown", JAVA_INT, JAVA_LONG);
    private static final MethodHandle SSL_GET_ERROR = critical("SSL_get_error", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle BIO_S_MEM = function("BIO_s_mem", JAVA_LONG);
    private static final MethodHandle BIO_NEW = function("BIO_new", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle BIO_CTRL = critical("BIO_ctrl", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle BIO_WRITE = critical("BIO_write", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
    private static final MethodHandle BIO_READ = critical("BIO_read", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT);
    private static final MethodHandle BIO_PENDING = critical("BIO_ctrl_pending", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle ERR_GET_ERROR = critical("ERR_get_error", JAVA_LONG);
    private static final MethodHandle ERR_CLEAR_ERROR = critical("ERR_clear_error", null);
    private static final MethodHandle ERR_ERROR_STRING =
            function("ERR_error_string_n", null, JAVA_LONG, ADDRESS, JAVA_LONG);

    /** An empty memory BIO asks to be tried again instead of saying that it ended. */
    private static final int BIO_C_SET_BUF_MEM_EOF_RETURN = 130;

    private OpenSsl() {}

    private static SymbolLookup libraries() {
        SymbolLookup ssl = SymbolLookup.libraryLookup("libssl.so.3", Arena.global());
        return ssl.or(SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global()));
    }

    /** Whether this machine has the library and lets this process call it. */
    static boolean isAvailable() {
        try {
            return newBuffer() != 0;
        } catch (Throwable absent) {
            // Not installed, another version, no native access: whatever it is, the Java runtime speaks TLS too.
            return false;
        }
    }

    static MethodHandle function(String name, @Nullable MemoryLayout result,
            MemoryLayout... arguments) {
        return LINKER.downcallHandle(LIBRARIES.findOrThrow(name), descriptor(result, arguments));
    }

    /** For what neither blocks nor calls back: it may work on the heap without a copy. */
    private static MethodHandle critical(String name, @Nullable MemoryLayout result,
            MemoryLayout... arguments) {
        return LINKER.downcallHandle(LIBRARIES.findOrThrow(name), descriptor(result, arguments),
                Linker.Option.critical(true));
    }

    private static FunctionDescriptor descriptor(
            @Nullable MemoryLayout result, MemoryLayout... arguments) {
        return result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
    }

    /** A function of ours that OpenSSL can call for as long as the arena is reachable. */
    static long callback(MethodHandle target, FunctionDescriptor descriptor, Arena arena) {
        return LINKER.upcallStub(target, descriptor, arena).address();
    }

    /** The server's end of a conversation; its buffers belong to it. */
    static long newServer(long context, long incoming, long outgoing) {
        try {
            long ssl = (long) SSL_NEW.invokeExact(context);
            if (ssl != 0) {
                SSL_SET_BIO.invokeExact(ssl, incoming, outgoing);
                SSL_SET_ACCEPT_STATE.invokeExact(ssl);
            }
            return ssl;
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static void free(long ssl) {
        try {
            SSL_FREE.invokeExact(ssl);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int handshake(long ssl) {
        try {
            return (int) SSL_DO_HANDSHAKE.invokeExact(ssl);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int read(long ssl, MemorySegment into, int length) {
        try {
            return (int) SSL_READ.invokeExact(ssl, into, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int write(long ssl, MemorySegment from, int length) {
        try {
            return (int) SSL_WRITE.invokeExact(ssl, from, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int shutdown(long ssl) {
        try {
            return (int) SSL_SHUTDOWN.invokeExact(ssl);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int error(long ssl, int result) {
        try {
            return (int) SSL_GET_ERROR.invokeExact(ssl, result);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** A buffer in memory. */
    static long newBuffer() {
        try {
            long buffer = (long) BIO_NEW.invokeExact((long) BIO_S_MEM.invokeExact());
            if (buffer != 0) {
                long ignored = (long) BIO_CTRL.invokeExact(buffer, BIO_C_SET_BUF_MEM_EOF_RETURN, -1L, 0L);
            }
            return buffer;
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int put(long buffer, MemorySegment from, int length) {
        try {
            return (int) BIO_WRITE.invokeExact(buffer, from, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int take(long buffer, MemorySegment into, int length) {
        try {
            return (int) BIO_READ.invokeExact(buffer, into, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static long size(long buffer) {
        try {
            return (long) BIO_PENDING.invokeExact(buffer);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static void clearErrors() {
        try {
            ERR_CLEAR_ERROR.invokeExact();
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** What the thread's oldest error says; the others are forgotten. */
    static String takeError() {
        try (Arena arena = Arena.ofConfined()) {
            long code = (long) ERR_GET_ERROR.invokeExact();
            if (code == 0) {
                return "unexpected end";
            }
            MemorySegment text = arena.allocate(MESSAGE);
            ERR_ERROR_STRING.invokeExact(code, text, (long) MESSAGE);
            ERR_CLEAR_ERROR.invokeExact();
            return text.getString(0);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static IllegalStateException unexpected(Throwable thrown) {
        return new IllegalStateException("a native call failed", thrown);
    }
}
