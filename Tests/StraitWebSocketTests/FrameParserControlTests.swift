import StraitCore
import StraitWebSocket
import Testing

@Suite struct `Control frames` {
    @Test(arguments: [0, 1, 124, 125])
    func `pings and pongs carry up to 125 bytes (RFC 6455 §5.5.2)`(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: 0xFE &- $0) }
        let bytes = Wire.frame(9, payload) + Wire.frame(10, payload)
        #expect(Wire.read(bytes) == .init(events: [.ping(Bytes(payload)), .pong(Bytes(payload))]))
    }

    @Test(arguments: [8, 9, 10] as [UInt8], [126, 127, 65536])
    func `a control frame over 125 bytes is rejected with 1002 (RFC 6455 §5.5)`(opcode: UInt8, length: Int) {
        let frame = Wire.frame(opcode, [UInt8](repeating: 3, count: length))
        #expect(Wire.read(frame) == .init(error: .controlTooLong))
        // The first two bytes are enough to reject it.
        #expect(Wire.read(Array(frame.prefix(2))) == .init(error: .controlTooLong))
    }

    @Test(arguments: [8, 9, 10] as [UInt8])
    func `a fragmented control frame is rejected with 1002 (RFC 6455 §5.5)`(opcode: UInt8) {
        #expect(Wire.read(Wire.frame(opcode, fin: false)) == .init(error: .controlFragmented))
    }

    @Test func `a close frame without a code is reported as 1005 (RFC 6455 §7.1.5)`() {
        #expect(Wire.read(Wire.frame(8)) == .init(events: [.close(.noCode)]))
    }

    @Test func `a close frame with a payload of one byte is rejected with 1002 (RFC 6455 §5.5.1)`() {
        #expect(Wire.read(Wire.frame(8, [3])) == .init(error: .closePayloadOfOneByte))
    }

    @Test func `every close code is accepted or rejected as the registry says (RFC 6455 §7.4)`() {
        for code in UInt16.min...UInt16.max {
            let isAllowed = (1000...1003).contains(code) || (1007...1014).contains(code) || (3000...4999).contains(code)
            let outcome = Wire.read(Wire.close(code))
            if isAllowed {
                #expect(outcome == .init(events: [.close(CloseCode(rawValue: code))]))
            } else {
                #expect(outcome == .init(error: .closeCode(CloseCode(rawValue: code))))
                #expect(outcome.error?.code == .protocolError)
            }
        }
    }

    @Test func `a close frame may have a reason of up to 123 bytes of UTF-8 (RFC 6455 §5.5.1)`() {
        let reason = String(repeating: "é", count: 61) + "!"
        #expect(Wire.read(Wire.close(4001, Array(reason.utf8))) == .init(events: [.close(4001, reason)]))
        #expect(Wire.read(Wire.close(1000, [0xCE, 0xBA, 0xED, 0xA0, 0x80])) == .init(error: .invalidCloseReason))
        #expect(Wire.read(Wire.close(1000, [0xCE])).error?.code == .invalidData)
    }

    @Test func `frames after a close frame are ignored (RFC 6455 §5.5.1)`() {
        let bytes = Wire.close(1000) + Wire.text("late") + Wire.frame(9) + Wire.close(1001) + Wire.frame(3)
        #expect(Wire.read(bytes) == .init(events: [.close(.normal)]))
        #expect(Wire.read(bytes, cuts: [3, 9, 12]) == .init(events: [.close(.normal)]))
    }
}
