/// Template names that begin with `./` or `../`, relative to the current template.
enum RelativeName {
    /// Returns the full name of a relative `name`, which can be in quotes (Django's `construct_relative_path`). Other
    /// names are returned unchanged.
    static func resolve(
        _ name: String, from current: String?, allowsSelf: Bool
    ) throws(TemplateError) -> String {
        let quotes: Set<UInt8> = [0x22, 0x27]
        let quote = name.utf8.first.flatMap { first in
            name.utf8.last == first && quotes.contains(first) ? String(Unicode.Scalar(first)) : nil
        }
        let start = name.utf8.firstIndex { !quotes.contains($0) } ?? name.endIndex
        let end = name.utf8.lastIndex { !quotes.contains($0) }.map { name.utf8.index(after: $0) } ?? name.endIndex
        let bare = start < end ? String(name[start..<end]) : ""
        guard PythonText.hasPrefix(bare, "./") || PythonText.hasPrefix(bare, "../") else { return name }
        guard let current else {
            throw .syntax("'\(bare)' is relative, but the template has no name. Use the full name.")
        }
        let own = String(Substring(current.utf8.drop { $0 == 0x2F }))
        var parts: [Substring.UTF8View] = []
        for part in own.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).dropLast()
            + bare.utf8.split(separator: 0x2F)
        {
            if part.isEmpty || part.elementsEqual([0x2E]) { continue }
            guard part.elementsEqual([0x2E, 0x2E]) else {
                parts.append(part)
                continue
            }
            guard parts.popLast() != nil else {
                throw .syntax(
                    "The relative name '\(bare)' in '\(own)' leads outside the templates' root. Remove a '../'.")
            }
        }
        let result = parts.map { String(Substring($0)) }.joined(separator: "/")
        guard allowsSelf || !PythonText.equal(result, own) else {
            throw .syntax("The relative name '\(bare)' is the template itself. Name another template.")
        }
        return (quote ?? "") + result + (quote ?? "")
    }
}
