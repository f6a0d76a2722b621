package io.halite.proxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An HTTP/1.x message as it came over a socket.
 *
 * @param start the request line or the status line
 * @param lines the header lines
 * @param body without the framing of chunks
 * @param trailers the lines behind the last chunk
 */
public record Message(String start, List<String> lines, String body, List<String> trailers) {

    /** Reads a request. */
    public static Message request(InputStream in) throws IOException {
        return read(in, true, false);
    }

    /** Reads a response, to a HEAD request or another. */
    public static Message response(InputStream in, boolean toHead) throws IOException {
        return read(in, false, toHead);
    }

    private static Message read(InputStream in, boolean request, boolean toHead) throws IOException {
        String start = line(in);
        List<String> lines = lines(in);
        Message head = new Message(start, lines, "", List.of());
        if (head.header("transfer-encoding").isPresent()) {
            StringBuilder body = new StringBuilder();
            while (true) {
                int size = Integer.parseInt(line(in).replaceAll(";.*", ""), 16);
                if (size == 0) {
                    return new Message(start, lines, body.toString(), lines(in));
                }
                body.append(text(in.readNBytes(size)));
                if (!line(in).isEmpty()) {
                    throw new IOException("a chunk does not end where it says");
                }
            }
        }
        int status = request ? 0 : head.status();
        if (toHead || status == 204 || status == 304 || (status > 0 && status < 200)) {
            return head;
        }
        Optional<String> length = head.header("content-length");
        if (length.isPresent()) {
            int expected = Integer.parseInt(length.get());
            byte[] body = in.readNBytes(expected);
            if (body.length < expected) {
                throw new IOException("the body is short: " + body.length + " of " + expected);
            }
            return new Message(start, lines, text(body), List.of());
        }
        return request ? head : new Message(start, lines, text(in.readAllBytes()), List.of());
    }

    public int status() {
        return Integer.parseInt(start.split(" ", -1)[1]);
    }

    /** The value of the only header line of this name. */
    public Optional<String> header(String name) {
        List<String> all = headers(name);
        if (all.size() > 1) {
            throw new IllegalStateException("more than one " + name + ": " + all);
        }
        return all.stream().findFirst();
    }

    /** The values of all header lines of this name. */
    public List<String> headers(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return lines.stream().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip()).toList();
    }

    private static List<String> lines(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            lines.add(line);
        }
        return lines;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the connection ended within a line: '" + line + "'");
            }
            if (octet == '\n') {
                if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
                    throw new IOException("a bare line feed after '" + line + "'");
                }
                return line.substring(0, line.length() - 1);
            }
            line.append((char) octet);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
