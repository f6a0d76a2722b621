package io.halite.proxy.balance;

import io.halite.config.AdminState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Maglev's lookup table (Eisenbud et al., NSDI 2016, section 3.4), with weights: which target a hash belongs to. It
 * depends on names and weights alone, not on their order nor on health, so that every node builds the same, and a target
 * that comes or goes moves little more than its own share.
 */
final class MaglevTable {
    /** A prime, as in the paper; each of 655 targets still gets 100 places. */
    private static final int PLACES = 65_537;
    private static final int MANY_PLACES = 655_373;
    private static final int MANY = 655;
    private static final char EMPTY = Character.MAX_VALUE;

    private final List<Share> shares;
    /** Index into the shares for each place. */
    private final char[] places;
    /** The position in the pool of each share. */
    private final int[] positions;

    private MaglevTable(List<Share> shares, char[] places, int[] positions) {
        this.shares = shares;
        this.places = places;
        this.positions = positions;
    }

    /** A target that takes part: by name, so that neither order nor address matters. */
    private record Share(String name, int weight) {}

    /** The table of those wanted that people want to take requests; the places of the previous one when they fit. */
    static MaglevTable of(List<PoolMember> members, Predicate<PoolMember> wanted, @Nullable MaglevTable previous) {
        int[] positions = IntStream.range(0, members.size())
                .filter(at -> members.get(at).adminState() == AdminState.READY && members.get(at).weight() > 0
                        && wanted.test(members.get(at)))
                .boxed().sorted(Comparator.comparing(at -> members.get(at).entry().ref().target()))
                .mapToInt(Integer::intValue).toArray();
        List<Share> shares = Arrays.stream(positions).mapToObj(members::get)
                .map(member -> new Share(member.entry().ref().target(), member.weight())).toList();
        char[] places = previous != null && previous.shares.equals(shares) ? previous.places : places(shares);
        return new MaglevTable(shares, places, positions);
    }

    private static char[] places(List<Share> shares) {
        char[] places = new char[shares.size() > MANY ? MANY_PLACES : PLACES];
        Arrays.fill(places, EMPTY);
        if (shares.isEmpty() || shares.size() >= EMPTY) {
            return places;
        }
        long[] at = new long[shares.size()];
        long[] step = new long[shares.size()];
        double[] due = new double[shares.size()];
        for (int i = 0; i < at.length; i++) {
            byte[] name = shares.get(i).name().getBytes(StandardCharsets.UTF_8);
            long hash = HashKeys.hash(name, 0, name.length);
            at[i] = Long.remainderUnsigned(hash, places.length);
            step[i] = Long.remainderUnsigned(HashKeys.mix(~hash), places.length - 1) + 1;
        }
        int heaviest = shares.stream().mapToInt(Share::weight).max().orElseThrow();
        for (int filled = 0; filled < places.length; ) {
            for (int i = 0; i < at.length && filled < places.length; i++) {
                due[i] += (double) shares.get(i).weight() / heaviest;
                if (due[i] >= 1) {
                    due[i]--;
                    fill(places, (char) i, at, step);
                    filled++;
                }
            }
        }
        return places;
    }

    /** Gives the share its next preferred place that is free. */
    private static void fill(char[] places, char share, long[] at, long[] step) {
        while (places[(int) at[share]] != EMPTY) {
            at[share] = (at[share] + step[share]) % places.length;
        }
        places[(int) at[share]] = share;
    }

    /** The position of the target that the hash belongs to; {@link Pick#NONE} when the table is empty. */
    int position(long hash) {
        char share = places[(int) Long.remainderUnsigned(hash, places.length)];
        return share == EMPTY ? Pick.NONE : positions[share];
    }
}
