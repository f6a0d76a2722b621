package io.halite.admin;

import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the admin listener listens and what it writes.
 *
 * @param port 0 takes a free one
 * @param auditFile the file that the audit log is appended to; null keeps it in memory only
 */
public record AdminSettings(InetAddress bind, int port, @Nullable Path auditFile) {}
