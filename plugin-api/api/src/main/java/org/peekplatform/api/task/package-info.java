/// Work that is queued in the database and done by workers.
@NullMarked
package org.peekplatform.api.task;

import org.jspecify.annotations.NullMarked;
