package io.halite.config.document;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Helps with words that nobody knows: the one that was probably meant, and what is allowed. Stateless. */
final class Words {
    private static final int MAX_LISTED = 20;

    private Words() {}

    /** A hint for an unknown word: the nearest allowed one if it is near, else all of them. */
    static String hint(String word, Collection<String> allowed) {
        if (allowed.isEmpty()) {
            return "";
        }
        String nearest = allowed.stream().min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow();
        if (distance(word, nearest) <= Math.max(1, nearest.length() / 3)) {
            return "did you mean '" + nearest + "'?";
        }
        String listed = allowed.stream().sorted().limit(MAX_LISTED).collect(Collectors.joining(", "));
        return "allowed: " + listed + (allowed.size() > MAX_LISTED ? ", …" : "");
    }

    /** Edits of one letter (insert, remove, replace, swap of neighbours) between two words, ignoring case. */
    private static int distance(String from, String to) {
        String a = from.toLowerCase(java.util.Locale.ROOT);
        String b = to.toLowerCase(java.util.Locale.ROOT);
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
