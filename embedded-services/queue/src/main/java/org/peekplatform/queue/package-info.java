/// The task queue: where tasks stand, who may take them, and how they are carried out.
@NullMarked
package org.peekplatform.queue;

import org.jspecify.annotations.NullMarked;
