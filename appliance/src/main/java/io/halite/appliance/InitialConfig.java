package io.halite.appliance;

import io.halite.appliance.cli.Document;
import io.halite.appliance.cli.client.Refusal.DocumentError;
import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.DocumentRules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The document that a new cluster begins with, read and found valid before anything is created. */
record InitialConfig(Document document, ClusterConfig config) {

    static InitialConfig read(Path file) {
        Document document = Document.read(file.toString());
        byte[] body = document.body().getBytes(StandardCharsets.UTF_8);
        return switch (ConfigDocument.read(body, DocumentRules.NONE)) {
            case ConfigDocument.Outcome.Valid valid -> new InitialConfig(document, valid.config());
            case ConfigDocument.Outcome.Invalid(List<Problem> problems) -> throw document.refused(
                    problems.stream().map(InitialConfig::error).toList());
        };
    }

    private static DocumentError error(Problem problem) {
        return new DocumentError(problem.line(), problem.pointer(), problem.code(), problem.message(), problem.hint(),
                problem.isError());
    }
}
