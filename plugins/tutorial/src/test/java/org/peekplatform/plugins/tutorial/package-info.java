/// Tests of the plugin as a whole.
@NullMarked
package org.peekplatform.plugins.tutorial;

import org.jspecify.annotations.NullMarked;
