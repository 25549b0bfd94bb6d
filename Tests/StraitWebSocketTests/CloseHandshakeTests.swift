import StraitWebSocket
import Testing

@Suite struct `Closing handshakes` {
    private typealias Action = CloseHandshake.Action

    @Test(arguments: [1000, 1001, 1011, 3000, 4999] as [CloseCode])
    func `the peer's close is answered with its code, after pending replies (RFC 6455 §5.5.1)`(code: CloseCode) {
        var handshake = CloseHandshake()
        let actions = handshake.received(ClosePayload(code: code, reason: "bye"))
        let close = Close(code: code, reason: "bye", wasClean: true)
        #expect(actions == [.startDeadline, .report(close, isLoss: false)])
        let isAnswering = handshake.maySend && !handshake.mayReceive && handshake.isAnswering
        #expect(isAnswering)
        let answered = handshake.sendReply()
        #expect(answered == [.send(ClosePayload(code: code)), .shutTransport])
        let hasEnded = !handshake.maySend && !handshake.mayReceive
        #expect(hasEnded)
    }

    @Test func `a close without a code is answered without one and reported as 1005 (RFC 6455 §7.1.5)`() {
        var handshake = CloseHandshake()
        let actions = handshake.received(ClosePayload(code: .noCode)) + handshake.sendReply()
        let expected: [Action] = [
            .startDeadline, .report(Close(code: .noCode, wasClean: true), isLoss: false),
            .send(ClosePayload(code: .noCode)), .shutTransport,
        ]
        #expect(actions == expected)
    }

    @Test func `our close frame is sent at the deadline even if replies are pending`() {
        var handshake = CloseHandshake()
        _ = handshake.received(ClosePayload(code: .normal))
        let late = handshake.deadlinePassed()
        #expect(late == [.send(ClosePayload(code: .normal)), .shutTransport])
        let answered = handshake.sendReply()
        #expect(answered == [])
    }

    @Test func `a peer that ends its output after its close frame still gets pending replies`() {
        var handshake = CloseHandshake()
        _ = handshake.received(ClosePayload(code: .normal))
        let ended = handshake.inputEnded("gone")
        #expect(ended == [])
        let answered = handshake.sendReply()
        #expect(answered == [.send(ClosePayload(code: .normal)), .shutTransport])
    }

    @Test func `a peer that ends its output without a close frame is reported as 1006 (RFC 6455 §7.1.5)`() {
        var handshake = CloseHandshake()
        let ended = handshake.inputEnded("gone")
        let close = Close(code: .abnormal, reason: "gone", wasClean: false)
        #expect(ended == [.report(close, isLoss: true), .shutTransport])
    }

    @Test func `our close keeps its own code if it crosses the peer's close`() throws {
        var handshake = CloseHandshake()
        _ = handshake.received(ClosePayload(code: .normal))
        let ours = try handshake.close(.internalError)
        #expect(ours == [.send(ClosePayload(code: .internalError)), .shutTransport])
    }

    @Test func `our close waits for the peer's close and reports its code (RFC 6455 §7.1.2)`() throws {
        var handshake = CloseHandshake()
        let ours = try handshake.close(4001, reason: "done")
        #expect(ours == [.send(ClosePayload(code: 4001, reason: "done")), .startDeadline])
        let isHalfOpen = !handshake.maySend && handshake.mayReceive
        #expect(isHalfOpen)
        let theirs = handshake.received(ClosePayload(code: 1001, reason: "too"))
        #expect(theirs == [.shutTransport, .report(Close(code: 1001, reason: "too", wasClean: true), isLoss: false)])
    }

    @Test func `a client waits for the server to close the transport (RFC 6455 §7.1.1)`() {
        var handshake = CloseHandshake(role: .client)
        let theirs = handshake.received(ClosePayload(code: .normal)) + handshake.sendReply()
        let expected: [Action] = [
            .startDeadline, .report(Close(code: .normal, wasClean: true), isLoss: false),
            .send(ClosePayload(code: .normal)), .startDeadline,
        ]
        #expect(theirs == expected)
        let late = handshake.deadlinePassed()
        #expect(late == [.abortTransport])
        let lost = handshake.transportLost()
        #expect(lost == [])
    }

