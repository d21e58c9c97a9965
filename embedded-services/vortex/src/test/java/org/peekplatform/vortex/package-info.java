@NullMarked
package org.peekplatform.vortex;

import org.jspecify.annotations.NullMarked;
