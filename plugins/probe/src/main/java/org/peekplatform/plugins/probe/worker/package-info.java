/// The part of the probe that runs on workers.
@NullMarked
package org.peekplatform.plugins.probe.worker;

import org.jspecify.annotations.NullMarked;
