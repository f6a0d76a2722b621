/**
 * Who may do what: tokens, roles, sessions, the limit on failed attempts and the audit log.
 * Start here: {@link io.halite.admin.access.AccessTokens}.
 */
@NullMarked
package io.halite.admin.access;

import org.jspecify.annotations.NullMarked;
