package io.halite.dns.table;

import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One name of a zone, empty non-terminals included, with an answer for each type.
 */
public final class NameNode {
    private final byte[] name;
    private final int nameLength;
    private final ServedZone zone;
    private final int[] types;
    private final Answer[] answers;
    private final Answer other;
    // The two types that are asked for most need no search.
    private final Answer ipv4;
    private final Answer ipv6;
    private final List<byte[]> leaves;
    private final @Nullable Answer referral;
    private final @Nullable NameNode wildcard;
    private final Denials denials;

    /**
     * Where the denial table of a signed zone speaks of a name.
     *
     * @param own index of the name's own record; -1 for none
     * @param wildcard index of the record that proves that the name has no child {@code *}; -1 where it has
     */
    public record Denials(int own, int wildcard) {
        public static final Denials NONE = new Denials(-1, -1);
    }

    /**
     * @param name in lower case wire form
     * @param answers by type
     * @param other for every other type: no data, or a CNAME
     * @param referral the answer for this name and all below, when another server has them
     * @param wildcard the child {@code *}, which answers for names below that do not exist
     */
    public NameNode(
            byte[] name, ServedZone zone, SortedMap<Integer, Answer> answers, Answer other,
            @Nullable Answer referral, @Nullable NameNode wildcard, Denials denials) {
        this.name = Arrays.copyOf(name, name.length + Bytes.PADDING);
        nameLength = name.length;
        this.zone = zone;
        types = answers.keySet().stream().mapToInt(Integer::intValue).toArray();
        this.answers = answers.values().toArray(Answer[]::new);
        this.other = other;
        ipv4 = answers.getOrDefault(RecordType.A, other);
        ipv6 = answers.getOrDefault(RecordType.AAAA, other);
        this.referral = referral;
        this.wildcard = wildcard;
        this.denials = denials;
        leaves = referral == null ? layOut() : List.of();
    }

    private List<byte[]> layOut() {
        Map<Answer, Integer> types = new LinkedHashMap<>();
        Leaf.TYPES.forEach(type -> types.merge(answer(type), Leaf.bit(type), (one, more) -> one | more));
        return types.entrySet().stream()
                .map(entry -> Leaf.of(name, nameLength, entry.getValue(), zone, entry.getKey()))
                .filter(Objects::nonNull).toList();
    }

    public Denials denials() {
        return denials;
    }

    public ServedZone zone() {
        return zone;
    }

    public @Nullable Answer referral() {
        return referral;
    }

    public @Nullable NameNode wildcard() {
        return wildcard;
    }

    /** The answer for a type. */
    public Answer answer(int type) {
        return type == RecordType.A ? ipv4 : type == RecordType.AAAA ? ipv6 : search(type);
    }

    private Answer search(int type) {
        for (int i = 0; i < types.length; i++) {
            if (types[i] == type) {
                return answers[i];
            }
        }
        return other;
    }

    /** The answers for {@link Leaf#TYPES} laid out, as far as they can be. */
    List<byte[]> leaves() {
        return leaves;
    }

    /** Reads what a look-up will need of it. */
    public int touch() {
        return nameLength + (referral == null ? 0 : 1);
    }

    /** Reads its name, as that will be compared. */
    public int touchName() {
        return name[nameLength];
    }

    byte[] paddedName() {
        return name;
    }

    /** Bytes of its name in wire form. */
    public int nameLength() {
        return nameLength;
    }

    /** Whether the name in a message is this, in any case. */
    boolean is(MemorySegment message, long at, int length) {
        if (length != nameLength) {
            return false;
        }
        int done = 0;
        for (; done + 8 <= length; done += 8) {
            if (Bytes.lower(Bytes.word(message, at + done)) != Bytes.word(name, done)) {
                return false;
            }
        }
        return done == length
                || Bytes.lower(Bytes.head(Bytes.word(message, at + done), length - done)) == Bytes.word(name, done);
    }
}
