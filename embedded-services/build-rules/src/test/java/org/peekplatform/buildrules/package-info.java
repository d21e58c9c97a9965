@NullMarked
package org.peekplatform.buildrules;

import org.jspecify.annotations.NullMarked;
