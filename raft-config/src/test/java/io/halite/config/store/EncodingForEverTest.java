package io.halite.config.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.AdminState;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.document.ObjectKey;
import io.halite.config.store.Command.Change.AdminChange;
import io.halite.config.store.Command.Change.ObjectChange;
import io.halite.config.store.Command.Change.SystemChange;
import io.halite.config.store.Command.Compare;
import io.halite.config.wire.Deflated;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What version 0.1.0 wrote, byte for byte, read by this version: entries of the log, a state file (a Raft snapshot) and
 * a last known good. A file that exists is never written again; a new version adds files of its own beside these.
 */
class EncodingForEverTest {
    private static final String VERSION = "0.1.0";
    private static final int UNDERSTOOD = 1;
    private static final Origin ORIGIN =
            new Origin("alice", "Grüße", Instant.ofEpochMilli(1_700_000_000_123L), "request-1");
    private static final String POOL = "{\"targets\":[{\"name\":\"one\",\"address\":\"10.0.0.1:80\"}]}";

    @TempDir
    Path dir;

    /** One of each kind, and a large one, which is compressed. */
    private static List<Command> commands() {
        return List.of(
                new Command(1, ORIGIN, 0L, null, List.of(), List.of(
                        new ObjectChange(new ObjectKey("pools", "app"), POOL),
                        new ObjectChange(new ObjectKey("pools", "large"), pool("x".repeat(2_000))))),
                new Command(1, new Origin("bob", "", ORIGIN.time(), "request-2"), 1L, 0L, List.of(), List.of(
                        new ObjectChange(new ObjectKey("pools", "large"), null))),
                new Command(1, new Origin("bob", "", ORIGIN.time(), "request-3"), null, null, List.of(),
                        List.of(new AdminChange(new TargetRef("app", "one"), AdminState.DRAIN))),
                new Command(1, new Origin("cluster", "", ORIGIN.time(), "request-4"), null, null,
                        List.of(new Compare("members/n-1", null), new Compare("token/t", "")),
                        List.of(new SystemChange("members/n-1", "{}"))),
                new Command(1, new Origin("cluster", "", ORIGIN.time(), "request-5"), null, null,
                        List.of(new Compare("members/n-1", null)),
                        List.of(new SystemChange("members/n-1", "{\"name\":\"lb-1\"}"), new SystemChange("gone", null))));
    }

    private static String pool(String name) {
        return "{\"targets\":[{\"name\":\"" + name + "\",\"address\":\"10.0.0.2:80\"}]}";
    }

    private static byte[] golden(String name, byte[] ifAbsent) throws IOException {
        if ("write".equals(System.getenv("HALITE_GOLDEN"))) {
            Path file = Path.of("src/test/resources/io/halite/config/store", VERSION + "-" + name);
            if (!Files.exists(file)) {
                Files.write(file, ifAbsent);
            }
            return Files.readAllBytes(file);
        }
        try (InputStream in = EncodingForEverTest.class.getResourceAsStream(VERSION + "-" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    @Test
    void theEntriesOfTheLogAreRead() throws Exception {
        RecordWriter all = new RecordWriter();
        commands().forEach(command -> all.bytes(1, CommandCodec.encode(command)));
        List<Command> read = new ArrayList<>();
        RecordReader.of(golden("log-entries.bin", all.toBytes())).allBytes(1)
                .forEach(bytes -> read.add(CommandCodec.decode(bytes, UNDERSTOOD)));
        assertEquals(commands(), read);
    }

    @Test
    void whatThisVersionWritesItReads() {
        for (Command command : commands()) {
            assertEquals(command, CommandCodec.decode(CommandCodec.encode(command), UNDERSTOOD));
        }
    }

    /** A newer version may say more than this one knows, as long as this one need not know it. */
    @Test
    void whatANewerVersionAddsIsSkippedUnlessItMustBeUnderstood() {
        RecordReader known = RecordReader.of(Deflated.unpack(CommandCodec.encode(commands().get(2)), 1 << 20));
        byte[] more = Deflated.pack(new RecordWriter().number(1, 1).text(2, "request-3").text(3, "bob")
                .number(5, ORIGIN.time().toEpochMilli()).bytes(9, known.bytes(9)).text(77, "news").toBytes());
        assertEquals(commands().get(2), CommandCodec.decode(more, UNDERSTOOD));
        byte[] newer = Deflated.pack(new RecordWriter().number(1, 2).text(2, "request-3").toBytes());
        NewerCommandException refused =
                assertThrows(NewerCommandException.class, () -> CommandCodec.decode(newer, UNDERSTOOD));
        assertTrue(String.valueOf(refused.getMessage()).contains("update this node"), refused.getMessage());
    }

    @Test
    void aStateFileIsRead() throws Exception {
        Path file = dir.resolve("state-file");
        Files.write(file, golden("state.bin", written()));
        try (ReplicatedState state = ReplicatedState.open(dir.resolve("fresh"))) {
            state.load(file);
            check(state.content());
            assertEquals(2, state.history(10, Optional.empty()).size());
            assertEquals(POOL, state.at(new Revision(1)).orElseThrow().get(new ObjectKey("pools", "app")));
            assertEquals(2, state.at(new Revision(1)).orElseThrow().size());
            assertEquals("Grüße", state.record(new Revision(1)).orElseThrow().reason());
            CommandOutcome again = state.apply(commands().getFirst(), 100).orElseThrow();
            assertEquals(new CommandOutcome(CommandOutcome.Kind.APPLIED, 1, 1), again, "a retry is applied once");
        }
    }

    private byte[] written() throws IOException {
        Path file = dir.resolve("written");
        try (ReplicatedState state = ReplicatedState.open(dir.resolve("origin"))) {
            long index = 0;
            for (Command command : commands()) {
                state.apply(command, ++index);
            }
            state.commit(3);
            try (ReplicatedState.SavedState saved = state.save()) {
                saved.write(file);
            }
            check(state.content());
            return Files.readAllBytes(file);
        }
    }

    private static void check(Content content) {
        assertEquals(5, content.applied());
        assertEquals(new Revision(2), content.state().revision());
        assertEquals(List.of(new ObjectKey("pools", "app")), List.copyOf(content.objects().keySet()));
        assertEquals("10.0.0.1:80", content.state().config().pools().values().iterator().next().targets().getFirst()
                .address().toString());
        assertEquals(AdminState.DRAIN, content.state().adminState(new TargetRef("app", "one")));
        assertEquals("{\"name\":\"lb-1\"}", content.system().get("members/n-1"));
    }

    @Test
    void aLastKnownGoodIsRead() throws Exception {
        Path data = Files.createDirectories(dir.resolve("data"));
        Content content;
        try (ReplicatedState state = ReplicatedState.open(dir.resolve("source"))) {
            state.load(Files.write(dir.resolve("file"), golden("state.bin", written())));
            content = state.content();
        }
        LastKnownGood.write(data, content);
        Path file = data.resolve("last-known-good");
        Files.write(file, golden("last-known-good.bin", Files.readAllBytes(file)));
        ConfigState read = LastKnownGood.read(data).orElseThrow();
        assertTrue(read.isSameAs(content.state()));
        assertEquals(content.state().config(), read.config());
        assertEquals(AdminState.DRAIN, read.adminState(new TargetRef("app", "one")));
    }
}
