/// What Peek is compared with: the same work done by the same libraries without Peek, each in a
/// process of its own.
@NullMarked
package org.peekplatform.benchmarks.baseline;

import org.jspecify.annotations.NullMarked;
