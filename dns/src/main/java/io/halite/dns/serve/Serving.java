package io.halite.dns.serve;

import io.halite.dns.table.ZoneTable;

/** What workers answer from at a moment; replaced as a whole, read once for each batch. */
public record Serving(ZoneTable table, CookieSecrets secrets) {}
