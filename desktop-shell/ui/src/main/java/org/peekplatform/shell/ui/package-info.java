/// The workstation's window: navigation, pages, theme, and the hosting of plugin views. Everything
/// is built and called on the JavaFX thread unless it says otherwise. Start reading at
/// [org.peekplatform.shell.ui.ShellWindow] for what is seen and at
/// [org.peekplatform.shell.ui.DesktopUiHost] for what plugins get.
@NullMarked
package org.peekplatform.shell.ui;

import org.jspecify.annotations.NullMarked;
