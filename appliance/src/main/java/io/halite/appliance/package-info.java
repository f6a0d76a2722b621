/** One node: command line, composition root and life cycle. */
@NullMarked
package io.halite.appliance;

import org.jspecify.annotations.NullMarked;
