package io.halite.appliance.cli.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndNothingTrails() {
        assertEquals("""
                NAME      STATE
                a         ready
                long-one  -
                """, new Table("NAME", "STATE").row("a", "ready").row("long-one", "").toString());
    }
}
