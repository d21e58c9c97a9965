package org.peekplatform.storage.bad;

import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/// One way to a thread in each class; [Clean] has none.
final class Threads {
    private Threads() {}

    static final class New {
        Thread make() {
            return new Thread(() -> {});
        }
    }

    static final class Builder {
        Thread make() {
            return Thread.ofVirtual().unstarted(() -> {});
        }
    }

    static final class Virtual {
        Thread make() {
            return Thread.startVirtualThread(() -> {});
        }
    }

    static final class Pool {
        ExecutorService make() {
            return Executors.newCachedThreadPool();
        }
    }

    static final class Reference {
        java.util.function.Supplier<ExecutorService> make() {
            return Executors::newVirtualThreadPerTaskExecutor;
        }
    }

    static final class Fork {
        ForkJoinPool make() {
            return new ForkJoinPool();
        }
    }

    static final class Clock {
        Timer make() {
            return new Timer();
        }
    }

    static final class Common {
        CompletableFuture<Void> make() {
            return CompletableFuture.runAsync(() -> {});
        }
    }

    static final class Sub extends Thread {}

    static final class Clean {
        CompletableFuture<Void> make(Executor executor) {
            return CompletableFuture.runAsync(() -> Thread.currentThread().interrupt(), executor);
        }
    }
}
