/// Suggestions for misspelled words.
package enum Spelling {
    /// Returns the candidate with the smallest edit distance from `word`, or nil if none is similar enough.
    package static func closest(to word: String, among candidates: [String]) -> String? {
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            // A matching prefix counts more than single letters: suggest --max-message-size for --max.
            let isBeginning = word.utf8.count >= 4 && candidate.hasPrefix(word)
            let distance = isBeginning ? 1 : distance(word, candidate)
            if distance <= max(1, word.utf8.count / 3), distance < best?.distance ?? .max {
                best = (distance, candidate)
            }
        }
        return best?.candidate
    }

    /// Returns the number of bytes to insert, remove, replace or swap with a neighbor.
    package static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var rows = [Array(0...right.count)]
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, rows[i - 1][j - 1] + 1) }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
