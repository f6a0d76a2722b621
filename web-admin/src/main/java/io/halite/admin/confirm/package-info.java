/**
 * Changes that undo themselves unless somebody confirms them.
 * Start here: {@link io.halite.admin.confirm.PendingConfirmation}.
 */
@NullMarked
package io.halite.admin.confirm;

import org.jspecify.annotations.NullMarked;
