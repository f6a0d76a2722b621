package io.halite.proxy.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.halite.config.PathMatch;
import io.halite.config.Replacement;
import io.halite.config.Rewrite;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How the path that targets see differs from the client's. Immutable and shared by all loops. */
public sealed interface PathRewrite {

    /** The bytes that stand before what {@link #kept} leaves of the request target; not to be changed. */
    byte[] beginning(RequestHead head);

    /** The position from which the request target stays as it came; its query at least. */
    int kept(RequestHead head);

    /** The rewrite of a route that matches in this way; null when the path stays. */
    static @Nullable PathRewrite of(Rewrite rewrite, PathMatch match) {
        return switch (rewrite.path()) {
            case null -> null;
            case Rewrite.Whole whole -> new Whole(Ascii.bytes(whole.path()));
            case Rewrite.Prefix prefix -> new Prefix(prefix.prefix(), match);
            case Rewrite.Regex regex -> new Regex(regex);
        };
    }

    /** Another path altogether. */
    final class Whole implements PathRewrite {
        private final byte[] path;

        private Whole(byte[] path) {
            this.path = path;
        }

        @Override
        public byte[] beginning(RequestHead head) {
            return path;
        }

        @Override
        public int kept(RequestHead head) {
            return head.pathEnd();
        }
    }

    /** Another prefix, joined to the rest by exactly one slash, whether or not the two prefixes end in one. */
    final class Prefix implements PathRewrite {
        private final byte[] prefix;
        private final byte[] prefixWithSlash;
        private final int matched;
        private final boolean cutsAtSlash;

        private Prefix(String prefix, PathMatch match) {
            String bare = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
            String replaced = match instanceof PathMatch.Prefix given ? given.prefix() : "/";
            this.prefix = Ascii.bytes(bare);
            prefixWithSlash = Ascii.bytes(bare + "/");
            matched = Ascii.bytes(replaced).length;
            cutsAtSlash = replaced.endsWith("/");
        }

        /** A prefix such as {@code /api} may end in the middle of a segment, which then goes on behind the new one. */
        private boolean joinsSegment(RequestHead head) {
            int at = head.shownStart() + matched;
            return !cutsAtSlash && at < head.shownEnd() && head.shown()[at] != '/';
        }

        @Override
        public byte[] beginning(RequestHead head) {
            byte[] first = joinsSegment(head) && prefix.length > 0 ? prefix : prefixWithSlash(head);
            if (head.isShownAsSent()) {
                return first;
            }
            // What came is not what matched: nothing of it is kept but the query.
            int rest = rest(head);
            byte[] whole = Arrays.copyOf(first, first.length + head.shownEnd() - rest);
            System.arraycopy(head.shown(), rest, whole, first.length, head.shownEnd() - rest);
            return whole;
        }

        private byte[] prefixWithSlash(RequestHead head) {
            boolean ends = head.shownStart() + matched == head.shownEnd();
            return ends && !cutsAtSlash && prefix.length > 0 ? prefix : prefixWithSlash;
        }

        @Override
        public int kept(RequestHead head) {
            return head.isShownAsSent() ? rest(head) : head.pathEnd();
        }

        private int rest(RequestHead head) {
            int at = head.shownStart() + matched;
            return !cutsAtSlash && at < head.shownEnd() && head.shown()[at] == '/' ? at + 1 : at;
        }
    }

    /** The first match of an expression replaced. The engine works on text: this is what it costs. */
    final class Regex implements PathRewrite {
        private final Pattern pattern;
        private final Replacement replacement;

        private Regex(Rewrite.Regex rule) {
            pattern = Pattern.compile(rule.expression());
            replacement = Replacement.of(rule.replacement()).orElseThrow(
                    () -> new IllegalArgumentException("not a replacement: " + rule.replacement()));
            if (replacement.highestGroup() > pattern.groupCount()) {
                throw new IllegalArgumentException("no group $" + replacement.highestGroup());
            }
        }

        @Override
        public byte[] beginning(RequestHead head) {
            String path = new String(head.shown(), head.shownStart(), head.shownEnd() - head.shownStart(),
                    StandardCharsets.ISO_8859_1);
            Matcher matcher = pattern.matcher(path);
            String changed = matcher.find()
                    ? path.substring(0, matcher.start()) + replaced(matcher) + path.substring(matcher.end()) : path;
            return (changed.startsWith("/") ? changed : "/" + changed).getBytes(StandardCharsets.ISO_8859_1);
        }

        private String replaced(Matcher matcher) {
            StringBuilder text = new StringBuilder();
            for (Replacement.Part part : replacement.parts()) {
                switch (part) {
                    case Replacement.Text(String literal) -> text.append(literal);
                    case Replacement.Group(int number) -> {
                        String group = matcher.group(number);
                        text.append(group == null ? "" : group);
                    }
                }
            }
            return text.toString();
        }

        @Override
        public int kept(RequestHead head) {
            return head.pathEnd();
        }
    }
}
