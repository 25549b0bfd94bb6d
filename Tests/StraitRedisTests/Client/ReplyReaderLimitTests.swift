import StraitCore
import StraitRedis
import Testing

@Suite struct `Reply limits` {
    private func limits(bytes: Int = 1000, depth: Int = 3) -> ReplyLimits {
        var limits = ReplyLimits()
        limits.bytes = bytes
        limits.depth = depth
        return limits
    }

    @Test func `a string over the limit is rejected before its bytes arrive`() {
        #expect(
            refusal("$1000\r\n", limits: limits())
                == "A reply from Redis is over the limit of 1000 bytes. Request less at once, or raise the "
                + "reply limit.")
        #expect(hear("$900\r\n", limits: limits()) == [.unfinished])
        #expect(refusal("$9223372036854775807\r\n").contains("over the limit of 67108864 bytes"))
    }

    @Test func `an element count over the limit is rejected before any element arrives`() {
        for text in ["*1000000000\r\n", "%1000000000\r\n", "~9223372036854775807\r\n", "|9223372036854775807\r\n"] {
            #expect(refusal(text).contains("over the limit"), "\(text)")
        }
    }

    @Test func `a line over the limit is rejected while it arrives`() {
        #expect(refusal("+" + String(repeating: "a", count: 1000), limits: limits()).contains("over the limit"))
        #expect(hear("+" + String(repeating: "a", count: 900), limits: limits()) == [.unfinished])
    }

    @Test func `the limit includes attributes, and each reply counts separately`() {
        #expect(refusal("*3\r\n$300\r\n" + String(repeating: "a", count: 300) + "\r\n$600\r\n", limits: limits()) != "")
        #expect(refusal(String(repeating: "|0\r\n", count: 16), limits: limits()) != "")
        #expect(
            hear(String(repeating: "$600\r\n\(String(repeating: "a", count: 600))\r\n", count: 3), limits: limits())
                .count == 3)
        #expect(hear(String(repeating: ">1\r\n+a\r\n", count: 100), limits: limits()).count == 100)
    }

    @Test func `values count with their size in memory`() {
        #expect(refusal("*14\r\n" + String(repeating: "_\r\n", count: 14), limits: limits()) == "")
        #expect(refusal("*15\r\n", limits: limits()).contains("over the limit"))
    }

    @Test func `aggregates can be nested up to the depth limit`() {
        #expect(replies(String(repeating: "*1\r\n", count: 32) + ":1\r\n").count == 1)
        #expect(
            refusal(String(repeating: "*1\r\n", count: 33))
                == "A reply from Redis is nested more than 32 levels deep. Raise the depth limit if a script "
                + "returns such tables.")
        #expect(refusal("*1\r\n*1\r\n*1\r\n*0\r\n", limits: limits()).contains("nested more than 3 levels deep"))
        #expect(
            refusal(String(repeating: "|1\r\n", count: 4), limits: limits()).contains("nested more than 3 levels deep"))
    }
}
