/// Finds what somebody meant who mistyped it.
package enum Spelling {
    /// The candidate that is fewest keystrokes away from `word`, or nil where all are too far away to be meant.
    package static func closest(to word: String, among candidates: [String]) -> String? {
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            // A beginning that fits is worth more than single letters: --max for --max-message-size.
            let isBeginning = word.utf8.count >= 4 && candidate.hasPrefix(word)
            let distance = isBeginning ? 1 : distance(word, candidate)
            if distance <= max(1, word.utf8.count / 3), distance < best?.distance ?? .max {
                best = (distance, candidate)
            }
        }
        return best?.candidate
    }

    /// How many bytes have to be inserted, removed, replaced or swapped with their neighbour.
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
