package io.halite.config.raft;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine for each node of a test: a network namespace with an address of its own on a common bridge, which drops what
 * it is told to, and a file system of its own, which can be frozen. So packets are really lost and sent again by TCP, and
 * what a process writes and syncs really waits. Needs root. Confined to one thread.
 */
final class FaultyMachines implements AutoCloseable {
    private static final String NET = "10.213.0.";
    private static final Duration FREEZE = Duration.ofMillis(150);
    private static final Duration THAW = Duration.ofMillis(30);

    private final String prefix = "hlt" + ProcessHandle.current().pid() + "-";
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<Path> disks = new ArrayList<>();

    /** Skips the test where this user or machine cannot do it. */
    static FaultyMachines create() throws Exception {
        for (String program : List.of("ip", "nft", "mkfs.ext4", "fsfreeze", "mount")) {
            assumeTrue(isDone("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin command -v " + program),
                    "skipped: needs " + program + " (Debian: iproute2, nftables, e2fsprogs, util-linux)");
        }
        FaultyMachines machines = new FaultyMachines();
        assumeTrue(isDone("ip", "netns", "add", machines.hub()), "skipped: needs root to make a network namespace");
        try {
            machines.inHub("ip", "link", "add", "br0", "type", "bridge");
            machines.inHub("ip", "link", "set", "br0", "up");
            machines.filter("table bridge faults {\nchain forward {\ntype filter hook forward priority 0;\n}\n}");
            return machines;
        } catch (IOException | RuntimeException e) {
            machines.close();
            throw e;
        }
    }

    private String hub() {
        return prefix + "hub";
    }

    private String namespace(int number) {
        return prefix + number;
    }

    private void inHub(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", hub()));
        all.addAll(List.of(command));
        run(all.toArray(String[]::new));
    }

    /** Moves a member that is not running to a machine of its own, and says where it is then. */
    FaultCluster.Made move(FaultCluster.Made member) throws Exception {
        int number = numbers.size() + 1;
        numbers.put(member.id(), number);
        run("ip", "netns", "add", namespace(number));
        run("ip", "-n", hub(), "link", "add", "p" + number, "type", "veth", "peer", "name", "eth0", "netns",
                namespace(number));
        run("ip", "-n", hub(), "link", "set", "p" + number, "master", "br0", "up");
        run("ip", "-n", namespace(number), "addr", "add", NET + number + "/24", "dev", "eth0");
        run("ip", "-n", namespace(number), "link", "set", "eth0", "up");
        run("ip", "-n", namespace(number), "link", "set", "lo", "up");
        Path image = member.path().resolveSibling("image-" + number);
        Path disk = Files.createDirectory(member.path().resolveSibling("disk-" + number));
        run("truncate", "-s", "256M", image.toString());
        run("mkfs.ext4", "-q", image.toString());
        run("mount", "-o", "loop", image.toString(), disk.toString());
        disks.add(disk);
        run("cp", "-a", member.path().toString(), disk.resolve("data").toString());
        return new FaultCluster.Made(member.id(), member.name(), disk.resolve("data"), member.port());
    }

    /** The command that runs another on a member's machine. */
    List<String> within(String id) {
        return List.of("ip", "netns", "exec", namespace(number(id)));
    }

    String address(String id) {
        return NET + number(id);
    }

    private int number(String id) {
        return Objects.requireNonNull(numbers.get(id), id);
    }

    /** Nothing goes from the one to the other. */
    void cut(String from, String to) throws Exception {
        filter("add rule bridge faults forward ip saddr " + address(from) + " ip daddr " + address(to) + " drop");
    }

    /** Nothing goes between these and the others. */
    void split(Collection<String> some, Collection<String> others) throws Exception {
        for (String one : some) {
            for (String other : others) {
                cut(one, other);
                cut(other, one);
            }
        }
    }

    /** So many of a hundred packets are lost, wherever they go. */
    void lose(int percent) throws Exception {
        filter("add rule bridge faults forward meta protocol ip numgen random mod 100 < " + percent + " drop");
    }

    /** The network is whole again. */
    void heal() throws Exception {
        filter("flush chain bridge faults forward");
    }

    private void filter(String rules) throws Exception {
        Path file = Files.createTempFile("rules", ".nft");
        Files.writeString(file, rules + "\n", StandardCharsets.US_ASCII);
        inHub("nft", "-f", file.toString());
        Files.delete(file);
    }

    /** For so long the disk of a member does its work in short spurts only. */
    void slowDisk(String id, Duration hold) throws Exception {
        for (long left = hold.toMillis(); left > 0; left -= FREEZE.plus(THAW).toMillis()) {
            hangDisk(id, FREEZE);
            LockSupport.parkNanos(THAW.toNanos());
        }
    }

    /** For so long the disk of a member does nothing. */
    void hangDisk(String id, Duration hold) throws Exception {
        String disk = disks.get(number(id) - 1).toString();
        run("fsfreeze", "-f", disk);
        try {
            LockSupport.parkNanos(hold.toNanos());
        } finally {
            run("fsfreeze", "-u", disk);
        }
    }

    private static boolean isDone(String... command) throws Exception {
        return execute(command).exitValue() == 0;
    }

    private static void run(String... command) throws Exception {
        Process process = execute(command);
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + new String(process.getInputStream().readAllBytes(),
                    StandardCharsets.UTF_8));
        }
    }

    private static Process execute(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + ":" + more);
        Process process = builder.start();
        process.waitFor();
        return process;
    }

    @Override
    public void close() throws IOException {
        try {
            for (Path disk : disks) {
                execute("umount", "-l", disk.toString());
            }
            for (int number : numbers.values()) {
                execute("ip", "netns", "del", namespace(number));
            }
            execute("ip", "netns", "del", hub());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
