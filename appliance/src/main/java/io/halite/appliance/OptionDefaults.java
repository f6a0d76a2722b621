package io.halite.appliance;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The value of an option of {@code run} that is not on the command line: {@code --admin-port} is
 * {@code HALITE_ADMIN_PORT}, else {@code adminPort} in the node's file.
 */
final class OptionDefaults implements IDefaultValueProvider {
    /** Where an image or a package puts what a node is started with. */
    static final Path FILE = Path.of("/etc/halite/node.yaml");

    private final Map<String, String> environment;
    private final Path file;
    private Tree.@Nullable Mapping fromFile;

    /** For picocli. */
    OptionDefaults() {
        this(System.getenv());
    }

    OptionDefaults(Map<String, String> environment) {
        this.environment = environment;
        String other = environment.get("HALITE_NODE_FILE");
        this.file = other == null || other.isEmpty() ? FILE : Path.of(other);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        String fromEnvironment = environment.get(variable(option.longestName()));
        if (fromEnvironment != null && !fromEnvironment.isEmpty()) {
            return fromEnvironment;
        }
        String text = text(file(option.command()).get(key(option.longestName())));
        return text.isEmpty() ? option.defaultValue() : text;
    }

    /** A list is what an option that may be repeated has in the file. */
    private static String text(@Nullable Tree value) {
        return value instanceof Tree.Sequence list
                ? list.items().stream().map(Fields::text).collect(Collectors.joining(",")) : Fields.text(value);
    }

    /** {@code HALITE_ADMIN_PORT} for {@code --admin-port}; the token is for joining, not for the API. */
    static String variable(String option) {
        return option.equals("--token") ? "HALITE_JOIN_TOKEN"
                : "HALITE_" + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** {@code adminPort} for {@code --admin-port}. */
    static String key(String option) {
        StringBuilder key = new StringBuilder();
        for (String word : option.substring(2).split("-", -1)) {
            key.append(key.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return key.toString();
    }

    private Tree.Mapping file(CommandSpec command) {
        if (fromFile == null) {
            fromFile = read(command);
        }
        return fromFile;
    }

    private Tree.Mapping read(CommandSpec command) {
        Tree tree;
        try {
            tree = TreeText.read(Files.readAllBytes(file), TreeLimits.REQUEST);
        } catch (NoSuchFileException e) {
            return Tree.mapping().build();
        } catch (TreeSyntaxException e) {
            throw new CommandFailure(ExitCode.INVALID_DOCUMENT,
                    file + ":" + e.problem().line() + ": " + e.problem().message(), e.problem().hint());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read " + file + ": " + e.getMessage(), "");
        }
        if (tree instanceof Tree.Null) {
            return Tree.mapping().build();
        }
        if (!(tree instanceof Tree.Mapping mapping)) {
            throw new CommandFailure(ExitCode.INVALID_DOCUMENT, file + ": an object is expected",
                    "such as 'name: lb-1'");
        }
        Set<String> known = new TreeSet<>();
        command.options().forEach(option -> known.add(key(option.longestName())));
        mapping.keyLines().forEach((key, line) -> {
            if (!known.contains(key)) {
                throw new CommandFailure(ExitCode.INVALID_DOCUMENT,
                        file + ":" + line + ": the key '" + key + "' is not known here",
                        "one of " + String.join(", ", known));
            }
        });
        return mapping;
    }
}
