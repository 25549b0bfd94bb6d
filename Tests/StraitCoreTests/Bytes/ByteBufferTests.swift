import Testing

@testable import StraitCore

@Suite struct Buffers {
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a buffer contains the appended bytes minus the consumed ones`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var buffer = ByteBuffer()
        var expected: [UInt8] = []
        for _ in 0..<300 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                let byte = UInt8.random(in: .min ... .max, using: &random)
                buffer.append(byte)
                expected.append(byte)
            case 1, 2:
                let bytes = (0..<Int.random(in: 0..<200, using: &random)).map { UInt8(truncatingIfNeeded: $0) }
                buffer.append(bytes.span)
                expected += bytes
            case 3:
                let count = Int.random(in: 0...8, using: &random)
                buffer.append(0x0807_0605_0403_0201, count: count)
                expected += (1...8).prefix(count).map { UInt8($0) }
            case 4:
                let count = Int.random(in: 0...expected.count, using: &random)
                buffer.consume(count)
                expected.removeFirst(count)
            default:
                let count = Int.random(in: 0...min(5, expected.count), using: &random)
                buffer.removeLast(count)
                expected.removeLast(count)
            }
            let same = Array(Bytes(buffer.span)) == expected
            #expect(same, "seed \(seed)")
        }
        let taken = buffer.take()
        let isEmpty = buffer.isEmpty
        #expect(Array(taken) == expected && isEmpty, "seed \(seed)")
    }

    @Test func `a slice shares its storage, and equality compares contents`() {
        let bytes = Bytes("hello you")
        let slice = bytes.slice(6..<9)
        #expect(slice == Bytes("you") && slice.storage === bytes.storage)
        #expect(slice.hashValue == Bytes("you").hashValue)
        #expect(bytes.slice(0..<0).isEmpty)
        #expect(String(utf8: Bytes([0xFF])) == nil && String(utf8: slice) == "you")
        #expect("\(Bytes("hi"))" == "2 bytes: 68 69")
    }

    private final class Sink: Flushable {
        var flushes = 0
        func flush() { flushes += 1 }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a write queue returns the written bytes in order, however they are read`(seed: UInt64) async {
        let group = EventLoopGroup(count: 1, time: ManualTime())
        defer { group.stop() }
        let loop = group.loops[0]
        await loop.perform {
            var random = SeededGenerator(seed: seed)
            let sink = Sink()
            let writeQueue = WriteQueue(loop: loop)
            writeQueue.attach(sink)
            var written: [UInt8] = []
            var taken: [UInt8] = []
            for round in 0..<60 {
                let size = [0, 1, 100, 2047, 2048, 9000, 66_000][Int.random(in: 0..<7, using: &random)]
                let payload = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: size)
                switch Int.random(in: 0..<5, using: &random) {
                case 4:
                    writeQueue.write(shared: Bytes(payload))
                    written += payload
                case 0:
                    writeQueue.write(header: 0x0201, headerCount: 2, Bytes(payload))
                    written += [1, 2] + payload
                case 1:
                    writeQueue.write(Bytes(payload))
                    written += payload
                case 2:
                    writeQueue.write { $0.append(payload.span) }
                    written += payload
                default:
                    let room = Int.random(in: 0...100_000, using: &random)
                    var left = room
                    let whole = unsafe writeQueue.withWhole { bytes in
                        let count = min(left, bytes.count)
                        unsafe taken += Array(bytes.prefix(count))
                        return count
                    }
                    if let whole {
                        left = whole
                    } else {
                        var count = 0
                        writeQueue.forEachPiece(limit: 64) { piece in
                            let part = piece.slice(0..<min(left, piece.count))
                            taken += Array(part)
                            left -= part.count
                            count += part.count
                        }
                        left = count
                    }
                    writeQueue.consume(left)
                    writeQueue.releaseBlock()
                }
                #expect(writeQueue.count == written.count - taken.count, "seed \(seed)")
            }
            while !writeQueue.isEmpty {
                var count = 0
                writeQueue.forEachPiece(limit: 1) { piece in
                    taken += Array(piece)
                    count = piece.count
                }
                writeQueue.consume(count)
            }
            #expect(taken == written, "seed \(seed)")
            // A closed write queue accepts no more bytes.
            writeQueue.close()
            writeQueue.write(Bytes("late"))
            writeQueue.write(header: 1, headerCount: 1, Bytes())
            #expect(writeQueue.isEmpty)
            withExtendedLifetime(sink) {}
        }
    }
}
