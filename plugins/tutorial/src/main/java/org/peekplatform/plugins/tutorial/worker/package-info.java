/// The part of the tutorial that runs on workers.
@NullMarked
package org.peekplatform.plugins.tutorial.worker;

import org.jspecify.annotations.NullMarked;
