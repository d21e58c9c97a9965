@NullMarked
package org.peekplatform.queue;

import org.jspecify.annotations.NullMarked;
