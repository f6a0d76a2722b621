package io.halite.appliance.log;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** A log record as one line of JSON: time, level, node, logger, message and, for a failure, its stack. */
final class JsonLine extends Formatter {
    private final String node;

    JsonLine(String node) {
        this.node = node;
    }

    @Override
    public String format(LogRecord event) {
        Tree.MappingBuilder line = Tree.mapping()
                .put("time", event.getInstant().toString())
                .put("level", PlainLine.level(event))
                .put("node", node)
                .put("logger", String.valueOf(event.getLoggerName()))
                .put("message", formatMessage(event));
        Throwable failure = event.getThrown();
        if (failure != null) {
            line.put("failure", PlainLine.stack(failure));
        }
        return TreeText.json(line.build()) + "\n";
    }
}
