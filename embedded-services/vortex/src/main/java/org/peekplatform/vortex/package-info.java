/// The data exchange: tuples and their codec, frames, links, observables with their caches,
/// actions.
@NullMarked
package org.peekplatform.vortex;

import org.jspecify.annotations.NullMarked;
