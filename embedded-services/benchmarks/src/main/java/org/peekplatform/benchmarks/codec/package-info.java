/// Lists of tuples, written and read within one process by the data exchange and by Jackson alone.
@NullMarked
package org.peekplatform.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
