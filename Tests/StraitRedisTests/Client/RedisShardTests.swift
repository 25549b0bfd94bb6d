import StraitCore
import StraitRedis
import StraitTesting
import Testing

@Suite struct `Shards` {
    @Test(arguments: [
        ("key_one", 1, 0), ("key_one", 2, 1), ("key_one", 3, 2), ("key_one", 4, 2), ("key_one", 10, 6),
        ("key_two", 2, 0), ("key_two", 3, 1), ("key_two", 4, 1), ("key_two", 10, 4), ("chat", 10, 1),
        ("asgi__group__chat", 2, 1), ("asgi__group__chat", 10, 9), ("", 10, 0),
    ])
    func `a name maps to the same server as in channels_redis`(name: String, count: Int, shard: Int) {
        #expect(ShardHash.shard(of: name, among: count) == shard)
    }

    @Test(arguments: Seeds(10))
    func `the shard index is valid for any number of servers`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let lost = (1...5000).first { count in
            let name = String(generator.next(), radix: 36)
            return !(0..<count).contains(ShardHash.shard(of: name, among: count))
        }
        #expect(lost == nil, "seed \(seed)")
    }
}
