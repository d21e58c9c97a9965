/// The HTTP sites of the services: security headers, static files, plugin files, log-in, the
/// WebSocket end of links.
@NullMarked
package org.peekplatform.web;

import org.jspecify.annotations.NullMarked;
