import StraitCore
import StraitRedis
import StraitTesting
import Testing

@Suite struct `Redis commands` {
    private func encode(_ commands: RedisCommand...) -> Bytes {
        var buffer = ByteBuffer()
        for command in commands { command.append(to: &buffer) }
        return buffer.freeze()
    }

    @Test func `a command is encoded as an array of bulk strings`() {
        #expect(encode(RedisCommand("PING")) == Bytes("*1\r\n$4\r\nPING\r\n"))
        #expect(
            encode(RedisCommand("SET", ["é", .bytes([0x0D, 0x0A]), -12]), RedisCommand("GET", [""]))
                == Bytes("*4\r\n$3\r\nSET\r\n$2\r\né\r\n$2\r\n\r\n\r\n$3\r\n-12\r\n*2\r\n$3\r\nGET\r\n$0\r\n\r\n"))
    }

    @Test func `the description of a command contains no arguments`() {
        #expect("\(RedisCommand("AUTH", ["secret"]))" == "AUTH with 1 argument")
        #expect("\(RedisCommand("PING"))" == "PING with 0 arguments")
    }

    @Test(arguments: Seeds(20))
    func `a random command round-trips through the reply reader`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let arguments = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
            let count = Int.random(in: 0...40, using: &generator)
            return Bytes((0..<count).map { _ in "\r\n$*\u{0}a".utf8.randomElement(using: &generator)! })
        }
        let written = encode(RedisCommand("X", arguments.map { .bytes($0) }))
        #expect(
            hear(Array(written)) == [.arrival(.reply(.array([.bulk("X")] + arguments.map { .bulk($0) })))],
            "seed \(seed)")
    }
}
