package io.halite.proxy.tls;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * Seals session tickets for OpenSSL with the keys of the present half day, and opens those of the half days beside it too:
 * a client that comes back after the turn resumes all the same, and so does one that was at a node whose clock is ahead.
 * Tickets have OpenSSL's own form (RFC 5077 §4). Safe for use by many threads.
 */
final class OpenSslTickets {
    /** What OpenSSL is told. */
    static final int UNKNOWN = 0;
    private static final int SEALED = 1;
    /** Opened, and the client is to get a new one: of TLS 1.3 each is good for one connection (RFC 8446 §C.4). */
    private static final int OPENED = 2;
    private static final int FAILED = -1;

    private static final int NAME = 16;
    private static final int MAC_KEY = 32;
    private static final int VECTOR = 16;
    private static final int PARAM_TEXT = 4;
    private static final int PARAM_OCTETS = 5;
    /** Of a struct ossl_param_st: name, type, data and their size, and what nobody needs here. */
    private static final long PARAM = 40;
    private static final long NO_ENGINE = 0;

    private static final MethodHandle RANDOM =
            OpenSsl.function("RAND_bytes", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle ENCRYPT = OpenSsl.function(
            "EVP_EncryptInit_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle DECRYPT = OpenSsl.function(
            "EVP_DecryptInit_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle MAC = OpenSsl.function("EVP_MAC_CTX_set_params", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final long CIPHER = cipher();

    private final TicketKeys keys;
    private volatile Turn turn;

    OpenSslTickets(TicketKeys keys) {
        this.keys = keys;
        turn = new Turn(keys, keys.period());
    }

    private static long cipher() {
        try (Arena arena = Arena.ofConfined()) {
            return (long) OpenSsl.function("EVP_CIPHER_fetch", JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG)
                    .invokeExact(0L, arena.allocateFrom("AES-256-CBC"), 0L);
        } catch (Throwable impossible) {
            throw OpenSsl.unexpected(impossible);
        }
    }

    /**
     * OpenSSL asks for the keys of a ticket.
     *
     * @param name the address of the keys' name: to be written when it seals, to be looked up when it opens
     * @param vector the address of the initialization vector, likewise
     */
    int use(long name, long vector, long cipher, long mac, boolean seals) throws Throwable {
        Turn present = turn();
        MemorySegment place = MemorySegment.ofAddress(name).reinterpret(NAME);
        if (seals) {
            place.copyFrom(present.now.name);
            boolean sealed = (int) RANDOM.invokeExact(vector, VECTOR) == 1
                    && (int) ENCRYPT.invokeExact(cipher, CIPHER, NO_ENGINE, present.now.cipherKey, vector) == 1
                    && (int) MAC.invokeExact(mac, present.now.macParams) == 1;
            return sealed ? SEALED : FAILED;
        }
        for (Keys candidate : present.all) {
            if (place.mismatch(candidate.name) < 0) {
                boolean opened = (int) DECRYPT.invokeExact(cipher, CIPHER, NO_ENGINE, candidate.cipherKey, vector) == 1
                        && (int) MAC.invokeExact(mac, candidate.macParams) == 1;
                return opened ? OPENED : FAILED;
            }
        }
        return UNKNOWN;
    }

    private Turn turn() {
        long period = keys.period();
        Turn present = turn;
        if (present.period != period) {
            present = new Turn(keys, period);
            turn = present;
        }
        return present;
    }

    /** The keys that are good in one half day. */
    private static final class Turn {
        private final long period;
        private final Keys now;
        private final List<Keys> all;

        Turn(TicketKeys keys, long period) {
            this.period = period;
            now = new Keys(keys.keys(period));
            all = List.of(now, new Keys(keys.keys(period - 1)), new Keys(keys.keys(period + 1)));
        }
    }

    /** The keys of one half day, where OpenSSL can read them. */
    private static final class Keys {
        private final MemorySegment name;
        private final MemorySegment cipherKey;
        private final MemorySegment macParams;

        Keys(byte[] keys) {
            Arena arena = Arena.ofAuto();
            MemorySegment all = arena.allocate(keys.length);
            all.copyFrom(MemorySegment.ofArray(keys));
            name = all.asSlice(0, NAME);
            cipherKey = all.asSlice(NAME + MAC_KEY);
            macParams = arena.allocate(3 * PARAM, Long.BYTES);
            param(0, arena.allocateFrom("key"), PARAM_OCTETS, all.asSlice(NAME, MAC_KEY), MAC_KEY);
            param(1, arena.allocateFrom("digest"), PARAM_TEXT, arena.allocateFrom("SHA256"), "SHA256".length());
        }

        private void param(int index, MemorySegment key, int type, MemorySegment data, long size) {
            long at = index * PARAM;
            macParams.set(ADDRESS, at, key);
            macParams.set(JAVA_INT, at + 8, type);
            macParams.set(ADDRESS, at + 16, data);
            macParams.set(JAVA_LONG, at + 24, size);
        }
    }
}
