package io.halite.dns.testing;

import io.halite.config.Ticker;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSecrets;
import io.halite.dns.DnsSettings;
import io.halite.dns.DnsSettings.Engine;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Responders on a free port of loopback, and questions to them over real sockets. */
public final class Responders {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Responders() {}

    /** Settings for a test: any port of 127.0.0.1, no warm-up. */
    public static DnsSettings settings(Engine engine, int workers) {
        return DnsSettings.of(InetAddress.getLoopbackAddress(), 0).with(engine, workers).withWarmUp(0);
    }

    /** A responder at work. */
    public static DnsResponder start(DnsSettings settings, ConfigState state, FakeNodes nodes, FakeHealth health) {
        return start(settings, state, nodes, health, DnsSecrets.NONE);
    }

    /** A responder at work that has secrets. */
    public static DnsResponder start(
            DnsSettings settings, ConfigState state, FakeNodes nodes, FakeHealth health, DnsSecrets secrets) {
        return start(settings, state, nodes, health, secrets, InstantSource.system());
    }

    /** The same by a clock of the test. */
    public static DnsResponder start(
            DnsSettings settings, ConfigState state, FakeNodes nodes, FakeHealth health, DnsSecrets secrets,
            InstantSource clock) {
        DnsResponder responder = new DnsResponder(settings, health, nodes, secrets, Ticker.SYSTEM, clock);
        responder.activate(state);
        return responder;
    }

    /** A query without EDNS. */
    public static Message query(String name, int type) {
        try {
            return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A query with EDNS. */
    public static Message ednsQuery(String name, int type) {
        Message query = query(name, type);
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return query;
    }

    /** Asks over UDP, and TCP when told to. */
    public static Message ask(DnsResponder responder, Message query, boolean overTcp) throws IOException {
        InetSocketAddress address = responder.address().orElseThrow();
        SimpleResolver resolver = new SimpleResolver(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
        resolver.setTimeout(LIMIT);
        resolver.setTCP(overTcp);
        resolver.setIgnoreTruncation(true);
        return resolver.send(query);
    }

    /** Asks for a name and type over UDP. */
    public static Message ask(DnsResponder responder, String name, String type) throws IOException {
        return ask(responder, query(name, Type.value(type)), false);
    }

    /** Sends bytes and returns the bytes that come back. */
    public static byte[] exchange(DnsResponder responder, byte[] query) throws IOException {
        return exchange(responder, query, 1).getFirst();
    }

    /** The same so many times, one after the other. */
    public static List<byte[]> exchange(DnsResponder responder, byte[] query, int times) throws IOException {
        InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(),
                responder.address().orElseThrow().getPort());
        List<byte[]> answers = new ArrayList<>();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            for (int i = 0; i < times; i++) {
                socket.send(new DatagramPacket(query, query.length, to));
                socket.receive(packet);
                answers.add(Arrays.copyOf(packet.getData(), packet.getLength()));
                packet.setLength(4096);
            }
        }
        return answers;
    }

    /** A query on behalf of a client network. */
    public static byte[] query(String name, int type, InetAddress subnet, int prefix) {
        Message query = query(name, type);
        query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(new ClientSubnetOption(prefix, subnet))),
                Section.ADDITIONAL);
        return query.toWire();
    }
}
