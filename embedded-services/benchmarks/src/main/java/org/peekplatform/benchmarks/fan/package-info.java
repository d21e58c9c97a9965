/// The load generator for the fan-out figure: many devices in one process, on one selector.
@NullMarked
package org.peekplatform.benchmarks.fan;

import org.jspecify.annotations.NullMarked;
