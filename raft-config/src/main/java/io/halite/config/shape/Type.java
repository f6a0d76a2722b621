package io.halite.config.shape;

import io.halite.config.tree.Tree;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A kind of value of a document: how it is read, written, and described to people and editors. Stateless. */
public interface Type<T> {

    /** What the value says; null after a problem was reported. */
    @Nullable T read(Value value);

    /** The canonical spelling, which reads as an equal value. */
    Tree write(T value);

    /** The JSON Schema of every accepted spelling. */
    Tree.Mapping schema();

    /** What may be written, in a few words: {@code duration, 1ms to 1h}. */
    String says();

    /**
     * Visits the keys of the objects inside, outer ones first.
     *
     * @param path where this value stands, such as {@code pools.*.check}
     */
    default void keys(String path, Consumer<KeyLine> visitor) {}

    /** A key with the path of the object it belongs to, empty for the document itself. */
    record KeyLine(String path, Key<?, ?> key) {}
}
