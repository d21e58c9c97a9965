package org.peekplatform.shell.ui;

/// The element of a plugin that a web view shows.
///
/// @param title for messages
/// @param version of the plugin
/// @param module address on the client site of the ES module that registers `element`
/// @param element name of the custom element
public record WebElement(
        String plugin, String title, String version, String module, String element) {}
