/**
 * What a node offers that belongs to no cluster yet: whoever reads the setup code at its console makes it one.
 * Start here: {@link io.halite.admin.setup.SetupServer}.
 */
@NullMarked
package io.halite.admin.setup;

import org.jspecify.annotations.NullMarked;
