package io.halite.appliance.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The wish that this process be followed by a new one of the same command line and of the program as it is installed by
 * now (SIGUSR1). The new process takes over; this one only starts it.
 */
public final class RenewSignal {
    private static final System.Logger LOGGER = System.getLogger(RenewSignal.class.getName());
    private static final String MAIN = "io.halite.appliance.Main";
    private static final String TAKEOVER = "--takeover";

    private RenewSignal() {}

    /** Starts to listen for the signal. */
    public static void install() {
        Signals.on(List.of("USR1"), RenewSignal::renew);
    }

    private static void renew() {
        try {
            String words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
            Process next = new ProcessBuilder(command(List.of(words.split("\0")), System.getProperty("halite.home", "")))
                    .inheritIO().start();
            LOGGER.log(System.Logger.Level.INFO, "successor started pid=" + next.pid());
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.ERROR, "successor not started cause=" + e.getMessage());
        }
    }

    /** By the launcher where there is one: options for the JVM and the class path are then those of the new program. */
    static List<String> command(List<String> own, String home) {
        List<String> command = new ArrayList<>();
        int main = own.indexOf(MAIN);
        if (home.isEmpty() || main < 0) {
            command.addAll(own);
        } else {
            command.add(Path.of(home, "bin", "halite").toString());
            command.addAll(own.subList(main + 1, own.size()));
        }
        if (command.stream().noneMatch(word -> word.equals(TAKEOVER) || word.startsWith(TAKEOVER + "="))) {
            command.add(TAKEOVER);
        }
        return command;
    }
}
