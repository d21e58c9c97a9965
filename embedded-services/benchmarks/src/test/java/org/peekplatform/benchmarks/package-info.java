/// Tests of how the figures are computed, checked and printed; none of them measures.
@NullMarked
package org.peekplatform.benchmarks;

import org.jspecify.annotations.NullMarked;
