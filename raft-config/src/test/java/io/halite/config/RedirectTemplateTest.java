package io.halite.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.RedirectTemplate.Field;
import io.halite.config.RedirectTemplate.Text;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedirectTemplateTest {
    @Test
    void fieldsStandBetweenTexts() {
        assertEquals(List.of(new Text("https://"), Field.HOST, Field.PATH, Field.QUERY),
                RedirectTemplate.of("https://{host}{path}{query}").parts());
        assertEquals(List.of(Field.SCHEME, new Text("://a/"), Field.REST, new Text("/b")),
                RedirectTemplate.of("{scheme}://a/{rest}/b").parts());
    }

    @Test
    void whatNamesNoFieldIsText() {
        assertEquals(List.of(new Text("/{Host}{}{")), RedirectTemplate.of("/{Host}{}{").parts());
        assertTrue(RedirectTemplate.of("/x").isFixed());
        assertTrue(RedirectTemplate.of("").isFixed());
        assertFalse(RedirectTemplate.of("/{query}").isFixed());
    }
}
