import StraitNetwork
import StraitWebSocket
import Testing

@Suite struct `Input in any pieces` {
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
    func `cut in two anywhere it gives the same events`(script: Int) {
        let bytes = Self.scripts[script]
        let whole = Wire.read(bytes)
        for cut in 0...bytes.count { #expect(Wire.read(bytes, cuts: [cut]) == whole, "cut at \(cut)") }
    }

    @Test(arguments: scripts.indices)
    func `byte by byte it gives the same events`(script: Int) {
        let bytes = Self.scripts[script]
        #expect(Wire.read(bytes, cuts: Array(bytes.indices)) == Wire.read(bytes))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `any traffic in any pieces gives the same events`(seed: UInt64) {
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

    /// Mostly good frames, sometimes not.
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
}
