/// Whole systems as users run them: real processes, a real browser, a real window.
@NullMarked
package org.peekplatform.integration;

import org.jspecify.annotations.NullMarked;
