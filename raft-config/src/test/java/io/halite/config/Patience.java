package io.halite.config;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** How long a test waits where it does not say: a busy machine is no failure. JUnit finds it by its service file. */
public final class Patience implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
        // By default it fails whichever test happens to wait for what any thread of the tests beside it throws.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }
}
