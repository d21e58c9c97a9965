package org.peekplatform.plugins.probe.calls;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.plugins.probe.tuples.Texts;

/// Makes calls and measures how long they take. Every answer must be what was sent, and no two
/// calls that are in flight together send the same; the first wrong answer ends the loop.
public final class CallLoop {
    /// What every call sends.
    public static final int BYTES = 256;

    private static final int LONGEST_SECONDS = 20;
    private static final int MAX_CALLS = 1_000_000;
    private static final String[] SENT =
            IntStream.range(0, 512).mapToObj(i -> Texts.of(1, i, BYTES)).toArray(String[]::new);

    private final Callee callee;

    /// Whoever is called.
    public interface Callee {
        /// Sends a text and waits for the one that comes back.
        String call(String text) throws Exception;

        /// The same without waiting.
        CompletableFuture<String> callLater(String text);
    }

    /// A call was not answered as it must be.
    public static final class WrongAnswerException extends RuntimeException {
        WrongAnswerException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// @param spoil whether to take one answer for another
    public CallLoop(Callee callee, boolean spoil) {
        this.callee = spoil ? new Spoilt(callee) : callee;
    }

    /// @param inFlight 1 for one call after the other
    public CallFigures run(int calls, int inFlight) throws Exception {
        if (calls < 1 || calls > MAX_CALLS || inFlight < 1 || inFlight > SENT.length) {
            throw new IllegalArgumentException(
                    calls + " calls, " + inFlight + " in flight, cannot be measured");
        }
        return inFlight == 1 ? oneByOne(calls) : together(calls, inFlight);
    }

    private CallFigures oneByOne(int calls) throws Exception {
        double[] micros = new double[calls];
        long begun = System.nanoTime();
        long from = begun;
        for (int i = 0; i < calls; i++) {
            String sent = SENT[i % SENT.length];
            check(i, sent, callee.call(sent));
            long now = System.nanoTime();
            micros[i] = (now - from) / 1e3;
            from = now;
        }
        double seconds = (from - begun) / 1e9;
        Arrays.sort(micros);
        return new CallFigures(
                micros[calls / 2], micros[(int) (calls * 99L / 100)], calls / seconds);
    }

    private CallFigures together(int calls, int inFlight) throws InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        AtomicReference<@Nullable RuntimeException> wrong = new AtomicReference<>();
        long begun = System.nanoTime();
        for (int i = 0; i < calls && wrong.get() == null; i++) {
            await(free, 1);
            int number = i;
            String sent = SENT[i % SENT.length];
            callee.callLater(sent)
                    .whenComplete((answer, problem) -> {
                        try {
                            if (problem != null) {
                                throw new WrongAnswerException(
                                        "call " + number + " failed: " + problem, problem);
                            }
                            check(number, sent, answer);
                        } catch (WrongAnswerException e) {
                            wrong.compareAndSet(null, e);
                        } finally {
                            free.release();
                        }
                    });
        }
        await(free, inFlight);
        RuntimeException first = wrong.get();
        if (first != null) {
            throw first;
        }
        return new CallFigures(0, 0, calls / ((System.nanoTime() - begun) / 1e9));
    }

    private static void await(Semaphore free, int permits) throws InterruptedException {
        if (!free.tryAcquire(permits, LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new WrongAnswerException(
                    "a call was not answered within " + LONGEST_SECONDS + " s", null);
        }
    }

    private static void check(int number, String sent, @Nullable String answer) {
        if (!sent.equals(answer)) {
            throw new WrongAnswerException(
                    "call "
                            + number
                            + " sent "
                            + brief(sent)
                            + " and was answered "
                            + brief(String.valueOf(answer)),
                    null);
        }
    }

    private static String brief(String text) {
        return text.length() > 16 ? text.substring(0, 16) + "…" : text;
    }

    /// Answers one call by what another had sent.
    private static final class Spoilt implements Callee {
        private final Callee callee;
        private int calls;

        Spoilt(Callee callee) {
            this.callee = callee;
        }

        @Override
        public String call(String text) throws Exception {
            return callee.call(spoilt(text));
        }

        @Override
        public CompletableFuture<String> callLater(String text) {
            return callee.callLater(spoilt(text));
        }

        private String spoilt(String text) {
            return ++calls == 100 ? SENT[0] : text;
        }
    }
}
