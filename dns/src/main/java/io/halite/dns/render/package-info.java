/**
 * From zone plans to a zone table: records made by dnsjava, laid out as the bytes of ready-made answers.
 * Start here: {@link io.halite.dns.render.ZoneTableCompiler}.
 */
@NullMarked
package io.halite.dns.render;

import org.jspecify.annotations.NullMarked;
