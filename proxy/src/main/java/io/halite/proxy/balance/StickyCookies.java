package io.halite.proxy.balance;

import io.halite.config.Sticky;
import io.halite.proxy.route.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookies that keep clients at their targets, without state: a cookie holds an opaque id of the target, the hour of
 * its issue and a keyed hash of both. Every node with the cluster's key reads it, and nobody without the key can choose
 * a target. A cookie is good for {@link #HOURS_VALID} hours and renewed after half of them.
 *
 * <p>The value: 7 bytes of id, 3 of the hour, 8 of hash, in base64url: 24 characters.
 */
final class StickyCookies {
    static final int HOURS_VALID = 24;
    private static final int ID_BYTES = 7;
    private static final int SIGNED_BYTES = 10;
    private static final int VALUE_CHARS = 24;
    private static final long ID_MASK = (1L << (8 * ID_BYTES)) - 1;
    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = digits();
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECURE_LINE_END = "; Secure\r\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[] name;
    private final byte[] prefix;
    private final byte[] attributes;
    private final SipHash signature;
    /** The id of each member, and a hash table of positions over the ids. */
    private final long[] ids;
    private final int[] slots;

    private StickyCookies(String cookie, SipHash signature, long[] ids) {
        name = cookie.getBytes(StandardCharsets.US_ASCII);
        prefix = ("Set-Cookie: " + cookie + "=").getBytes(StandardCharsets.US_ASCII);
        attributes = "; Path=/; HttpOnly; SameSite=Lax".getBytes(StandardCharsets.US_ASCII);
        this.signature = signature;
        this.ids = ids;
        slots = new int[Math.max(2, Integer.highestOneBit(2 * ids.length) * 2)];
        Arrays.fill(slots, Pick.NONE);
        for (int position = 0; position < ids.length; position++) {
            int slot = slot(ids[position]);
            while (slots[slot] != Pick.NONE) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = position;
        }
    }

    /** The cookies of a pool under the cluster's key. */
    static StickyCookies of(String pool, Sticky sticky, List<PoolMember> members, byte[] key) {
        ByteBuffer keys = ByteBuffer.wrap(derivedKeys(pool, key));
        SipHash identity = new SipHash(keys.getLong(), keys.getLong());
        SipHash signature = new SipHash(keys.getLong(), keys.getLong());
        long[] ids = members.stream().map(member -> member.entry().ref().target().getBytes(StandardCharsets.UTF_8))
                .mapToLong(target -> identity.hash(target, 0, target.length) & ID_MASK).toArray();
        return new StickyCookies(sticky.cookie(), signature, ids);
    }

    private static byte[] derivedKeys(String pool, byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(("sticky cookie of pool " + pool).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] digits() {
        byte[] digits = new byte[128];
        Arrays.fill(digits, (byte) -1);
        for (byte digit = 0; digit < ALPHABET.length; digit++) {
            digits[ALPHABET[digit]] = digit;
        }
        return digits;
    }

    private int slot(long id) {
        return (int) (id ^ id >>> 32) & (slots.length - 1);
    }

    /**
     * Reads the request's cookie into a session that is reused.
     *
     * @param hour since the epoch
     */
    void read(RequestHead head, long hour, StickySession session) {
        session.clear();
        long range = head.cookie(name);
        int start = RequestHead.start(range);
        if (range < 0 || RequestHead.end(range) - start != VALUE_CHARS || !decode(head.bytes(), start, session.bytes)) {
            return;
        }
        long issued = number(session.bytes, ID_BYTES, SIGNED_BYTES);
        long age = hour - issued;
        // An hour of grace for a clock that runs ahead at another node.
        if (age >= -1 && age < HOURS_VALID
                && signature.hash(session.bytes, 0, SIGNED_BYTES) == number(session.bytes, SIGNED_BYTES, 18)) {
            session.found(position(number(session.bytes, 0, ID_BYTES)), age >= HOURS_VALID / 2);
        }
    }

    private int position(long id) {
        int slot = slot(id);
        while (slots[slot] != Pick.NONE && ids[slots[slot]] != id) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slots[slot];
    }

    /** The most that {@link #write} writes. */
    int room() {
        return prefix.length + VALUE_CHARS + attributes.length + SECURE_LINE_END.length;
    }

    /** Writes {@code Set-Cookie: …\r\n} for a member and returns the position after it. */
    int write(int position, long hour, boolean secure, StickySession scratch, byte[] out, int at) {
        put(scratch.bytes, 0, ID_BYTES, ids[position]);
        put(scratch.bytes, ID_BYTES, SIGNED_BYTES, hour);
        put(scratch.bytes, SIGNED_BYTES, 18, signature.hash(scratch.bytes, 0, SIGNED_BYTES));
        int end = append(prefix, out, at);
        for (int i = 0; i < 18; i += 3) {
            int bits = (int) number(scratch.bytes, i, i + 3);
            for (int shift = 18; shift >= 0; shift -= 6) {
                out[end++] = ALPHABET[bits >> shift & 63];
            }
        }
        end = append(attributes, out, end);
        return append(secure ? SECURE_LINE_END : LINE_END, out, end);
    }

    private static int append(byte[] text, byte[] out, int at) {
        System.arraycopy(text, 0, out, at, text.length);
        return at + text.length;
    }

    private static boolean decode(byte[] text, int start, byte[] out) {
        for (int i = 0; i < VALUE_CHARS / 4; i++) {
            int bits = 0;
            for (int j = 0; j < 4; j++) {
                byte c = text[start + 4 * i + j];
                if (c < 0 || DIGITS[c] < 0) {
                    return false;
                }
                bits = bits << 6 | DIGITS[c];
            }
            put(out, 3 * i, 3 * i + 3, bits);
        }
        return true;
    }

    private static long number(byte[] bytes, int start, int end) {
        long number = 0;
        for (int i = start; i < end; i++) {
            number = number << 8 | (bytes[i] & 0xFF);
        }
        return number;
    }

    private static void put(byte[] bytes, int start, int end, long number) {
        for (int i = end - 1, shift = 0; i >= start; i--, shift += 8) {
            bytes[i] = (byte) (number >>> shift);
        }
    }
}
