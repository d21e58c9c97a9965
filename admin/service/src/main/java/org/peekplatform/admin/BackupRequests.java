package org.peekplatform.admin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import org.peekplatform.api.Caller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Makes a backup when an administrator asks for one. Where it is written is not theirs to say, as
/// they may sit at another machine.
final class BackupRequests {
    private static final Logger log = LoggerFactory.getLogger(BackupRequests.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BackupMaker maker;
    private final AdminLogin login;

    BackupRequests(BackupMaker maker, AdminLogin login) {
        this.maker = maker;
        this.login = login;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/backups", this::make);
    }

    private void make(Context request) {
        Caller.Administrator by = login.prove(request);
        BackupMaker.Made made = maker.make(!"false".equals(request.queryParam("withReloadable")));
        log.info("{} made the backup {}", by.user(), made.file());
        request.contentType("application/json")
                .result(
                        JSON.writeValueAsBytes(
                                Map.of(
                                        "file",
                                        made.file().toString(),
                                        "message",
                                        made.sentence())));
    }
}
