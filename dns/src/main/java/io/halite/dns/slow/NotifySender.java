package io.halite.dns.slow;

import io.halite.config.HostPort;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
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
 * Tells secondaries that a zone has a new serial (RFC 1996), each on a virtual thread of its own. One that does not answer
 * is told again after a growing pause, until there is a newer serial to tell or it is time for it to ask by itself.
 */
public final class NotifySender implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(NotifySender.class.getName());
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** So many times in a row a secondary may be silent before the log says so. */
    private static final int MISSES = 3;

    private final InetAddress bind;
    private final Map<Name, Long> serials = new ConcurrentHashMap<>();
    private final Map<Link, Integer> misses = new ConcurrentHashMap<>();

    /** Who is told of what. */
    private record Link(Name apex, HostPort secondary) {}

    /**
     * A sender that has told nobody yet.
     *
     * @param bind where the zones are served: one address is where secondaries expect to be told from
     */
    public NotifySender(InetAddress bind) {
        this.bind = bind;
    }

    /** Notes the zones of a new table and tells the secondaries of those whose serial is new; for one thread at a time. */
    public void tell(Collection<TransferZone> zones) {
        serials.keySet().retainAll(zones.stream().map(TransferZone::apex).toList());
        misses.keySet().removeIf(link -> !serials.containsKey(link.apex()));
        for (TransferZone zone : zones) {
            Long before = serials.put(zone.apex(), zone.soa().getSerial());
            if (before == null || before != zone.soa().getSerial()) {
                zone.secondaries().forEach(secondary -> Thread.ofVirtual().name("dns-notify-" + secondary)
                        .start(() -> tell(zone, secondary)));
            }
        }
    }

    private void tell(TransferZone zone, HostPort secondary) {
        Duration asksItself = Duration.ofSeconds(zone.soa().getRefresh());
        Duration pause = FIRST_PAUSE;
        for (Duration paused = Duration.ZERO; isCurrent(zone) && paused.compareTo(asksItself) < 0;
                paused = paused.plus(pause)) {
            if (isTold(zone, secondary)) {
                return;
            }
            pause = paused.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private boolean isCurrent(TransferZone zone) {
        return Long.valueOf(zone.soa().getSerial()).equals(serials.get(zone.apex()));
    }

    /** Whether the secondary has answered, be it that it will not hear. */
    private boolean isTold(TransferZone zone, HostPort secondary) {
        Link link = new Link(zone.apex(), secondary);
        try {
            InetAddress address = InetAddress.getAllByName(secondary.host())[0];
            SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(address, secondary.port()));
            resolver.setTimeout(WAIT);
            resolver.setTSIGKey(zone.key());
            if (!bind.isAnyLocalAddress() && bind.getClass() == address.getClass()) {
                resolver.setLocalAddress(bind);
            }
            Message answer = resolver.send(message(zone.soa()));
            misses.remove(link);
            boolean isTaken = answer.getRcode() == Rcode.NOERROR;
            LOGGER.log(isTaken ? Level.DEBUG : Level.WARNING, "dns secondary {0} zone={1} secondary={2} rcode={3}",
                    isTaken ? "told" : "refuses to be told", zone.apex(), secondary, Rcode.string(answer.getRcode()));
            return true;
        } catch (IOException e) {
            int inARow = misses.merge(link, 1, Integer::sum);
            LOGGER.log(inARow == MISSES ? Level.WARNING : Level.DEBUG,
                    "dns secondary does not answer, told again later zone={0} secondary={1} tries={2}", zone.apex(),
                    secondary, inARow);
            return false;
        }
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

    /** Nobody is told again. */
    @Override
    public void close() {
        serials.clear();
    }
}
