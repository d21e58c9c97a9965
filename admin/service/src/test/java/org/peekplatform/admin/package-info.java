@NullMarked
package org.peekplatform.admin;

import org.jspecify.annotations.NullMarked;
