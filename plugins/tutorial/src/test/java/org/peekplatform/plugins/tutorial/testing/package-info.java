/// Doubles of the platform for the tests of the tutorial.
@NullMarked
package org.peekplatform.plugins.tutorial.testing;

import org.jspecify.annotations.NullMarked;
