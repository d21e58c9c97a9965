package org.peekplatform.shell.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// State of the workstation's window.
///
/// Every method is called on the JavaFX thread, or, before the window exists, on the one thread
/// that builds it; nothing here is synchronised and listeners run inside the call. The lists handed
/// out cannot be changed from outside: each change has a method that keeps the invariants, above
/// all these: the home page is always the first page, the current page is one of the pages, and a
/// page is open at most once.
public final class ShellModel {
    private static final Comparator<HomeTile> BY_TITLE =
            Comparator.comparing(HomeTile::title, String.CASE_INSENSITIVE_ORDER)
                    .thenComparing(HomeTile::pluginName);
    private static final Comparator<AdminRoom> BY_ROOM =
            Comparator.comparing((AdminRoom r) -> r.view().title(), String.CASE_INSENSITIVE_ORDER)
                    .thenComparing(r -> r.view().ref().pluginName())
                    .thenComparing(r -> r.view().ref().viewId());

    private final ReadOnlyObjectWrapper<LinkStatus> link =
            new ReadOnlyObjectWrapper<>(this, "link", new LinkStatus.Connecting());
    private final ReadOnlyStringWrapper services = new ReadOnlyStringWrapper(this, "services", "");
    private final ReadOnlyObjectWrapper<PluginCount> plugins =
            new ReadOnlyObjectWrapper<>(this, "plugins", new PluginCount(0, 0));
    private final ReadOnlyObjectWrapper<QueuedChanges> changes =
            new ReadOnlyObjectWrapper<>(this, "changes", QueuedChanges.NONE);
    private final ReadOnlyBooleanWrapper administrator =
            new ReadOnlyBooleanWrapper(this, "administrator", false);
    private final ReadOnlyBooleanWrapper ready = new ReadOnlyBooleanWrapper(this, "ready", false);

    private final ObservableList<HomeTile> tiles = FXCollections.observableArrayList();
    private final ObservableList<AdminRoom> rooms = FXCollections.observableArrayList();
    private final ObservableList<Page> pages = FXCollections.observableArrayList(Page.HOME);
    private final ReadOnlyObjectWrapper<Page> current =
            new ReadOnlyObjectWrapper<>(this, "current", Page.HOME);
    private final ObservableList<BrowserAddress> addresses = FXCollections.observableArrayList();
    private final ObservableList<Problem> problems = FXCollections.observableArrayList();
    private final ObservableList<Notice> notices = FXCollections.observableArrayList();

    private final ObservableList<HomeTile> tilesView = readOnly(tiles);
    private final ObservableList<AdminRoom> roomsView = readOnly(rooms);
    private final ObservableList<Page> pagesView = readOnly(pages);
    private final ObservableList<BrowserAddress> addressesView = readOnly(addresses);
    private final ObservableList<Problem> problemsView = readOnly(problems);
    private final ObservableList<Notice> noticesView = readOnly(notices);

    private long lastNotice;

    // ---- state of the system

    /// The link to the service this workstation works with; `Connecting` at first.
    public ReadOnlyObjectProperty<LinkStatus> linkProperty() {
        return link.getReadOnlyProperty();
    }

    public LinkStatus link() {
        return link.get();
    }

    public void setLink(LinkStatus status) {
        link.set(status);
    }

    /// What the services of this process are doing, in a few words such as `Starting the server`;
    /// empty when there is nothing to say.
    public ReadOnlyStringProperty servicesProperty() {
        return services.getReadOnlyProperty();
    }

    public void setServices(String words) {
        services.set(words);
    }

    /// How many plugins run.
    public ReadOnlyObjectProperty<PluginCount> pluginsProperty() {
        return plugins.getReadOnlyProperty();
    }

    public void setPlugins(PluginCount count) {
        plugins.set(count);
    }

    /// The changes that wait on this device.
    public ReadOnlyObjectProperty<QueuedChanges> changesProperty() {
        return changes.getReadOnlyProperty();
    }

    public void setChanges(QueuedChanges queue) {
        changes.set(queue);
    }

    /// Whether the rooms of the administration are shown.
    public ReadOnlyBooleanProperty administratorProperty() {
        return administrator.getReadOnlyProperty();
    }

    public void setAdministrator(boolean is) {
        administrator.set(is);
    }

    /// Whether the plugins that were to be started have been. Until then an empty home page means
    /// "wait", afterwards "there are none".
    public ReadOnlyBooleanProperty readyProperty() {
        return ready.getReadOnlyProperty();
    }

    public void setReady(boolean is) {
        ready.set(is);
    }

    /// Where browsers and phones find this system.
    public ObservableList<BrowserAddress> addresses() {
        return addressesView;
    }

    public void setAddresses(Collection<BrowserAddress> known) {
        addresses.setAll(known);
    }

    public Optional<BrowserAddress> address(BrowserAddress.Site site) {
        return addresses.stream().filter(a -> a.site() == site).findFirst();
    }

    // ---- what plugins offer

