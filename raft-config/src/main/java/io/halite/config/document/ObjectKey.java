package io.halite.config.document;

/**
 * The identity of one object of a config, and its key in the store.
 *
 * @param kind the top-level key of the document, such as {@code pools}
 */
public record ObjectKey(String kind, String name) implements Comparable<ObjectKey> {

    /** Reads {@code kind/name}. */
    public static ObjectKey parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("object key: " + text + " (expected: kind/name)");
        }
        return new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(ObjectKey other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
