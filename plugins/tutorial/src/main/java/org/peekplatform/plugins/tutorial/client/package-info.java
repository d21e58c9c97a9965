/// The client part: computes a summary of the rows once for all devices.
@NullMarked
package org.peekplatform.plugins.tutorial.client;

import org.jspecify.annotations.NullMarked;
