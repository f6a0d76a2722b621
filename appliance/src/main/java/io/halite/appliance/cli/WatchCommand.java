package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.EventStream.Event;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Watch;
import io.halite.appliance.cli.print.EventText;
import io.halite.appliance.cli.print.Times;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "watch", description = "Shows how things stand and then what happens: revisions, health, nodes, leaders, "
        + "admin states. Ends with Ctrl-C; a lost connection is made again.")
final class WatchCommand extends ClientCommand {
    private static final int TOPIC_WIDTH = 10;

    /** What there is to watch. */
    enum Topic {
        REVISION, HEALTH, EVENT, STATS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--topics", paramLabel = "TOPIC", split = ",", defaultValue = "revision,health,event",
            description = "Of ${COMPLETION-CANDIDATES}; stats are the node's traffic each second (default "
            + "${DEFAULT-VALUE}).")
    private List<Topic> topics = new ArrayList<>();

    @Mixin
    private OutputOptions output = new OutputOptions();

    private final EventText text = new EventText();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        String wanted = String.join(",", topics.stream().map(Topic::toString).distinct().toList());
        try (Watch watch = watch(client, wanted)) {
            // Whoever read what is printed may have gone.
            while (!out.checkError()) {
                print(watch.next(), out);
            }
            return ExitCode.OK;
        }
    }

    private void print(Event event, PrintWriter out) {
        if (event.topic().equals("heartbeat")) {
            return;
        }
        Tree tree = Tree.mapping().put("topic", event.topic()).put("data", event.data().tree()).build();
        switch (output.form()) {
            case TABLE -> text.sentences(event).forEach(sentence -> out.println(
                    Times.local(InstantSource.system().instant().toString()) + "  "
                            + event.topic() + " ".repeat(Math.max(1, TOPIC_WIDTH - event.topic().length())) + sentence));
            case JSON -> out.println(TreeText.json(tree));
            case YAML -> out.print("---\n" + TreeText.yaml(tree));
            case NAME -> EventText.names(event).forEach(out::println);
        }
    }
}
