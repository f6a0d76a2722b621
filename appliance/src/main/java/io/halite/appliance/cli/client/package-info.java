/**
 * The admin API as the command line uses it: which node to ask, with which token, and what its answers mean.
 * Start here: {@link io.halite.appliance.cli.client.AdminClient}.
 */
@NullMarked
package io.halite.appliance.cli.client;

import org.jspecify.annotations.NullMarked;
