/**
 * The verbs of the command line: clients of the admin API that print its answers.
 * Start here: {@link io.halite.appliance.cli.CommandLines}.
 */
@NullMarked
package io.halite.appliance.cli;

import org.jspecify.annotations.NullMarked;
