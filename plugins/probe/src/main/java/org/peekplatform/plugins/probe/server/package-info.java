/// The server part: lists and entries that survive whatever happens to the process.
@NullMarked
package org.peekplatform.plugins.probe.server;

import org.jspecify.annotations.NullMarked;
