/// Storage and the bare libraries on the same table.
@NullMarked
package org.peekplatform.benchmarks.storage;

import org.jspecify.annotations.NullMarked;
