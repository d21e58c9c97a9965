package org.peekplatform.shell.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.ServiceKind;

class ShellModelTest {
    private final ShellModel model = new ShellModel();

    @Test
    void theHomePageIsOpenFirstAndCannotBeClosed() {
        model.close(Page.HOME);

        assertThat(model.pages()).containsExactly(Page.HOME);
        assertThat(model.current()).isEqualTo(Page.HOME);
    }

    @Test
    void openingAViewTwiceBringsTheOneTabToTheFront() {
        model.open(view("outages", "board"));
        model.open(Page.HELP);

        model.open(
                new Page.PluginView(
                        new ViewLink(
                                new ViewRef(ServiceKind.DESKTOP, "outages", "board"), "Renamed")));

        assertThat(model.pages()).containsExactly(Page.HOME, view("outages", "board"), Page.HELP);
        assertThat(model.current()).isEqualTo(view("outages", "board"));
    }

    @Test
    void aViewOfTheAdministrationIsNotTheUsersViewOfTheSameName() {
        model.open(view("outages", "main"));
        model.open(
                new Page.PluginView(
                        new ViewLink(new ViewRef(ServiceKind.ADMIN, "outages", "main"), "main")));

        assertThat(model.pages()).hasSize(3);
    }

    @Test
    void closingThePageInFrontShowsTheOneThatTakesItsPlace() {
        model.open(view("a", "1"));
        model.open(view("b", "1"));
        model.open(view("c", "1"));

        model.select(2);
        model.close(view("b", "1"));
        assertThat(model.current()).isEqualTo(view("c", "1"));

        model.close(view("c", "1"));
        assertThat(model.current()).isEqualTo(view("a", "1"));
    }

    @Test
    void closingAPageBehindLeavesTheOneInFront() {
        model.open(view("a", "1"));
        model.open(view("b", "1"));

        model.close(new ViewRef(ServiceKind.DESKTOP, "a", "1"));

        assertThat(model.pages()).containsExactly(Page.HOME, view("b", "1"));
        assertThat(model.current()).isEqualTo(view("b", "1"));
    }

    @Test
    void theCurrentPageIsAmongThePagesWheneverAListenerLooks() {
        List<Boolean> seen = new ArrayList<>();
        model.currentProperty()
                .subscribe(page -> seen.add(model.pages().contains(model.current())));

        model.open(view("a", "1"));
        model.open(view("b", "1"));
        model.close(view("b", "1"));
        model.close(view("a", "1"));

        assertThat(seen).hasSizeGreaterThan(4).containsOnly(true);
    }

    @Test
    void selectingAPositionWithoutATabDoesNothing() {
        model.select(3);
        model.select(-1);

        assertThat(model.current()).isEqualTo(Page.HOME);
    }

    @Test
    void tilesStandByTitleAndANewVersionTakesThePlaceOfTheOld() {
        model.putTile(tile("z", "Alarms", "1.0.0"));
        model.putTile(tile("a", "trace", "1.0.0"));
        model.putTile(tile("m", "Diagram", "1.0.0"));

        model.putTile(tile("m", "Diagram", "2.0.0"));
        model.putTile(tile("z", "Zones", "1.1.0"));

        assertThat(model.tiles())
                .extracting(t -> t.title() + " " + t.version())
                .containsExactly("Diagram 2.0.0", "trace 1.0.0", "Zones 1.1.0");

        model.removeTile("m");
        assertThat(model.tiles()).extracting(HomeTile::title).containsExactly("trace", "Zones");
    }

    @Test
    void aTileThatLeadsNowhereIsRefusedWithThePluginsName() {
        assertThatThrownBy(() -> new HomeTile("outages", "Outages", "1.0.0", null, List.of()))
                .hasMessage("the tile of plugin 'outages' leads to no view");
    }

    @Test
    void viewsOfOtherPartsAreRefused() {
        assertThatThrownBy(() -> new ViewRef(ServiceKind.SERVER, "outages", "x"))
                .hasMessageContaining("'x' of plugin 'outages' is of part server");
    }

    @Test
    void theSameProblemIsListedOnce() {
        Problem problem = new Problem("Outages", "It did not start in 30 seconds.");

        model.report(problem);
        model.report(new Problem("Outages", "It did not start in 30 seconds."));
        assertThat(model.problems()).containsExactly(problem);

        model.resolve(problem);
        assertThat(model.problems()).isEmpty();
    }

    @Test
    void whatBecameOfSomethingUnderWayTakesThePlaceOfItsNotice() {
        Notice first = model.tell(Notice.Kind.PROGRESS, "Installing a.zip …");
        Notice second = model.tell(Notice.Kind.PROGRESS, "Installing b.zip …");

        Notice done = model.retell(first, Notice.Kind.DONE, "A is installed.");
        assertThat(model.notices()).containsExactly(done, second);

        model.dismiss(second);
        Notice failed = model.retell(second, Notice.Kind.FAILED, "B is no plugin.");
        assertThat(model.notices()).containsExactly(done, failed);
    }

    @Test
    void theListsCannotBeChangedPastTheModel() {
        assertThatThrownBy(() -> model.pages().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> model.tiles().add(tile("a", "A", "1.0.0")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anAddressIsFoundByItsSite() {
        BrowserAddress admin =
                new BrowserAddress(
                        BrowserAddress.Site.ADMINISTRATION, URI.create("http://localhost:8010"));
        model.setAddresses(List.of(admin));

        assertThat(model.address(BrowserAddress.Site.ADMINISTRATION)).contains(admin);
        assertThat(model.address(BrowserAddress.Site.USERS)).isEmpty();
    }

    @Test
    void morePluginsCannotRunThanAreInstalled() {
        assertThatThrownBy(() -> new PluginCount(3, 2))
                .hasMessage("3 of 2 plugins cannot be running");
    }

    private static Page view(String plugin, String id) {
        return new Page.PluginView(new ViewLink(new ViewRef(ServiceKind.DESKTOP, plugin, id), id));
    }

    private static HomeTile tile(String plugin, String title, String version) {
        return new HomeTile(
                plugin,
                title,
                version,
                null,
                List.of(new ViewLink(new ViewRef(ServiceKind.DESKTOP, plugin, "main"), title)));
    }
}
