/**
 * The config document: text to {@code ClusterConfig} with every problem at once, and back to its canonical form.
 * Start here: {@link io.halite.config.document.ConfigDocument}.
 */
@NullMarked
package io.halite.config.document;

import org.jspecify.annotations.NullMarked;
