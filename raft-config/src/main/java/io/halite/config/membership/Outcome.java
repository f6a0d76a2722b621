package io.halite.config.membership;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;

/** What became of a request about the cluster itself. Travels between nodes and to people as JSON. */
public sealed interface Outcome {

    /**
     * It was done.
     *
     * @param json an object with what there is to tell
     */
    record Done(String json) implements Outcome {
        static Done of(Tree.MappingBuilder fields) {
            return new Done(TreeText.json(fields.build()));
        }

        @Override
        public String toString() {
            // It may hold keys.
            return "Done[***]";
        }
    }

    /**
     * It was not, and nothing changed.
     *
     * @param code stable, upper snake case
     */
    record Refused(Cause cause, String code, String message, String hint) implements Outcome {}

    /** Why a request was refused. */
    enum Cause {
        /** It makes no sense as it was put. */
        INVALID,
        /** The token is wrong, expired or used up. */
        FORBIDDEN,
        /** There is no such node. */
        NOT_FOUND,
        /** The state of the cluster does not allow it. */
        CONFLICT,
        /** No leader or quorum, or the node concerned does not answer. */
        UNAVAILABLE
    }

    /** Its bytes for a link. */
    default byte[] encode() {
        Tree.MappingBuilder fields = Tree.mapping();
        switch (this) {
            case Done done -> fields.put("done", done.json());
            case Refused refused -> fields.put("cause", refused.cause().name()).put("code", refused.code())
                    .put("message", refused.message()).put("hint", refused.hint());
        }
        return TreeText.json(fields.build()).getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #encode} wrote. */
    static Outcome decode(byte[] bytes) {
        JsonFields fields = JsonFields.of(bytes);
        String done = fields.text("done");
        return done.isEmpty()
                ? new Refused(Cause.valueOf(fields.text("cause")), fields.text("code"), fields.text("message"),
                        fields.text("hint"))
                : new Done(done);
    }
}
