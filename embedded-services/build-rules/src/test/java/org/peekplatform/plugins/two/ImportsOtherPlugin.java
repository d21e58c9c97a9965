package org.peekplatform.plugins.two;

import org.peekplatform.plugins.one.Published;

final class ImportsOtherPlugin extends Published {}
