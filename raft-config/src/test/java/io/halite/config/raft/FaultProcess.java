package io.halite.config.raft;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A {@link FaultNode} as its tormentor sees it: killed, stopped, started again, and asked. Safe for use by many threads. */
final class FaultProcess implements AutoCloseable {
    final String id;
    final String name;
    private final Path directory;
    private final Place place;
    private final AtomicLong lastCommand = new AtomicLong();
    private volatile @Nullable Process process;
    private volatile Map<Long, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();

    /**
     * Where and how it runs.
     *
     * @param within the command that runs it elsewhere, as in a network namespace; empty for here
     * @param ways where it dials the others: {@code NODE=ADDRESS:PORT,...}
     */
    record Place(List<String> within, String address, int port, String ways, Duration electionTimeout) {
        Place {
            within = List.copyOf(within);
        }
    }

    FaultProcess(FaultCluster.Made made, Place place) {
        this.id = made.id();
        this.name = made.name();
        this.directory = made.path();
        this.place = place;
    }

    /** Starts it and returns at once. */
    void start() throws IOException {
        Map<Long, CompletableFuture<String>> mine = new ConcurrentHashMap<>();
        ProcessBuilder builder = KillTest.java(FaultNode.class, directory.toString(), place.address(),
                Integer.toString(place.port()), place.ways(), Long.toString(place.electionTimeout().toMillis()));
        builder.command().addAll(0, place.within());
        Process started = builder.redirectError(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
        waiting = mine;
        process = started;
        Thread.ofVirtual().start(() -> listen(started, mine));
    }

    /** What it says on standard error. */
    Path log() {
        return directory.resolveSibling(directory.getFileName() + ".log");
    }

    private static void listen(Process process, Map<Long, CompletableFuture<String>> waiting) {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                int space = line.indexOf(' ');
                CompletableFuture<String> answer = waiting.remove(Long.parseLong(line.substring(0, space)));
                if (answer != null) {
                    answer.complete(line.substring(space + 1));
                }
            }
        } catch (IOException e) {
            // It was killed.
        }
        waiting.values().forEach(answer -> answer.complete("unknown"));
    }

    private Process process() {
        return Objects.requireNonNull(process, "it was never started");
    }

    boolean isAlive() {
        return process().isAlive();
    }

    /** Asks and waits; {@code unknown} when no answer came in time, {@code no} when it was not even asked. */
    String ask(String command, Duration limit) throws InterruptedException {
        Process now = process();
        Map<Long, CompletableFuture<String>> mine = waiting;
        if (!now.isAlive()) {
            return "no";
        }
        long number = lastCommand.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        mine.put(number, answer);
        try {
            Writer in = now.outputWriter();
            synchronized (this) {
                in.write(number + " " + command + "\n");
                in.flush();
            }
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | TimeoutException e) {
            return "unknown";
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            mine.remove(number);
        }
    }

    /** As a power cut of this process alone. */
    void kill() {
        process().destroyForcibly();
        process().onExit().join();
    }

    /** Asks it to leave in order. */
    void stop() throws InterruptedException {
        ask("stop", Duration.ofMillis(1));
        if (!process().waitFor(120, TimeUnit.SECONDS)) {
            kill();
        }
    }

    /** It stands still, with all its connections open, until it goes on. */
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process().pid())).start().waitFor();
    }

    @Override
    public void close() {
        Process last = process;
        if (last != null) {
            last.destroyForcibly();
        }
    }
}
