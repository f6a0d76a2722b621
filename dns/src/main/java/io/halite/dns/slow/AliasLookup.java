package io.halite.dns.slow;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Looks the addresses of a name up, once. */
@FunctionalInterface
public interface AliasLookup {

    /**
     * What a resolver said.
     *
     * @param ttl the shortest of the records that led there
     */
    record Found(List<InetAddress> addresses, Duration ttl) {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** The addresses of both families of an absolute name without a final dot. */
    Found lookup(String name) throws IOException;

    /** By asking the resolvers that this machine has at the time. */
    static AliasLookup bySystem() {
        return name -> by(SystemResolver.now()).lookup(name);
    }

    /** By asking a resolver. */
    static AliasLookup by(Resolver resolver) {
        return name -> {
            List<InetAddress> addresses = new ArrayList<>();
            long ttl = Long.MAX_VALUE;
            for (int type : new int[] {Type.A, Type.AAAA}) {
                Record question = Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN);
                Message answer = resolver.send(Message.newQuery(question));
                if (answer.getRcode() != Rcode.NOERROR) {
                    throw new IOException(name + " is answered with " + Rcode.string(answer.getRcode()));
                }
                for (Record record : answer.getSection(Section.ANSWER)) {
                    ttl = Math.min(ttl, record.getTTL());
                    switch (record) {
                        case ARecord four -> addresses.add(four.getAddress());
                        case AAAARecord six -> addresses.add(six.getAddress());
                        default -> { }
                    }
                }
            }
            if (addresses.isEmpty()) {
                throw new IOException(name + " has no address");
            }
            return new Found(addresses, Duration.ofSeconds(ttl));
        };
    }
}
