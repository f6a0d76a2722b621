package io.halite.dns;

import io.halite.dns.render.NameContent;
import io.halite.dns.render.ZoneContent;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.Serving;
import io.halite.dns.wire.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Queries answered for practice, so that the compiler has seen the fast path before the first client does. */
final class WarmUp {
    private static final int MOST_NAMES = 100;
    /** Room for a query and the answer in its place. */
    private static final long SLOT = FastPath.MAX_UDP + 512L + Bytes.PADDING;

    private WarmUp() {}

    /** Answers so many queries about the zones by batches, as workers do. */
    static void run(FastPath path, Serving serving, Collection<ZoneContent> zones, int count) {
        List<byte[]> queries = queries(zones);
        if (queries.isEmpty()) {
            return;
        }
        path.client().set(InetAddress.getLoopbackAddress());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment messages = arena.allocate(SLOT * FastPath.MAX_BATCH);
            for (int done = 0; done < count; done += FastPath.MAX_BATCH) {
                path.begin(serving.table(), serving.secrets());
                answerBatch(path, messages, queries, done);
            }
        }
    }

    private static void answerBatch(FastPath path, MemorySegment messages, List<byte[]> queries, int first) {
        for (int i = 0; i < FastPath.MAX_BATCH; i++) {
            byte[] query = queries.get((first + i) % queries.size());
            MemorySegment.copy(query, 0, messages, ValueLayout.JAVA_BYTE, i * SLOT, query.length);
            path.foresee(i, messages, i * SLOT, query.length);
        }
        path.readAhead(FastPath.MAX_BATCH);
        for (int i = 0; i < FastPath.MAX_BATCH; i++) {
            path.answerForeseen(i, messages, i * SLOT, queries.get((first + i) % queries.size()).length);
        }
    }

    private static List<byte[]> queries(Collection<ZoneContent> zones) {
        List<byte[]> queries = new ArrayList<>();
        for (ZoneContent zone : zones) {
            zone.names().stream().limit(MOST_NAMES).map(NameContent::name).forEach(name -> {
                queries.add(query(name, Type.A));
                queries.add(query(name, Type.AAAA));
                queries.add(query(name, Type.HTTPS));
            });
            queries.add(query(Name.fromConstantString("warm-up.invalid."), Type.A));
        }
        return queries;
    }

    private static byte[] query(Name name, int type) {
        Message message = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        List<EDNSOption> options = List.of(new CookieOption(new byte[8]));
        message.addRecord(new OPTRecord(FastPath.MAX_UDP, 0, 0, 0, options), Section.ADDITIONAL);
        return message.toWire();
    }
}
