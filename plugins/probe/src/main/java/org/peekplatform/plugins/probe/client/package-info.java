/// The client part: lists that only the client service knows, and calls of the server.
@NullMarked
package org.peekplatform.plugins.probe.client;

import org.jspecify.annotations.NullMarked;
