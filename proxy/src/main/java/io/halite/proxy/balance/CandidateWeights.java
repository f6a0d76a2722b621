package io.halite.proxy.balance;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The weights of a pool's candidates, summed up so that one can be drawn in logarithmic time. */
final class CandidateWeights {
    private final int[] candidates;
    /** The sum of the weights up to and including each candidate. */
    private final int[] sums;
    private final int total;
    private final boolean equal;

    CandidateWeights(int[] candidates, int[] weights) {
        this.candidates = candidates;
        sums = new int[candidates.length];
        int sum = 0;
        boolean same = true;
        for (int i = 0; i < candidates.length; i++) {
            sum += weights[candidates[i]];
            sums[i] = sum;
            same &= weights[candidates[i]] == weights[candidates[0]];
        }
        total = sum;
        equal = same;
    }

    /** Whether no candidate weighs more than another. */
    boolean areEqual() {
        return equal;
    }

    int total() {
        return total;
    }

    /** The position of a candidate, drawn by weight; there must be one. */
    int draw(RandomGenerator random) {
        if (equal) {
            return candidates[random.nextInt(candidates.length)];
        }
        int found = Arrays.binarySearch(sums, random.nextInt(total) + 1);
        return candidates[found >= 0 ? found : -found - 1];
    }
}
