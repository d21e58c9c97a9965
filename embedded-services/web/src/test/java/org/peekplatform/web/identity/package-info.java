@NullMarked
package org.peekplatform.web.identity;

import org.jspecify.annotations.NullMarked;
