package io.halite.config.shape;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Helps with words that nobody knows: the one that was probably meant, and what is allowed. Stateless. */
final class Words {
    private static final int MAX_LISTED = 20;
    /** Longer words are no slips of the pen, and comparing them would cost. */
    private static final int MAX_COMPARED = 40;
    /** Of a document's ten thousand pools not every one is compared for a hint. */
    private static final int MAX_CANDIDATES = 500;

    private Words() {}

    /** A hint for an unknown word: the nearest allowed one if it is near, else all of them. */
    static String hint(String word, Collection<String> allowed) {
        if (allowed.isEmpty()) {
            return "nothing is allowed here; remove it";
        }
        Optional<String> nearest = nearest(word, allowed);
        if (nearest.isPresent()) {
            return "did you mean '" + nearest.get() + "'?";
        }
        String listed = allowed.stream().sorted().limit(MAX_LISTED).collect(Collectors.joining(", "));
        return "allowed: " + listed + (allowed.size() > MAX_LISTED ? ", …" : "");
    }

    /** The allowed word that was probably meant. */
    private static Optional<String> nearest(String word, Collection<String> allowed) {
        if (word.length() > MAX_COMPARED) {
            return Optional.empty();
        }
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : allowed.stream().limit(MAX_CANDIDATES).toList()) {
            int tolerated = Math.max(1, candidate.length() / 3);
            boolean comparable = candidate.length() <= MAX_COMPARED
                    && Math.abs(candidate.length() - word.length()) <= tolerated;
            int edits = comparable ? distance(word, candidate) : Integer.MAX_VALUE;
            if (edits <= tolerated && edits < least) {
                nearest = candidate;
                least = edits;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Edits of one letter (insert, remove, replace, swap of neighbours) between two words, ignoring case. */
    private static int distance(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replace = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replace, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
