package io.halite.dns.testing;

import com.sun.management.ThreadMXBean;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.DnsTraffic;
import io.halite.dns.testing.Configs.Name;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/**
 * A responder to be measured: {@code PORT WORKERS NATIVE|CHANNEL rotate|weighted|geo [ADDRESS [INTERFACE]]}, with 1000 names
 * of that policy; with an interface, its queries are answered from frames.
 */
public final class BenchServer {
    private static final int NAMES = 1000;
    private static final Pattern WORKER = Pattern.compile("dns-(udp|xdp)-.*");

    private BenchServer() {}

    /** Serves until it is killed; prints what it counted whenever a line is put in. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        SortedMap<String, NameSettings> names = new TreeMap<>();
        String policy = arguments.length > 3 ? arguments[3] : "rotate";
        for (int i = 0; i < NAMES; i++) {
            names.put("n" + i, settings(policy, i));
        }
        InetAddress bind =
                arguments.length > 4 ? InetAddress.ofLiteral(arguments[4]) : InetAddress.getLoopbackAddress();
        DnsSettings settings = DnsSettings.of(bind, Integer.parseInt(arguments[0]))
                .with(Engine.valueOf(arguments[2]), Integer.parseInt(arguments[1])).withLimit(0, 0, List.of())
                .withFrames(List.of(arguments).subList(Math.min(5, arguments.length), arguments.length));
        DnsResponder responder = Responders.start(settings, Configs.empty().zone("bench.test",
                        Configs.withMap(Configs.zone(Policy.ROUND_ROBIN, names), "sites", SampleZones.MAP)).state(),
                FakeNodes.at("192.0.2.1", "192.0.2.2"), new FakeHealth());
        System.out.println("ready " + responder.address().orElseThrow().getPort() + " " + responder.engine()
                + responder.degraded().map(why -> " " + why).orElse(""));
        while (System.in.read() >= 0) {
            DnsTraffic traffic = responder.traffic();
            System.out.println("traffic " + traffic.total() + " batches " + traffic.batches() + " datagrams "
                    + traffic.datagrams() + " allocated " + allocatedByWorkers());
        }
        new CountDownLatch(1).await();
    }

    /** Bytes that the workers of this process have allocated so far. */
    public static long allocatedByWorkers() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = threads.getThreadInfo(id);
            if (thread != null && WORKER.matcher(thread.getThreadName()).matches()) {
                sum += threads.getThreadAllocatedBytes(id);
            }
        }
        return sum;
    }

    private static NameSettings settings(String policy, int i) {
        String net = "10.0." + i / 250 + "." + i % 250;
        return switch (policy) {
            case "weighted" -> Name.of(Policy.WEIGHTED)
                    .over(Configs.addresses(net + "=50", "10.1.0.1=30", "10.1.0.2=15", "10.1.0.3=5")).settings();
            case "geo" -> Name.of(Policy.GEO)
                    .region("eu", Policy.WEIGHTED, Configs.addresses(net + "=50", "10.1.0.1=30"))
                    .region("us", Policy.WEIGHTED, Configs.addresses(net + "=50", "10.1.0.2=30"))
                    .region("asia", Policy.WEIGHTED, Configs.addresses(net + "=50", "10.1.0.3=30")).settings();
            default -> Name.of(Policy.ROUND_ROBIN)
                    .over(Configs.addresses(net, "10.1.0.1", "10.1.0.2", "10.1.0.3")).settings();
        };
    }
}
