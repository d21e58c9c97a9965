package org.peekplatform.plugins.one;

public class Published {}
