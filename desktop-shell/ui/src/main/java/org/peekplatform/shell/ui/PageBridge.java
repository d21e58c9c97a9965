package org.peekplatform.shell.ui;

/// What a page of ours sees of the workstation, as `window.peekBridge`. Public only because the
/// built-in browser calls public methods of public classes; every call comes on the JavaFX thread.
/// The page is a plugin's code, so nothing it passes is trusted.
public final class PageBridge {
    private final Calls calls;

    /// Where the calls go.
    interface Calls {
        String view(String part);

        void ready();

        void open();

        void send(String header, String payload);

        void close();

        void enqueue(String call, String type, String fields);

        void sendAgain(String call, String id);

        void discard(String call, String id);

        void browse(String url);
    }

    PageBridge(Calls calls) {
        this.calls = calls;
    }

    /// One part of the view to show: `plugin`, `title`, `version`, `module` or `element`.
    public String view(String part) {
        return calls.view(part);
    }

    /// The page can be started; for a page that is ready later than its document.
    public void ready() {
        calls.ready();
    }

    /// Begins a link.
    public void open() {
        calls.open();
    }

    /// Sends a frame over the link.
    public void send(String header, String payload) {
        calls.send(header, payload);
    }

    /// Ends the link.
    public void close() {
        calls.close();
    }

    /// Puts an action into the queue of the workstation.
    ///
    /// @param call the page's own number, to be answered by
    public void enqueue(String call, String type, String fields) {
        calls.enqueue(call, type, fields);
    }

    public void sendAgain(String call, String id) {
        calls.sendAgain(call, id);
    }

    public void discard(String call, String id) {
        calls.discard(call, id);
    }

    /// Opens a page of another site in the user's browser.
    public void browse(String url) {
        calls.browse(url);
    }
}
