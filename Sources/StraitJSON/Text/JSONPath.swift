internal import StraitCore

/// The format of positions in a document, for errors: `items[2].name`.
package enum JSONPath {
    /// The maximum number of bytes of a key in a path. It limits the cost of an error, regardless of the input.
    static let longestName = 128
    /// The maximum number of keys in an error's path. A longer path keeps its last keys. A type may try several shapes
    /// for each value of a deep document, and each attempt creates an error.
    static let longest = 32

    /// Returns the keys that lead to the value at `index`, or the last `count` of them.
    static func keys(to index: Int, in document: JSONDocument, atMost count: Int = .max) -> [any CodingKey] {
        var keys: [JSONKey] = []
        var index = index
        while keys.count < count {
            let token = document.tokens[index]
            guard token.parent != JSONToken.none else { break }
            let parent = Int(token.parent)
            if document.tokens[parent].kind == .array {
                keys.append(JSONKey(Int(token.ordinal)))
            } else {
                keys.append(JSONKey(name(of: document.tokens[index - 1], in: document.bytes)))
            }
            index = parent
        }
        return keys.reversed()
    }

    /// Returns the text of a path.
    package static func text(_ keys: [any CodingKey]) -> String {
        var text = ""
        for key in keys.prefix(longest) {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + cut(key.stringValue)
            }
        }
        return keys.count > longest ? text + "…" : text
    }

    /// Returns the path to the current position of a document that is only partly read.
    static func text(of tokens: [JSONToken], upTo container: Int, in bytes: Bytes) -> String {
        var keys: [JSONKey] = []
        var container = container
        // The last key of each open object, or the number of elements of each open array.
        var last = tokens.count - 1
        while container >= 0 {
            if tokens[container].kind == .array {
                keys.append(JSONKey(tokens[container].count))
            } else {
                while last > container, tokens[last].parent != container { last -= 1 }
                // If the last token is a value, the token before it is its key. If the value has not been read yet, the
                // last token is the key.
                if last > container {
                    let isValue = isValue(last, of: container, tokens)
                    let key = isValue ? last - 1 : last
                    if key > container { keys.append(JSONKey(name(of: tokens[key], in: bytes))) }
                }
            }
            last = container
            let parent = tokens[container].parent
            container = parent == JSONToken.none ? -1 : Int(parent)
        }
        return text(keys.reversed())
    }

    /// Whether the token at `index`, a child of the object, is a value. A key precedes its value and has the same
    /// ordinal.
    private static func isValue(_ index: Int, of object: Int, _ tokens: [JSONToken]) -> Bool {
        index - 1 > object && tokens[index - 1].parent == object && tokens[index - 1].kind == .string
            && tokens[index - 1].ordinal == tokens[index].ordinal
    }

    private static func name(of key: JSONToken, in bytes: Bytes) -> String {
        let range = Int(key.start)..<Int(key.end)
        let isCut = range.count > 6 * longestName
        // This cut may split a character or an escape. The cut below removes the incomplete one.
        let kept = bytes.slice(range.lowerBound..<(isCut ? range.lowerBound + 6 * longestName : range.upperBound))
        let text = key.isComplex ? JSONEscapes.unescaped(kept.span) : Array(kept)
        return cut(String(decoding: text, as: UTF8.self))
    }

    private static func cut(_ name: String) -> String { name.cut(toUTF8: longestName) }
}

extension String {
    /// Returns the text if it has at most `limit` bytes. Otherwise cuts it to `limit` bytes, including an ellipsis at
    /// the end.
    package func cut(toUTF8 limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var kept = String.UnicodeScalarView()
        var count = 3
        for scalar in unicodeScalars {
            count += UTF8.width(scalar)
            if count > limit { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }
}

/// Comparisons of bytes without copies.
enum ByteComparison {
    /// Whether `text` is at `offset` in the bytes.
    @inline(__always)
    static func starts(_ bytes: Span<UInt8>, at offset: Int, with text: Span<UInt8>) -> Bool {
        guard bytes.count &- offset >= text.count else { return false }
        var index = 0
        while index < text.count {
            if bytes[offset &+ index] != text[index] { return false }
            index &+= 1
        }
        return true
    }
}
