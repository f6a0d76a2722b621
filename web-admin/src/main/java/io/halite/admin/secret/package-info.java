/**
 * Secrets that the config refers to by name: written, sealed, used, and never told again.
 * Start here: {@link io.halite.admin.secret.SecretVault}.
 */
@NullMarked
package io.halite.admin.secret;

import org.jspecify.annotations.NullMarked;
