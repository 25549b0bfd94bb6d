import Foundation
import Testing

/// The tables of `Documentation/Queries.md`.
enum QueryGuide {
    /// Returns Django's expression and ours for each line of the tables.
    static func lines() throws -> [(django: String, strait: String)] {
        let guide = try String(contentsOfFile: Checkout.file("Documentation/Queries.md"), encoding: .utf8)
        let tables = try #require(guide.components(separatedBy: "## Differences").first)
        return tables.components(separatedBy: "\n").compactMap { line in
            guard line.hasPrefix("| `"), line.hasSuffix("` |") else { return nil }
            let cells = line.dropFirst(3).dropLast(3).components(separatedBy: "` | `")
            guard cells.count == 2 else { return nil }
            return (cells[0].replacing("\\|", with: "|"), cells[1].replacing("\\|", with: "|"))
        }
    }
}

@Suite struct `The guide to queries` {
    /// `text` without white space, which the formatter changes.
    private func compact(_ text: String) -> String { text.filter { !$0.isWhitespace } }

    @Test func `each line of the guide is a query that is compared with Django`() throws {
        let lines = try QueryGuide.lines()
        #expect(lines.count == QueryRows.all.count)
        let file = Checkout.file("Tests/PeerTests/Models/QueryRows.swift")
        let source = try String(contentsOfFile: file, encoding: .utf8)
        let code = source.components(separatedBy: "list.append { db in").dropFirst().map(compact)
        for (line, query) in zip(lines, code) {
            #expect(query.hasPrefix(compact("try await \(line.strait) }")), "\(line.django)")
        }
    }
}
