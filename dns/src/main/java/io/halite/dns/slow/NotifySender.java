package io.halite.dns.slow;

import io.halite.config.HostPort;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;

/**
 * Tells secondaries that a zone has a new serial (RFC 1996), each on a virtual thread of its own, a few times until it
 * answers. Owned by the compiling thread.
 */
public final class NotifySender {
    private static final System.Logger LOGGER = System.getLogger(NotifySender.class.getName());
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final int TRIES = 4;

    private final Map<Name, Long> serials = new HashMap<>();

    /** Notes the zones of a new table and tells the secondaries of those whose serial is new. */
    public void tell(Collection<TransferZone> zones) {
        serials.keySet().retainAll(zones.stream().map(TransferZone::apex).toList());
        for (TransferZone zone : zones) {
            Long before = serials.put(zone.apex(), zone.soa().getSerial());
            if (before == null || before != zone.soa().getSerial()) {
                zone.secondaries().forEach(secondary -> Thread.ofVirtual().name("dns-notify-" + secondary)
                        .start(() -> tell(zone, secondary)));
            }
        }
    }

    private static void tell(TransferZone zone, HostPort secondary) {
        for (int tries = 1; tries <= TRIES; tries++) {
            try {
                InetAddress address = InetAddress.getAllByName(secondary.host())[0];
                SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(address, secondary.port()));
                resolver.setTimeout(WAIT);
                resolver.setTSIGKey(zone.key());
                Message answer = resolver.send(message(zone.soa()));
                boolean isTaken = answer.getRcode() == Rcode.NOERROR;
                LOGGER.log(isTaken ? Level.DEBUG : Level.WARNING, "dns secondary {0} zone={1} secondary={2} rcode={3}",
                        isTaken ? "told" : "refuses to be told", zone.apex(), secondary, Rcode.string(answer.getRcode()));
                return;
            } catch (IOException e) {
                LOGGER.log(Level.DEBUG, "dns secondary does not answer zone={0} secondary={1} try={2}", zone.apex(),
                        secondary, tries);
            }
        }
        LOGGER.log(Level.WARNING, "dns secondary not told zone={0} secondary={1}", zone.apex(), secondary);
    }

    private static Message message(SOARecord soa) {
        Message message = Message.newQuery(Record.newRecord(soa.getName(), soa.getType(),
                soa.getDClass()));
        message.getHeader().setOpcode(Opcode.NOTIFY);
        message.getHeader().unsetFlag(Flags.RD);
        message.getHeader().setFlag(Flags.AA);
        message.addRecord(soa, Section.ANSWER);
        return message;
    }
}
