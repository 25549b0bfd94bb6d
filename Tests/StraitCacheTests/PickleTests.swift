import StraitCore
import StraitTesting
import Testing

@testable import StraitCache

@Suite struct `Values in Python's pickle` {
    private static func bytes(_ hexadecimal: String) -> Bytes {
        let digits = Array(hexadecimal.utf8.filter { $0 != 0x20 })
        return Bytes(
            stride(from: 0, to: digits.count, by: 2).map { place in
                UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16) ?? 0
            })
    }

    private static let session = CacheValue.dictionary([CacheValue.Pair(.string("_auth_user_id"), .string("1"))])

    @Test func `a session is written byte for byte as in Python`() throws {
        let python = Self.bytes(
            "80 05 95 18 00 00 00 00 00 00 00 7d 94 8c 0d 5f 61 75 74 68 5f 75 73 65 72 5f 69 64 94 8c 01 31 94 73 2e")
        #expect(try PickleEncoder.bytes(of: Self.session) == python)
        #expect(try PickleDecoder.value(of: python) == Self.session)
    }

    /// The pickles in protocols 2 to 5 that Python 3.11 writes for `{"a": [1, (2.5, None), True], "b": "ü"}`.
    @Test(arguments: [
        "8002 7d71 00 28 58 01000000 61 71 01 5d 71 02 28 4b01 47 4004000000000000 4e 86 71 03 88 65 58 01000000 62"
            + "71 04 58 02000000 c3bc 71 05 75 2e",
        "8005 95 2500000000000000 7d 94 28 8c 01 61 94 5d 94 28 4b01 47 4004000000000000 4e 86 94 88 65 8c 01 62 94"
            + "8c 02 c3bc 94 75 2e",
    ])
    func `every protocol from 2 on is read`(_ hexadecimal: String) throws {
        let value = try PickleDecoder.value(of: Self.bytes(hexadecimal))
        #expect(
            value
                == .dictionary([
                    CacheValue.Pair(.string("a"), .list([.int(1), .tuple([.double(2.5), .null]), .bool(true)])),
                    CacheValue.Pair(.string("b"), .string("ü")),
                ]))
    }

    @Test func `every value is the same after it is written and read`() throws {
        let numbers = [0, 1, 255, 256, 65_535, 65_536, -1, -128, Int(Int32.max), Int(Int32.min), 1 << 31, .max, .min]
        var values = numbers.map { CacheValue.int($0) }
        let zeros = String(repeating: "0", count: 600)
        values += ["9223372036854775808", "-9223372036854775809", "18446744073709551616"].map { .largeInt($0) }
        values += ["1" + zeros, "-1" + zeros].map { .largeInt($0) }
        values += [.null, .bool(true), .bool(false), .double(-0.1), .double(.infinity), .string(""), .string("Ünï 🔑")]
        values += [.string(String(repeating: "x", count: 300)), .string(String(repeating: "x", count: 70_000))]
        values += [.bytes(""), .bytes(Bytes([0, 255])), .bytes(Bytes([UInt8](repeating: 7, count: 300)))]
        values += (0...5).map { .tuple(Array(repeating: .int($0), count: $0)) }
        values.append(.list((0..<2500).map { .int($0) }))
        values.append(.dictionary((0..<2500).map { CacheValue.Pair(.string("\($0)"), .int($0)) }))
        values.append(.list(values))
        for value in values {
            let bytes = try PickleEncoder.bytes(of: value)
            #expect(try PickleDecoder.value(of: bytes) == value)
        }
    }

    @Test func `a container that occurs twice is read twice`() throws {
        // x = [1]; [x, x]
        let value = try PickleDecoder.value(of: Self.bytes("8004 5d94 28 5d94 4b01 61 6801 65 2e"))
        #expect(value == .list([.list([.int(1)]), .list([.int(1)])]))
        // x = []; [x, x], where x gets its element last.
        let late = try PickleDecoder.value(of: Self.bytes("8002 5d7100 5d7101 61 6801 61 2e".replacing(" ", with: "")))
        #expect(late == .list([.list([]), .list([])]))
    }

    @Test func `a pickle that names a function is an error, and so is every other object`() {
        // os.system("id"), a set, a persistent ID, and an object that is built.
        let bad = [
            "8004 8c026f73 8c0673797374656d 93 8c026964 85 52 2e",
            "8002 636f730a73797374656d0a 58020000006964 85 52 2e",
            "8004 8f 2e", "8002 4b01 51 2e", "8002 7d 62 2e", "8002 296f2e", "8005 96 0000000000000000 2e",
        ]
        for text in bad {
            let error = #expect(throws: CacheValueError.self) { try PickleDecoder.value(of: Self.bytes(text)) }
            #expect(error?.description.hasPrefix("A value in the cache cannot be read: the pickle ") == true)
        }
    }

    @Test func `a container that contains itself is an error`() {
        for text in ["8002 5d7100 6800 61 2e", "8002 7d7100 4b01 6800 73 2e", "8002 5d7100 6800 85 61 2e"] {
            #expect(throws: CacheValueError.self) { try PickleDecoder.value(of: Self.bytes(text)) }
        }
    }

    @Test func `a small pickle of a huge value is an error`() {
        // x = "…"; x = [x, x, x, x], fifty times.
        var text = "8004 8c0461616161 94"
        for index in 0..<50 { text += "5d 28" + String(repeating: "68" + Self.hexadecimal(index), count: 4) + "65 94" }
        #expect(throws: CacheValueError.self) { try PickleDecoder.value(of: Self.bytes(text + "2e")) }
    }

    private static func hexadecimal(_ byte: Int) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    @Test func `limits on size, nesting and opcodes hold`() throws {
        var limits = PickleDecoder.Limits()
        limits.bytes = 10
        let large = try PickleEncoder.bytes(of: .string("12345678"))
        #expect(throws: CacheValueError.self) { try PickleDecoder.value(of: large, limits: limits) }
        let deep = "8002" + String(repeating: "5d", count: 102) + String(repeating: "61", count: 101) + "2e"
        #expect(throws: CacheValueError.self) { try PickleDecoder.value(of: Self.bytes(deep)) }
        let marks = Bytes([0x80, 2] + [UInt8](repeating: 0x28, count: 1_000_000))
        #expect(throws: CacheValueError.self) { try PickleDecoder.value(of: marks) }
        var nested = CacheValue.null
        for _ in 0..<102 { nested = .list([nested]) }
        #expect(throws: CacheValueError.self) { try PickleEncoder.bytes(of: nested) }
    }

    @Test(arguments: Seeds(300)) func `any bytes are a value or an error (fuzz)`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = CacheValue.dictionary([
            CacheValue.Pair(.string("key"), .list([.int(70_000), .tuple([.double(1), .bytes("b")]), .null])),
            CacheValue.Pair(.string("other"), .largeInt("123456789012345678901234567890")),
        ])
        for _ in 0..<50 {
            var bytes: [UInt8]
            if Bool.random(using: &random) {
                // Opcodes in any order.
                let known: [UInt8] = [
                    0x28, 0x29, 0x2E, 0x42, 0x43, 0x47, 0x4A, 0x4B, 0x4D, 0x4E, 0x58, 0x5D, 0x61, 0x65, 0x68, 0x6A,
                    0x71,
                    0x72, 0x73, 0x74, 0x75, 0x7D, 0x85, 0x86, 0x87, 0x88, 0x8A, 0x8B, 0x8C, 0x94, 0x95, 0x00, 0x01,
                ]
                bytes = [0x80, 4] + (0..<60).map { _ in random.pick(known) } + [0x2E]
            } else {
                bytes = Array(try PickleEncoder.bytes(of: value))
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                        in: 0 ... .max, using: &random)
                }
                if Int.random(in: 0..<4, using: &random) == 0 {
                    bytes = Array(bytes[..<Int.random(in: 0...bytes.count, using: &random)])
                }
            }
            guard let read = try? PickleDecoder.value(of: Bytes(bytes)) else { continue }
            // A value that was read can be written, and is then the same, unless it contains a NaN.
            guard let again = try? PickleEncoder.bytes(of: read) else { continue }
            let same = try PickleDecoder.value(of: again)
            #expect("\(same)" == "\(read)", "seed \(seed)")
        }
    }
}
