/**
 * How the values of a document are spelled: each {@link io.halite.config.shape.Key} stands once, and reading, writing,
 * the JSON Schema and the reference follow from it. Start here: {@link io.halite.config.shape.Shape}.
 */
@NullMarked
package io.halite.config.shape;

import org.jspecify.annotations.NullMarked;
