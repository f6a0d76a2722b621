package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets as a real library speaks them, in front of us and behind us: messages of every size, pings, and the end. */
@Tag("peers")
class WebSocketPeersTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String SERVER = """
            import asyncio, sys, websockets
            async def echo(socket, *path):
                async for message in socket:
                    await socket.send(message)
            async def main():
                async with websockets.serve(echo, '127.0.0.1', int(sys.argv[1]), max_size=2 ** 24):
                    await asyncio.Future()
            asyncio.run(main())
            """;
    private static final String CLIENT = """
            import asyncio, sys, websockets
            async def one(number):
                async with websockets.connect(f'ws://127.0.0.1:{sys.argv[1]}/chat', max_size=2 ** 24) as socket:
                    for size in (0, 1, 125, 126, 65535, 65536, 3000000):
                        await socket.send(bytes([number]) * size)
                        assert await socket.recv() == bytes([number]) * size
                    await (await socket.ping())
                    await socket.send('bye')
                    assert await socket.recv() == 'bye'
            async def main():
                await asyncio.gather(*(one(number) for number in range(20)))
                print('all came back')
            asyncio.run(main())
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(value = Engine.class, names = {"AUTO", "SELECTOR"})
    void messagesPass(Engine engine) throws Exception {
        Peer.need("python3-websockets", PYTHON, "-c", "import websockets");
        Path server = Files.writeString(directory.resolve("server.py"), SERVER);
        Path client = Files.writeString(directory.resolve("client.py"), CLIENT);
        int port = Peer.freePort();
        try (Peer _ = Peer.listening(port, PYTHON, server.toString(), String.valueOf(port));
                TestPlane plane = TestPlane.start(engine, 1)) {
            plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                        routes: [ { forward: app } ]
                    pools: { app: { check: none, targets: [ "127.0.0.1:%d" ] } }
                    """.formatted(port));
            assertEquals("all came back\n", Peer.run(60, PYTHON, client.toString(),
                    String.valueOf(plane.port("shop/web"))));
        }
    }
}
