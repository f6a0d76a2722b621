package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Watch;
import io.halite.appliance.cli.print.Output;
import io.halite.appliance.cli.print.TrafficText;
import io.halite.appliance.cli.print.TrafficText.Rates;
import io.halite.config.tree.TreeText;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "top", description = "Shows the traffic of a node each second, the busiest targets first. Ends with Ctrl-C.")
final class TopCommand extends ClientCommand {
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Option(names = {"-n", "--times"}, paramLabel = "N", defaultValue = "0",
            description = "End after so many seconds are shown (default: never).")
    private int times;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "20",
            description = "The most targets to show (default ${DEFAULT-VALUE}).")
    private int rows;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        if (times < 0 || rows < 1) {
            throw new CommandFailure(ExitCode.USAGE, times < 0 ? "--times " + times + " is below 0" : "--rows " + rows
                    + " is below 1", "give a number of seconds, or of targets");
        }
        boolean clears = output.form() == Output.TABLE
                && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        TrafficText text = new TrafficText();
        try (Watch watch = watch(client, "revision,health,event,stats")) {
            for (int shown = 0; (times == 0 || shown < times) && !out.checkError();) {
                Optional<Rates> rates = text.take(watch.next());
                if (rates.isPresent()) {
                    String gap = clears ? CLEAR : shown == 0 || output.form() != Output.TABLE ? "" : "\n";
                    out.print(gap + shown(text, rates.get()));
                    shown++;
                }
            }
            return ExitCode.OK;
        }
    }

    private String shown(TrafficText text, Rates rates) {
        return switch (output.form()) {
            case TABLE -> text.screen(rates, rows);
            case JSON -> TreeText.json(TrafficText.tree(rates)) + "\n";
            case YAML -> "---\n" + TreeText.yaml(TrafficText.tree(rates));
            case NAME -> rates.targets().stream().map(target -> "targets/" + target.target() + "\n")
                    .collect(Collectors.joining());
        };
    }
}
