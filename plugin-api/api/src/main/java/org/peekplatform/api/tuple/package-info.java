/// Live data: tuples, selectors, providers and observers.
@NullMarked
package org.peekplatform.api.tuple;

import org.jspecify.annotations.NullMarked;
