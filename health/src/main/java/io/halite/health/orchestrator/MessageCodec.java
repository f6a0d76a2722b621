package io.halite.health.orchestrator;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Messages as bytes. Stateless.
 *
 * <p>Format 1: a byte {@code 1}, a byte for the type, then the components in their order. Numbers are varints (seven
 * bits a byte, low first, at most ten bytes), probe ids eight bytes, texts a varint length and UTF-8, lists a varint
 * count and the elements, booleans a byte. A status is: health (byte), reason (the text of its code), evidence, since
 * (milliseconds of the epoch), took (microseconds), weight. An outcome is: verdict (byte), reason, evidence, node, when
 * (milliseconds of the epoch), took (microseconds). Decoders ignore bytes behind the last component, so that a
 * later version can append; a reader that meets another format, a type it does not know, a length beyond
 * {@link WireReader}'s bounds or an early end drops the message.
 */
final class MessageCodec {
    private static final int FORMAT = 1;
    private static final int HELLO = 1;
    private static final int HELD = 2;
    private static final int RENEW = 3;
    private static final int GRANT = 4;
    private static final int ASSIGN = 5;
    private static final int REPORT = 6;
    private static final int VIEW = 7;
    private static final int NUDGE = 8;
    private static final int ASK = 9;
    private static final int TOLD = 10;
    private static final Verdict[] VERDICTS = {Verdict.PASSED, Verdict.FAILED, Verdict.VOIDED};
    private static final Health[] HEALTHS = {Health.UNKNOWN, Health.HEALTHY, Health.UNHEALTHY};

    private MessageCodec() {}

    static byte[] encode(HealthMessage message) {
        WireWriter out = new WireWriter();
        out.number(FORMAT);
        switch (message) {
            case Hello(long term) -> out.number(HELLO).number(term);
            case Held(long term, List<Long> probes, boolean last) ->
                    out.number(HELD).number(term).ids(probes).number(last ? 1 : 0);
            case Renew renew -> out.number(RENEW).number(renew.term()).number(renew.seq()).number(renew.version())
                    .number(renew.viewVersion()).number(renew.latePermille());
            case Grant grant -> {
                out.number(GRANT).number(grant.term()).number(grant.epoch()).number(grant.seq()).number(grant.floor())
                        .number(grant.leaseMillis());
                out.list(grant.roster(), shift -> out.text(shift.node()).number(shift.leftMillis()))
                        .number(grant.complete() ? 1 : 0);
            }
            case Assign assign -> out.number(ASSIGN).number(assign.term()).number(assign.version())
                    .number(assign.base()).ids(assign.added()).ids(assign.removed());
            case Report report -> {
                out.number(REPORT).number(report.term());
                out.list(report.findings(), finding -> status(out.id(finding.probe()), finding.status()));
            }
            case View view -> {
                out.number(VIEW).number(view.term()).number(view.version()).number(view.base());
                out.list(view.entries(), entry -> status(out.id(entry.probe()), entry.status())
                        .list(entry.probers(), out::text));
            }
            case Nudge(long probe) -> out.number(NUDGE).id(probe);
            case Ask(long question, long probe) -> out.number(ASK).number(question).id(probe);
            case Told(long question, ProbeOutcome outcome) -> outcome(out.number(TOLD).number(question), outcome);
        }
        return out.bytes();
    }

    /** The message, or empty when the bytes are none that this version understands. */
    static Optional<HealthMessage> decode(byte[] bytes) {
        try {
            WireReader in = new WireReader(bytes);
            return in.number() == FORMAT ? Optional.ofNullable(decode(in)) : Optional.empty();
        } catch (WireReader.MalformedException malformed) {
            return Optional.empty();
        }
    }

    private static HealthMessage decode(WireReader in) throws WireReader.MalformedException {
        return switch ((int) in.number()) {
            case HELLO -> new Hello(in.number());
            case HELD -> new Held(in.number(), in.ids(), in.number() != 0);
            case RENEW -> new Renew(in.number(), in.number(), in.number(), in.number(), in.smallNumber());
            case GRANT -> new Grant(in.number(), in.number(), in.number(), in.number(), in.smallNumber(),
                    in.list(2, () -> new Shift(in.text(), in.smallNumber())), in.number() != 0);
            case ASSIGN -> new Assign(in.number(), in.number(), in.number(), in.ids(), in.ids());
            case REPORT -> new Report(in.number(), in.list(14, () -> new Finding(in.id(), status(in))));
            case VIEW -> new View(in.number(), in.number(), in.number(),
                    in.list(15, () -> new Entry(in.id(), status(in), in.list(1, in::text))));
            case NUDGE -> new Nudge(in.id());
            case ASK -> new Ask(in.number(), in.id());
            case TOLD -> new Told(in.number(), outcome(in));
            default -> throw new WireReader.MalformedException("an unknown type");
        };
    }

    private static WireWriter status(WireWriter out, ProbeStatus status) {
        int health = List.of(HEALTHS).indexOf(status.health());
        return out.number(health).text(status.reason().code()).text(status.evidence())
                .number(Math.max(0, status.since().toEpochMilli())).number(status.took().toNanos() / 1_000)
                .number(status.weightPercent());
    }

    private static WireWriter outcome(WireWriter out, ProbeOutcome outcome) {
        return out.number(List.of(VERDICTS).indexOf(outcome.verdict())).text(outcome.reason()).text(outcome.message())
                .text(outcome.node()).number(Math.max(0, outcome.at().toEpochMilli()))
                .number(outcome.took().toNanos() / 1_000);
    }

    private static ProbeOutcome outcome(WireReader in) throws WireReader.MalformedException {
        int verdict = in.smallNumber();
        if (verdict >= VERDICTS.length) {
            throw new WireReader.MalformedException("an unknown verdict");
        }
        return new ProbeOutcome(VERDICTS[verdict], in.text(), in.text(), in.text(), Instant.ofEpochMilli(in.smallLong()),
                Duration.ofNanos(Math.multiplyExact(in.smallNumber(), 1_000L)));
    }

    private static ProbeStatus status(WireReader in) throws WireReader.MalformedException {
        int health = in.smallNumber();
        if (health >= HEALTHS.length) {
            throw new WireReader.MalformedException("an unknown health");
        }
        Reason reason = Reason.of(in.text());
        String evidence = in.text();
        Instant since = Instant.ofEpochMilli(in.smallLong());
        Duration took = Duration.ofNanos(Math.multiplyExact(in.smallNumber(), 1_000L));
        return new ProbeStatus(HEALTHS[health], reason, evidence, since, took, in.smallNumber());
    }
}
