package io.halite.admin.access;

/**
 * Who sent a request.
 *
 * @param name the name of the token, which the history shows as author
 * @param tokenId the id of the token, never the token
 */
public record Caller(String name, Role role, String tokenId) {}
