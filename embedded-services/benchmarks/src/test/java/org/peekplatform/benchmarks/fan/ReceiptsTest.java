package org.peekplatform.benchmarks.fan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.peekplatform.benchmarks.fan.Receipts.WrongReceiptException;

class ReceiptsTest {
    private final Receipts receipts = new Receipts("Peek", 3);

    private void begin() {
        for (int device = 0; device < 3; device++) {
            receipts.begin(device, 7);
        }
        receipts.expectNext();
    }

    @Test
    void aChangeIsCompleteWhenEveryDeviceHasIt() {
        begin();
        receipts.received(1, 8, 100);
        receipts.received(0, 8, 150);
        assertThat(receipts.complete()).isFalse();
        receipts.received(2, 8, 170);
        assertThat(receipts.complete()).isTrue();
        assertThat(receipts.firstAt()).isEqualTo(100);
        assertThat(receipts.lastAt()).isEqualTo(170);
        assertThat(receipts.version()).isEqualTo(8);
    }

    @Test
    void aRepeatedReceiptIsNoticed() {
        begin();
        receipts.received(1, 8, 100);
        assertThatThrownBy(() -> receipts.received(1, 8, 101))
                .isInstanceOf(WrongReceiptException.class)
                .hasMessage("device 1 of Peek received version 8 while it held 8 and 8 was due");
    }

    @Test
    void aReceiptThatComesAheadOfItsTurnIsNoticed() {
        begin();
        assertThatThrownBy(() -> receipts.received(0, 9, 100))
                .isInstanceOf(WrongReceiptException.class);
    }

    @Test
    void aReceiptWithoutAChangeIsNoticed() {
        begin();
        for (int device = 0; device < 3; device++) {
            receipts.received(device, 8, 100);
        }
        assertThatThrownBy(() -> receipts.received(0, 9, 101))
                .isInstanceOf(WrongReceiptException.class);
    }

    @Test
    void aMissingReceiptIsNamed() {
        begin();
        receipts.received(0, 8, 100);
        receipts.received(2, 8, 100);
        assertThat(receipts.complete()).isFalse();
        assertThat(receipts.missing())
                .hasMessage(
                        "1 of 3 devices of Peek have no receipt of version 8, the first of them"
                                + " device 1 with version 7");
    }

    @Test
    void ofSeveralChangesOnlyTheLastMustBeReceived() {
        begin();
        receipts.expectAtLast(20);
        receipts.received(0, 12, 100);
        receipts.received(0, 20, 110);
        receipts.received(1, 20, 120);
        receipts.received(1, 20, 130);
        assertThat(receipts.complete()).isFalse();
        receipts.received(2, 19, 140);
        receipts.received(2, 20, 150);
        assertThat(receipts.complete()).isTrue();
        assertThat(receipts.lastAt()).isEqualTo(150);
        assertThatThrownBy(() -> receipts.received(2, 19, 160))
                .isInstanceOf(WrongReceiptException.class);
    }

    @Test
    void whoComesLateIsBroughtUpToDateBeforeTheFirstChange() {
        receipts.begin(0, 5);
        receipts.received(0, 6, 1);
        receipts.received(0, 7, 1);
        receipts.begin(1, 7);
        receipts.begin(2, 7);
        assertThat(receipts.version()).isEqualTo(7);
        assertThatThrownBy(() -> receipts.received(0, 9, 1))
                .isInstanceOf(WrongReceiptException.class);
    }

    @Test
    void devicesThatHoldDifferentVersionsAreNoticed() {
        receipts.begin(0, 7);
        receipts.begin(1, 7);
        receipts.begin(2, 6);
        assertThatThrownBy(receipts::expectNext)
                .hasMessage("device 2 of Peek holds version 6, device 0 version 7");
    }
}
