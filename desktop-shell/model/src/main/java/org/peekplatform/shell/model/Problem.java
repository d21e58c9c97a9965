package org.peekplatform.shell.model;

/// Something that is wrong until somebody does something about it.
///
/// @param plugin the plugin it is about, as shown to people
/// @param sentence what is wrong and what helps
public record Problem(String plugin, String sentence) {}
