package io.halite.proxy.route;

import io.halite.config.HeaderEdits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Changes of the header fields of a message: lines that go, by name, and lines that come. Immutable. */
public final class HeaderRules {
    public static final HeaderRules NONE = new HeaderRules(HeaderEdits.NONE);

    private final byte[][] removed;
    private final byte[] added;

    /** The rules of the document: what is set is removed and added. */
    public HeaderRules(HeaderEdits edits) {
        Set<String> names = new LinkedHashSet<>(edits.remove());
        names.addAll(edits.set().keySet());
        removed = Ascii.bytes(names);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        edits.set().entrySet().forEach(field -> lines.writeBytes(line(field)));
        edits.add().entrySet().forEach(field -> lines.writeBytes(line(field)));
        added = lines.toByteArray();
    }

    private static byte[] line(Map.Entry<String, String> field) {
        return (field.getKey() + ": " + field.getValue() + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether nothing changes. */
    public boolean isEmpty() {
        return removed.length == 0 && added.length == 0;
    }

    /** Whether lines of this name go: also with underscores for hyphens, which targets asked by way of CGI cannot tell. */
    public boolean removes(byte[] bytes, int nameStart, int nameEnd) {
        for (byte[] name : removed) {
            if (Ascii.equalAsField(bytes, nameStart, nameEnd, name)) {
                return true;
            }
        }
        return false;
    }

    /** The lines that come, each with its CRLF; not to be changed. */
    public byte[] added() {
        return added;
    }
}
