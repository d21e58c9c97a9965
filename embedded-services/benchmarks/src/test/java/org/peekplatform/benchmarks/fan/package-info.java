/// Tests of the load generator, without a network.
@NullMarked
package org.peekplatform.benchmarks.fan;

import org.jspecify.annotations.NullMarked;
