/// The database of a Peek system: opened once by the server, one schema for each plugin, migrated
/// at start, reached by plugins through jOOQ.
@NullMarked
package org.peekplatform.storage;

import org.jspecify.annotations.NullMarked;
