package io.halite.dns.sign;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of one zone, the oldest first, and when each begins to sign and leaves. There is one, but for the time of a
 * roll-over: the next key is published with the old one until caches know it, then signs in its stead, and once the zone
 * above names it, the old one leaves. Times are fixed beforehand, so that all nodes change at the same moment without
 * another word. Immutable.
 */
public record KeyRing(List<Held> keys) {
    private static final int FIELDS_OF_ONE = 3;
    private static final int FIELDS = 5;

    /**
     * A key in the ring.
     *
     * @param signs from when on the zone is signed with it
     * @param leaves when it is published no more; {@link Instant#MAX} for never
     */
    public record Held(SigningKey key, Instant signs, Instant leaves) {}

    public KeyRing {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a ring without a key");
        }
    }

    /** The ring of a zone with one key. */
    public static KeyRing of(SigningKey key) {
        return new KeyRing(List.of(new Held(key, key.made(), Instant.MAX)));
    }

    /** The keys that the zone publishes, the oldest first. */
    public List<SigningKey> published(Instant now) {
        return held(now).map(Held::key).toList();
    }

    private Stream<Held> held(Instant now) {
        return keys.stream().filter(held -> held.leaves().isAfter(now));
    }

    /** The key that signs the zone, and that the zone above should name. */
    public SigningKey signing(Instant now) {
        List<Held> held = held(now).toList();
        return held.stream().filter(one -> !one.signs().isAfter(now)).reduce((older, newer) -> newer)
                .orElse(held.isEmpty() ? keys.getLast() : held.getFirst()).key();
    }

    /** When something changes next; {@link Instant#MAX} for never. */
    public Instant nextChange(Instant now) {
        return keys.stream().flatMap(held -> Stream.of(held.signs(), held.leaves())).filter(at -> at.isAfter(now))
                .min(Instant::compareTo).orElse(Instant.MAX);
    }

    /** Since when the zone is signed. */
    public Instant since() {
        return keys.getFirst().key().made();
    }

    /** With a new key that signs from some time on; keys that have left are forgotten. */
    public KeyRing joinedBy(SigningKey key, Instant signs, Instant now) {
        return new KeyRing(Stream.concat(held(now), Stream.of(new Held(key, signs, Instant.MAX))).toList());
    }

    /** With all keys but the last leaving at some time. */
    public KeyRing leftBy(Instant leaves) {
        List<Held> next = new ArrayList<>();
        keys.subList(0, keys.size() - 1).forEach(held -> next.add(new Held(held.key(), held.signs(), leaves)));
        next.add(keys.getLast());
        return new KeyRing(next);
    }

    /**
     * Back to the key that signed before the newest, which leaves at some time, or at once when it never signed.
     *
     * @param leaves when nobody remembers any more what it signed
     */
    public KeyRing withdrawn(Instant leaves, Instant now) {
        List<Held> held = held(now).toList();
        List<Held> others = held.subList(0, held.size() - 1);
        Held newest = held.getLast();
        if (newest.signs().isAfter(now)) {
            return new KeyRing(others);
        }
        // The last of those whose time has come is the one that signs.
        return new KeyRing(Stream.concat(Stream.of(new Held(newest.key(), newest.signs(), leaves)), others.stream())
                .toList());
    }

    /** Since when the newest key signs while an older one waits for somebody to let it leave; empty when none does. */
    public Optional<Instant> waitingSince(Instant now) {
        List<Held> held = held(now).toList();
        boolean isWaiting = held.size() > 1 && held.stream().allMatch(one -> one.leaves().equals(Instant.MAX))
                && !held.getLast().signs().isAfter(now);
        return isWaiting ? Optional.of(held.getLast().signs()) : Optional.empty();
    }

    /** What {@link #of(String)} reads: a line for each key, its age, public and private part, and its times. */
    public byte[] text() {
        StringBuilder text = new StringBuilder();
        Base64.Encoder encoder = Base64.getEncoder();
        for (Held held : keys) {
            text.append(text.isEmpty() ? "" : "\n").append(held.key().made().getEpochSecond()).append(' ')
                    .append(encoder.encodeToString(held.key().publicPart())).append(' ')
                    .append(encoder.encodeToString(held.key().privatePart()));
            if (keys.size() > 1) {
                text.append(' ').append(held.signs().getEpochSecond()).append(' ')
                        .append(held.leaves().equals(Instant.MAX) ? "-" : Long.toString(held.leaves().getEpochSecond()));
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The ring that a text holds.
     *
     * @throws IllegalArgumentException when it holds none
     */
    public static KeyRing of(String text) {
        return new KeyRing(text.lines().map(KeyRing::held).toList());
    }

    private static Held held(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        if (fields.size() != FIELDS_OF_ONE && fields.size() != FIELDS) {
            throw new IllegalArgumentException("not a key");
        }
        Base64.Decoder decoder = Base64.getDecoder();
        Instant made = instant(fields.get(0));
        SigningKey key = SigningKey.of(decoder.decode(fields.get(1)), decoder.decode(fields.get(2)), made);
        if (fields.size() == FIELDS_OF_ONE) {
            return new Held(key, made, Instant.MAX);
        }
        return new Held(key, instant(fields.get(3)), fields.get(4).equals("-") ? Instant.MAX : instant(fields.get(4)));
    }

    private static Instant instant(String seconds) {
        try {
            return Instant.ofEpochSecond(Long.parseLong(seconds));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time", e);
        }
    }

    /** How long until something changes; {@link Long#MAX_VALUE} nanoseconds for never. */
    public long nanosToChange(Instant now) {
        Instant next = nextChange(now);
        return next.equals(Instant.MAX) ? Long.MAX_VALUE : Math.max(1, Duration.between(now, next).toNanos());
    }
}
