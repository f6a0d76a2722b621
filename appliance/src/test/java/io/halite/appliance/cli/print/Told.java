package io.halite.appliance.cli.print;

import io.halite.appliance.cli.client.EventStream.Event;
import io.halite.appliance.cli.client.Fields;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;

/** Events as a node tells them. */
final class Told {
    private Told() {}

    static Event event(String topic, String yaml) {
        try {
            return new Event("", topic, new Fields(
                    (Tree.Mapping) TreeText.read(yaml.getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT)));
        } catch (TreeSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
