package io.halite.appliance.demo;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Answer;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.StatusText;
import io.halite.appliance.process.StopSignal;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;

/** The status of the demo, second by second: redrawn in place on a terminal, else printed when it changes. */
final class LiveStatus {
    private static final Duration PACE = Duration.ofSeconds(1);

    private final AdminClient client;
    private final PrintWriter out;
    private final boolean terminal = isTerminal();
    private String shown = "";

    LiveStatus(AdminClient client, PrintWriter out) {
        this.client = client;
        this.out = out;
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 went back to the console that is null without a terminal
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
    }

    /** Shows it until the signal. */
    void show(StopSignal stop) throws InterruptedException {
        do {
            String now = read();
            if (!now.equals(shown)) {
                draw(now);
                shown = now;
            }
        } while (!stop.await(PACE));
    }

    private String read() {
        try {
            Answer answer = client.get("/status");
            Fields status = answer.fields();
            return StatusText.of(status, answer.stale());
        } catch (CommandFailure e) {
            return String.join("\n", e.lines()) + "\n";
        }
    }

    private void draw(String text) {
        if (terminal && !shown.isEmpty()) {
            // ECMA-48: cursor up by the lines shown before, then erase to the end of the screen.
            out.print("\u001b[" + shown.lines().count() + "A\u001b[J");
        } else {
            out.println();
        }
        out.print(text);
        out.flush();
    }
}
