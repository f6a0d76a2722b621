package io.halite.proxy;

import io.halite.proxy.relay.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** The bare data plane on a document, for measurements: {@code ProxyMain FILE [epoll|selector [LOOPS]]}. */
final class ProxyMain {
    private ProxyMain() {}

    public static void main(String[] arguments) throws Exception {
        Engine engine = arguments.length > 1 ? Engine.valueOf(arguments[1].toUpperCase(Locale.ROOT)) : Engine.AUTO;
        int loops = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        try (TestPlane plane = TestPlane.start(engine, loops)) {
            plane.apply(Files.readString(Path.of(arguments[0]))).forEach(System.err::println);
            plane.plane().listeners().forEach(System.out::println);
            new CountDownLatch(1).await();
        }
    }
}
