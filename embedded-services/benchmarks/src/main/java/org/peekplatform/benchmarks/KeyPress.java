package org.peekplatform.benchmarks;

import java.awt.AWTException;
import java.awt.Robot;
import java.awt.event.KeyEvent;

/// Presses F1 on the display of this process, with the pointer over the window.
public final class KeyPress {
    private KeyPress() {}

    /// @param arguments where the pointer is put, x and y
    public static void main(String[] arguments) throws AWTException {
        Robot robot = new Robot();
        robot.setAutoDelay(40);
        robot.mouseMove(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        robot.keyPress(KeyEvent.VK_F1);
        robot.keyRelease(KeyEvent.VK_F1);
        robot.waitForIdle();
        System.exit(0);
    }
}
