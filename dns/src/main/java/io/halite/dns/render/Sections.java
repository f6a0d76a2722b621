package io.halite.dns.render;

import java.util.List;
import org.xbill.DNS.Record;

/** The records of one response, OPT excepted. */
record Sections(List<Record> answer, List<Record> authority, List<Record> additional) {
    Sections {
        answer = List.copyOf(answer);
        authority = List.copyOf(authority);
        additional = List.copyOf(additional);
    }

    static Sections answer(List<Record> records) {
        return new Sections(records, List.of(), List.of());
    }
}
