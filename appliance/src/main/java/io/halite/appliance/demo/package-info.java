/**
 * {@code halite demo}: real nodes and sample backends on this machine, to look at and to play with.
 * Start here: {@link io.halite.appliance.demo.DemoCommand}.
 */
@NullMarked
package io.halite.appliance.demo;

import org.jspecify.annotations.NullMarked;
