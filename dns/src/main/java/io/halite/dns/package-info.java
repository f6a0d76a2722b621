/** The authoritative responder for the zones of the config: to come. The only place that may know dnsjava. */
@NullMarked
package io.halite.dns;

import org.jspecify.annotations.NullMarked;
