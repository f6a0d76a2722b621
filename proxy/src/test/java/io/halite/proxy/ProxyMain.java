package io.halite.proxy;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.tls.KeySource;
import io.halite.proxy.tls.TlsEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The bare data plane on a document, for measurements: {@code ProxyMain FILE [epoll|selector [LOOPS [openssl|jsse]]]}.
 * A secret is the file of its name beside the document.
 */
final class ProxyMain {
    private ProxyMain() {}

    public static void main(String[] arguments) throws Exception {
        Path document = Path.of(arguments[0]).toAbsolutePath();
        Engine engine = arguments.length > 1 ? Engine.valueOf(arguments[1].toUpperCase(Locale.ROOT)) : Engine.AUTO;
        int loops = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        TlsEngine tls = arguments.length > 3 ? TlsEngine.valueOf(arguments[3].toUpperCase(Locale.ROOT)) : TlsEngine.AUTO;
        KeySource keys = name -> secret(document.resolveSibling(name));
        try (TestPlane plane = TestPlane.start(engine, loops, keys, tls)) {
            plane.apply(Files.readString(document)).forEach(System.err::println);
            plane.plane().listeners().forEach(System.out::println);
            new CountDownLatch(1).await();
        }
    }

    private static Optional<byte[]> secret(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
