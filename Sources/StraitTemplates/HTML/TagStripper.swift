/// The filter `striptags` (Django's `strip_tags`).
enum TagStripper {
    /// The maximum number of passes. A pass can uncover new tags, such as in `<<b>i>`.
    private static let most = 50

    static func stripped(_ text: String) throws(TemplateError) -> String {
        var text = text
        var rounds = 0
        while text.utf8.contains(UInt8(ascii: "<")), text.utf8.contains(UInt8(ascii: ">")) {
            guard rounds < most else {
                throw .badValue(
                    "'striptags' got text with tags inside tags, more than \(most) deep. Reject such input.")
            }
            let next = once(text)
            guard signs(text) != signs(next) else { break }
            text = next
            rounds += 1
        }
        return text
    }

    private static func signs(_ text: String) -> Int { text.utf8.count { $0 == UInt8(ascii: "<") } }

    private static func once(_ text: String) -> String {
        var result = ""
        for event in HTMLScanner.events(text) {
            switch event {
            case .text(let text): result += text
            case .entity(let name): result += "&\(name);"
            case .start, .end: break
            }
        }
        return result
    }
}
