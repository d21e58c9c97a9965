@NullMarked
package org.peekplatform.web;

import org.jspecify.annotations.NullMarked;
