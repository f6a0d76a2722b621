/** What commands print. Start here: {@link io.halite.appliance.cli.print.Output}. */
@NullMarked
package io.halite.appliance.cli.print;

import org.jspecify.annotations.NullMarked;
