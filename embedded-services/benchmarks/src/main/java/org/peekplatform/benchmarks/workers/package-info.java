/// The task queue over each of its engines, and what a broker and a database do without it.
@NullMarked
package org.peekplatform.benchmarks.workers;

import org.jspecify.annotations.NullMarked;
