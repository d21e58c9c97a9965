/// The architecture of Peek as rules that fail the build.
@NullMarked
package org.peekplatform.buildrules;

import org.jspecify.annotations.NullMarked;
