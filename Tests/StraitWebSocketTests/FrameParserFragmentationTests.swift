import StraitCore
import StraitWebSocket
import Testing

@Suite struct `Fragmented messages` {
    @Test func `fragments are joined into one message (RFC 6455 §5.4)`() {
        let bytes =
            Wire.text("one ", fin: false) + Wire.frame(0, Array("two ".utf8), fin: false)
            + Wire.frame(0, Array("three".utf8))
        #expect(Wire.read(bytes) == .init(events: [.text("one two three")]))
    }

    @Test func `fragments may be empty, and a message of only empty fragments is empty (RFC 6455 §5.4)`() {
        let empty = Wire.text("", fin: false) + Wire.frame(0, fin: false) + Wire.frame(0)
        #expect(Wire.read(empty) == .init(events: [.text("")]))
        let mixed = Wire.frame(2, fin: false) + Wire.frame(0, [7], fin: false) + Wire.frame(0)
        #expect(Wire.read(mixed) == .init(events: [.binary([7])]))
        let late = Wire.frame(2, fin: false) + Wire.frame(0, [7, 8])
        #expect(Wire.read(late) == .init(events: [.binary([7, 8])]))
    }

    @Test func `control frames between fragments are reported immediately (RFC 6455 §5.4)`() {
        let bytes =
            Wire.text("a", fin: false) + Wire.frame(9, [1]) + Wire.frame(0, [0x62], fin: false)
            + Wire.frame(10, [2]) + Wire.frame(0, [0x63]) + Wire.text("d")
        #expect(Wire.read(bytes).events == [.ping([1]), .pong([2]), .text("abc"), .text("d")])
    }

    @Test func `a close frame between fragments discards the message (RFC 6455 §5.5.1)`() {
        let bytes = Wire.text("a", fin: false) + Wire.close(1000) + Wire.frame(0, [0x62])
        #expect(Wire.read(bytes) == .init(events: [.close(.normal)]))
    }

    @Test(arguments: [true, false])
    func `a continuation frame outside a message is rejected with 1002 (RFC 6455 §5.4)`(isFinal: Bool) {
        #expect(Wire.read(Wire.frame(0, [1], fin: isFinal)) == .init(error: .nothingToContinue))
        let afterMessage = Wire.text("a", fin: false) + Wire.frame(0) + Wire.frame(0, fin: isFinal)
        #expect(Wire.read(afterMessage) == .init(events: [.text("a")], error: .nothingToContinue))
    }

    @Test(arguments: [1, 2] as [UInt8], [true, false])
    func `a new message inside another one is rejected with 1002 (RFC 6455 §5.4)`(opcode: UInt8, isFinal: Bool) {
        let bytes = Wire.text("a", fin: false) + Wire.frame(opcode, [0x62], fin: isFinal)
        #expect(Wire.read(bytes) == .init(error: .messageNotFinished))
    }

    @Test func `a message in thousands of fragments is joined`() {
        let payload = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = Wire.frame(2, fin: false) + payload.flatMap { Wire.frame(0, [$0], fin: false) } + Wire.frame(0)
        #expect(Wire.read(bytes) == .init(events: [.binary(payload)]))
    }
}
