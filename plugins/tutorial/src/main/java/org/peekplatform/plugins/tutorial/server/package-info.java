/// The server part: keeps the rows, carries out the actions, imports files.
@NullMarked
package org.peekplatform.plugins.tutorial.server;

import org.jspecify.annotations.NullMarked;
