import Foundation
import StraitCore
import StraitTesting
import StraitText
import TestFolders
import Testing

/// Durations as Django reads and writes them, except for digits of other scripts, which only Django reads.
@Suite struct `Durations beside Django` {
    private static let texts =
        [
            "", "0", "1", "-1", "1.5", "1,5", "1.123456789", "01:02", "1:02:03", "1 1:02:03.5", "-1 1:02:03",
            "1 day, 1:02:03", "2 days, 0:00:00", "1 -1:02:03", "-4 days, 22:57:57", "3 days", "3 day",
            "-3 days +04:05:06",
            "3 days -04:05:06.25", "04:05:06.1234567", "1:2", "1:2:3:4", "P", "PT", "P1D", "P1.5D", "P1,5DT1.25H",
            "-P1DT1H",
            "+PT0.000001S", "P1Y", "P1W", "PT1M1", "x", " 1", "1 ", "999999999 23:59:59.999999", "1000000000 00:00:00",
            "-999999999 00:00:00", "-999999999 -00:00:01", "P999999999DT24H", "99999999999999999999999", "PT1E3S",
            "3 days 4:5:6", "3 days, ", "P0.3D", "PT0.1H", "PT0.7M",
        ] + random

    private static let random: [String] = {
        var random = SeededGenerator(seed: 11)
        let pieces = [
            "1", "-", "+", ":", ".", ",", " ", "P", "D", "T", "H", "M", "S", "days", "day, ", "59", "007", ":01",
        ]
        return (0..<2000).map { _ in
            (0..<Int.random(in: 1...7, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
        }
    }()

    @Test func `texts are read and written as by Django`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder + "/texts.json"
            try JSONEncoder().encode(Self.texts).write(to: URL(filePath: file))
            let output = try await Peer.python("django/durations.py", file)
            let results = try JSONDecoder().decode([[String]?].self, from: Data(output.utf8))
            try #require(results.count == Self.texts.count)
            #expect(results.count { $0 != nil } > 100)
            for (text, django) in zip(Self.texts, results) {
                #expect(Self.result(text) == django, "\(text.debugDescription)")
            }
        }
    }

    private static func result(_ text: String) -> [String]? {
        switch DurationText.read(text) {
        case .duration(let duration):
            let (seconds, attoseconds) = duration.components
            let microseconds = Int128(seconds) * 1_000_000 + Int128(attoseconds / 1_000_000_000_000)
            return ["\(microseconds)", DurationText.text(of: duration), DurationText.isoText(of: duration)]
        case .tooLong: return ["overflow"]
        case nil: return nil
        }
    }
}
