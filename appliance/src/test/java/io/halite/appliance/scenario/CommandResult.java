package io.halite.appliance.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What a finished process printed and its exit code. */
public record CommandResult(int exitCode, String out, String err) {
    private static final int LIMIT_SECONDS = 180;

    /** Runs a command to its end with this standard input and added environment. */
    public static CommandResult run(List<String> command, String input, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Process process = builder.start();
            Future<String> out = readers.submit(() -> text(process.getInputStream()));
            Future<String> err = readers.submit(() -> text(process.getErrorStream()));
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end after " + LIMIT_SECONDS + " s: " + command);
            }
            return new CommandResult(process.exitValue(), out.get(), err.get());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError("interrupted: " + command, e);
        }
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** This result if the command succeeded, else a failure with all it printed. */
    public CommandResult ok() {
        if (exitCode != 0) {
            throw new AssertionError("exit code " + exitCode + "\nout: " + out + "\nerr: " + err);
        }
        return this;
    }
}
