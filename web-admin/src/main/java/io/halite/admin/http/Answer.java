package io.halite.admin.http;

import io.halite.config.Revision;
import io.halite.config.tree.Tree;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a call is answered with. Immutable. */
public record Answer(int status, Map<String, String> headers, Body body) {
    public static final String JSON = "application/json";
    public static final String YAML = "application/yaml";

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** What an answer carries. */
    public sealed interface Body {
        /** A value, written as JSON or YAML as the client likes. */
        record Value(Tree tree) implements Body {}

        /** Ready-made text, sent as UTF-8. */
        record Text(String contentType, String text) implements Body {}

        /** Written bit by bit for as long as the writer likes. */
        record Stream(String contentType, Writer writer) implements Body {}

        /** Nothing. */
        record Empty() implements Body {}
    }

    /** Writes a body of unknown length; the connection is gone when writing fails. */
    @FunctionalInterface
    public interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    /** 200 with a value. */
    public static Answer of(Tree tree) {
        return new Answer(200, Map.of(), new Body.Value(tree));
    }

    /** 200 with text. */
    public static Answer text(String contentType, String text) {
        return new Answer(200, Map.of(), new Body.Text(contentType, text));
    }

    /** 204. */
    public static Answer empty() {
        return new Answer(204, Map.of(), new Body.Empty());
    }

    /** The same with another status. */
    public Answer withStatus(int other) {
        return new Answer(other, headers, body);
    }

    /** The same with one more header. */
    public Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }

    /** The same, true as of this revision. */
    public Answer at(Revision revision) {
        return with("ETag", "\"" + revision + "\"");
    }
}
