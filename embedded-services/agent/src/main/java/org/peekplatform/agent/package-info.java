/// The agent service: runs the parts of plugins that touch other systems, and dials the server, so
/// that it can stand where only outgoing connections are allowed.
@NullMarked
package org.peekplatform.agent;

import org.jspecify.annotations.NullMarked;
