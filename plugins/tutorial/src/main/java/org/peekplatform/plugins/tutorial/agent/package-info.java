/// The agent part: reads how much room the disk of its machine has, when asked and every minute.
@NullMarked
package org.peekplatform.plugins.tutorial.agent;

import org.jspecify.annotations.NullMarked;
