package io.halite.config.store;

import io.halite.config.AdminState;
import io.halite.config.TargetRef;
import io.halite.config.document.ObjectKey;
import io.halite.config.store.Command.Change.AdminChange;
import io.halite.config.store.Command.Change.ObjectChange;
import io.halite.config.store.Command.Change.SystemChange;
import io.halite.config.wire.Deflated;
import io.halite.config.wire.MalformedRecordException;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands as bytes of the Raft log. Field numbers are for ever: a number is never used again for something else, and
 * a new field that an older node must not ignore raises {@link Command#featureLevel}. Stateless.
 */
public final class CommandCodec {
    /** No command is larger when unpacked: a 16 MiB document, every object changed, with room to spare. */
    public static final int UNPACKED_LIMIT = 48 << 20;

    private static final int PUT_OBJECT = 1;
    private static final int ADMIN = 2;
    private static final int SYSTEM = 3;

    private CommandCodec() {}

    /** Packs a command; larger ones are compressed. */
    public static byte[] encode(Command command) {
        RecordWriter record = new RecordWriter()
                .number(1, command.featureLevel())
                .text(2, command.origin().requestId())
                .text(3, command.origin().author())
                .text(4, command.origin().reason())
                .number(5, command.origin().time().toEpochMilli())
                // Revision 0 is a revision, so optional numbers are stored plus one.
                .number(6, optional(command.expected()))
                .number(7, optional(command.rollbackOf()));
        command.compares().forEach(compare -> record.record(8, new RecordWriter()
                .text(1, compare.key()).flag(2, compare.value() != null).text(3, compare.value())));
        command.changes().forEach(change -> record.record(9, encode(change)));
        return Deflated.pack(record.toBytes());
    }

    private static long optional(@Nullable Long value) {
        return value == null ? 0 : value + 1;
    }

    private static RecordWriter encode(Command.Change change) {
        return switch (change) {
            case ObjectChange object -> new RecordWriter().number(1, PUT_OBJECT)
                    .text(2, object.key().kind()).text(3, object.key().name())
                    .flag(4, object.json() != null).text(5, object.json());
            case AdminChange admin -> new RecordWriter().number(1, ADMIN)
                    .text(2, admin.target().pool()).text(3, admin.target().target()).text(5, admin.state().key());
            case SystemChange system -> new RecordWriter().number(1, SYSTEM)
                    .text(3, system.key()).flag(4, system.value() != null).text(5, system.value());
        };
    }

    /**
     * Unpacks a command. A change of an unknown kind is malformed: whoever adds one raises the feature level, which is
     * looked at first.
     *
     * @throws MalformedRecordException when the bytes are no command
     */
    public static Command decode(byte[] bytes, int understoodFeatureLevel) {
        RecordReader record = RecordReader.of(Deflated.unpack(bytes, UNPACKED_LIMIT));
        int featureLevel = (int) record.number(1);
        if (featureLevel > understoodFeatureLevel) {
            throw new NewerCommandException(featureLevel, understoodFeatureLevel);
        }
        List<Command.Compare> compares = new ArrayList<>();
        for (RecordReader compare : record.records(8)) {
            compares.add(new Command.Compare(compare.text(1), compare.flag(2) ? compare.text(3) : null));
        }
        List<Command.Change> changes = new ArrayList<>();
        record.records(9).forEach(change -> changes.add(change(change)));
        Origin origin = new Origin(record.text(3), record.text(4), Instant.ofEpochMilli(record.number(5)),
                record.text(2));
        return new Command(featureLevel, origin, optional(record.number(6)), optional(record.number(7)), compares,
                changes);
    }

    private static @Nullable Long optional(long stored) {
        return stored == 0 ? null : stored - 1;
    }

    private static Command.Change change(RecordReader record) {
        String value = record.flag(4) ? record.text(5) : null;
        long kind = record.number(1);
        if (kind == PUT_OBJECT) {
            return new ObjectChange(new ObjectKey(record.text(2), record.text(3)), value);
        }
        if (kind == ADMIN) {
            return new AdminChange(new TargetRef(record.text(2), record.text(3)), AdminStates.of(record.text(5)));
        }
        if (kind == SYSTEM) {
            return new SystemChange(record.text(3), value);
        }
        throw new MalformedRecordException("a change of unknown kind " + kind);
    }

    /** Reads admin states by their spelling. */
    static final class AdminStates {
        private AdminStates() {}

        static AdminState of(String key) {
            for (AdminState state : AdminState.values()) {
                if (state.key().equals(key)) {
                    return state;
                }
            }
            throw new MalformedRecordException("unknown admin state " + key);
        }
    }
}
