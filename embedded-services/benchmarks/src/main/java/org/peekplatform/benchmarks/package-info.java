/// The measured figures of Peek: what `./peek bench` runs. Peek is driven from outside, as its
/// users do: by its command line, its sites and its wire format.
@NullMarked
package org.peekplatform.benchmarks;

import org.jspecify.annotations.NullMarked;
