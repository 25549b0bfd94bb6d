/// A file of the folder `Template`, with placeholders of the form `{{word}}`.
struct FileTemplate {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the text with its placeholders replaced by `values`. Placeholders in values are not replaced.
    func filled(_ values: [Substring: String]) -> String {
        var result = ""
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        while let match = rest.firstMatch(of: /\{\{(\w+)\}\}/) {
            guard let value = values[match.1] else { preconditionFailure("There is no value for {{\(match.1)}}.") }
            result += rest[..<match.range.lowerBound] + value
            rest = rest[match.range.upperBound...]
        }
        return result + rest
    }

    /// Returns `text` escaped for a Swift string literal, without the quotation marks.
    static func literal(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"": result += "\\\(scalar)"
            case "\u{20}"...: result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }
}
