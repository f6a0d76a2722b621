package io.halite.config.document;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates how large the program of an RE2 expression becomes, from its text alone: compiling one such as
 * {@code ((a{100}){100}){100}} takes a second and hundreds of megabytes. Stateless.
 */
final class RegexSize {
    /** The most characters of an expression. */
    static final int MAX_LENGTH = 1_000;
    /** The most instructions: matching one byte takes time in proportion. */
    static final long MAX_SIZE = 10_000;

    private static final Pattern REPEAT = Pattern.compile("\\{([0-9]{1,9})(,([0-9]{0,9}))?}");

    private RegexSize() {}

    /** Roughly the number of instructions, never far below it. */
    static long estimate(String expression) {
        Deque<Long> outer = new ArrayDeque<>();
        Matcher repeat = REPEAT.matcher(expression);
        long sum = 0;
        long last = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '(') {
                outer.push(sum + last);
                sum = 0;
                last = 0;
            } else if (c == ')' && !outer.isEmpty()) {
                last = sum + last;
                sum = outer.pop();
            } else if (c == '{' && repeat.region(i, expression.length()).lookingAt()) {
                last *= Math.max(1, most(repeat));
                i = repeat.end() - 1;
            } else {
                sum += last;
                last = 1;
                i = c == '\\' ? i + 1 : c == '[' ? endOfClass(expression, i) : i;
            }
            if (sum + last > MAX_SIZE) {
                return sum + last;
            }
        }
        return sum + last;
    }

    private static long most(Matcher repeat) {
        String max = repeat.group(3);
        return Long.parseLong(max == null || max.isEmpty() ? repeat.group(1) : max);
    }

    private static int endOfClass(String expression, int start) {
        for (int i = start + 2; i < expression.length(); i++) {
            if (expression.charAt(i) == '\\') {
                i++;
            } else if (expression.charAt(i) == ']') {
                return i;
            }
        }
        return start;
    }
}
