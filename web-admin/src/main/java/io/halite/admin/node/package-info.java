/**
 * What the admin API needs from the rest of the node, as interfaces that the appliance implements.
 * Start here: {@link io.halite.admin.node.NodeView}.
 */
@NullMarked
package io.halite.admin.node;

import org.jspecify.annotations.NullMarked;
