/// Removes the punctuation around an address in a sentence.
enum LinkPunctuation {
    private static let pairs: [(open: Unicode.Scalar, close: Unicode.Scalar)] = [("(", ")"), ("[", "]")]
    private static let trailing: Set<Unicode.Scalar> = [".", ",", ":", ";", "!"]

    /// Returns the text before the address, the address, and the text after it.
    static func trimmed(_ word: String) -> (lead: String, middle: String, trail: String) {
        let scalars = Array(word.unicodeScalars)
        let start = scalars.firstIndex { $0 != "(" && $0 != "[" } ?? scalars.count
        var middle = Array(scalars[start...])
        var trail: [Unicode.Scalar] = []
        let all = middle
        // As in Django, the characters are counted once, and the counts are updated when characters are removed.
        var counts: [Unicode.Scalar: Int] = [:]
        for scalar in all { counts[scalar, default: 0] += 1 }
        var hasTrimmed = true
        while hasTrimmed, !middle.isEmpty {
            hasTrimmed = false
            for (open, close) in pairs {
                let surplus = counts[close, default: 0] - counts[open, default: 0]
                guard surplus > 0, middle.last == close else { continue }
                let strip = min(surplus, middle.count)
                trail = Array(middle.suffix(strip))
                middle.removeLast(strip)
                hasTrimmed = true
                counts[close, default: 0] -= surplus
            }
            let amp = middle.lastIndex(of: "&")
            let kept = keptCount(middle) { trailing.contains($0) && !(amp != nil && $0 == ";") }
            if kept != middle.count {
                trail = Array(middle[kept...]) + trail
                middle = Array(middle[..<kept])
                hasTrimmed = true
            }
            guard middle.last == ";" else { continue }
            // Django slices from -1 if there is no '&'.
            let entity = PythonText.string(middle[(amp ?? middle.count - 1)...])
            let converted = HTMLCharacters.unescaped(entity)
            guard PythonText.equal(converted, entity) || PythonText.hasSuffix(converted, ";") else { continue }
            let bare = keptCount(middle) { trailing.contains($0) }
            let semicolons = middle.count - keptCount(middle) { $0 == ";" }
            if amp != nil, semicolons > 1, let first = middle[bare...].firstIndex(of: ";") {
                trail = Array(middle[(first + 1)...]) + trail
                middle = Array(middle[...first])
            } else {
                trail = Array(middle[bare...]) + trail
                middle = Array(middle[..<bare])
            }
            hasTrimmed = true
        }
        return (
            PythonText.string(scalars[..<start]), PythonText.string(middle), PythonText.string(trail)
        )
    }

    private static func keptCount(_ scalars: [Unicode.Scalar], _ isStripped: (Unicode.Scalar) -> Bool) -> Int {
        (scalars.lastIndex { !isStripped($0) }).map { $0 + 1 } ?? 0
    }
}
