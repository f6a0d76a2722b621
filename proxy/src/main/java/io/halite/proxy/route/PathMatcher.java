package io.halite.proxy.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.halite.config.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A path condition over bytes. Each has a literal beginning, by which the routes are indexed: only paths that begin
 * with it can match.
 */
sealed interface PathMatcher {

    boolean matches(byte[] text, int start, int end);

    /** What every matching path begins with. */
    byte[] literal();

    /** The matcher of a condition; throws {@link com.google.re2j.PatternSyntaxException} for a bad expression. */
    static PathMatcher of(PathMatch match) {
        return switch (match) {
            case PathMatch.Exact exact -> new Exact(Ascii.bytes(exact.path()));
            case PathMatch.Prefix prefix -> new Prefix(Ascii.bytes(prefix.prefix()));
            case PathMatch.Glob glob -> new Glob(Ascii.bytes(glob.pattern()));
            case PathMatch.Regex regex -> new Regex(regex.expression());
        };
    }

    /** The whole path. */
    final class Exact implements PathMatcher {
        private final byte[] path;

        private Exact(byte[] path) {
            this.path = path;
        }

        @Override
        public boolean matches(byte[] text, int start, int end) {
            return Ascii.equal(text, start, end, path);
        }

        @Override
        public byte[] literal() {
            return path;
        }
    }

    /** The beginning of the path. */
    final class Prefix implements PathMatcher {
        private final byte[] prefix;

        private Prefix(byte[] prefix) {
            this.prefix = prefix;
        }

        @Override
        public boolean matches(byte[] text, int start, int end) {
            return Ascii.startsWith(text, start, end, prefix);
        }

        @Override
        public byte[] literal() {
            return prefix;
        }
    }

    /**
     * {@code *} within a segment, {@code **} across segments, {@code ?} one byte other than a slash. Greedy with two
     * marks to fall back to: a later star never needs an earlier one to be reconsidered, since an earlier end of the
     * part between them leaves it the most to match; only a {@code *} that would have to cross a slash gives way to
     * the last {@code **}. Takes at most pattern × path steps.
     */
    final class Glob implements PathMatcher {
        private final byte[] pattern;

        private Glob(byte[] pattern) {
            this.pattern = pattern;
        }

        @Override
        public boolean matches(byte[] text, int start, int end) {
            int at = start;
            int p = 0;
            int star = -1;
            int starAt = 0;
            int globstar = -1;
            int globstarAt = 0;
            while (true) {
                if (isGlobstar(p)) {
                    p += 2;
                    globstar = p;
                    globstarAt = at;
                    star = -1;
                } else if (p < pattern.length && pattern[p] == '*') {
                    p++;
                    star = p;
                    starAt = at;
                } else if (at < end && p < pattern.length && matchesOne(pattern[p], text[at])) {
                    p++;
                    at++;
                } else if (at == end && p == pattern.length) {
                    return true;
                } else if (star >= 0 && starAt < end && text[starAt] != '/') {
                    starAt++;
                    at = starAt;
                    p = star;
                } else if (globstar >= 0 && globstarAt < end) {
                    globstarAt++;
                    at = globstarAt;
                    p = globstar;
                    star = -1;
                } else {
                    return false;
                }
            }
        }

        private boolean isGlobstar(int p) {
            return p + 1 < pattern.length && pattern[p] == '*' && pattern[p + 1] == '*';
        }

        private static boolean matchesOne(byte expected, byte actual) {
            return expected == '?' ? actual != '/' : expected == actual;
        }

        @Override
        public byte[] literal() {
            int length = 0;
            while (length < pattern.length && pattern[length] != '*' && pattern[length] != '?') {
                length++;
            }
            return Arrays.copyOf(pattern, length);
        }
    }

    /**
     * An expression for the whole path. RE2 takes linear time whatever the client sends; the engine itself allocates
     * some 50 bytes per evaluation, which is why the literal beginning is tried first.
     */
    final class Regex implements PathMatcher {
        private final Pattern pattern;
        private final byte[] literal;
        /** One idle matcher: taken while in use, so that concurrent loops make their own. */
        private final AtomicReference<@Nullable View> idle = new AtomicReference<>();

        private Regex(String expression) {
            pattern = Pattern.compile(expression);
            literal = literalBeginning(expression).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public boolean matches(byte[] text, int start, int end) {
            View view = idle.getAndSet(null);
            if (view == null) {
                view = new View(pattern);
            }
            boolean matches = view.matches(text, start, end);
            idle.lazySet(view);
            return matches;
        }

        @Override
        public byte[] literal() {
            return literal;
        }

        private static String literalBeginning(String expression) {
            if (expression.indexOf('|') >= 0) {
                return "";
            }
            int length = 0;
            while (length < expression.length() && "\\.[](){}*+?^$".indexOf(expression.charAt(length)) < 0) {
                length++;
            }
            boolean quantified = length < expression.length() && "{*+?".indexOf(expression.charAt(length)) >= 0;
            return expression.substring(0, quantified ? Math.max(0, length - 1) : length);
        }
    }

    /** Bytes of a path as characters, with the matcher that reads them. */
    final class View implements CharSequence {
        private final Matcher matcher;
        private byte[] text = new byte[0];
        private int start;
        private int end;

        private View(Pattern pattern) {
            matcher = pattern.matcher(this);
        }

        private boolean matches(byte[] path, int from, int to) {
            text = path;
            start = from;
            end = to;
            return matcher.reset(this).matches();
        }

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            return (char) (text[start + index] & 0xFF);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return toString().subSequence(from, to);
        }

        @Override
        public String toString() {
            return new String(text, start, end - start, StandardCharsets.ISO_8859_1);
        }
    }
}
