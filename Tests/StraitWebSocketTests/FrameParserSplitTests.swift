import StraitCore
import StraitWebSocket
import Testing

@Suite struct `Split input` {
    static let scripts: [[UInt8]] = [
        Wire.text("Hello"),
        Wire.text("") + Wire.frame(2) + Wire.frame(9) + Wire.text("κόσμε"),
        Wire.text("a", fin: false) + Wire.frame(9, [1]) + Wire.frame(0, [0x62]) + Wire.close(1000, [0x6F, 0x6B]),
        Wire.frame(2, [UInt8](repeating: 9, count: 130)) + Wire.text("next"),
        Wire.frame(1, [0xF0, 0x9F], fin: false) + Wire.frame(0, [0x99, 0x82]) + Wire.text("a"),
        Wire.text("fine") + Wire.frame(1, [0x61, 0xFF, 0x62]) + Wire.text("late"),
        Wire.text("fine") + Wire.frame(9, fin: false) + Wire.text("late"),
        Wire.text("fine") + Wire.frame(2, [1, 2], lengthBytes: 8),
        Wire.text("fine") + Wire.close(1005),
        Wire.frame(1, [0xC1, 0xFF], rsv: 4) + Wire.frame(0, [0x51, 0x02, 0x00]),
    ]

    @Test(arguments: scripts.indices)
    func `input split in two anywhere gives the same events`(script: Int) {
        let bytes = Self.scripts[script]
        let whole = Wire.read(bytes)
        for cut in 0...bytes.count { #expect(Wire.read(bytes, cuts: [cut]) == whole, "cut at \(cut)") }
    }

    @Test(arguments: scripts.indices)
    func `input fed byte by byte gives the same events`(script: Int) {
        let bytes = Self.scripts[script]
        #expect(Wire.read(bytes, cuts: Array(bytes.indices)) == Wire.read(bytes))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `random frames split anywhere give the same events`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...12, using: &random) { bytes += traffic(&random) }
        let whole = Wire.read(bytes, limits: MessageLimits(frame: 2500, message: 5000))
        for _ in 0..<5 {
            let cuts = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                Int.random(in: 0...bytes.count, using: &random)
            }
            let split = Wire.read(bytes, cuts: cuts.sorted(), limits: MessageLimits(frame: 2500, message: 5000))
            #expect(split == whole, "seed \(seed)")
        }
    }

    /// Random frames, most of them valid.
    private func traffic(_ random: inout SeededGenerator) -> [UInt8] {
        let key = (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) }
        let length = [0, 1, 5, 64, 125, 126, 700, 1500, 3000].randomElement(using: &random) ?? 0
        let payload = (0..<length).map { _ in UInt8.random(in: 0...127, using: &random) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0...4: return Wire.frame(1, payload, key: key)
        case 5, 6: return Wire.frame(2, payload, key: key)
        case 7: return Wire.frame(9, Array(payload.prefix(125)), key: key)
        case 8:
            return Wire.frame(1, payload, fin: false, key: key) + Wire.frame(10, [1], key: key)
                + Wire.frame(0, Array("ü".utf8), key: key)
        case 9: return Wire.frame(1, payload + [0xC3], fin: false, key: key) + Wire.frame(0, [0xBC], key: key)
        case 10: return Wire.frame(1, payload + [0xC3], key: key)
        default: return Wire.frame(UInt8.random(in: 0...15, using: &random), payload, key: key)
        }
    }

    // MARK: With permessage-deflate

    static let fresh = DeflateParameters(
        serverNoContextTakeover: true, clientNoContextTakeover: true, serverWindowBits: nil, clientWindowBits: nil)
    static let keeping = DeflateParameters(
        serverNoContextTakeover: false, clientNoContextTakeover: false, serverWindowBits: nil, clientWindowBits: nil)

    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
    static let compressedScripts: [[UInt8]] =
        scripts + [
            Wire.frame(1, hello, rsv: 4) + Wire.text("plain") + Wire.frame(1, hello, rsv: 4),
            Wire.frame(1, Array(hello[..<3]), fin: false, rsv: 4) + Wire.frame(9, [1])
                + Wire.frame(0, Array(hello[3..<5]), fin: false) + Wire.frame(0, Array(hello[5...])) + Wire.close(1000),
            // The second message refers to the first (RFC 7692 §7.2.3.2).
            Wire.frame(1, hello, rsv: 4) + Wire.frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], rsv: 4),
            Wire.frame(2, rsv: 4) + Wire.frame(1, [0], rsv: 4) + Wire.frame(1, hello, fin: false, rsv: 4)
                + Wire.frame(0),
            Wire.frame(1, hello, rsv: 4) + Wire.frame(2, [0x07, 0x00], rsv: 4) + Wire.text("late"),
            Wire.frame(1, hello, rsv: 4) + Wire.frame(0, hello, rsv: 4),
        ]

    @Test(arguments: compressedScripts.indices, [fresh, keeping])
    func `compressed input split anywhere or fed byte by byte gives the same events (RFC 7692 §6.2)`(
        script: Int, deflate: DeflateParameters
    ) {
        let bytes = Self.compressedScripts[script]
        let whole = Wire.read(bytes, deflate: deflate)
        for cut in 0...bytes.count {
            #expect(Wire.read(bytes, cuts: [cut], deflate: deflate) == whole, "cut at \(cut)")
        }
        #expect(Wire.read(bytes, cuts: Array(bytes.indices), deflate: deflate) == whole)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `random compressed frames split anywhere give the same events (RFC 7692 §6.2)`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let deflate = Bool.random(using: &random) ? Self.fresh : Self.keeping
        var deflater = deflate.deflater(.client, codecs: DeflateCodecs(), options: DeflateOptions(threshold: 1))
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            bytes +=
                Int.random(in: 0..<3, using: &random) > 0 ? compressed(&random, &deflater) : traffic(&random)
        }
        let limits = MessageLimits(frame: 2500, message: 5000)
        let whole = Wire.read(bytes, limits: limits, deflate: deflate)
        for _ in 0..<5 {
            let cuts = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                Int.random(in: 0...bytes.count, using: &random)
            }
            #expect(
                Wire.read(bytes, cuts: cuts.sorted(), limits: limits, deflate: deflate) == whole, "seed \(seed)")
        }
    }

    /// A compressed message, in one frame or in two with a ping between them.
    private func compressed(_ random: inout SeededGenerator, _ deflater: inout MessageDeflater) -> [UInt8] {
        let length = [1, 20, 300, 2000, 6000].randomElement(using: &random) ?? 0
        let letters: ClosedRange<UInt8> = Bool.random(using: &random) ? 0x61...0x63 : 0...127
        let payload = (0..<length).map { _ in UInt8.random(in: letters, using: &random) }
        guard let packed = deflater.compress(payload.span).map(Array.init) else { return Wire.frame(2, payload) }
        let opcode: UInt8 = Bool.random(using: &random) ? 1 : 2
        guard Bool.random(using: &random) else { return Wire.frame(opcode, packed, rsv: 4) }
        let cut = Int.random(in: 0...packed.count, using: &random)
        return Wire.frame(opcode, Array(packed[..<cut]), fin: false, rsv: 4) + Wire.frame(9, [7])
            + Wire.frame(0, Array(packed[cut...]))
    }
}