    @Test func `a deadline that passes aborts the connection with 1006 (RFC 6455 §7.1.5)`() throws {
        var handshake = CloseHandshake()
        _ = try handshake.close()
        let actions = handshake.deadlinePassed()
        let close = Close(code: .abnormal, reason: "no close frame in time", wasClean: false)
        #expect(actions == [.abortTransport, .report(close, isLoss: true)])
        let late = handshake.received(ClosePayload(code: .normal))
        #expect(late == [])
    }

    @Test func `a deadline that was not started has no effect`() {
        var handshake = CloseHandshake()
        let actions = handshake.deadlinePassed()
        let maySend = handshake.maySend
        #expect(actions == [] && maySend)
    }

    @Test func `an error is sent to the peer and reported as 1006 (RFC 6455 §7.1.7)`() {
        var handshake = CloseHandshake()
        let actions = handshake.failed(.invalidText) + handshake.sendReply()
        let expected: [Action] = [
            .startDeadline,
            .report(Close(code: .abnormal, reason: "text is not UTF-8", wasClean: false), isLoss: false),
            .send(ClosePayload(code: .invalidData, reason: "text is not UTF-8")), .shutTransport,
        ]
        #expect(actions == expected)
        let again = handshake.failed(.masked)
        #expect(again == [])
    }

    @Test func `an error after our close sends no second close frame (RFC 6455 §5.5.1)`() throws {
        var handshake = CloseHandshake()
        _ = try handshake.close()
        let actions = handshake.failed(.masked)
        let close = Close(code: .abnormal, reason: "frame is masked", wasClean: false)
        #expect(actions == [.shutTransport, .report(close, isLoss: false)])
    }

    @Test func `a lost transport is reported as 1006, before and after our close (RFC 6455 §7.1.5)`() throws {
        let close = Close(code: .abnormal, wasClean: false)
        var open = CloseHandshake()
        let whileOpen = open.transportLost()
        #expect(whileOpen == [.report(close, isLoss: true)])
        var closing = CloseHandshake()
        _ = try closing.close()
        let whileClosing = closing.transportLost()
        #expect(whileClosing == [.report(close, isLoss: true)])
    }

    @Test func `a close is reported only once, whatever events follow`() throws {
        for first in 0..<7 {
            var handshake = CloseHandshake()
            var actions: [Action] = []
            for event in [first, 0, 1, 5, 2, 3, 4, 6] { actions += try perform(event, on: &handshake) }
            #expect(actions.filter { if case .report = $0 { true } else { false } }.count == 1)
            #expect(actions.filter { if case .send = $0 { true } else { false } }.count <= 1)
        }
    }

    private func perform(_ event: Int, on handshake: inout CloseHandshake) throws -> [Action] {
        switch event {
        case 0: handshake.received(ClosePayload(code: .normal))
        case 1: handshake.failed(.reservedBits)
        case 2: handshake.transportLost()
        case 3: try handshake.close()
        case 5: handshake.inputEnded()
        case 6: handshake.sendReply()
        default: handshake.deadlinePassed()
        }
    }

    @Test func `a second close has no effect`() throws {
        var handshake = CloseHandshake()
        _ = try handshake.close(4000)
        let again = try handshake.close(4001)
        #expect(again == [])
    }

    @Test(arguments: [0, 999, 1004, 1006, 1015, 1016, 2999, 5000] as [CloseCode])
    func `a code that must not be sent is rejected (RFC 6455 §7.4)`(code: CloseCode) throws {
        var handshake = CloseHandshake()
        #expect(throws: UnsendableCloseCode(code: code)) { try handshake.close(code) }
        let maySend = handshake.maySend
        #expect(maySend)
        let empty = try handshake.close(.noCode)
        #expect(empty.first == .send(ClosePayload(code: .noCode)))
    }
}
