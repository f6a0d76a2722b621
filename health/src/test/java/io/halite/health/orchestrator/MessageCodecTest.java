package io.halite.health.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.health.Health;
import io.halite.health.ProbeOutcome;
import io.halite.health.Reason;
import io.halite.health.Verdict;
import io.halite.health.orchestrator.HealthMessage.Ask;
import io.halite.health.orchestrator.HealthMessage.Assign;
import io.halite.health.orchestrator.HealthMessage.Entry;
import io.halite.health.orchestrator.HealthMessage.Finding;
import io.halite.health.orchestrator.HealthMessage.Grant;
import io.halite.health.orchestrator.HealthMessage.Held;
import io.halite.health.orchestrator.HealthMessage.Hello;
import io.halite.health.orchestrator.HealthMessage.Nudge;
import io.halite.health.orchestrator.HealthMessage.Renew;
import io.halite.health.orchestrator.HealthMessage.Report;
import io.halite.health.orchestrator.HealthMessage.Shift;
import io.halite.health.orchestrator.HealthMessage.Told;
import io.halite.health.orchestrator.HealthMessage.View;
import io.halite.health.probe.ProbeStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final List<Health> HEALTHS = List.of(Health.values());
    private static final List<Reason> REASONS = List.of(Reason.values());
    private static final ProbeStatus DOWN = new ProbeStatus(
            Health.UNHEALTHY, Reason.TIMEOUT, "no answer", Instant.ofEpochMilli(1_000), Duration.ofMillis(3), 100);

    private static HealthMessage random(Random random) {
        long a = random.nextLong() >>> 1;
        long b = random.nextInt(1_000);
        return switch (random.nextInt(10)) {
            case 0 -> new Hello(a);
            case 1 -> new Held(a, list(random, random::nextLong), random.nextBoolean());
            case 2 -> new Renew(a, b, b + 1, a >>> 20, random.nextInt(1_001));
            case 3 -> new Grant(a, b, b, b, random.nextInt(10_000),
                    list(random, () -> new Shift(text(random), random.nextInt(5_000))), random.nextBoolean());
            case 4 -> new Assign(a, b, b + 1, list(random, random::nextLong), list(random, random::nextLong));
            case 5 -> new Report(a, list(random, () -> new Finding(random.nextLong(), status(random))));
            case 6 -> new View(a, b, b + 1,
                    list(random, () -> new Entry(random.nextLong(), status(random), list(random, () -> text(random)))));
            case 7 -> new Ask(a, random.nextLong());
            case 8 -> new Told(a, new ProbeOutcome(
                    random.nextBoolean() ? Verdict.PASSED : Verdict.VOIDED, text(random), text(random),
                    text(random), Instant.ofEpochMilli(random.nextInt() & 0x7FFF_FFFFL),
                    Duration.ofNanos(random.nextInt(1_000_000) * 1_000L)));
            default -> new Nudge(random.nextLong());
        };
    }

    private static <T> List<T> list(Random random, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private static String text(Random random) {
        return "täxt ✓".repeat(random.nextInt(5));
    }

    private static ProbeStatus status(Random random) {
        return new ProbeStatus(HEALTHS.get(random.nextInt(HEALTHS.size())),
                REASONS.get(random.nextInt(REASONS.size())), text(random),
                Instant.ofEpochMilli(random.nextInt() & 0x7FFF_FFFFL),
                Duration.ofNanos(random.nextInt(1_000_000) * 1_000L), random.nextInt(257));
    }

    @Test
    void everyMessageComesBackAsItWas() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            HealthMessage message = random(random);
            assertEquals(Optional.of(message), MessageCodec.decode(MessageCodec.encode(message)), "seed " + seed);
        }
    }

    @Test
    void theFormatIsWrittenDown() {
        assertEquals("0101aa01", HexFormat.of().formatHex(MessageCodec.encode(new Hello(170))));
        assertEquals("010600" + "01" + "0000000000000007" + "02" + "0e" + HexFormat.of().formatHex("Target.Timeout".getBytes(
                StandardCharsets.UTF_8)) + "09" + HexFormat.of().formatHex("no answer".getBytes(
                        StandardCharsets.UTF_8)) + "e807" + "b817" + "64",
                HexFormat.of().formatHex(MessageCodec.encode(new Report(0, List.of(new Finding(7, DOWN))))));
    }

    @Test
    void aFindingTakesFewBytes() {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            findings.add(new Finding(i, DOWN));
        }
        int bytes = MessageCodec.encode(new Report(3, findings)).length;
        assertTrue(bytes < 45_000, "1,000 findings take " + bytes);
    }

    @Test
    void bytesBehindTheEndAreALaterVersions() {
        byte[] bytes = MessageCodec.encode(new Hello(5));
        assertEquals(Optional.of(new Hello(5)), MessageCodec.decode(Arrays.copyOf(bytes, bytes.length + 7)));
    }

    @Test
    void anotherFormatAndUnknownTypesAreDropped() {
        assertEquals(Optional.empty(), MessageCodec.decode(new byte[] {2, 1, 5}));
        assertEquals(Optional.empty(), MessageCodec.decode(new byte[] {1, 99, 5}));
        assertEquals(Optional.empty(), MessageCodec.decode(new byte[0]));
    }

    @Test
    void noBytesWhateverTheyAreBreakTheDecoder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = MessageCodec.encode(random(random));
            if (random.nextInt(4) == 0) {
                random.nextBytes(bytes);
                bytes[0] = 1;
            }
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            Optional<HealthMessage> decoded = MessageCodec.decode(cut);
            decoded.ifPresent(message -> assertTrue(MessageCodec.encode(message).length <= cut.length + 64 + 8 * cut.length,
                    "seed " + seed));
        }
    }

    @Test
    void aListCannotClaimMoreThanThereIs() {
        // A Held of 2^28 ids in a message of eight bytes.
        byte[] bytes = {1, 2, 5, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 0};
        assertEquals(Optional.empty(), MessageCodec.decode(bytes));
    }

    @Test
    void overlongEvidenceIsCutNotRefused() {
        ProbeStatus wordy = new ProbeStatus(
                Health.HEALTHY, Reason.NONE, "✓".repeat(5_000), Instant.EPOCH, Duration.ZERO, 100);
        HealthMessage back = MessageCodec.decode(MessageCodec.encode(new Report(1, List.of(new Finding(1, wordy)))))
                .orElseThrow();
        assertTrue(back instanceof Report report && report.findings().getFirst().status().evidence().endsWith("…"));
    }
}
