/// What the probe sends and takes.
@NullMarked
package org.peekplatform.plugins.probe.tuples;

import org.jspecify.annotations.NullMarked;
