package io.halite.appliance.cli;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Refusal;
import io.halite.appliance.cli.client.Refusal.InvalidDocument;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Builds the command line: every verb, and how each failure is told and numbered. Stateless. */
public final class CommandLines {
    private static final Set<String> ENDPOINT = Set.of("--url", "--token", "--ca", "--data");

    private CommandLines() {}

    /** The whole command line, with verbs of the appliance that do not only ask a node. */
    public static CommandLine create(Object... verbs) {
        CommandLine line = new CommandLine(new HaliteCommand());
        for (Object verb : verbs) {
            line.addSubcommand(verb);
        }
        return line.registerConverter(Kind.class, Kind::of).registerConverter(TargetName.class, TargetName::parse)
                .registerConverter(Subject.class, Subject::parse)
                .registerConverter(long.class, CommandLines::number).registerConverter(Long.class, CommandLines::number)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(CommandLines::usage)
                .setExecutionExceptionHandler((failure, command, ignored) -> tell(failure, command.getErr()).number());
    }

    /**
     * Options that say which node is asked may stand before the verb as well, {@code halite --data D status}: they are put
     * behind it. Everything else stays where it is.
     */
    public static String[] verbFirst(String... arguments) {
        int at = 0;
        while (at < arguments.length && ENDPOINT.contains(arguments[at].replaceFirst("=.*", ""))) {
            at += arguments[at].contains("=") ? 1 : 2;
        }
        if (at == 0 || at >= arguments.length) {
            return arguments;
        }
        List<String> turned = new ArrayList<>(List.of(arguments).subList(at, arguments.length));
        int end = turned.indexOf("--");
        turned.addAll(end < 0 ? turned.size() : end, List.of(arguments).subList(0, at));
        return turned.toArray(String[]::new);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is no whole number");
        }
    }

    /** Prints what went wrong and says how the process shall end. */
    public static ExitCode tell(Exception failure, PrintWriter err) {
        CommandFailure known = switch (failure) {
            case CommandFailure told -> told;
            case InvalidDocument invalid -> new CommandFailure(ExitCode.INVALID_DOCUMENT, invalid.refusal().detail(),
                    hint(invalid.refusal()), invalid.refusal().errors().stream()
                            .filter(error -> !error.pointer().isEmpty())
                            .map(error -> error.message() + " (" + error.pointer() + ")").toList());
            default -> new CommandFailure(ExitCode.FAILED, "this should not happen: " + failure,
                    "please report it with the lines above", trace(failure));
        };
        known.lines().forEach(err::println);
        err.flush();
        return known.exitCode();
    }

    /** The way out of a single problem; several say theirs where they stand. */
    private static String hint(Refusal refusal) {
        boolean single = refusal.hint().isEmpty() && refusal.errors().size() == 1;
        return single ? refusal.errors().getFirst().hint() : refusal.hint();
    }

    private static List<String> trace(Exception failure) {
        java.io.StringWriter text = new java.io.StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString().lines().toList();
    }

    private static int usage(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("halite: " + wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("  hint: 'halite " + (command.getParent() == null ? "" : command.getCommandName() + " ")
                + "--help' explains");
        err.flush();
        return ExitCode.USAGE.number();
    }
}