    /// The tiles of the home page by title.
    public ObservableList<HomeTile> tiles() {
        return tilesView;
    }

    /// Adds the tile of a plugin, or puts it in place of the one the plugin has.
    public void putTile(HomeTile tile) {
        for (int i = 0; i < tiles.size(); i++) {
            HomeTile old = tiles.get(i);
            if (old.pluginName().equals(tile.pluginName())) {
                if (old.title().equals(tile.title())) {
                    tiles.set(i, tile);
                    return;
                }
                tiles.remove(i);
                break;
            }
        }
        insert(tiles, tile, BY_TITLE);
    }

    /// Removes the tile of a plugin, if there is one.
    public void removeTile(String pluginName) {
        tiles.removeIf(t -> t.pluginName().equals(pluginName));
    }

    /// The rooms of the administration by title.
    public ObservableList<AdminRoom> rooms() {
        return roomsView;
    }

    public void addRoom(AdminRoom room) {
        rooms.removeIf(r -> r.view().ref().equals(room.view().ref()));
        insert(rooms, room, BY_ROOM);
    }

    public void removeRoom(ViewRef ref) {
        rooms.removeIf(r -> r.view().ref().equals(ref));
    }

    // ---- pages

    /// The open pages in the order of their tabs.
    public ObservableList<Page> pages() {
        return pagesView;
    }

    /// The page in front.
    public ReadOnlyObjectProperty<Page> currentProperty() {
        return current.getReadOnlyProperty();
    }

    public Page current() {
        return current.get();
    }

    /// Brings a page to the front, opening it if it is not open.
    public void open(Page page) {
        Page known = pages.stream().filter(p -> samePage(p, page)).findFirst().orElse(null);
        if (known == null) {
            pages.add(page);
            current.set(page);
        } else {
            current.set(known);
        }
    }

    /// Brings the page with this position to the front, counted from 0; does nothing when there is
    /// none.
    public void select(int position) {
        if (position >= 0 && position < pages.size()) {
            current.set(pages.get(position));
        }
    }

    /// Closes a page. The one that takes its place comes to the front if it was in front. The home
    /// page stays.
    public void close(Page page) {
        int at = pages.indexOf(page);
        if (at < 0 || page instanceof Page.Home) {
            return;
        }
        if (current.get().equals(page)) {
            current.set(pages.get(at + 1 < pages.size() ? at + 1 : at - 1));
        }
        pages.remove(at);
    }

    /// Closes the page of a view, if it is open.
    public void close(ViewRef ref) {
        pages.stream()
                .filter(p -> p instanceof Page.PluginView(ViewLink view) && view.ref().equals(ref))
                .findFirst()
                .ifPresent(this::close);
    }

    /// What the tab and the window's title say for a page.
    public static String title(Page page) {
        return switch (page) {
            case Page.Home() -> "Home";
            case Page.PluginView(ViewLink view) -> view.title();
            case Page.Help() -> "Help";
            case Page.Changes() -> "Changes on this device";
        };
    }

    // ---- messages

    /// What is wrong and needs somebody, oldest first, each once.
    public ObservableList<Problem> problems() {
        return problemsView;
    }

    public void report(Problem problem) {
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /// Replaces all problems, for a caller that knows the whole state.
    public void setProblems(Collection<Problem> all) {
        List<Problem> once = all.stream().distinct().toList();
        if (!Objects.equals(once, problems)) {
            problems.setAll(once);
        }
    }

    /// The problem has been dealt with or read.
    public void resolve(Problem problem) {
        problems.remove(problem);
    }

    /// What happened lately, oldest first.
    public ObservableList<Notice> notices() {
        return noticesView;
    }

    /// Says something once.
    public Notice tell(Notice.Kind kind, String sentence) {
        Notice notice = new Notice(++lastNotice, kind, sentence);
        notices.add(notice);
        return notice;
    }

    /// Says what became of something under way, in its place; in a place of its own when the notice
    /// was dismissed meanwhile.
    public Notice retell(Notice old, Notice.Kind kind, String sentence) {
        int at = notices.indexOf(old);
        if (at < 0) {
            return tell(kind, sentence);
        }
        Notice notice = new Notice(++lastNotice, kind, sentence);
        notices.set(at, notice);
        return notice;
    }

    public void dismiss(Notice notice) {
        notices.remove(notice);
    }

    // A view is the same page under a new title.
    private static boolean samePage(Page a, Page b) {
        if (a instanceof Page.PluginView(ViewLink x) && b instanceof Page.PluginView(ViewLink y)) {
            return x.ref().equals(y.ref());
        }
        return a.equals(b);
    }

    private static <T> void insert(ObservableList<T> sorted, T item, Comparator<T> order) {
        int at = 0;
        while (at < sorted.size() && order.compare(sorted.get(at), item) <= 0) {
            at++;
        }
        sorted.add(at, item);
    }

    private static <T> ObservableList<T> readOnly(ObservableList<T> list) {
        return FXCollections.unmodifiableObservableList(list);
    }
}
