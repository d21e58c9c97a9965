package org.peekplatform.shell.ui;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import org.peekplatform.shell.model.Notice;
import org.peekplatform.shell.model.Page;
import org.peekplatform.shell.model.QueuedChange;
import org.peekplatform.shell.model.QueuedChanges;
import org.peekplatform.shell.model.ShellModel;

/// The changes that wait on this device, and what can be done about them.
final class ChangesPage extends ScrollPane {
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                    .withLocale(Locale.UK)
                    .withZone(ZoneId.systemDefault());

    private final ShellModel model;
    private final ChangeCommands commands;
    private final VBox list = new VBox();
    private final Label hint = new Label();
    private final Label more = new Label();
    private final Label none = new Label("All changes have been made.");
    private final Map<Long, Row> rows = new HashMap<>();
    private final Subscription following;

    ChangesPage(ShellModel model, ChangeCommands commands) {
        this.model = model;
        this.commands = commands;
        getStyleClass().add("home-scroll");
        setFitToWidth(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        Label title = new Label(ShellModel.title(Page.CHANGES));
        title.getStyleClass().add("page-title");
        hint.setText(
                "They are sent one after the other as soon as the service takes them, also after this"
                        + " window was closed and opened again.");
        hint.setWrapText(true);
        hint.setMinHeight(USE_PREF_SIZE);
        hint.getStyleClass().add("muted");
        VBox heading = new VBox(title, hint);
        heading.getStyleClass().add("page-heading");
        list.getStyleClass().add("changes");
        none.setId("changes-none");
        none.getStyleClass().add("muted");
        more.getStyleClass().add("muted");
        VBox content = new VBox(heading, none, list, more);
        content.getStyleClass().add("home");
        setContent(content);
        following = model.changesProperty().subscribe(this::show);
    }

    void close() {
        following.unsubscribe();
    }

    private void show(QueuedChanges changes) {
        List<Node> wanted = new ArrayList<>();
        List<Long> present = new ArrayList<>();
        for (QueuedChange change : changes.first()) {
            Row row = rows.computeIfAbsent(change.id(), id -> new Row());
            row.show(change);
            wanted.add(row);
            present.add(change.id());
        }
        rows.keySet().retainAll(present);
        Nodes.sync(list.getChildren(), wanted);
        int unseen = changes.count() - changes.first().size();
        more.setText("And " + unseen + " more.");
        Nodes.present(more, unseen > 0);
        Nodes.present(none, changes.count() == 0);
        Nodes.present(hint, changes.count() > 0);
    }

    private void attempt(CompletableFuture<@Nullable Void> work) {
        work.whenComplete((nothing, problem) -> {
            if (problem != null) {
                Throwable cause =
                        problem instanceof CompletionException && problem.getCause() != null
                                ? problem.getCause()
                                : problem;
                Platform.runLater(() -> model.tell(Notice.Kind.FAILED, DesktopUiHost.words(cause)));
            }
        });
    }

    /// One change. Keeps its question open while the list round it changes.
    private final class Row extends VBox {
        private final Label title = new Label();
        private final Label state = new Label();
        private final Label origin = new Label();
        private final Label problem = new Label();
        private final Button again = new Button();
        private final Button discard = new Button("Discard");
        private final HBox ways = new HBox(again, discard);
        private final Label question =
                new Label("Discard this change? It will not be made and cannot be brought back.");
        private final Button yes = new Button("Discard");
        private final Button no = new Button("Keep");
        private final HBox answers = new HBox(yes, no);
        private final VBox asking = new VBox(question, answers);
        private boolean asked;

        Row() {
            getStyleClass().add("change");
            title.getStyleClass().add("change-title");
            state.getStyleClass().add("change-state");
            state.setMinWidth(USE_PREF_SIZE);
            origin.getStyleClass().addAll("muted", "small");
            problem.getStyleClass().add("change-problem");
            ways.getStyleClass().add("change-ways");
            answers.getStyleClass().add("change-ways");
            asking.getStyleClass().add("change-asking");
            yes.getStyleClass().add("danger");
            for (Label words : List.of(title, origin, problem, question)) {
                words.setWrapText(true);
                words.setMinHeight(USE_PREF_SIZE);
            }
            for (Button button : List.of(again, discard, yes, no)) {
                button.setMinWidth(USE_PREF_SIZE);
            }
            title.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(title, Priority.ALWAYS);
            HBox first = new HBox(title, state);
            first.getStyleClass().add("change-first");
            getChildren().setAll(first, origin, problem, ways, asking);
            discard.setOnAction(e -> ask(true));
            no.setOnAction(e -> ask(false));
        }

        void show(QueuedChange change) {
            title.setText(change.title());
            origin.setText(change.plugin() + " · " + WHEN.format(change.at()));
            state.setText(
                    switch (change.state()) {
                        case WAITING -> "Waiting";
                        case SENDING -> "Sending";
                        case REJECTED -> "Rejected";
                        case FAILED -> "Failed";
                    });
            Nodes.mark(state, "bad", change.needsAttention());
            Nodes.mark(problem, "bad", change.needsAttention());
            String why = change.problem();
            problem.setText(why == null ? "" : why);
            Nodes.present(problem, why != null);
            again.setText(change.needsAttention() ? "Send again" : "Send now");
            again.setAccessibleText(again.getText() + ": " + change.title());
            again.setOnAction(e -> attempt(commands.sendAgain(change.id())));
            discard.setAccessibleText("Discard: " + change.title());
            yes.setAccessibleText("Discard for good: " + change.title());
            yes.setOnAction(e -> {
                ask(false);
                attempt(commands.discard(change.id()));
            });
            boolean sending = change.state() == QueuedChange.State.SENDING;
            Nodes.present(ways, !sending && !asked);
            if (sending) {
                asked = false;
            }
            Nodes.present(asking, asked);
        }

        private void ask(boolean is) {
            asked = is;
            Nodes.present(ways, !is);
            Nodes.present(asking, is);
            (is ? no : discard).requestFocus();
        }
    }
}
