/// A non-empty search string. The search takes linear time (Knuth, Morris and Pratt).
struct BytePattern {
    private let bytes: [UInt8]
    /// For each byte, the length of the longest prefix of the pattern that also ends at that byte.
    private let borders: [Int]

    /// - Precondition: `text` is not empty.
    init(_ text: String) {
        bytes = Array(text.utf8)
        var borders = [Int](repeating: 0, count: bytes.count)
        var length = 0
        for index in 1..<max(1, bytes.count) {
            while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
            if bytes[index] == bytes[length] { length += 1 }
            borders[index] = length
        }
        self.borders = borders
    }

    /// Returns the offset in `text` of the first occurrence at or after `start`, or nil if there is none.
    func first(in text: [UInt8], from start: Int) -> Int? {
        var matched = 0
        var index = start
        while index < text.count {
            while matched > 0, text[index] != bytes[matched] { matched = borders[matched - 1] }
            if text[index] == bytes[matched] { matched += 1 }
            index += 1
            if matched == bytes.count { return index - matched }
        }
        return nil
    }
}
