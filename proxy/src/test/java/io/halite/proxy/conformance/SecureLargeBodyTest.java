package io.halite.proxy.conformance;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.tls.TlsEngine;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The same for clients that come over TLS: by the best engine over epoll, by the Java runtime's over a selector. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class SecureLargeBodyTest extends LargeBodyTest {
    @Override
    Scene scene(ScriptedTarget target) throws IOException, InterruptedException {
        return Scene.secure(target, engine, engine == Engine.EPOLL ? TlsEngine.AUTO : TlsEngine.JSSE);
    }
}
