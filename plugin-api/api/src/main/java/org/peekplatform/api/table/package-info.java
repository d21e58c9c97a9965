/// Live data: tuples, selectors, providers and observers.
@NullMarked
package org.peekplatform.api.table;

import org.jspecify.annotations.NullMarked;
