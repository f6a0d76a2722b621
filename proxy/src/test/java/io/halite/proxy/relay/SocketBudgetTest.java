package io.halite.proxy.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Descriptors are shared by the loops: the kernel does not deal clients out evenly. */
class SocketBudgetTest {
    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
    void oneLoopTakesWhatTheOthersDoNotNeed(Engine engine) throws Exception {
        SocketBudget budget = new SocketBudget(32);
        Loop busy = Loop.start(0, engine, budget, Ticker.SYSTEM);
        Loop quiet = Loop.start(1, engine, budget, Ticker.SYSTEM);
        List<Socket> clients = new ArrayList<>();
        try {
            InetSocketAddress address = listen(busy);
            // An eighth of all is left for targets, and nothing for the loop that has no clients.
            for (int client = 0; client < 27; client++) {
                clients.add(new Socket(address.getAddress(), address.getPort()));
            }
            await().until(() -> budget.used() == 27);
            assertEquals(0, busy.acceptPauses());

            clients.add(new Socket(address.getAddress(), address.getPort()));
            clients.add(new Socket(address.getAddress(), address.getPort()));
            await().until(() -> busy.acceptPauses() > 0);
            assertEquals(28, budget.used());
            assertTrue(quiet.mayConnect());

            clients.getFirst().close();
            Socket waited = clients.getLast();
            waited.getOutputStream().write('x');
            waited.setSoTimeout(60_000);
            assertEquals('y', waited.getInputStream().read());
            for (Socket client : clients) {
                client.close();
            }
            await().until(() -> budget.used() == 0);
        } finally {
            busy.stop();
            quiet.stop();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static InetSocketAddress listen(Loop loop) throws Exception {
        FutureTask<InetSocketAddress> opening = new FutureTask<>(() -> loop.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64, SocketBudgetTest::answerEachByte).address());
        loop.execute(opening);
        return opening.get();
    }

    private static void answerEachByte(Connection accepted) {
        accepted.handler(new ConnectionHandler() {
            @Override
            public void connectFailed(Connection connection, ConnectFailure failure) {}

            @Override
            public void readable(Connection connection) {
                IoBuffer input = connection.loop().input();
                if (connection.read(input, 0, 1) < 0) {
                    connection.close();
                } else {
                    input.bytes()[0] = 'y';
                    connection.send(input, 0, 1);
                }
            }

            @Override
            public void drained(Connection connection) {}
        });
        accepted.reading(true);
    }
}
