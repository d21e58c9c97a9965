/// The server service: the centre of a system, with its database, catalogue and data exchange.
@NullMarked
package org.peekplatform.server;

import org.jspecify.annotations.NullMarked;
