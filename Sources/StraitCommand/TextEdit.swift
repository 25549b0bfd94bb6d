/// An insertion into a file.
struct TextEdit: Hashable {
    /// The offset in bytes.
    let offset: Int
    let text: String

    /// Returns the text of `file` with `edits` applied.
    static func apply(_ edits: [TextEdit], to file: SwiftText) -> String {
        var bytes = file.bytes
        // Insert from the end, so that the offsets stay valid. Two insertions at one offset keep their order.
        for (_, edit) in edits.enumerated().sorted(by: {
            ($0.element.offset, $0.offset) > ($1.element.offset, $1.offset)
        }) {
            bytes.insert(contentsOf: edit.text.utf8, at: edit.offset)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension SwiftText {
    /// Returns the edits that append an element to an array literal, on its own line if the existing elements have
    /// their own lines.
    ///
    /// - Parameter array: The range between the brackets.
    func appending(_ element: String, to array: Range<Int>) -> [TextEdit] {
        guard let last = parts(in: array).last else { return [TextEdit(offset: array.lowerBound, text: element)] }
        let comma = (last.upperBound..<array.upperBound).first { isCode($0) && bytes[$0] == 0x2C }
        let end = comma.map { $0 + 1 } ?? last.upperBound
        guard let lineEnd = (end..<array.upperBound).first(where: { bytes[$0] == 0x0A && isCode($0) }) else {
            return [TextEdit(offset: end, text: (comma == nil ? ", " : " ") + element + (comma == nil ? "" : ","))]
        }
        // Keep a comment after the last element on its line.
        let lead = comma == nil ? [TextEdit(offset: last.upperBound, text: ",")] : []
        let indentation = indentation(at: last.lowerBound)
        let text = element.split(separator: "\n", omittingEmptySubsequences: false).map { indentation + $0 }
            .joined(separator: "\n")
        return lead + [TextEdit(offset: lineEnd, text: "\n" + text + (comma == nil ? "" : ","))]
    }
}
