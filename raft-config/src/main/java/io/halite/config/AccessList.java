package io.halite.config;

import java.util.List;

/**
 * Who may connect, by address. Denial goes first.
 *
 * @param allow the only ones admitted; empty admits everybody
 * @param deny never admitted
 */
public record AccessList(List<Cidr> allow, List<Cidr> deny) {
    public static final AccessList EVERYBODY = new AccessList(List.of(), List.of());

    public AccessList {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }
}
