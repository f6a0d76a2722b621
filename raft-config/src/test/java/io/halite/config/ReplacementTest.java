package io.halite.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.Replacement.Group;
import io.halite.config.Replacement.Text;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplacementTest {
    @Test
    void groupsStandBetweenTexts() {
        Replacement replacement = Replacement.of("/a$1$2-$$0/$0").orElseThrow();
        assertEquals(List.of(new Text("/a"), new Group(1), new Group(2), new Text("-$0/"), new Group(0)),
                replacement.parts());
        assertEquals(2, replacement.highestGroup());
    }

    @Test
    void aDollarWithoutAGroupIsNone() {
        assertEquals(Optional.empty(), Replacement.of("$"));
        assertEquals(Optional.empty(), Replacement.of("a$b"));
        assertEquals(List.of(), Replacement.of("").orElseThrow().parts());
    }
}
