package io.halite.proxy.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoopTest {
    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
    void whatTakesLongWaitsForTheRestOfTheTurnAndIsDoneALittleAtATime(Engine engine) throws Exception {
        AtomicLong clock = new AtomicLong(1);
        List<String> done = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        Loop loop = Loop.start(0, engine, new SocketBudget(100), clock::get);
        try {
            loop.execute(() -> {
                loop.toil(() -> {
                    done.add("short");
                    loop.execute(() -> done.add("task of another turn"));
                });
                loop.toil(() -> {
                    clock.addAndGet(Duration.ofSeconds(1).toNanos());
                    done.add("long");
                });
                loop.toil(() -> {
                    done.add("last");
                    end.complete(null);
                });
                loop.execute(() -> done.add("task of this turn"));
            });
            end.get(2, TimeUnit.MINUTES);
        } finally {
            loop.stop();
        }
        assertEquals(List.of("task of this turn", "short", "long", "task of another turn", "last"), done);
    }
}
