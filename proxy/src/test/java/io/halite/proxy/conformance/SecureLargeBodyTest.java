package io.halite.proxy.conformance;

import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The same for clients that come over TLS. */
@ParameterizedClass
@EnumSource(value = Engine.class, names = {"EPOLL", "SELECTOR"})
class SecureLargeBodyTest extends LargeBodyTest {
    @Override
    Scene scene(ScriptedTarget target) throws IOException, InterruptedException {
        return Scene.secure(target, engine);
    }
}
