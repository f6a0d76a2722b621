/**
 * A cluster's config, secrets and admin states as one sealed file, and back.
 * Start here: {@link io.halite.admin.backup.BackupFile}.
 */
@NullMarked
package io.halite.admin.backup;

import org.jspecify.annotations.NullMarked;
