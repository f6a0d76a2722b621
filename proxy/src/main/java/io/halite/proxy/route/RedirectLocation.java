package io.halite.proxy.route;

import io.halite.config.PathMatch;
import io.halite.config.RedirectTemplate;
import io.halite.config.RedirectTemplate.Field;
import io.halite.config.RedirectTemplate.Text;
import java.util.List;

/** Where a redirect leads that takes parts of the request. Immutable and shared by all loops. */
public final class RedirectLocation {
    private static final byte[] HTTP = Ascii.bytes("http");
    private static final byte[] HTTPS = Ascii.bytes("https");

    private final List<RedirectTemplate.Part> parts;
    private final byte[][] texts;
    private final int matched;

    /** The location of a route that matches in this way. */
    public RedirectLocation(RedirectTemplate template, PathMatch match) {
        parts = template.parts();
        texts = new byte[parts.size()][];
        for (int at = 0; at < texts.length; at++) {
            texts[at] = parts.get(at) instanceof Text(String text) ? Ascii.bytes(text) : new byte[0];
        }
        matched = match instanceof PathMatch.Prefix prefix ? Ascii.bytes(prefix.prefix()).length : 0;
    }

    /** Whether it names the host that the client asked for. */
    public boolean needsHost() {
        return parts.contains(Field.HOST);
    }

    /** The most bytes that {@link #write} writes for this request. */
    public int room(RequestHead head) {
        int room = 0;
        for (byte[] text : texts) {
            room += Math.max(text.length, HTTPS.length);
        }
        return room + texts.length * (head.hostEnd() - head.hostStart() + head.queryEnd() - head.pathStart()
                + head.shownEnd() - head.shownStart());
    }

    /** Writes the location, for which there must be room; the position behind it. */
    public int write(RequestHead head, boolean secure, byte[] out, int at) {
        byte[] bytes = head.bytes();
        int end = at;
        for (int part = 0; part < texts.length; part++) {
            end = switch (parts.get(part)) {
                case Text text -> put(texts[part], 0, texts[part].length, out, end);
                case Field.SCHEME -> put(secure ? HTTPS : HTTP, 0, secure ? HTTPS.length : HTTP.length, out, end);
                case Field.HOST -> put(bytes, head.hostStart(), head.hostEnd(), out, end);
                case Field.PATH -> put(bytes, head.pathStart(), head.pathEnd(), out, end);
                case Field.REST -> put(head.shown(), head.shownStart() + matched, head.shownEnd(), out, end);
                case Field.QUERY -> put(bytes, head.pathEnd(), head.queryEnd(), out, end);
            };
        }
        return withOneSlash(out, at, end);
    }

    private static int put(byte[] bytes, int from, int to, byte[] out, int at) {
        int length = Math.max(0, to - from);
        System.arraycopy(bytes, from, out, at, length);
        return at + length;
    }

    /** A path with two slashes in front is a host to browsers, and a backslash is a slash to them. */
    private static int withOneSlash(byte[] out, int start, int end) {
        int from = start + 1;
        while (out[start] == '/' && from < end && (out[from] == '/' || out[from] == '\\')) {
            from++;
        }
        System.arraycopy(out, from, out, start + 1, end - from);
        return end - (from - start - 1);
    }
}
