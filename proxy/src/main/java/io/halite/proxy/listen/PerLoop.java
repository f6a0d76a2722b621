package io.halite.proxy.listen;

import io.halite.proxy.relay.HandedSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The parts that share one address, at least one in each loop: opened all or none, and each touched by its loop's thread
 * only. A process that had another number of loops hands over another number of sockets: a loop may have several.
 */
final class PerLoop<T> {
    private static final System.Logger LOGGER = System.getLogger(PerLoop.class.getName());

    private final List<Part<T>> parts = new ArrayList<>();
    private InetSocketAddress address;

    private record Part<T>(RelayLoop loop, T item) {}

    /** Opens the socket of a part, on the thread of its loop. */
    @FunctionalInterface
    interface Opener<T> {
        /**
         * Where it is bound then.
         *
         * @param socket of another process; null for one to be opened
         */
        InetSocketAddress open(T item, InetSocketAddress where, @Nullable HandedSocket socket) throws IOException;
    }

    private PerLoop(InetSocketAddress address) {
        this.address = address;
    }

    /**
     * Opens all or none; with port 0 all get the port that the system gave the first.
     *
     * @param handed sockets of another process, which come before those that are opened; closed when this fails
     */
    static <T> PerLoop<T> open(List<RelayLoop> loops, InetSocketAddress wanted, List<HandedSocket> handed,
            Function<RelayLoop, T> parts, Opener<T> opener, Consumer<T> closer)
            throws IOException, InterruptedException {
        PerLoop<T> opened = new PerLoop<>(wanted);
        int count = Math.max(loops.size(), handed.size());
        for (int at = 0; at < count; at++) {
            RelayLoop loop = loops.get(at % loops.size());
            T item = parts.apply(loop);
            InetSocketAddress where = opened.address;
            HandedSocket socket = at < handed.size() ? handed.get(at) : null;
            try {
                opened.address = loop.ask(() -> opener.open(item, where, socket));
                opened.parts.add(new Part<>(loop, item));
            } catch (ExecutionException failed) {
                opened.tellAll(closer);
                handed.stream().skip(at).forEach(HandedSocket::close);
                if (failed.getCause() instanceof IOException cause) {
                    throw cause;
                }
                throw new IOException(failed.getMessage(), failed);
            }
        }
        return opened;
    }

    /** Where all of them are bound. */
    InetSocketAddress address() {
        return address;
    }

    /** Has each told something, and does not wait. */
    void tellSoon(BiConsumer<RelayLoop, T> what) {
        for (Part<T> part : parts) {
            part.loop().loop().execute(() -> what.accept(part.loop(), part.item()));
        }
    }

    /** Tells each something; returns when all have heard it. */
    void tellAll(Consumer<T> what) throws InterruptedException {
        for (Part<T> part : parts) {
            try {
                part.loop().ask(() -> {
                    what.accept(part.item());
                    return part;
                });
            } catch (ExecutionException stuck) {
                // The task stays with the loop: it is done when that answers again.
                LOGGER.log(System.Logger.Level.WARNING, "sockets not reached in time loop="
                        + part.loop().loop().index());
            }
        }
    }

    /** Asks each for a number; of a loop that does not answer it is taken to be {@code unknown}. */
    List<Integer> askAll(ToIntFunction<T> question, int unknown) throws InterruptedException {
        List<Integer> answers = new ArrayList<>();
        for (Part<T> part : parts) {
            try {
                answers.add(part.loop().ask(() -> question.applyAsInt(part.item())));
            } catch (ExecutionException stuck) {
                answers.add(unknown);
            }
        }
        return answers;
    }

    /** The sum of what each answers; a loop that does not answer has something left. */
    int sum(ToIntFunction<T> question) throws InterruptedException {
        return askAll(question, 1).stream().mapToInt(Integer::intValue).sum();
    }
}
