package org.peekplatform.shell.model;

/// A view that can be opened.
///
/// @param title shown on the tab and in menus
public record ViewLink(ViewRef ref, String title) {}
