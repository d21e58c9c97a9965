package org.peekplatform.stray;

final class Homeless {}
